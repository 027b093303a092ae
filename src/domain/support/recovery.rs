//! Getting the people of a business back in when they cannot do it themselves: told to all owners at once, carried
//! out a day later, and stopped by any of them in between.

use chrono::{DateTime, TimeDelta, Utc};

use crate::kernel::ids::{RecoveryId, UserId};

/// So long do owners have to stop it.
pub const WAIT: TimeDelta = TimeDelta::hours(24);

/// One recovery of access.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// The id.
    pub id: RecoveryId,
    /// What is done.
    pub kind: RecoveryKind,
    /// For whom.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The staff member who asked for it.
    pub staff: UserId,
    /// Their name.
    pub staff_name: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub asked_at: DateTime<Utc>,
    /// When it is carried out.
    pub due_at: DateTime<Utc>,
    /// When and how it ended.
    pub ended: Option<(DateTime<Utc>, Outcome)>,
}

impl Recovery {
    /// For whom, told from everybody of the same name.
    pub fn named(&self) -> String {
        format!("{} ({})", self.name, self.email)
    }
}

/// What a recovery does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RecoveryKind {
    /// Switches off an owner's second factor.
    TwoFactor,
    /// Makes somebody an owner.
    Owner,
}

impl RecoveryKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::TwoFactor, Self::Owner];

    /// The stable code, as stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::TwoFactor => "two_factor",
            Self::Owner => "owner",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What will happen to this person: the rest of a sentence that begins with "In a day".
    pub fn will(self, name: &str) -> String {
        match self {
            Self::TwoFactor => format!("the second factor of {name} is switched off"),
            Self::Owner => format!("{name} becomes an owner"),
        }
    }

    /// What has happened to this person.
    pub fn has(self, name: &str) -> String {
        match self {
            Self::TwoFactor => format!("the second factor of {name} was switched off"),
            Self::Owner => format!("{name} became an owner"),
        }
    }
}

/// How a recovery ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was carried out.
    Done,
    /// An owner stopped it.
    Refused,
    /// Staff took it back.
    Withdrawn,
    /// When its time came it could not, or need not, be done any more.
    Void,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Done, Self::Refused, Self::Withdrawn, Self::Void];

    /// The stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Void => "void",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::Refused => "Stopped by an owner",
            Self::Withdrawn => "Taken back",
            Self::Void => "Given up",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

//! A support session, and the pure rules about it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::businesses::settings::SupportAccess;
use crate::kernel::access::Standing;
use crate::kernel::ids::{BusinessId, MemberId, SupportSessionId, UserId};
use crate::kernel::permission::SupportMode;
use crate::kernel::refusal::Refusal;

const SHORTEST_REASON: usize = 10;
const LONGEST_REASON: usize = 500;

/// One staff member within one business, for some minutes.
#[derive(Clone, Debug)]
pub struct SupportSession {
    /// The id.
    pub id: SupportSessionId,
    /// Within which business.
    pub business: BusinessId,
    /// Its name.
    pub business_name: String,
    /// Who.
    pub staff: UserId,
    /// Their name.
    pub staff_name: String,
    /// Whose eyes the session borrows, by id and name; none: it sees what the business sees.
    pub seen_as: Option<(MemberId, String)>,
    /// What it may do.
    pub mode: SupportMode,
    /// Why, in the staff member's words.
    pub reason: String,
    /// Since when.
    pub began_at: DateTime<Utc>,
    /// Until when, whatever happens.
    pub ends_at: DateTime<Utc>,
    /// When and how it ended; none: nobody has ended it yet.
    pub ended: Option<(DateTime<Utc>, HowEnded)>,
}

impl SupportSession {
    /// How it is over by now, also when nobody has written that down yet.
    pub fn over(&self, now: DateTime<Utc>) -> Option<HowEnded> {
        match self.ended {
            Some((_, how)) => Some(how),
            None if now >= self.ends_at => Some(HowEnded::TimeOver),
            None => None,
        }
    }
}

/// How a support session came to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HowEnded {
    /// The staff member left.
    Left,
    /// The staff member signed out altogether.
    SignedOut,
    /// Its minutes were over.
    TimeOver,
    /// An owner refused support while it lasted.
    Refused,
    /// The staff member, or the person they saw it as, may not be there any more.
    NotAllowed,
}

impl HowEnded {
    const ALL: [Self; 5] = [Self::Left, Self::SignedOut, Self::TimeOver, Self::Refused, Self::NotAllowed];

    /// The stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::SignedOut => "signed_out",
            Self::TimeOver => "time_over",
            Self::Refused => "refused",
            Self::NotAllowed => "not_allowed",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Left => "Left",
            Self::SignedOut => "Signed out",
            Self::TimeOver => "Time over",
            Self::Refused => "Refused by an owner",
            Self::NotAllowed => "No longer allowed",
        }
    }

    /// The sentence for the staff member who finds it over.
    pub fn told(self, business: &str) -> String {
        match self {
            Self::Left | Self::SignedOut => format!("You have left {business}."),
            Self::TimeOver => format!("The support session in {business} is over: its time has run out."),
            Self::Refused => format!("The support session in {business} is over: an owner refuses support."),
            Self::NotAllowed => format!("The support session in {business} is over: it is not allowed any more."),
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.code() == code)
    }
}

/// What a session that was begun in this mode may do now, as the owners allow it; none: nothing at all. Nobody writes in
/// a business that its own people cannot write in.
pub fn mode_now(consent: SupportAccess, begun: SupportMode, standing: Standing) -> Option<SupportMode> {
    match (consent, begun, standing) {
        (SupportAccess::Refused, ..) => None,
        (SupportAccess::Write, SupportMode::Write, Standing::Active) => Some(SupportMode::Write),
        _ => Some(SupportMode::Read),
    }
}

/// How long a session may last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Minutes(i64);

impl Minutes {
    /// What can be chosen.
    pub const ALL: [Self; 3] = [Self(15), Self(30), Self(60)];

    /// Reads what a form sends.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wanted = Self::ALL.into_iter().find(|minutes| minutes.0.to_string() == text);
        wanted.ok_or_else(|| Refusal::invalid("minutes", "Choose 15, 30 or 60 minutes."))
    }

    /// The number.
    pub fn count(self) -> i64 {
        self.0
    }

    /// The time.
    pub fn span(self) -> TimeDelta {
        TimeDelta::minutes(self.0)
    }
}

/// Why staff do something to a business: 10 to 500 characters, which its owners read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason(String);

impl Reason {
    /// Reads what was typed, on one line.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let reason = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let length = reason.chars().count();
        if length < SHORTEST_REASON {
            let message = "Write the reason in at least 10 characters. The owners read it.";
            return Err(Refusal::invalid("reason", message));
        }
        if length > LONGEST_REASON || reason.chars().any(char::is_control) {
            return Err(Refusal::invalid("reason", "Write the reason in at most 500 characters."));
        }
        Ok(Self(reason))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_owner_who_allows_it_lets_support_write() {
        use SupportMode::{Read, Write};
        for (consent, begun, standing, mode) in [
            (SupportAccess::Refused, Read, Standing::Active, None),
            (SupportAccess::Refused, Write, Standing::Active, None),
            (SupportAccess::Read, Read, Standing::Active, Some(Read)),
            (SupportAccess::Read, Write, Standing::Active, Some(Read)),
            (SupportAccess::Write, Read, Standing::Active, Some(Read)),
            (SupportAccess::Write, Write, Standing::Active, Some(Write)),
            (SupportAccess::Write, Write, Standing::Suspended, Some(Read)),
            (SupportAccess::Write, Write, Standing::Closing, Some(Read)),
        ] {
            assert_eq!(mode_now(consent, begun, standing), mode, "{consent:?} {begun:?} {standing:?}");
        }
    }

    #[test]
    fn a_reason_is_a_sentence_and_minutes_are_chosen() {
        assert!(Reason::parse("  too   short  ").is_err());
        assert_eq!(Reason::parse(" Ticket  118: seats\nlook wrong ").unwrap().as_str(), "Ticket 118: seats look wrong");
        assert!(Reason::parse(&"long ".repeat(200)).is_err());
        for wrong in ["", "5", "61", "1440", "-15", "15.0", "030"] {
            assert!(Minutes::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Minutes::parse("30").unwrap().span(), TimeDelta::minutes(30));
    }
}

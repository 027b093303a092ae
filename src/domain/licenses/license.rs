//! One seat of a subscription, who holds it, and the rules of giving it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::subscriptions::subscription::Status as SubscriptionStatus;
use crate::domain::team::member::MemberStatus;
use crate::kernel::ids::{AssignmentId, LicenseId, MemberId, SubscriptionId};

use super::error::LicenseError;
use super::license_key::KeyHint;

/// One seat of a subscription.
#[derive(Clone, Debug)]
pub struct License {
    /// The id.
    pub id: LicenseId,
    /// Of what.
    pub subscription: SubscriptionId,
    /// As people call what it is a seat of.
    pub subscription_name: String,
    /// Whether it can be held.
    pub state: State,
    /// The last day, which still counts.
    pub expires_on: Option<NaiveDate>,
    /// The end of its license key, when it has one.
    pub key: Option<KeyHint>,
}

/// Whether a seat can be held at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It can.
    Open,
    /// It was given up.
    Retired,
}

impl State {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Retired => "retired",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Open, Self::Retired].into_iter().find(|state| state.code() == code)
    }
}

/// How a seat stands today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Nobody holds it.
    Free,
    /// Somebody holds it.
    Assigned,
    /// Its last day has passed; whoever holds it keeps it until it is revoked.
    Expired,
    /// It was given up.
    Retired,
}

impl Status {
    /// Every status, in the order of a filter.
    pub const ALL: [Self; 4] = [Self::Assigned, Self::Free, Self::Expired, Self::Retired];

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// How a seat stands on this day.
    pub fn of(state: State, holder: Option<MemberId>, expires_on: Option<NaiveDate>, today: NaiveDate) -> Self {
        match (state, holder) {
            (State::Retired, _) => Self::Retired,
            (State::Open, _) if expires_on.is_some_and(|last| last < today) => Self::Expired,
            (State::Open, Some(_)) => Self::Assigned,
            (State::Open, None) => Self::Free,
        }
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Assigned => "assigned",
            Self::Expired => "expired",
            Self::Retired => "retired",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Assigned => "Assigned",
            Self::Expired => "Expired",
            Self::Retired => "Retired",
        }
    }
}

/// Who held a seat from when to when.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The id.
    pub id: AssignmentId,
    /// Who.
    pub holder: Holder,
    /// From when.
    pub given_at: DateTime<Utc>,
    /// Until when; none while it is held.
    pub ended_at: Option<DateTime<Utc>>,
    /// The last day it had when it ended; while it is held, the seat has it.
    pub expires_on: Option<NaiveDate>,
}

/// What a seat needs to know of a person.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The id.
    pub id: MemberId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The department, or empty.
    pub department: String,
    /// Where they stand.
    pub status: MemberStatus,
}

impl Holder {
    /// Whether they are gone while their seat is not.
    pub fn is_gone(&self) -> bool {
        matches!(self.status, MemberStatus::Deactivated | MemberStatus::Left)
    }

    /// Whether they sign in here.
    pub fn signs_in(&self) -> bool {
        self.status == MemberStatus::Active
    }

    /// Refuses whoever was deactivated or has left.
    pub fn require_can_hold(&self) -> Result<(), LicenseError> {
        match self.is_gone() {
            true => Err(LicenseError::CannotHold { person: self.name.clone(), status: self.status }),
            false => Ok(()),
        }
    }
}

/// Refuses one more holder than there are seats; without a count there is always room.
pub fn require_free_seat(seats: Option<i64>, held: i64, subscription: &str) -> Result<(), LicenseError> {
    match seats {
        Some(seats) if held >= seats => Err(LicenseError::NoFreeSeat { seats, subscription: subscription.to_owned() }),
        _ => Ok(()),
    }
}

/// Refuses so many more holders than there are free seats; without a count there is always room.
pub fn require_free_seats(
    seats: Option<i64>,
    (held, wanted): (i64, i64),
    subscription: &str,
) -> Result<(), LicenseError> {
    match seats {
        Some(seats) if held + wanted > seats => {
            let (free, subscription) = ((seats - held).max(0), subscription.to_owned());
            Err(LicenseError::TooFewSeats { wanted, free, seats, subscription })
        }
        _ => Ok(()),
    }
}

/// Refuses to give seats of what is no longer running.
pub fn require_assignable(status: SubscriptionStatus, subscription: &str) -> Result<(), LicenseError> {
    match status.is_live() {
        true => Ok(()),
        false => Err(LicenseError::NotAssignable { subscription: subscription.to_owned(), status }),
    }
}

/// Refuses what was given up.
pub fn require_open(license: &License) -> Result<(), LicenseError> {
    match license.state {
        State::Open => Ok(()),
        State::Retired => Err(LicenseError::IsRetired { subscription: license.subscription_name.clone() }),
    }
}

/// Refuses a last day before today; today still counts.
pub fn require_not_past(expires_on: Option<NaiveDate>, today: NaiveDate) -> Result<(), LicenseError> {
    match expires_on {
        Some(last) if last < today => Err(LicenseError::ExpiresInThePast),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;

//! One seat of a subscription, who holds it, and the rules of giving it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::subscriptions::subscription::Status as SubscriptionStatus;
use crate::domain::team::member::MemberStatus;
use crate::kernel::ids::{AssignmentId, LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::{Kind, Refusal};

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

/// Why a seat cannot be given or taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LicenseError {
    /// All are held.
    NoFreeSeat { seats: i64, subscription: String },
    /// One person holds one seat of a subscription.
    AlreadyHasSeat { person: String, subscription: String },
    /// The subscription has ended.
    NotAssignable { subscription: String, status: SubscriptionStatus },
    /// The person was deactivated or has left.
    CannotHold { person: String, status: MemberStatus },
    /// Nobody of the business has this address.
    UnknownPerson { address: String },
    /// Nobody holds it.
    NotHeld { subscription: String },
    /// The last day has passed already.
    ExpiresInThePast,
}

/// Refuses one more holder than there are seats; without a count there is always room.
pub fn require_free_seat(seats: Option<i64>, held: i64, subscription: &str) -> Result<(), LicenseError> {
    match seats {
        Some(seats) if held >= seats => Err(LicenseError::NoFreeSeat { seats, subscription: subscription.to_owned() }),
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

/// Refuses a last day before today; today still counts.
pub fn require_not_past(expires_on: Option<NaiveDate>, today: NaiveDate) -> Result<(), LicenseError> {
    match expires_on {
        Some(last) if last < today => Err(LicenseError::ExpiresInThePast),
        _ => Ok(()),
    }
}

impl From<LicenseError> for Refusal {
    fn from(error: LicenseError) -> Self {
        match error {
            LicenseError::NoFreeSeat { seats, subscription } => {
                Self::conflict("no_free_seat", no_free_seat(seats, &subscription))
            }
            LicenseError::AlreadyHasSeat { person, subscription } => Self::conflict(
                "already_has_seat",
                format!("{person} has a seat of {subscription} already. One person needs only one."),
            )
            .at("member"),
            LicenseError::NotAssignable { subscription, status } => {
                let status = status.label().to_lowercase();
                let message = format!(
                    "{subscription} is {status}, so its seats can be revoked, but no longer given. Make it active first."
                );
                Self::conflict("not_assignable", message)
            }
            LicenseError::CannotHold { person, status } => {
                Self::conflict("cannot_hold", cannot_hold(&person, status)).at("member")
            }
            LicenseError::UnknownPerson { address } => {
                let message = format!("Nobody in People has the address {address}.");
                Self::new(Kind::Invalid, "unknown_person", message).at("member")
            }
            LicenseError::NotHeld { subscription } => Self::conflict(
                "not_held",
                format!("Nobody holds this seat of {subscription} any more. There is nothing to revoke."),
            ),
            LicenseError::ExpiresInThePast => Self::invalid("expires_on", "Choose today or a later day."),
        }
    }
}

fn no_free_seat(seats: i64, subscription: &str) -> String {
    match seats {
        0 => format!("{subscription} has no seats to give. Buy some first."),
        1 => format!("The one seat of {subscription} is given. Revoke it, or buy more."),
        _ => format!("All {seats} seats of {subscription} are given. Revoke one, or buy more."),
    }
}

fn cannot_hold(person: &str, status: MemberStatus) -> String {
    match status {
        MemberStatus::Left => {
            format!("{person} has left and cannot be given a seat. Correct the left date first if that is wrong.")
        }
        _ => format!("{person} is deactivated and cannot be given a seat. Reactivate the sign-in first."),
    }
}

#[cfg(test)]
mod tests;

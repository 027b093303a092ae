//! Why something cannot be done with a seat, in facts; and how each of them is said.

use crate::domain::subscriptions::subscription::Status as SubscriptionStatus;
use crate::domain::team::member::MemberStatus;
use crate::kernel::refusal::{Kind, Refusal};

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
    /// Nobody of the business has these addresses.
    UnknownPeople { addresses: Vec<String> },
    /// These people were deactivated or have left.
    PeopleAreGone { people: Vec<String> },
    /// More people than free seats.
    TooFewSeats { wanted: i64, free: i64, seats: i64, subscription: String },
    /// More license keys for free seats than places without one.
    TooFewForKeys { keys: i64, room: i64, seats: i64, subscription: String },
    /// Nobody holds it.
    NotHeld { subscription: String },
    /// The last day has passed already.
    ExpiresInThePast,
    /// Every seat that could be given has a key of its own, which another key would overwrite.
    FreeSeatsHaveKeys { subscription: String },
    /// There is no key to show.
    NoKey { subscription: String },
    /// Somebody holds what should be given up.
    StillHeld { person: String, subscription: String },
    /// It was given up.
    IsRetired { subscription: String },
    /// It was not given up.
    NotRetired { subscription: String },
    /// As many seats are there as are paid for.
    NoRoomToReopen { seats: i64, subscription: String },
}

impl LicenseError {
    /// As it is said.
    pub fn words(self) -> String {
        Refusal::from(self).message.into_owned()
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
            LicenseError::UnknownPeople { addresses } => {
                let message = format!(
                    "Nobody in People has {}: {}. Nothing was assigned. Add them to People first, or take them off the list.",
                    if addresses.len() == 1 { "this address" } else { "these addresses" },
                    addresses.join(", ")
                );
                Self::new(Kind::Invalid, "unknown_people", message).at("members")
            }
            LicenseError::PeopleAreGone { people } => Self::conflict(
                "cannot_hold",
                format!(
                    "{} cannot be given a seat: deactivated or left. Nothing was assigned. Take them off the list.",
                    people.join(", ")
                ),
            )
            .at("members"),
            LicenseError::TooFewSeats { wanted, free, seats, subscription } => {
                Self::conflict("no_free_seat", too_few_seats(wanted, free, seats, &subscription)).at("members")
            }
            LicenseError::TooFewForKeys { keys, room, seats, subscription } => {
                Self::conflict("no_free_seat", too_few_for_keys(keys, room, seats, &subscription)).at("key")
            }
            LicenseError::NotHeld { subscription } => Self::conflict(
                "not_held",
                format!("Nobody holds this seat of {subscription} any more. It can be given to somebody."),
            ),
            LicenseError::ExpiresInThePast => Self::invalid("expires_on", "Choose today or a later day."),
            LicenseError::FreeSeatsHaveKeys { subscription } => Self::conflict(
                "free_seats_have_keys",
                format!(
                    "The free seats of {subscription} have license keys of their own. Leave the key empty, or change it \
                     on the page of the seat first."
                ),
            )
            .at("key"),
            LicenseError::NoKey { subscription } => {
                Self::conflict("no_key", format!("This seat of {subscription} has no license key."))
            }
            LicenseError::StillHeld { person, subscription } => Self::conflict(
                "still_held",
                format!("{person} holds this seat of {subscription}. Revoke it first, then retire it."),
            ),
            LicenseError::IsRetired { subscription } => Self::conflict(
                "is_retired",
                format!("This seat of {subscription} is retired. Open it again first."),
            ),
            LicenseError::NotRetired { subscription } => {
                Self::conflict("not_retired", format!("This seat of {subscription} is open already."))
            }
            LicenseError::NoRoomToReopen { seats, subscription } => Self::conflict(
                "no_room_to_reopen",
                format!("{subscription} has {seats} seats, and as many are open. Retire another one, or buy more."),
            ),
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

fn too_few_seats(wanted: i64, free: i64, seats: i64, subscription: &str) -> String {
    let who = if wanted == 1 { "1 person needs one".to_owned() } else { format!("{wanted} people need one") };
    let are = if free == 1 { "is" } else { "are" };
    format!(
        "{free} of {seats} seats of {subscription} {are} free, and {who}. Nothing was assigned. Take people off the list, \
         revoke seats, or buy more."
    )
}

fn too_few_for_keys(keys: i64, room: i64, seats: i64, subscription: &str) -> String {
    let keys = if keys == 1 { "1 license key needs one".to_owned() } else { format!("{keys} license keys need one") };
    let have = if room == 1 { "has" } else { "have" };
    format!(
        "{room} of {seats} seats of {subscription} {have} neither a holder nor a key, and {keys}. Nothing was kept. Take \
         keys off the list, revoke seats, or buy more."
    )
}

fn cannot_hold(person: &str, status: MemberStatus) -> String {
    match status {
        MemberStatus::Left => {
            format!("{person} has left and cannot be given a seat. Correct the left date first if that is wrong.")
        }
        _ => format!("{person} is deactivated and cannot be given a seat. Reactivate the sign-in first."),
    }
}

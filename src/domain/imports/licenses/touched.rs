//! What an import of seats did, so that it can be undone. Nothing of a key is kept but its end.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::imports::import;
use crate::domain::licenses::store::HeldSeat;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};

use super::books::Books;

/// All of it.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Touched {
    pub(super) seats: Vec<TouchedSeat>,
    pub(super) keys: Vec<TouchedKey>,
    pub(super) people: Vec<import::Touched>,
}

/// As it is stored. Before people and keys of free seats could be added, the seats stood alone.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Stored {
    All(Touched),
    Seats(Vec<TouchedSeat>),
}

impl From<Stored> for Touched {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::All(touched) => touched,
            Stored::Seats(seats) => Self { seats, ..Self::default() },
        }
    }
}

/// A seat an import gave or changed.
#[derive(Serialize, Deserialize)]
pub(super) struct TouchedSeat {
    pub(super) license: LicenseId,
    pub(super) subscription: SubscriptionId,
    pub(super) member: MemberId,
    /// Whether the import made the seat.
    pub(super) is_made: bool,
    /// Whether the import gave it its key.
    pub(super) got_key: bool,
    /// As it was; none when the person held none.
    pub(super) before: Option<Stood>,
    /// As the import left it.
    pub(super) after: Stood,
}

/// A free seat an import gave a key.
#[derive(Serialize, Deserialize)]
pub(super) struct TouchedKey {
    pub(super) license: LicenseId,
    pub(super) subscription: SubscriptionId,
    /// Whether the import made the seat.
    pub(super) is_made: bool,
    /// The end of the key.
    pub(super) key: String,
}

/// How a held seat stood.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stood {
    pub(super) expires_on: Option<NaiveDate>,
    pub(super) key: Option<String>,
    pub(super) last_used_on: Option<NaiveDate>,
}

impl Stood {
    /// How a seat stands.
    pub(super) fn of(books: &Books, seat: &HeldSeat) -> Self {
        let key = seat.key.as_ref().map(ToString::to_string);
        Self { expires_on: seat.expires_on, key, last_used_on: books.last_used_on(seat) }
    }
}

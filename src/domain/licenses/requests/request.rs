//! One request for a seat, and the rules of deciding it.

use chrono::{DateTime, Utc};

use crate::domain::licenses::license::Holder;
use crate::kernel::ids::{MemberId, SeatRequestId, SubscriptionId};
use crate::kernel::refusal::Refusal;

/// The longest text that goes with a request or its answer.
const LONGEST: usize = 500;

/// Somebody's wish for a seat.
#[derive(Clone, Debug)]
pub struct SeatRequest {
    /// The id.
    pub id: SeatRequestId,
    /// Of what.
    pub subscription: SubscriptionId,
    /// Its name.
    pub subscription_name: String,
    /// Who answers for it.
    pub owner: MemberId,
    /// Who asks.
    pub asker: Holder,
    /// Why, or empty.
    pub note: String,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Where a request stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Nobody has decided.
    Open,
    /// The seat was given.
    Approved,
    /// It was not.
    Declined,
    /// Whoever asked does not need it any more.
    Withdrawn,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Approved, Self::Declined, Self::Withdrawn];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl SeatRequest {
    /// Refuses a request that was decided already.
    pub fn require_open(&self) -> Result<(), Refusal> {
        let how = match self.state {
            State::Open => return Ok(()),
            State::Approved => "was approved already",
            State::Declined => "was declined already",
            State::Withdrawn => "was withdrawn",
        };
        let message = format!("This request of {} {how}. Nothing was changed.", self.asker.name);
        Err(Refusal::conflict("request_decided", message))
    }
}

/// A text that goes with a request: plain, of several lines, possibly empty.
pub fn text(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    match text.chars().count() > LONGEST || text.chars().any(|c| c.is_control() && c != '\n') {
        true => Err(Refusal::invalid(field, "Write at most 500 characters of plain text.")),
        false => Ok(text),
    }
}

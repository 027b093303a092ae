//! Software the business pays for.

use chrono::{DateTime, NaiveDate, Utc};

use crate::kernel::access::Sees;
use crate::kernel::currency::Currency;
use crate::kernel::ids::{MemberId, ServiceId, SubscriptionId};
use crate::kernel::refusal::Refusal;

use super::dates::{Coming, Dates};
use super::price_line::MOST_SEATS;
use super::roll::{Fewer, Standing};

/// Where a subscription stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Tried out; nothing is paid yet.
    Trial,
    /// Paid for.
    Active,
    /// Ended by a decision; covered until the last day paid for.
    Canceled,
    /// Ended because nothing followed the term or the trial.
    Expired,
}

impl Status {
    /// Every status, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Active, Self::Trial, Self::Canceled, Self::Expired];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Active => "active",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Trial => "Trial",
            Self::Active => "Active",
            Self::Canceled => "Canceled",
            Self::Expired => "Expired",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether it still runs: these count against the plan, and only one of a name can run.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Trial | Self::Active)
    }
}

/// What a price is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CostModel {
    /// Everything.
    Flat,
    /// One seat.
    PerSeat,
    /// One pack of so many seats.
    Pack(u32),
}

impl CostModel {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::PerSeat => "per_seat",
            Self::Pack(_) => "pack",
        }
    }

    /// How many seats a pack has.
    pub fn pack_size(self) -> Option<u32> {
        match self {
            Self::Pack(size) => Some(size),
            Self::Flat | Self::PerSeat => None,
        }
    }

    /// Reads a code with the size of a pack.
    pub fn parse(code: &str, pack_size: Option<u32>) -> Result<Self, Refusal> {
        match (code, pack_size) {
            ("flat", _) => Ok(Self::Flat),
            ("per_seat", _) => Ok(Self::PerSeat),
            ("pack", Some(size @ 1..=MOST_SEATS)) => Ok(Self::Pack(size)),
            ("pack", _) => Err(Refusal::invalid("pack_size", "Write how many seats a pack has.")),
            _ => Err(Refusal::invalid("cost_model", "Choose what the cost is for: everything, each seat or a pack.")),
        }
    }
}

/// Who answers for a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owner {
    /// The person.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Whether they have left or can no longer sign in.
    pub is_gone: bool,
}

/// Everything a form says of a subscription but its price.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Details {
    /// The name of the service.
    pub service: String,
    /// Its own name.
    pub name: String,
    /// Who answers for it.
    pub owner: MemberId,
    /// Where it stands.
    pub status: Status,
    /// What a price is for.
    pub cost_model: CostModel,
    /// In which currency it is paid.
    pub currency: Currency,
    /// When it began, renews and ends.
    pub dates: Dates,
    /// Who pays, or empty.
    pub department: String,
    /// What sort of software it is, or empty.
    pub category: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// How it is paid, or empty.
    pub payment_method: String,
    /// Where it is managed, or empty.
    pub url: String,
    /// Anything else.
    pub notes: String,
}

/// One subscription of the business.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// The id.
    pub id: SubscriptionId,
    /// Its service.
    pub service_id: ServiceId,
    /// Who answers for it.
    pub owner: Owner,
    /// What is known of it.
    pub details: Details,
    /// What stands next.
    pub coming: Coming,
    /// The day on which something happens to it next.
    pub next_on: Option<NaiveDate>,
    /// Seats that are to go at a renewal.
    pub fewer: Option<Fewer>,
    /// When it was entered.
    pub entered_at: DateTime<Utc>,
    /// When it was removed.
    pub removed_at: Option<DateTime<Utc>>,
}

impl Subscription {
    /// What its dates move.
    pub fn standing(&self) -> Standing {
        let Self { coming, next_on, fewer, .. } = *self;
        Standing { status: self.details.status, coming, next_on, fewer }
    }

    /// The same, standing like this.
    pub fn at(mut self, Standing { status, coming, next_on, fewer }: Standing) -> Self {
        self.details.status = status;
        Self { coming, next_on, fewer, ..self }
    }

    /// Whether something has happened to it that nobody has written yet.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.removed_at.is_none() && self.standing().is_late(today)
    }

    /// Whether another term may follow.
    pub fn goes_on(&self) -> bool {
        self.details.status.is_live() && self.coming.cancel_by.is_some()
    }

    /// Whether whoever sees it may also change it: those who see only their own change only what they own.
    pub fn is_changeable(&self, sees: Sees) -> bool {
        match sees {
            Sees::All => true,
            Sees::OnlyOf(member) => member == self.owner.id,
            Sees::Nothing => false,
        }
    }
}

/// Refuses an owner other than oneself to whoever sees only their own: they would not see it afterwards.
pub fn require_own(sees: Sees, owner: MemberId) -> Result<(), Refusal> {
    match sees {
        Sees::OnlyOf(member) if member != owner => Err(Refusal::invalid(
            "owner",
            "You can answer only for what you own yourself. An owner or admin of the business can hand it to somebody else.",
        )),
        _ => Ok(()),
    }
}

/// Refuses an owner who is nobody of the business, or has left.
pub fn require_here(owner: Option<&Owner>) -> Result<&Owner, Refusal> {
    match owner {
        None => Err(Refusal::invalid("owner", "Choose somebody of this business as the owner.")),
        Some(gone) if gone.is_gone => {
            Err(Refusal::invalid("owner", format!("{} has left: choose somebody else as the owner.", gone.name)))
        }
        Some(owner) => Ok(owner),
    }
}

/// Why a subscription cannot be as asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SubscriptionError {
    /// One of this service and name runs already.
    Duplicate {
        /// Its name.
        name: String,
    },
    /// One of this service runs already, under another name.
    SameService {
        /// The name of the service.
        service: String,
    },
    /// People hold its seats.
    SeatsHeld {
        /// How many.
        held: i64,
    },
    /// More seats are held than would be left, and no renewal comes at which they could go.
    FewerThanHeld {
        /// How many are held.
        held: i64,
        /// How many were asked for.
        seats: u32,
    },
}

impl From<SubscriptionError> for Refusal {
    fn from(error: SubscriptionError) -> Self {
        use SubscriptionError::*;
        match error {
            Duplicate { name } => {
                Self::conflict("duplicate", format!("{name} is here already. Open it, or give this one another name."))
                    .at("name")
            }
            SameService { service } => Self::conflict(
                "confirm_duplicate",
                format!("There is a subscription to {service} already. Open it, or tick “Add it all the same”."),
            )
            .at("confirm_duplicate"),
            SeatsHeld { held: 1 } => {
                Self::conflict("seats_held", "One seat is held. Revoke it first, then remove the subscription.")
            }
            SeatsHeld { held } => Self::conflict(
                "seats_held",
                format!("{held} seats are held. Revoke them first, then remove the subscription."),
            ),
            FewerThanHeld { held, seats } => {
                let excess = held - i64::from(seats);
                let message = format!(
                    "{held} seats are held, and no renewal comes. Revoke {excess} first, or write at least {held}."
                );
                Self::conflict("seats_held", message).at("seats")
            }
        }
    }
}

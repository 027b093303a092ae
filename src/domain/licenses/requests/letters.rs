//! The letters about requests for seats: to whoever decides, and to whoever asked.

use serde::{Deserialize, Serialize};

use crate::kernel::ids::{BusinessId, SubscriptionId};
use crate::kernel::outbox::Letter;

/// The letter to whoever answers for a subscription: somebody asks for a seat of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeatAsked {
    /// The greeting.
    pub name: String,
    /// The business.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Of what.
    pub subscription: String,
    /// Its id, for the link.
    pub subscription_id: SubscriptionId,
    /// Who asks.
    pub asker: String,
    /// Why; none when they wrote nothing.
    pub note: Option<String>,
    /// "3 of 30 seats are free"; none when seats are not counted.
    pub free: Option<String>,
}

impl Letter for SeatAsked {
    const KIND: &'static str = "seat_asked";
}

/// The letter to whoever asked: here is the seat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeatApproved {
    /// The greeting.
    pub name: String,
    /// The business.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Of what.
    pub subscription: String,
    /// Its id, for the link.
    pub subscription_id: SubscriptionId,
    /// Who approved; none when no person did.
    pub by: Option<String>,
}

impl Letter for SeatApproved {
    const KIND: &'static str = "seat_approved";
}

/// The letter to whoever asked: not now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeatDeclined {
    /// The greeting.
    pub name: String,
    /// The business.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Of what.
    pub subscription: String,
    /// Who declined; none when no person did.
    pub by: Option<String>,
    /// What they said to it.
    pub words: Option<String>,
}

impl Letter for SeatDeclined {
    const KIND: &'static str = "seat_declined";
}

//! Renewals: what comes up of the subscriptions, by when to cancel it, and what somebody decided about it. A decision is
//! only written down here; what comes of it on the day belongs to subscriptions, and cancelling at the vendor to people.

pub mod decision;

pub mod decide;
pub mod decide_many;

pub mod agenda;
pub mod ahead;
pub mod month;
pub mod of;

pub mod feed;
pub mod feed_events;
mod feed_store;

mod store;

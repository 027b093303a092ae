//! Requests: somebody asks for a seat, and whoever answers for the subscription gives one or says why not. One person
//! has one open request per subscription; however the seat comes to them, it is settled.

pub mod ask;
pub mod decide;
pub mod facts;
pub mod letters;
pub mod list;
pub mod request;
mod store;
pub mod withdraw;

use crate::domain::subscriptions::store::Locked;
use crate::kernel::ids::MemberId;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::Work;

use facts::{Happened, RequestFact};

/// Closes the open requests of people who have just got a seat of this subscription.
pub(super) fn settle(work: &mut Work<'_>, subscription: &Locked, people: &[MemberId]) -> Result<(), Refusal> {
    let settled = store::approve_open(work, subscription.id, people)?;
    let facts = settled.into_iter().map(|(request, asker)| RequestFact {
        request,
        subscription: subscription.name.clone(),
        asker,
        what: Happened::Approved,
    });
    work.also_all(&facts.collect::<Vec<_>>())
}

//! Requests that wait for an answer, and what can be asked for.

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::request::SeatRequest;
use super::store;

/// Requests on one page; more wait until these are decided.
const MOST: i64 = 100;
/// Subscriptions that a page offers to ask for; words narrow them.
pub const OFFERED: usize = 50;

/// The open requests that whoever asks may see: one's own, and those one decides.
#[derive(Default)]
pub struct Waiting {
    /// For one subscription, or for all.
    pub of: Option<SubscriptionId>,
}

impl Question for Waiting {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    const READS: Reads = Reads::One;
    type Output = Vec<SeatRequest>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<SeatRequest>, Refusal> {
        store::waiting(view, self.of, MOST)
    }
}

/// Something a seat can be asked of: its name and whom to ask, nothing of what it costs.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The subscription.
    pub id: SubscriptionId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub category: String,
    /// Who answers for it.
    pub owner: String,
}

/// What runs in the business and one has no seat of, nor has asked for, by name; one more than a page shows.
pub struct Offers {
    /// Words of the name; empty for all.
    pub words: String,
}

impl Question for Offers {
    const NEEDS: Permission = Permission::AskForSeats;
    const READS: Reads = Reads::One;
    type Output = Vec<Offer>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<Offer>, Refusal> {
        let asker = view.access().member().ok_or_else(Refusal::not_allowed)?;
        let limit = i64::try_from(OFFERED).map_err(Refusal::fault)? + 1;
        store::offers(view, asker, &self.words, limit)
    }
}

//! Taking back that seats go at the renewal.

use crate::kernel::fact::Change;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::fact::{Happened, SubscriptionFact};
use super::roll::Fewer;
use super::store;
use super::subscription::Subscription;

/// Keeps the seats of a subscription that were to go at its renewal.
pub struct KeepSeats {
    /// Of which.
    pub id: SubscriptionId,
}

impl Operation for KeepSeats {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        store::lock(work, self.id)?.require_changeable(work)?;
        let subscription = store::find(work, self.id)?;
        let name = subscription.details.name.clone();
        match put_back(work, &subscription, None)? {
            Some(fact) => work.record(&fact, name),
            None => Ok(work.nothing_changed(name)),
        }
    }
}

/// Lets the seats that wait for a renewal be those of before, under the row lock; what is to be recorded, if they differ.
pub fn put_back(
    work: &mut Work<'_>,
    subscription: &Subscription,
    before: Option<Fewer>,
) -> Result<Option<SubscriptionFact>, Refusal> {
    if subscription.fewer == before {
        return Ok(None);
    }
    store::set_fewer(work, subscription.id, before)?;
    let seats = |fewer: Option<Fewer>| fewer.map(|fewer| fewer.seats.to_string());
    let changes = vec![Change::new("Seats from the renewal on", seats(subscription.fewer), seats(before))];
    let name = subscription.details.name.clone();
    Ok(Some(SubscriptionFact { id: subscription.id, name, what: Happened::SeatsKept(changes) }))
}

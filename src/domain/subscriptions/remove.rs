//! Taking a subscription off the list: refused while people hold its seats, undone by restoring.

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::fact::{Happened, SubscriptionFact};
use super::store::{self, Locked};
use super::subscription::SubscriptionError;

/// A subscription to be removed.
pub struct Remove {
    /// Which.
    pub id: SubscriptionId,
}

impl Operation for Remove {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let name = self.within(work)?;
        let none: [SubscriptionFact; 0] = [];
        work.record_all(&none, name)
    }
}

impl Remove {
    /// Removes it within a larger operation, and records that it was removed.
    pub fn within(&self, work: &mut Work<'_>) -> Result<String, Refusal> {
        remove_all(work, &[self.id])?.pop().ok_or_else(Refusal::not_found)
    }
}

/// Removes many in one act, in few statements, and records each; answers their names.
pub fn remove_all(work: &mut Work<'_>, ids: &[SubscriptionId]) -> Result<Vec<String>, Refusal> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let locked = store::lock_many(work, ids)?;
    if locked.len() != ids.len() {
        return Err(Refusal::not_found());
    }
    for subscription in &locked {
        subscription.require_changeable(work)?;
    }
    let held = store::seats_held_of(work, ids)?;
    if let Some(held) = locked.iter().find_map(|subscription| held.get(&subscription.id).copied()) {
        return Err(SubscriptionError::SeatsHeld { held }.into());
    }
    store::set_removed(work, ids)?;
    let fact = |locked: &Locked| SubscriptionFact { id: locked.id, name: locked.name.clone(), what: Happened::Removed };
    work.also_all(&locked.iter().map(fact).collect::<Vec<_>>())?;
    Ok(locked.into_iter().map(|locked| locked.name).collect())
}

//! Taking a subscription off the list: refused while people hold its seats, undone by restoring.

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::fact::{Happened, SubscriptionFact};
use super::store;
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
        let locked = store::lock(work, self.id)?;
        locked.require_changeable(work)?;
        match store::seats_held(work, self.id)? {
            0 => {}
            held => return Err(SubscriptionError::SeatsHeld { held }.into()),
        }
        store::set_removed(work, self.id)?;
        let fact = SubscriptionFact { id: self.id, name: locked.name.clone(), what: Happened::Removed };
        work.also(&fact)?;
        Ok(locked.name)
    }
}

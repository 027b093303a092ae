//! Putting a removed subscription back: it needs room on the plan and a name of its own again.

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use crate::domain::plans::{limits, plan::Meter};

use super::add::{Twins, require_no_twin};
use super::fact::{Happened, SubscriptionFact};
use super::roll_forward::catch_up_business;
use super::store;

/// A removed subscription to be put back.
pub struct Restore {
    /// Which.
    pub id: SubscriptionId,
}

impl Operation for Restore {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        catch_up_business(work)?;
        let seen = store::find(work, self.id)?;
        match seen.details.status.is_live() {
            true => limits::require_room(work, Meter::Subscriptions, 1)?,
            false => limits::require_running(work)?,
        }
        store::lock_removed(work, self.id)?.require_changeable(work)?;
        let subscription = store::find(work, self.id)?;
        let details = &subscription.details;
        let twin = store::twin(work, subscription.service_id, &details.name, Some(self.id))?;
        // It was here before: only one of the very same name stands in its way.
        require_no_twin(twin, details, Twins::Allow)?;
        store::set_restored(work, self.id)?;
        let name = subscription.details.name;
        let fact = SubscriptionFact { id: self.id, name: name.clone(), what: Happened::Restored };
        work.record(&fact, name)
    }
}

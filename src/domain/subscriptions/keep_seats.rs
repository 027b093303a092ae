//! Taking back that seats go at the renewal.

use crate::kernel::fact::Change;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::fact::{Happened, SubscriptionFact};
use super::store;

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
        let name = subscription.details.name;
        let Some(fewer) = subscription.fewer else {
            return Ok(work.nothing_changed(name));
        };
        store::set_fewer(work, self.id, None)?;
        let changes = vec![Change::new("Seats from the renewal on", Some(fewer.seats.to_string()), None)];
        let fact = SubscriptionFact { id: self.id, name: name.clone(), what: Happened::SeatsKept(changes) };
        work.record(&fact, name)
    }
}

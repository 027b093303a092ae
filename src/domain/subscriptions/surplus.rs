//! Surplus seats: when fewer are paid for than can be held, free ones are retired until they fit, those without a license
//! key first and the newest of them first. Held ones stay until they are revoked.

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::{BusinessId, LicenseId, SubscriptionId};
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork, Work};
use crate::kernel::zones;

use super::store::surplus as store;

/// A free seat is no longer paid for.
struct NotPaidFor {
    license: LicenseId,
    subscription: String,
}

impl Fact for NotPaidFor {
    fn code(&self) -> &'static str {
        "license.surplus_retired"
    }

    fn object(&self) -> Object {
        Object::new("license", self.license, format!("Seat of {}", self.subscription))
    }

    fn said(&self) -> String {
        format!("retired a free seat of {} that is not paid for any more", self.subscription)
    }

    fn changes(&self) -> Vec<Change> {
        vec![Change::new("Status", Some("Free".to_owned()), Some("Retired".to_owned()))]
    }
}

/// Retires the free seats of a subscription that are too many today; its row is locked.
pub(super) fn retire(work: &mut Work<'_>, subscription: SubscriptionId, name: &str) -> Result<(), Refusal> {
    let retired = store::retire(work, subscription)?;
    let facts = retired.into_iter().map(|license| NotPaidFor { license, subscription: name.to_owned() });
    work.also_all(&facts.collect::<Vec<_>>())
}

/// Does the same for at most so many subscriptions of all businesses whose price changed by the calendar; answers how
/// many seats.
pub struct RetireSurplus {
    /// How many subscriptions at once.
    pub batch: i64,
}

impl Sweep for RetireSurplus {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let days: Vec<_> = zones::everywhere(work.now()).collect();
        let now = work.now();
        let conn = work.conn_of_all_businesses();
        let locked = store::lock_due(conn, &days, self.batch)?;
        let retired = store::retire_of(conn, now, &days, &locked)?;
        let rows = retired.len();
        let facts: Vec<(BusinessId, NotPaidFor)> = retired
            .into_iter()
            .map(|row| (row.business_id, NotPaidFor { license: row.id, subscription: row.subscription }))
            .collect();
        work.record_many(&facts, rows, rows)
    }
}

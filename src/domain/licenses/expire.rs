//! Writing down that last days have passed: the worker's sweep over all businesses. A seat counts as expired from the
//! day after its last one also if no worker ever runs; whoever holds it keeps it until it is revoked.

use crate::kernel::operation::Sweep;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};
use crate::kernel::zones;

use super::facts::{Happened, LicenseFact};
use super::store;

/// Records at most so many last days that have passed, oldest first; answers how many.
pub struct ExpireSeats {
    /// How many at once.
    pub batch: i64,
}

impl Sweep for ExpireSeats {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let days: Vec<_> = zones::everywhere(work.now()).collect();
        let expired = store::expire_due(work.conn_of_all_businesses(), &days, self.batch)?;
        let rows = expired.len();
        let facts = expired.into_iter().map(|row| {
            let what = Happened::Expired { holder: row.holder, last_day: row.last_day };
            (row.business_id, LicenseFact { license: row.id, subscription: row.subscription, what })
        });
        work.record_many(&facts.collect::<Vec<_>>(), rows, rows)
    }
}

//! Claiming letters that are due. The claim is a lease, not a lock: no transaction stays open while a mail server talks,
//! and what a crashed worker held is due again when its lease is over.

use crate::kernel::fact::Unrecorded;
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::letter::{ClaimedLetter, LEASE};
use super::store;

/// Takes the letters that are due, the longest due first.
pub struct Claim {
    /// At most so many.
    pub batch: i64,
}

impl Sweep for Claim {
    type Output = Vec<ClaimedLetter>;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<Vec<ClaimedLetter>>, Refusal> {
        let until = work.now() + LEASE;
        let claimed = store::claim_due(work, self.batch, until)?;
        Ok(work.unrecorded(Unrecorded::Delivery, claimed))
    }
}

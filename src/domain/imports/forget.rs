//! Tidying up: seven days after the upload a file's content goes, and with it the way back.

use crate::kernel::fact::Unrecorded;
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::store;

/// Forgets the content of old files, so many at a time; answers how many were forgotten.
pub struct Forget;

const BATCH: i64 = 100;

impl Sweep for Forget {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let forgotten = store::forget(work, BATCH)?;
        Ok(work.unrecorded(Unrecorded::Progress, forgotten))
    }
}

//! What was told long ago goes.

use chrono::TimeDelta;

use crate::kernel::fact::Unrecorded;
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::store;

/// How long an inbox keeps a message, read or not.
pub const KEPT: TimeDelta = TimeDelta::days(180);

const BATCH: i64 = 5_000;

/// Takes old messages out, so many at a time; answers how many.
pub struct ForgetOld;

impl Sweep for ForgetOld {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let until = work.now() - KEPT;
        let gone = store::forget(work, until, BATCH)?;
        Ok(work.unrecorded(Unrecorded::Progress, gone))
    }
}

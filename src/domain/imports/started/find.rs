//! Finding what was started and is not done.

use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::{BusinessId, ImportId, MemberId};
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::store;

/// The import that was started first, without those another worker is at and those that failed a short while ago.
pub struct FindStarted;

/// An import that the worker is to carry out.
#[derive(Clone, Copy, Debug)]
pub struct Started {
    /// Whose.
    pub business: BusinessId,
    /// Which.
    pub import: ImportId,
    /// Who started it.
    pub by: MemberId,
}

impl Sweep for FindStarted {
    type Output = Option<Started>;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<Option<Started>>, Refusal> {
        let found = store::oldest(work)?;
        Ok(work.unrecorded(Unrecorded::Progress, found))
    }
}

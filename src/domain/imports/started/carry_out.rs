//! Carrying out what was started: the worker does what its starter would have done, with their access, proved anew.

use std::sync::Arc;

use crate::domain::imports::commit::write;
use crate::domain::imports::import::gone;
use crate::domain::imports::reading::Sheet;
use crate::domain::plans::limits;
use crate::kernel::ids::ImportId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::progress::Progress;
use super::{store, tell};

/// Imports a started file, for the member who started it.
pub struct CarryOut {
    /// The file.
    pub import: ImportId,
    /// Counts how far it is.
    pub progress: Arc<Progress>,
}

impl Operation for CarryOut {
    const NEEDS: Permission = Permission::Import;
    /// Whether it did: not what another worker has taken up or has done.
    type Output = bool;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<bool>, Refusal> {
        // Before the lock of the business, which is held for long: another worker need not wait to see that it is taken.
        let Some(stored) = store::claim(work, self.import)? else {
            return Ok(work.nothing_changed(false));
        };
        limits::require_running(work)?;
        let sheet = Sheet::read(&stored.content.ok_or_else(gone)?)?;
        let (fact, committed) = write(work, stored.import, (&sheet, &stored.choices), &self.progress)?;
        store::end_progress(work, self.import)?;
        tell::done(work, self.import, &committed.file_name)?;
        work.record(&fact, true)
    }
}

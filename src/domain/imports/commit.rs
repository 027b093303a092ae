//! Committing: the file is planned once more under the lock of the business, so that nothing moved in between, and
//! everything it says is written in one transaction.

use crate::domain::plans::limits;
use crate::kernel::ids::ImportId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::choices::Chosen;
use super::facts::ImportFact;
use super::import::{Import, ImportCounts, gone};
use super::kind::Kind;
use super::reading::Sheet;
use super::store::{self, Stored};

/// Imports a waiting file.
pub struct Commit {
    /// The file.
    pub import: ImportId,
    /// The choices the person saw.
    pub chosen: Chosen,
}

/// What came of it.
pub struct Committed {
    /// What it holds.
    pub kind: Kind,
    /// The file.
    pub file_name: String,
    /// What came of its rows.
    pub counts: ImportCounts,
}

impl Operation for Commit {
    const NEEDS: Permission = Permission::Import;
    type Output = Committed;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Committed>, Refusal> {
        limits::require_running(work)?;
        let Stored { import, content, choices, .. } = store::lock(work, self.import)?;
        import.require_waiting()?;
        let Import { kind, file_name, .. } = import;
        let choices = self.chosen.over(kind, &choices)?;
        let sheet = Sheet::read(&content.ok_or_else(gone)?)?;
        let done = kind.commit(work, (&file_name, &sheet), &choices)?;
        store::commit(work, (self.import, kind), &choices, &done)?;
        let counts = done.counts;
        let fact = ImportFact::Committed { import: self.import, kind, file_name: file_name.clone(), counts };
        work.record(&fact, Committed { kind, file_name, counts })
    }
}

//! Committing: the file is planned once more under the lock of the business, so that nothing moved in between, and
//! everything it says is written in one transaction. A long file is left to the worker.

use crate::domain::plans::limits;
use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::ImportId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::choices::{Choices, Chosen};
use super::facts::ImportFact;
use super::import::{Import, ImportCounts, gone};
use super::kind::Kind;
use super::reading::Sheet;
use super::started::progress::Progress;
use super::started::store::{require_none, start};
use super::store;

/// The most rows that are imported while somebody waits for the answer.
const AT_ONCE: usize = 500;

/// Whether a file of so many rows is left to the worker.
pub fn is_long(rows: usize) -> bool {
    rows > AT_ONCE
}

/// Imports a waiting file, or starts it when it is long.
pub struct Commit {
    /// The file.
    pub import: ImportId,
    /// The choices the person saw.
    pub chosen: Chosen,
}

/// What came of asking for it.
pub enum Came {
    /// It is imported.
    Done(Committed),
    /// The worker imports it.
    Started,
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
    type Output = Came;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Came>, Refusal> {
        // Asked before the lock of the business, which an import that runs holds for long, and once more under it.
        require_none(work)?;
        limits::require_running(work)?;
        require_none(work)?;
        let stored = store::lock(work, self.import)?;
        stored.import.require_waiting()?;
        let kind = stored.import.kind;
        let choices = self.chosen.over(kind, &stored.choices)?;
        let sheet = Sheet::read(stored.content.as_deref().ok_or_else(gone)?)?;
        if is_long(sheet.rows.len()) {
            kind.require_sense(&sheet.headers, &choices.mapping)?;
            store::choose(work, self.import, &choices)?;
            start(work, self.import, sheet.rows.len())?;
            return Ok(work.unrecorded(Unrecorded::Progress, Came::Started));
        }
        let (fact, committed) = write(work, stored.import, (&sheet, &choices), &Progress::default())?;
        work.record(&fact, Came::Done(committed))
    }
}

/// Writes everything the file says; answers what the trail says of it and what came of it.
pub(super) fn write(
    work: &mut Work<'_>,
    import: Import,
    (sheet, choices): (&Sheet, &Choices),
    progress: &Progress,
) -> Result<(ImportFact, Committed), Refusal> {
    let Import { id, kind, file_name, .. } = import;
    progress.begin(sheet.rows.len());
    let done = kind.commit(work, (&file_name, sheet), choices, progress)?;
    store::commit(work, (id, kind), choices, &done)?;
    let counts = done.counts;
    let fact = ImportFact::Committed { import: id, kind, file_name: file_name.clone(), counts };
    Ok((fact, Committed { kind, file_name, counts }))
}

//! Undoing an import: what it created is taken out, what it changed is put back, as long as nobody has come to rely on
//! it since. What cannot be undone stays and is named. Also possible when the plan has ended.

use crate::domain::plans;
use crate::kernel::ids::ImportId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::ImportFact;
use super::import::{Import, ImportState, Kept, gone, runs};
use super::kind::Kind;
use super::started;
use super::store::{self, Stored};

/// Undoes a committed import.
pub struct Undo {
    /// The import.
    pub import: ImportId,
}

/// What was undone.
pub struct Undone {
    /// The file.
    pub file_name: String,
    /// How much of it.
    pub taken: Taken,
}

/// What an undo took back.
#[derive(Default)]
pub struct Taken {
    /// How many were taken out.
    pub removed: usize,
    /// How many were put back.
    pub restored: usize,
    /// Who or what stayed, and why.
    pub kept: Vec<Kept>,
}

impl Operation for Undo {
    const NEEDS: Permission = Permission::Import;
    type Output = Undone;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Undone>, Refusal> {
        // Before the lock of the business, which an import that runs holds for long.
        started::store::require_none(work)?;
        plans::store::lock(work)?;
        let Stored { import, touched, .. } = store::lock(work, self.import)?;
        require_undoable(&import, work)?;
        let Import { kind, file_name, .. } = import;
        let taken = kind.undo(work, &file_name, touched.ok_or_else(gone)?)?;
        if taken.removed + taken.restored == 0 {
            return Err(nothing_left(kind, &taken.kept));
        }
        store::undo(work, self.import, &taken.kept)?;
        let fact = ImportFact::Undone {
            import: self.import,
            file_name: file_name.clone(),
            removed: taken.removed,
            restored: taken.restored,
            kept: taken.kept.clone(),
        };
        work.record(&fact, Undone { file_name, taken })
    }
}

fn require_undoable(import: &Import, work: &Work<'_>) -> Result<(), Refusal> {
    let file_name = &import.file_name;
    match import.state {
        ImportState::Waiting | ImportState::Gone => Err(Refusal::conflict(
            "not_committed",
            format!("{file_name} was not imported, so there is nothing to undo."),
        )),
        ImportState::Running => Err(runs(file_name)),
        ImportState::Undone { .. } => {
            Err(Refusal::conflict("already_undone", format!("The import of {file_name} was undone already.")))
        }
        ImportState::Committed { .. } if !Import::is_kept(import.uploaded_at, work.now()) => Err(gone()),
        ImportState::Committed { .. } => Ok(()),
    }
}

fn nothing_left(kind: Kind, kept: &[Kept]) -> Refusal {
    let named: Vec<String> = kept.iter().take(5).map(|kept| format!("{} {}", kept.name, kept.why)).collect();
    let more = kept.len().saturating_sub(named.len());
    let reasons = match (named.is_empty(), more) {
        (true, _) => format!("{} it created or changed is in the list any more", kind.none()),
        (false, 0) => named.join(", "),
        (false, more) => format!("{}, and {more} more", named.join(", ")),
    };
    Refusal::conflict("nothing_to_undo", format!("There is nothing left to undo: {reasons}."))
}

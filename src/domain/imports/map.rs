//! Mapping: which column of a waiting file holds which of our fields, and whether newcomers are added.

use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::ImportId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::choices::Chosen;
use super::import::gone;
use super::people_file::MappingError;
use super::reading::Sheet;
use super::store;

/// Chooses the columns of a file, or what becomes of newcomers.
pub struct Map {
    /// The file.
    pub import: ImportId,
    /// What is chosen.
    pub chosen: Chosen,
}

impl Operation for Map {
    const NEEDS: Permission = Permission::Import;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let stored = store::lock(work, self.import)?;
        stored.import.require_waiting()?;
        let sheet = Sheet::read(&stored.content.ok_or_else(gone)?)?;
        let choices = self.chosen.over(stored.import.kind, &stored.choices)?;
        stored.import.kind.require_sense(&sheet.headers, &choices.mapping)?;
        if stored.choices == choices {
            return Ok(work.nothing_changed(()));
        }
        store::choose(work, self.import, &choices)?;
        Ok(work.unrecorded(Unrecorded::Progress, ()))
    }
}

impl From<MappingError> for Refusal {
    fn from(error: MappingError) -> Self {
        Self::invalid("map", error.to_string())
    }
}

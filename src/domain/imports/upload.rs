//! Uploading a file: it is read, its columns are guessed, and it waits; nobody is changed.

use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::ImportId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::kind::Kind;
use super::reading::{Sheet, SheetError};
use super::store;

/// A file. Also possible when the plan has ended: it adds nobody.
pub struct Upload {
    /// What it holds.
    pub kind: Kind,
    /// What it is called.
    pub file_name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl Operation for Upload {
    const NEEDS: Permission = Permission::Import;
    type Output = ImportId;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<ImportId>, Refusal> {
        let sheet = Sheet::read(&self.content)?;
        self.kind.require_few(sheet.rows.len())?;
        let mapping = self.kind.guess(&sheet.headers);
        let import = store::insert(work, self.kind, (&self.file_name, &self.content), &mapping)?;
        Ok(work.unrecorded(Unrecorded::Progress, import))
    }
}

impl From<SheetError> for Refusal {
    fn from(error: SheetError) -> Self {
        Self::invalid("file", error.to_string())
    }
}

//! Past imports and waiting files, the newest first, in pages by key.

use crate::kernel::ids::ImportId;
use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::import::Import;
use super::store;

/// How many a page holds.
pub const PAGE: usize = 20;

/// One page of imports: those before this one, or the newest.
pub struct Imports {
    /// The last one of the page before.
    pub after: Option<ImportId>,
}

/// A page of imports.
pub struct ImportsPage {
    /// The newest first.
    pub rows: Vec<Import>,
    /// After which to go on, when there are more.
    pub next: Option<ImportId>,
}

impl Question for Imports {
    const NEEDS: Permission = Permission::Import;
    const READS: Reads = Reads::One;
    type Output = ImportsPage;

    fn find(&self, view: &mut View<'_>) -> Result<ImportsPage, Refusal> {
        let mut rows = store::page(view, self.after, PAGE + 1)?;
        let has_more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| has_more).map(|last| last.id);
        Ok(ImportsPage { rows, next })
    }
}

//! One entry.

use crate::kernel::ids::AuditEntryId;
use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::entry::Entry;
use super::store;

/// The entry of this id; not there when it may not be seen.
pub struct One(pub AuditEntryId);

impl Question for One {
    const NEEDS: Permission = Permission::ReadTrail;
    const READS: Reads = Reads::One;
    type Output = Entry;

    fn find(&self, view: &mut View<'_>) -> Result<Entry, Refusal> {
        store::one(view, self.0)
    }
}

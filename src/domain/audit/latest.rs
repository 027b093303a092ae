//! The newest entries about one thing, for its own page.

use uuid::Uuid;

use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::entry::Entry;
use super::store;

/// At most so many entries about this object, the newest first; of those that may be seen.
pub struct Latest {
    /// About what.
    pub object: Uuid,
    /// How many.
    pub count: usize,
}

impl Question for Latest {
    const NEEDS: Permission = Permission::ReadTrail;
    const READS: Reads = Reads::One;
    type Output = Vec<Entry>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<Entry>, Refusal> {
        store::latest(view, self.object, self.count)
    }
}

//! Revoking a key: from the next request on it opens nothing.

use crate::kernel::ids::ApiKeyId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::facts::{Happened, KeyFact};
use super::store;

/// Revokes a key.
pub struct Revoke {
    /// Which.
    pub key: ApiKeyId,
}

impl Operation for Revoke {
    const NEEDS: Permission = Permission::ManageKeys;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let key = store::find(work, self.key)?;
        if !store::revoke(work, self.key)? {
            return Ok(work.nothing_changed(key.name));
        }
        let what = Happened::Revoked { last4: key.last4 };
        work.record(&KeyFact { key: key.id, name: key.name.clone(), what }, key.name)
    }
}

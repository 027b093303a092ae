//! Signing out: the session's row is deleted by the pages; this keeps the fact.

use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::store;
use super::user::UserFact;

/// Writes into each of their businesses that a person signed out.
pub struct SignOut {
    /// Who.
    pub user: UserId,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
}

impl Operation for SignOut {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let user = store::user(work.conn(), self.user)?;
        work.record_in(&self.businesses, &UserFact::SignedOut { user: self.user, name: user.name }, ())
    }
}

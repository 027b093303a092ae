//! Changing one's password while signed in.

use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Deed, OwnFact};
use super::{known_browsers, password_changed, profile_store, session_store, store};

/// Sets another password and tells it by letter. Every other sign-in ends, no browser is known any more, and no key
/// mailed before works.
pub struct ChangePassword {
    /// Whose.
    pub user: UserId,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
    /// The stored hash with which the present password was compared.
    pub before: String,
    /// The hash of the new one, made before the transaction.
    pub after: String,
    /// The session that stays.
    pub keep: String,
    /// What the browser says it is.
    pub user_agent: String,
}

impl Operation for ChangePassword {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let hashes = (self.before.as_str(), self.after.as_str());
        let name = profile_store::change_password(work.conn(), self.user, hashes)?.ok_or_else(changed_meanwhile)?;
        session_store::end_others(work.conn(), self.user, &self.keep)?;
        known_browsers::store::forget_all(work.conn(), self.user)?;
        let user = store::user(work.conn(), self.user)?;
        password_changed::tell(work, &user, &self.user_agent)?;
        work.record_in(&self.businesses, &OwnFact { user: self.user, name, deed: Deed::ChangedPassword }, ())
    }
}

fn changed_meanwhile() -> Refusal {
    Refusal::conflict(
        "password_changed",
        "The password was changed elsewhere in this moment. Sign in with the new one.",
    )
}

//! Deleting one's own sign-in. The books keep the person, as somebody who has left; a business never loses its last
//! owner this way, nor the installation the name of who stepped into one.

use crate::kernel::ids::UserId;
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Deed, OwnFact};
use super::{profile_store, store};

/// Deletes the sign-in of this person, sessions and keys included.
pub struct DeleteSignIn {
    /// Who.
    pub user: UserId,
}

impl Operation for DeleteSignIn {
    const NEEDS: Permission = Permission::UseOwnAccount;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "user.deletion_refused", said: "tried to delete their sign-in" });
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let (user, now) = (store::user(work.conn(), self.user)?, work.now());
        if profile_store::is_staff(work.conn(), self.user)? {
            return Err(still_staff());
        }
        let places = profile_store::places(work.conn(), self.user)?;
        profile_store::lock_businesses(work.conn(), &places)?;
        // Only what is read under the locks counts.
        let owned_alone = profile_store::sole_owner_of(work.conn(), self.user)?;
        if !owned_alone.is_empty() {
            return Err(last_owner(&owned_alone));
        }
        let rows = profile_store::own_rows(work.conn(), self.user)?;
        let fact = OwnFact { user: self.user, name: user.name, deed: Deed::Deleted };
        let receipt = work.record_in(&places, &fact, ())?;
        for (business, member, zone) in rows {
            profile_store::leave(work.conn(), (business, member), now.with_timezone(&zone).date_naive())?;
        }
        profile_store::delete(work.conn(), self.user)?;
        Ok(receipt)
    }
}

fn still_staff() -> Refusal {
    let message = "This sign-in belongs to the staff of the installation, and the support sessions under its name are \
                   kept. It cannot be deleted; nothing was.";
    Refusal::conflict("still_staff", message)
}

fn last_owner(names: &[String]) -> Refusal {
    let message = format!(
        "You are the only owner of {}. Make somebody else an owner there first; nothing was deleted.",
        names.join(", ")
    );
    Refusal::conflict("last_owner", message)
}

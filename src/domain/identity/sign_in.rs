//! Signing in with address and password.

use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Audited, Scope, Work};

use super::limits::{Client, Proof, guess};
use super::notices::{NewDevice, new_device};
use super::password::Passwords;
use super::store;
use super::user::{User, UserFact};

/// The person whose address and password these are. Unknown address and wrong password answer alike, in the same time,
/// and count alike; once there were too many wrong ones, nothing is looked up or compared.
pub async fn check(
    db: &Db,
    passwords: &Passwords,
    client: &Client,
    email: &str,
    password: String,
) -> Result<User, Refusal> {
    let folded = email.trim().to_lowercase();
    let taken = guess(db, Proof::Password, &folded, client).await.map_err(|refusal| match refusal.kind {
        Kind::TooMany => refusal.mended_at("/password/forgot"),
        _ => refusal,
    })?;
    match compare(db, passwords, folded, password).await {
        Ok(Some(user)) => {
            taken.fitted(db).await?;
            Ok(user)
        }
        Ok(None) => Err(Refusal::new(
            Kind::Invalid,
            "wrong_credentials",
            "That address and password do not belong together. Check both and try again.",
        )
        .at("email")),
        Err(refusal) => {
            taken.give_back(db).await?;
            Err(refusal)
        }
    }
}

async fn compare(db: &Db, passwords: &Passwords, folded: String, password: String) -> Result<Option<User>, Refusal> {
    let found = db.before_tenant(move |conn| store::credentials(conn, &folded)).await?;
    let (user, stored) = found.unzip();
    let fits = passwords.fits(password, stored).await?;
    Ok(user.filter(|_| fits))
}

/// Writes into each of their businesses that a person signed in.
pub struct SignIn {
    /// Who.
    pub user: UserId,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
    /// Set when they were never seen in this browser.
    pub new_device: Option<NewDevice>,
}

impl Operation for SignIn {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let now = work.now();
        let name = store::note_sign_in(work.conn(), self.user, now)?;
        new_device(work, self.user, self.new_device.as_ref())?;
        work.record_in(&self.businesses, &UserFact::SignedIn { user: self.user, name }, ())
    }
}

//! Signing in with address and password.

use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::secret::sha256;
use crate::kernel::work::{Audited, Scope, Work};

use super::limits::{Client, Proof, guess};
use super::notices::{NewDevice, new_device};
use super::password::Passwords;
use super::sessions::Epoch;
use super::store;
use super::user::{User, UserFact};

/// Somebody whose address and password fitted.
pub struct Fitting {
    /// Who.
    pub user: User,
    /// What marks that password.
    pub mark: String,
}

/// The person whose address and password these are. Unknown address and wrong password answer alike, in the same time,
/// and count alike; once there were too many wrong ones, nothing is looked up or compared.
pub async fn check(
    db: &Db,
    passwords: &Passwords,
    client: &Client,
    email: &str,
    password: String,
) -> Result<Fitting, Refusal> {
    let folded = email.trim().to_lowercase();
    let taken = guess(db, Proof::Password, &folded, client).await.map_err(|refusal| match refusal.kind {
        Kind::TooMany => refusal.mended_at("/password/forgot"),
        _ => refusal,
    })?;
    match compare(db, passwords, folded, password).await {
        Ok(Some(fitting)) => {
            taken.fitted(db).await?;
            Ok(fitting)
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

async fn compare(db: &Db, passwords: &Passwords, folded: String, password: String) -> Result<Option<Fitting>, Refusal> {
    let found = db.before_tenant(move |conn| store::credentials(conn, &folded)).await?;
    let fitting = found.as_ref().map(|(user, stored)| Fitting { user: user.clone(), mark: mark(stored) });
    let fits = passwords.fits(password, found.map(|(_, stored)| stored)).await?;
    Ok(fitting.filter(|_| fits))
}

/// What tells that the password is still the one that was given; nothing can be read out of it.
fn mark(password_hash: &str) -> String {
    sha256(&[b"mark", password_hash.as_bytes()]).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Locks the person's row and says whether a code is asked of them. Refuses once the password is another than the one
/// that fitted: then they begin again.
pub(super) fn lock(work: &mut Work<'_>, user: UserId, fitted: &str) -> Result<bool, Refusal> {
    match store::lock_credentials(work.conn(), user)? {
        Some((stored, asks_code)) if mark(&stored) == fitted => Ok(asks_code),
        _ => Err(Refusal::sign_in()),
    }
}

/// Writes into each of their businesses that a person signed in.
pub struct SignIn {
    /// Who.
    pub user: UserId,
    /// What marks the password that fitted.
    pub mark: String,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
    /// Set when they were never seen in this browser.
    pub new_device: Option<NewDevice>,
}

impl Operation for SignIn {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Epoch;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Epoch>, Refusal> {
        let now = work.now();
        let asks_code = lock(work, self.user, &self.mark)?;
        if asks_code {
            // The second factor was turned on in this moment.
            return Err(Refusal::sign_in());
        }
        let (name, epoch) = store::note_sign_in(work.conn(), self.user, now)?;
        new_device(work, self.user, self.new_device.as_ref())?;
        work.record_in(&self.businesses, &UserFact::SignedIn { user: self.user, name }, epoch)
    }
}

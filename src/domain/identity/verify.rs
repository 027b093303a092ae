//! Showing that letters to an address arrive.

use chrono::{DateTime, TimeDelta, Utc};

use crate::kernel::db::Db;
use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::outbox::{Envelope, Letter};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, Scope, Work};

use super::store;
use super::user::{User, UserFact};

/// How long a verification key works.
pub const VALID: TimeDelta = TimeDelta::days(3);

/// What a verification key stands for.
pub struct Verification {
    /// Whose address.
    pub user: User,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) is_used: bool,
}

/// What this key stands for. Unknown, used and expired keys are refused alike.
pub async fn by_key(db: &Db, key: &str) -> Result<(Key, Verification), Refusal> {
    let key = Key::parse(key).ok_or_else(no_longer_valid)?;
    let (hash, now) = (key.hash(), db.clock().now());
    let found = db.before_tenant(move |conn| store::verification(conn, &hash)).await?;
    let found = found.filter(|found| !found.is_used && now < found.expires_at).ok_or_else(no_longer_valid)?;
    Ok((key, found))
}

/// Uses the key, once.
pub struct Verify {
    /// The key from the letter.
    pub key: Key,
    /// Whose it is.
    pub user: UserId,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
}

impl Operation for Verify {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let now = work.now();
        let used = store::use_verification(work.conn(), &self.key.hash(), self.user, now)?;
        let user = used.ok_or_else(no_longer_valid)?;
        let fact = UserFact::Verified { user: user.id, name: user.name, email: user.email };
        work.record_in(&self.businesses, &fact, ())
    }
}

fn no_longer_valid() -> Refusal {
    Refusal::gone(
        "verification_gone",
        "This link does not work any more: it was used, a newer one was sent, or it is older than 3 days. If your address is confirmed already, sign in.",
    )
}

/// The letter with which an address is confirmed, asked for again.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct AddressConfirmation {
    /// The greeting.
    pub name: String,
    /// The address to confirm.
    pub email: String,
}

impl Letter for AddressConfirmation {
    const KIND: &'static str = "address_confirmation";
}

/// Sends the letter again, with a new key in the place of the ones before; answers the address.
pub struct ResendVerification {
    /// To whom.
    pub user: UserId,
}

impl Operation for ResendVerification {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let (user, now) = (store::user(work.conn(), self.user)?, work.now());
        if user.is_verified {
            return Err(Refusal::conflict("already_verified", format!("{} is confirmed already.", user.email)));
        }
        let key = Key::random();
        store::void_verifications(work.conn(), self.user, now)?;
        store::insert_verification(work.conn(), &key, self.user, &user.email.to_lowercase(), now)?;
        let letter = AddressConfirmation { name: user.name.clone(), email: user.email.clone() };
        work.send(&Envelope::new(&user.email, &user.name, &letter).with_key(&key))?;
        Ok(work.unrecorded(Unrecorded::Delivery, user.email))
    }
}

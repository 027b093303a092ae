//! Setting a new password with a mailed key. Asking tells nobody whether an address is known: the request is written
//! for every address alike, and the worker looks whose it is. Using a key signs nobody in and turns off no second factor.

mod store;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::kernel::db::Db;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::{Operation, Sweep};
use crate::kernel::outbox::{Envelope, Letter};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, Scope, SweepWork, Work};

use super::limits::{self, Asked, Client};
use super::password_changed;
use super::user::{User, UserFact};

pub use store::sweep;

/// How long the key of a letter works.
pub const VALID: TimeDelta = TimeDelta::minutes(30);

/// The letter with the key.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct PasswordReset {
    /// The greeting.
    pub name: String,
    /// The address whose password it sets.
    pub email: String,
}

impl Letter for PasswordReset {
    const KIND: &'static str = "password_reset";
}

/// Asks for the letter. Does the same for every address, in the same time.
pub async fn ask(db: &Db, client: &Client, email: &EmailAddress) -> Result<(), Refusal> {
    limits::ask(db, Asked::Reset(client, email.folded())).await?.keep();
    let (folded, now) = (email.folded().to_owned(), db.clock().now());
    db.before_tenant(move |conn| store::insert_request(conn, &folded, now)).await
}

/// Makes a key for whoever asked for one, and their letter; of several keys the newest works. Answers how many asked.
pub struct AnswerRequests {
    /// How many at once.
    pub batch: i64,
}

impl Sweep for AnswerRequests {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let now = work.now();
        let asked = store::take_requests(work.conn_of_all_businesses(), self.batch)?;
        // Whoever asked twice before the worker came gets one letter: of two keys only one would work.
        for email in asked.iter().collect::<BTreeSet<_>>() {
            if let Some(user) = store::user_of(work.conn_of_all_businesses(), email)? {
                let key = Key::random();
                store::replace_keys(work.conn_of_all_businesses(), user.id, &key, now)?;
                let letter = PasswordReset { name: user.name.clone(), email: user.email.clone() };
                let envelope = Envelope::new(&user.email, &user.name, &letter).with_key(&key);
                work.send(BusinessId::INSTALLATION, &envelope)?;
            }
        }
        Ok(work.unrecorded(Unrecorded::Delivery, asked.len()))
    }
}

/// What a key stands for, as long as it works.
pub(super) struct Reset {
    user: User,
    expires_at: DateTime<Utc>,
    is_used: bool,
}

/// Whose password this key sets. Unknown, used, replaced and expired keys are refused alike.
pub async fn by_key(db: &Db, key: &str) -> Result<(Key, User), Refusal> {
    let key = Key::parse(key).ok_or_else(no_longer_valid)?;
    let (hash, now) = (key.hash(), db.clock().now());
    let found = db.before_tenant(move |conn| store::reset(conn, &hash)).await?;
    let found = found.filter(|found| !found.is_used && now < found.expires_at).ok_or_else(no_longer_valid)?;
    Ok((key, found.user))
}

/// Sets the password, once. Whoever was signed in as this person is no longer, no browser is known to them any more, and
/// no other mailed key of theirs works.
pub struct ResetPassword {
    /// The key from the letter.
    pub key: Key,
    /// Whose it is.
    pub user: UserId,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
    /// argon2id, made before the transaction.
    pub password_hash: String,
    /// What the browser says it is.
    pub user_agent: String,
}

impl Operation for ResetPassword {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let now = work.now();
        if !store::use_key(work.conn(), &self.key.hash(), self.user, now)? {
            return Err(no_longer_valid());
        }
        store::set_password(work.conn(), self.user, &self.password_hash)?;
        store::end_everything(work.conn(), self.user)?;
        let user = super::store::user(work.conn(), self.user)?;
        password_changed::tell(work, &user, &self.user_agent)?;
        work.record_in(&self.businesses, &UserFact::SetNewPassword { user: user.id, name: user.name }, ())
    }
}

fn no_longer_valid() -> Refusal {
    Refusal::gone(
        "reset_gone",
        "This link does not work any more: it was used, a newer one was sent, or it is older than 30 minutes. Ask for a \
         new letter.",
    )
    .mended_at("/password/forgot")
}

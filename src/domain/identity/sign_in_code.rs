//! The second half of signing in: after the password, a code.

use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Purpose;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Deed, OwnFact};
use super::limits::{Client, Proof, Taken, guess};
use super::notices::{NewDevice, RecoveryCodeUsed, new_device};
use super::sessions::Epoch;
use super::sign_in::lock;
use super::two_factor::{Typed, hash, step_of, wrong_code};
use super::two_factor_store as codes;
use super::user::UserFact;
use super::{manner, store};

/// How long a fitting password waits for its code.
pub const VALID: chrono::TimeDelta = chrono::TimeDelta::minutes(10);
/// After so many wrong codes the password is asked for again.
pub const TRIES: u8 = 5;

/// Whether a code is asked of this person.
pub async fn is_asked(db: &Db, user: UserId) -> Result<bool, Refusal> {
    db.before_tenant(move |conn| Ok(codes::sealed_secret(conn, user)?.is_some())).await
}

/// Counts a try of a code against those of its person, before anything is compared.
pub async fn count(db: &Db, user: UserId, client: &Client) -> Result<Taken, Refusal> {
    let email = db.before_tenant(move |conn| store::user(conn, user)).await?.email;
    guess(db, Proof::Code, &email.to_lowercase(), client).await
}

/// Signs in with a code, once: a second use of the same finds nothing.
pub struct SignInWithCode {
    /// Who.
    pub user: UserId,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
    /// What marks the password that fitted.
    pub mark: String,
    /// What was typed.
    pub typed: Typed,
    /// Set when they were never seen in this browser.
    pub new_device: Option<NewDevice>,
}

impl Operation for SignInWithCode {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Epoch;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Epoch>, Refusal> {
        let now = work.now();
        lock(work, self.user, &self.mark)?;
        let (name, epoch) = store::note_sign_in(work.conn(), self.user, now)?;
        match &self.typed {
            Typed::App(digits) => self.require_fresh(work, digits)?,
            Typed::Recovery(code) => self.use_up(work, code, &name)?,
        }
        new_device(work, self.user, self.new_device.as_ref())?;
        work.record_in(&self.businesses, &UserFact::SignedIn { user: self.user, name }, epoch)
    }
}

impl SignInWithCode {
    fn require_fresh(&self, work: &mut Work<'_>, digits: &str) -> Result<(), Refusal> {
        let now = work.now();
        let sealed = codes::sealed_secret(work.conn(), self.user)?.ok_or_else(Refusal::sign_in)?;
        let secret = work.keyring().open(Purpose::TwoFactor, self.user.0.as_bytes(), &sealed)?;
        let step = step_of(&secret, digits, now)?.ok_or_else(wrong_code)?;
        match codes::accept_step(work.conn(), self.user, step)? {
            true => Ok(()),
            false => Err(wrong_code()),
        }
    }

    fn use_up(&self, work: &mut Work<'_>, code: &str, name: &str) -> Result<(), Refusal> {
        if !codes::use_code(work.conn(), self.user, &hash(self.user, code))? {
            return Err(wrong_code());
        }
        let left = codes::codes_left(work.conn(), self.user)?;
        let deed = Deed::UsedRecoveryCode { left };
        work.also_in(&self.businesses, &OwnFact { user: self.user, name: name.to_owned(), deed })?;
        let user = store::user(work.conn(), self.user)?;
        let at = manner::written(work, self.user)?;
        let letter = RecoveryCodeUsed { name: user.name.clone(), at, left };
        work.send(&Envelope::new(&user.email, &user.name, &letter))
    }
}

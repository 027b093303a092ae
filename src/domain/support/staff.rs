//! Becoming a member of staff: a command on the server's console makes one, and a key that is printed once lets a new
//! one choose name and password. Somebody who is in businesses may be staff as well; they only never step into those.

use chrono::TimeDelta;

use crate::domain::identity::{self, user::NewUser};
use crate::kernel::db::Db;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::fact::{Fact, Object};
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, Scope, Work};

use super::store::staff::{self as store, Candidate};

/// How long a key for choosing name and password works.
pub const VALID: TimeDelta = TimeDelta::days(7);

/// Makes the person of this address a member of staff.
pub struct AddStaff {
    /// The address.
    pub email: EmailAddress,
    /// The hash of a password that nobody knows, for somebody new.
    pub locked_hash: String,
}

/// Who is staff now, and how they get in.
pub enum Added {
    /// Somebody new, or somebody who has not used their key yet.
    WithKey(Key),
    /// Somebody who signs in here already, and goes on as they are.
    Known,
    /// Somebody who was staff before.
    Already,
}

impl Operation for AddStaff {
    const NEEDS: Permission = Permission::AddStaff;
    type Output = Added;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Added>, Refusal> {
        let now = work.now();
        let (user, name) = match store::find(work.conn(), self.email.folded())? {
            None => self.insert(work)?,
            Some(known) if store::waits(work.conn(), known.user)? => (known.user, known.name),
            Some(known) if known.is_staff => return Ok(work.nothing_changed(Added::Already)),
            // Anybody can sign up with any address: only its letters show whose it is.
            Some(known) if !known.is_verified => return Err(unconfirmed(&self.email)),
            Some(Candidate { user, name, .. }) => {
                store::flag(work.conn(), user)?;
                return work.record(&StaffFact::Added { user, name }, Added::Known);
            }
        };
        let key = Key::random();
        store::flag(work.conn(), user)?;
        store::insert_key(work.conn(), user, &key, now)?;
        work.record(&StaffFact::Added { user, name }, Added::WithKey(key))
    }
}

impl AddStaff {
    /// Whoever runs the server vouches for the address.
    fn insert(&self, work: &mut Work<'_>) -> Result<(UserId, String), Refusal> {
        let name = self.email.as_str().split('@').next().unwrap_or_default().to_owned();
        let password_hash = self.locked_hash.clone();
        let new = NewUser { name: name.clone(), email: self.email.clone(), password_hash };
        let now = work.now();
        let user = identity::store::insert_user(work.conn(), &new, Some(now), now)?;
        Ok((user.ok_or_else(|| Refusal::busy("the address was taken in between"))?, name))
    }
}

/// What a key stands for.
pub struct Activation {
    /// Who.
    pub user: UserId,
    /// Their address.
    pub email: String,
}

/// What this key stands for. Unknown, used and expired keys are refused alike.
pub async fn by_key(db: &Db, key: &str) -> Result<(Key, Activation), Refusal> {
    let key = Key::parse(key).ok_or_else(gone)?;
    let (hash, now) = (key.hash(), db.clock().now());
    let found = db.before_tenant(move |conn| store::activation(conn, &hash, now)).await?;
    Ok((key, found.ok_or_else(gone)?))
}

/// Uses the key, once, to choose a name and a password.
pub struct Activate {
    /// The key.
    pub key: Key,
    /// Whose it is.
    pub user: UserId,
    /// What they call themselves.
    pub name: String,
    /// argon2id, made before the transaction.
    pub password_hash: String,
}

impl Operation for Activate {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = UserId;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<UserId>, Refusal> {
        let now = work.now();
        let chosen = (self.name.as_str(), self.password_hash.as_str());
        if !store::activate(work.conn(), (&self.key, self.user), chosen, now)? {
            return Err(gone());
        }
        let fact = StaffFact::Activated { user: self.user, name: self.name.clone() };
        work.record_in(&[BusinessId::INSTALLATION], &fact, self.user)
    }
}

fn unconfirmed(email: &EmailAddress) -> Refusal {
    let message = format!(
        "Somebody has signed up as {email} and has not confirmed that address, so it may not be theirs; nothing was \
         changed. Have them open the link of their welcome letter, or ask for a new one at /verify/resend, then run this again."
    );
    Refusal::conflict("address_not_confirmed", message)
}

fn gone() -> Refusal {
    Refusal::gone(
        "activation_gone",
        "This link does not work any more: it was used, or is older than 7 days. Whoever runs the server can make a \
         new one with the same command.",
    )
}

/// What happens to staff.
enum StaffFact {
    Added { user: UserId, name: String },
    Activated { user: UserId, name: String },
}

impl Fact for StaffFact {
    fn code(&self) -> &'static str {
        match self {
            Self::Added { .. } => "staff.added",
            Self::Activated { .. } => "staff.activated",
        }
    }

    fn object(&self) -> Object {
        match self {
            Self::Added { user, name } | Self::Activated { user, name } => Object::new("user", *user, name),
        }
    }

    fn said(&self) -> String {
        match self {
            Self::Added { name, .. } => format!("made {name} a member of staff"),
            Self::Activated { .. } => "chose a name and a password".to_owned(),
        }
    }
}

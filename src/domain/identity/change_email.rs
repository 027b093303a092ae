//! Changing one's address: a key goes to the new one, a notice to the old one, and nothing changes before the key is
//! used. Whether somebody else has the address is told only to whoever reads its letters.

use chrono::TimeDelta;

use crate::kernel::db::Db;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::UserId;
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Deed, OwnFact};
use super::notices::{EmailChange, EmailChangeAsked, EmailChanged};
use super::{manner, profile_store, session_store, store};

pub use super::profile_store::sweep;

/// How long a key to a new address works.
pub const VALID: TimeDelta = TimeDelta::minutes(30);

/// Asks for another address.
pub struct AskForAddress {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub email: EmailAddress,
}

impl Operation for AskForAddress {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let (key, now, after) = (Key::random(), work.now(), self.email.as_str());
        let user = store::user(work.conn(), self.user)?;
        let places = profile_store::places(work.conn(), self.user)?;
        profile_store::ask_for_address(work.conn(), self.user, (&key, &user.email.to_lowercase(), after), now)?;
        let letter = EmailChange { name: user.name.clone(), before: user.email.clone(), after: after.to_owned() };
        work.send(&Envelope::new(after, &user.name, &letter).with_key(&key))?;
        let at = manner::written(work, self.user)?;
        let notice = EmailChangeAsked { name: user.name.clone(), after: after.to_owned(), at };
        work.send(&Envelope::new(&user.email, &user.name, &notice))?;
        let deed = Deed::AskedForAddress { before: user.email, after: after.to_owned() };
        work.record_in(&places, &OwnFact { user: self.user, name: user.name, deed }, ())
    }
}

/// What a key asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who asked.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address now.
    pub before: String,
    /// The new one.
    pub after: String,
}

/// What this key asks for. Unknown, used, replaced and expired keys are refused alike.
pub async fn by_key(db: &Db, key: &str) -> Result<(Key, Asked), Refusal> {
    let key = Key::parse(key).ok_or_else(no_longer_valid)?;
    let (hash, now) = (key.hash(), db.clock().now());
    let found = db.before_tenant(move |conn| profile_store::asked(conn, &hash, now)).await?;
    Ok((key, found.ok_or_else(no_longer_valid)?))
}

/// Makes the new address the person's, once.
pub struct ConfirmAddress {
    /// The key from the letter.
    pub key: Key,
    /// Whose it is.
    pub user: UserId,
    /// The session that stays; none: all end.
    pub keep: Option<String>,
}

impl Operation for ConfirmAddress {
    const NEEDS: Permission = Permission::UseOwnAccount;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "user.email_change_refused", said: "tried to change their address" });
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let (hash, now) = (self.key.hash(), work.now());
        let places = profile_store::places(work.conn(), self.user)?;
        profile_store::lock_businesses(work.conn(), &places)?;
        let asked = profile_store::asked(work.conn(), &hash, now)?.ok_or_else(no_longer_valid)?;
        if asked.user != self.user || !profile_store::use_key(work.conn(), &hash, now)? {
            return Err(no_longer_valid());
        }
        self.require_free(work, &asked)?;
        let at = manner::written(work, self.user)?;
        let addresses = (asked.before.to_lowercase(), asked.after.clone());
        let them = (self.user, places.as_slice());
        if !profile_store::change_address(work.conn(), them, (&addresses.0, &addresses.1), now)? {
            return Err(no_longer_valid());
        }
        session_store::end_others(work.conn(), self.user, self.keep.as_deref().unwrap_or_default())?;
        let letter = EmailChanged { name: asked.name.clone(), after: asked.after.clone(), at };
        work.send(&Envelope::new(&asked.before, &asked.name, &letter))?;
        let deed = Deed::ChangedAddress { before: asked.before, after: asked.after.clone() };
        work.record_in(&places, &OwnFact { user: self.user, name: asked.name, deed }, asked.after)
    }
}

impl ConfirmAddress {
    fn require_free(&self, work: &mut Work<'_>, asked: &Asked) -> Result<(), Refusal> {
        let folded = asked.after.to_lowercase();
        if store::is_somebody_elses(work.conn(), self.user, &folded)? {
            return Err(taken());
        }
        let places = profile_store::places(work.conn(), self.user)?;
        let taken_in = profile_store::taken_in(work.conn(), self.user, &places, &folded)?;
        match taken_in.as_slice() {
            [] => Ok(()),
            names => Err(Refusal::conflict(
                "address_in_people",
                format!(
                    "Somebody in People of {} has this address, so nothing was changed. Ask an admin there to correct that person’s address, then open this link again.",
                    names.join(", ")
                ),
            )),
        }
    }
}

pub(super) fn taken() -> Refusal {
    Refusal::conflict("address_taken", "Somebody else signs in with this address, so nothing was changed.")
}

fn no_longer_valid() -> Refusal {
    Refusal::gone(
        "email_change_gone",
        "This link does not work any more: it was used or replaced by a newer one, or is older than 30 minutes. Ask for the change again in your profile.",
    )
}

//! The license key of a seat: set by whoever may change the subscription, and shown in the clear only when somebody who
//! may asks for it, with an entry in the trail each time.

use crate::kernel::access::Sees;
use crate::kernel::ids::LicenseId;
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::error::LicenseError;
use super::facts::{Happened, LicenseFact};
use super::held;
use super::license_key::{KeyHint, LicenseKey};
use super::store;

/// Gives a seat a license key, in the place of the one it had.
pub struct SetKey {
    /// Which seat.
    pub license: LicenseId,
    /// The key.
    pub key: LicenseKey,
}

impl Operation for SetKey {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "license.key_set_refused", said: "tried to set a license key" });
    type Output = KeyHint;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<KeyHint>, Refusal> {
        let (license, subscription, _) = held::lock(work, self.license)?;
        subscription.require_changeable(work)?;
        if store::key(work, license.id)?.is_some_and(|key| key == self.key) {
            return Ok(work.nothing_changed(self.key.hint()));
        }
        store::seal_key(work, license.id, &self.key)?;
        let what = Happened::KeySet { before: license.key, after: self.key.hint() };
        work.record(&LicenseFact { license: license.id, subscription: subscription.name, what }, self.key.hint())
    }
}

/// Shows the license key of a seat. Role user sees the keys of the seats they hold, and no others.
pub struct Reveal {
    /// Which seat.
    pub license: LicenseId,
}

impl Operation for Reveal {
    const NEEDS: Permission = Permission::RevealKeys;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "license.key_reveal_refused", said: "tried to reveal a license key" });
    type Output = LicenseKey;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<LicenseKey>, Refusal> {
        // Under the lock, so that nobody reads a key who has just lost the seat.
        let (license, subscription, assignment) = held::lock(work, self.license)?;
        let holder = assignment.map(|assignment| assignment.holder.id);
        match work.sight().sees {
            Sees::All => {}
            Sees::OnlyOf(member) if holder == Some(member) => {}
            Sees::OnlyOf(_) | Sees::Nothing => return Err(Refusal::not_allowed()),
        }
        let none = || LicenseError::NoKey { subscription: subscription.name.clone() };
        let key = store::key(work, license.id)?.ok_or_else(none)?;
        let what = Happened::KeyRevealed { key: key.hint() };
        work.record(&LicenseFact { license: license.id, subscription: subscription.name, what }, key)
    }
}

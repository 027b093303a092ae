//! Turning the second factor on and off, and new recovery codes.

use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Deed, OwnFact};
use super::session_store;
use super::two_factor::{RecoveryCodes, Setup};
use super::two_factor_store as store;

/// Turns the second factor on, once a code shows that an app holds the secret. Every other sign-in ends: it was made
/// without a code.
pub struct TurnOn {
    /// The secret, and whose.
    pub setup: Setup,
    /// A code of it.
    pub typed: String,
    /// The codes for when the app is lost.
    pub codes: RecoveryCodes,
    /// Where the person is active.
    pub businesses: Vec<BusinessId>,
    /// The session that stays.
    pub keep: String,
}

impl Operation for TurnOn {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let (user, now) = (self.setup.user(), work.now());
        let accepted = self.setup.accepted(&self.typed, now)?;
        let name = store::turn_on(work.conn(), user, accepted, now)?.ok_or_else(already_on)?;
        store::replace_codes(work.conn(), user, &self.codes.hashes(user))?;
        session_store::end_others(work.conn(), user, &self.keep)?;
        work.record_in(&self.businesses, &OwnFact { user, name, deed: Deed::TurnedTwoFactorOn }, ())
    }
}

/// Turns the second factor off.
pub struct TurnOff {
    /// Whose.
    pub user: UserId,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
}

impl Operation for TurnOff {
    const NEEDS: Permission = Permission::UseOwnAccount;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "user.two_factor_refused", said: "tried to turn off two-factor sign-in" });
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        if store::is_required(work.conn(), self.user)? {
            return Err(required());
        }
        match store::turn_off(work.conn(), self.user)? {
            Some(name) => {
                let fact = OwnFact { user: self.user, name, deed: Deed::TurnedTwoFactorOff };
                work.record_in(&self.businesses, &fact, ())
            }
            None => Ok(work.nothing_changed(())),
        }
    }
}

/// Ten new recovery codes; the old ones stop working.
pub struct NewCodes {
    /// Whose.
    pub user: UserId,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
    /// The codes.
    pub codes: RecoveryCodes,
}

impl Operation for NewCodes {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let name = store::lock_if_on(work.conn(), self.user)?.ok_or_else(not_on)?;
        store::replace_codes(work.conn(), self.user, &self.codes.hashes(self.user))?;
        work.record_in(&self.businesses, &OwnFact { user: self.user, name, deed: Deed::MadeRecoveryCodes }, ())
    }
}

fn already_on() -> Refusal {
    Refusal::conflict(
        "two_factor_on",
        "Two-factor sign-in is on already. If you did not see your recovery codes, make new ones on the security page.",
    )
    .mended_at("/settings/security")
}

fn not_on() -> Refusal {
    Refusal::conflict("two_factor_off", "Two-factor sign-in is off, so there are no recovery codes. Turn it on first.")
        .mended_at("/settings/security")
}

fn required() -> Refusal {
    Refusal::conflict(
        "two_factor_required",
        "Your sign-in must have a second factor, so it stays on: a business of yours asks for it, or you run this installation.",
    )
    .mended_at("/settings/security")
}

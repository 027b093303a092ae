//! Letters that tell people what happened to their own sign-in.

use serde::{Deserialize, Serialize};

use crate::kernel::ids::UserId;
use crate::kernel::outbox::{Envelope, Letter};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::sessions::SeenFrom;
use super::{browser, manner, store};

/// A browser in which a person was never seen before.
#[derive(Clone, Debug)]
pub struct NewDevice(pub SeenFrom);

/// After signing in from a browser that was not known.
#[derive(Serialize, Deserialize)]
pub struct SignedInFromNewDevice {
    /// The greeting.
    pub name: String,
    /// When, written for the reader.
    pub at: String,
    /// From which network address, or empty.
    pub network: String,
    /// In which browser.
    pub browser: String,
}

impl Letter for SignedInFromNewDevice {
    const KIND: &'static str = "new_device";
}

/// After signing in with a recovery code.
#[derive(Serialize, Deserialize)]
pub struct RecoveryCodeUsed {
    /// The greeting.
    pub name: String,
    /// When, written for the reader.
    pub at: String,
    /// How many are left.
    pub left: i64,
}

impl Letter for RecoveryCodeUsed {
    const KIND: &'static str = "recovery_code_used";
}

/// To a new address; its link carries the key to `/email/confirm`.
#[derive(Serialize, Deserialize)]
pub struct EmailChange {
    /// The greeting.
    pub name: String,
    /// The address that is to be replaced.
    pub before: String,
    /// The address that gets this letter.
    pub after: String,
}

impl Letter for EmailChange {
    const KIND: &'static str = "email_change";
}

/// To the present address, when another was asked for.
#[derive(Serialize, Deserialize)]
pub struct EmailChangeAsked {
    /// The greeting.
    pub name: String,
    /// The address asked for.
    pub after: String,
    /// When, written for the reader.
    pub at: String,
}

impl Letter for EmailChangeAsked {
    const KIND: &'static str = "email_change_asked";
}

/// To the old address, when it no longer is.
#[derive(Serialize, Deserialize)]
pub struct EmailChanged {
    /// The greeting.
    pub name: String,
    /// The new address.
    pub after: String,
    /// When, written for the reader.
    pub at: String,
}

impl Letter for EmailChanged {
    const KIND: &'static str = "email_changed";
}

/// Tells a person that somebody signed in as them from a browser that was not known; nothing when it was.
pub(super) fn new_device(work: &mut Work<'_>, user: UserId, device: Option<&NewDevice>) -> Result<(), Refusal> {
    let Some(NewDevice(from)) = device else { return Ok(()) };
    let at = manner::written(work, user)?;
    let user = store::user(work.conn(), user)?;
    let letter = SignedInFromNewDevice {
        name: user.name.clone(),
        at,
        network: from.address.clone().unwrap_or_default(),
        browser: browser::in_words(&from.user_agent),
    };
    work.send(&Envelope::new(&user.email, &user.name, &letter))
}

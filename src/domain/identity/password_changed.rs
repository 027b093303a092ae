//! The letter that tells a person that their password was set anew, so that they notice if it was not them.

use crate::kernel::outbox::{Envelope, Letter};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::Work;

use super::user::User;
use super::{browser, manner};

/// What was done, when and from where.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct PasswordChanged {
    /// The greeting.
    pub name: String,
    /// When, written for the reader.
    pub at: String,
    /// From which network address, or empty.
    pub network: String,
    /// In which browser.
    pub browser: String,
}

impl Letter for PasswordChanged {
    const KIND: &'static str = "password_changed";
}

/// Puts the letter into the outbox.
pub(super) fn tell(work: &mut Work<'_>, user: &User, user_agent: &str) -> Result<(), Refusal> {
    let at = manner::written(work, user.id)?;
    let address = work.access().source().address;
    let letter = PasswordChanged {
        name: user.name.clone(),
        at,
        network: address.map(|address| address.to_string()).unwrap_or_default(),
        browser: browser::in_words(user_agent),
    };
    work.send(&Envelope::new(&user.email, &user.name, &letter))
}

//! A person who can sign in.

use crate::kernel::email_address::EmailAddress;
use crate::kernel::fact::{Fact, Object};
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::outbox::Letter;
use crate::kernel::refusal::Refusal;

const LONGEST_NAME: usize = 120;

/// What is known of a user without their secrets.
#[derive(Clone, Debug)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// What they call themselves.
    pub name: String,
    /// The address, as they wrote it.
    pub email: String,
    /// Whether they have shown that letters to it reach them.
    pub is_verified: bool,
}

/// A person's name as typed: trimmed, 1 to 120 characters, no control characters.
pub fn parse_name(text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    if name.is_empty() {
        return Err(Refusal::invalid("name", "Write a name."));
    }
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Refusal::invalid("name", "Write a name of at most 120 characters, on one line."));
    }
    Ok(name.to_owned())
}

/// Somebody new who can sign in.
pub struct NewUser {
    /// What they call themselves.
    pub name: String,
    /// The address.
    pub email: EmailAddress,
    /// argon2id, made before the transaction.
    pub password_hash: String,
}

/// The letter after signing up, with the key that verifies the address.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Welcome {
    /// The greeting.
    pub name: String,
    /// The business just made.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
}

impl Letter for Welcome {
    const KIND: &'static str = "welcome";
}

/// What happens to a person's sign-in.
pub enum UserFact {
    /// Signed in with a password.
    SignedIn { user: UserId, name: String },
    /// Signed out.
    SignedOut { user: UserId, name: String },
    /// Showed that letters reach them.
    Verified { user: UserId, name: String, email: String },
    /// Set a new password with a mailed key.
    SetNewPassword { user: UserId, name: String },
}

impl Fact for UserFact {
    fn code(&self) -> &'static str {
        match self {
            Self::SignedIn { .. } => "user.signed_in",
            Self::SignedOut { .. } => "user.signed_out",
            Self::Verified { .. } => "user.verified",
            Self::SetNewPassword { .. } => "user.password_reset",
        }
    }

    fn object(&self) -> Object {
        match self {
            Self::SignedIn { user, name }
            | Self::SignedOut { user, name }
            | Self::Verified { user, name, .. }
            | Self::SetNewPassword { user, name } => Object::new("user", *user, name),
        }
    }

    fn said(&self) -> String {
        match self {
            Self::SignedIn { .. } => "signed in".to_owned(),
            Self::SignedOut { .. } => "signed out".to_owned(),
            Self::Verified { email, .. } => format!("confirmed the address {email}"),
            Self::SetNewPassword { .. } => "set a new password and ended every sign-in".to_owned(),
        }
    }
}

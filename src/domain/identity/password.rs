//! Passwords: argon2id on a lane of its own, so that sign-ins cannot starve pages. Always before a transaction.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::kernel::blocking::Lane;
use crate::kernel::refusal::Refusal;

const SHORTEST: usize = 10;
const LONGEST: usize = 256;

/// Hashes and compares, as many at once as there are cores.
#[derive(Clone)]
pub struct Passwords {
    lane: Lane,
    nobody: String,
}

impl Passwords {
    /// A lane of this width, on which nobody waits longer than this; makes one hash, for comparing when an address is
    /// unknown.
    pub fn new(width: usize, patience: Duration) -> Result<Self, Refusal> {
        Ok(Self { lane: Lane::new(width, patience), nobody: hash("nobody has this password")? })
    }

    /// The hash to store.
    pub async fn hash(&self, password: Password) -> Result<String, Refusal> {
        self.lane.run(move || hash(&password.0)).await
    }

    /// Whether the password fits. Without a stored hash it takes as long and says no.
    pub async fn fits(&self, typed: String, stored: Option<String>) -> Result<bool, Refusal> {
        let nobody = self.nobody.clone();
        self.lane
            .run(move || {
                let is_known = stored.is_some();
                let stored = stored.unwrap_or(nobody);
                let parsed = PasswordHash::new(&stored).map_err(Refusal::fault)?;
                let fits = Argon2::default().verify_password(typed.as_bytes(), &parsed).is_ok();
                Ok(fits && is_known)
            })
            .await
    }
}

/// A password good enough to set.
pub struct Password(String);

impl Password {
    /// Refuses what is shorter than 10 or longer than 256 characters, one character repeated, or made of the person's
    /// own words.
    pub fn parse(text: &str, own_words: &[&str]) -> Result<Self, Refusal> {
        let length = text.chars().count();
        if length < SHORTEST {
            return Err(Refusal::invalid(
                "password",
                "Use at least 10 characters. A few words in a row are easy to remember.",
            ));
        }
        if length > LONGEST {
            return Err(Refusal::invalid("password", "Use at most 256 characters."));
        }
        let folded = text.to_lowercase();
        let is_own_word = own_words.iter().any(|word| !word.is_empty() && folded == word.to_lowercase());
        let is_one_letter = text.chars().all(|c| text.starts_with(c));
        if is_own_word || is_one_letter {
            return Err(Refusal::invalid(
                "password",
                "Use something harder to guess than your name, your address or one letter.",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

fn hash(password: &str) -> Result<String, Refusal> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Refusal::fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_passwords_are_refused_in_words() {
        let own = ["Uma Usher", "uma@acme.example"];
        for easy in ["short", "aaaaaaaaaaaa", "UMA@acme.example"] {
            assert!(Password::parse(easy, &own).is_err(), "{easy}");
        }
        assert!(Password::parse(&"long ".repeat(60), &own).is_err());
        assert!(Password::parse("correct horse battery", &own).is_ok());
    }
}

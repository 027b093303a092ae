//! Passwords: argon2id on a lane of its own, so that sign-ins cannot starve pages. Always before a transaction.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::kernel::blocking::Lane;
use crate::kernel::refusal::{Kind, Refusal};

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
        self.lane.run(move || hash(&password.0)).await.map_err(crowded)
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
            .map_err(crowded)
    }
}

/// Nothing is wrong with the database when this lane is full.
fn crowded(refusal: Refusal) -> Refusal {
    match refusal.kind {
        Kind::Busy => Refusal {
            message: "Many people are signing in just now. Nothing was changed; try again in a moment.".into(),
            ..refusal
        },
        _ => refusal,
    }
}

/// A password good enough to set.
pub struct Password(String);

impl Password {
    /// Refuses what is shorter than 10 or longer than 256 characters, and what can be guessed: common passwords, patterns
    /// of the keyboard, and the person's own words with a little around them. Any character is welcome, none is required.
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
        if is_guessable(text, own_words) {
            return Err(Refusal::invalid(
                "password",
                "Use something harder to guess: a few words that have nothing to do with each other or with you, or what \
                 your password manager makes.",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Judging takes longer with every character; the first ones decide.
const JUDGED: usize = 48;

/// So many guesses are enough: ten characters drawn at random need more, a common word with a year and a mark less.
const ENOUGH: u64 = 1_000_000_000;

/// What is left of a password without the person's own words has to have so many letters or digits.
const OF_NOBODY: usize = 6;

/// What people begin a password with when they are asked to change it.
const TEMPTING: [&str; 30] = [
    "subledger",
    "spring",
    "summer",
    "autumn",
    "fall",
    "winter",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "welcome",
    "changeme",
    "temporary",
    "password",
    "secret",
];

fn is_guessable(text: &str, own_words: &[&str]) -> bool {
    let judged: String = text.chars().take(JUDGED).collect();
    let parts = own_words.iter().flat_map(|words| words.split(|c: char| !c.is_alphanumeric()));
    let own: Vec<String> = parts.filter(|part| part.len() > 2).map(str::to_lowercase).collect();
    let without = own.iter().fold(judged.to_lowercase(), |rest, word| rest.replace(word.as_str(), " "));
    let known: Vec<&str> = own.iter().map(String::as_str).chain(TEMPTING).collect();
    without.chars().filter(|c| c.is_alphanumeric()).count() < OF_NOBODY
        || zxcvbn::zxcvbn(&judged, &known).guesses() < ENOUGH
}

fn hash(password: &str) -> Result<String, Refusal> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Refusal::fault)
}

#[cfg(test)]
mod tests;

//! The second factor of a sign-in: six digits of an authenticator app, or one of ten recovery codes. A code works once;
//! the app's secret rests encrypted, the recovery codes as hashes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use rand::RngExt;
use totp_rs::{Builder, Secret, Totp};

use crate::kernel::db::Db;
use crate::kernel::ids::UserId;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::{Keyring, Purpose, sha256};

use super::two_factor_store as store;

const ISSUER: &str = "Subledger";
/// How many recovery codes there are.
pub const CODES: usize = 10;
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CODE_LENGTH: usize = 16;

/// How a person's second factor stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Since when it is on; none: it is off.
    pub since: Option<DateTime<Utc>>,
    /// Whether they must have one.
    pub is_required: bool,
    /// How many recovery codes are left.
    pub codes_left: i64,
}

/// How this person's second factor stands.
pub async fn standing(db: &Db, user: UserId) -> Result<Standing, Refusal> {
    db.before_tenant(move |conn| store::standing(conn, user)).await
}

/// A secret on its way: shown to a person, and not theirs until a code has shown that their app holds it.
pub struct Setup {
    user: UserId,
    secret: Vec<u8>,
    sealed: Vec<u8>,
}

impl Setup {
    /// A new secret for this person.
    pub fn begin(keyring: &Keyring, user: UserId) -> Result<Self, Refusal> {
        let secret = Secret::generate().as_bytes().to_vec();
        let sealed = keyring.seal(Purpose::TwoFactor, user.0.as_bytes(), &secret)?;
        Ok(Self { user, secret, sealed })
    }

    /// The one that was begun before, as [`Setup::to_text`] wrote it for the same person.
    pub fn resume(keyring: &Keyring, user: UserId, text: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let secret = keyring.open(Purpose::TwoFactor, user.0.as_bytes(), &sealed).ok()?;
        Some(Self { user, secret, sealed })
    }

    /// As it rests: encrypted.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.sealed)
    }

    /// The secret to type into an app, in groups of four.
    pub fn in_groups(&self) -> String {
        let letters: Vec<char> = Secret::from(self.secret.clone()).to_base32().chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The address that an app scans.
    pub fn address(&self, email: &str) -> Result<String, Refusal> {
        let account = email.replace(':', " ");
        let named = Builder::new().with_secret(self.secret.clone()).with_account_name(account);
        let totp = named.with_issuer(Some(ISSUER)).build().map_err(Refusal::fault)?;
        totp.to_url().map_err(Refusal::fault)
    }

    /// The code that an app shows at this time.
    pub fn code(&self, now: DateTime<Utc>) -> Result<String, Refusal> {
        let totp = Builder::new().with_secret(self.secret.clone()).build().map_err(Refusal::fault)?;
        let seconds = u64::try_from(now.timestamp()).map_err(Refusal::fault)?;
        Ok(totp.generate(seconds).to_string())
    }

    pub(super) fn user(&self) -> UserId {
        self.user
    }

    /// What is stored once a code of it was given, with the step of that code.
    pub(super) fn accepted(&self, typed: &str, now: DateTime<Utc>) -> Result<(&[u8], i64), Refusal> {
        let step = step_of(&self.secret, typed, now)?.ok_or_else(wrong_code)?;
        Ok((&self.sealed, step))
    }
}

/// Ten recovery codes, new.
#[derive(Clone)]
pub struct RecoveryCodes(Vec<String>);

impl RecoveryCodes {
    /// Random ones.
    pub fn random() -> Self {
        let mut random = rand::rng();
        let mut letter = || LETTERS.get(random.random_range(0..LETTERS.len())).copied().map_or('0', char::from);
        Self((0..CODES).map(|_| (0..CODE_LENGTH).map(|_| letter()).collect()).collect())
    }

    /// As they are written down: `k7f2-m9qx-4t3a-8zhd`.
    pub fn shown(&self) -> Vec<String> {
        let grouped = |code: &String| {
            let letters: Vec<char> = code.chars().collect();
            letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
        };
        self.0.iter().map(grouped).collect()
    }

    pub(super) fn hashes(&self, user: UserId) -> Vec<Vec<u8>> {
        self.0.iter().map(|code| hash(user, code)).collect()
    }
}

/// What was typed where a code is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Typed {
    /// Six digits of an app.
    App(String),
    /// A recovery code, without its dashes.
    Recovery(String),
}

impl Typed {
    /// Tells one from the other; blanks, dashes and capitals do not matter.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let code: String = kept.map(|c| c.to_ascii_lowercase()).take(CODE_LENGTH + 1).collect();
        match code.len() {
            6 if code.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Self::App(code)),
            CODE_LENGTH => Ok(Self::Recovery(code.replace(['i', 'l'], "1").replace('o', "0"))),
            _ => Err(wrong_code()),
        }
    }
}

/// The hash under which a recovery code rests. They are too long to guess, so that a quick one is enough.
pub(super) fn hash(user: UserId, code: &str) -> Vec<u8> {
    sha256(&[user.0.as_bytes(), code.as_bytes()])
}

/// The step whose code this is: the present one, or one beside it, for clocks that differ a little.
pub(super) fn step_of(secret: &[u8], typed: &str, now: DateTime<Utc>) -> Result<Option<i64>, Refusal> {
    let totp: Totp = Builder::new().with_secret(secret.to_vec()).build().map_err(Refusal::fault)?;
    let seconds = u64::try_from(now.timestamp()).map_err(Refusal::fault)?;
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    totp.check(&digits, seconds).map(i64::try_from).transpose().map_err(Refusal::fault)
}

pub(super) fn wrong_code() -> Refusal {
    Refusal::invalid(
        "code",
        "That code does not fit, or was used already. Wait for the next one in your app, and check that the clock of the device is right.",
    )
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_code_fits_in_its_step_and_beside_it() {
        // The secret and two of the codes of RFC 6238, cut to six digits.
        let secret = b"12345678901234567890";
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(step_of(secret, "287082", at(59)).unwrap(), Some(1));
        assert_eq!(step_of(secret, "081804", at(1_111_111_109)).unwrap(), Some(37_037_036));
        for (later, fits) in [(30, true), (-30, true), (60, false), (-61, false)] {
            let found = step_of(secret, "081 804", at(1_111_111_109) + TimeDelta::seconds(later)).unwrap();
            assert_eq!(found.is_some(), fits, "{later} seconds later");
        }
    }

    #[test]
    fn codes_of_both_kinds_are_told_apart() {
        assert_eq!(Typed::parse(" 123 456 ").unwrap(), Typed::App("123456".to_owned()));
        let code = Typed::Recovery("k7f2m9qx4t3a8zh1".to_owned());
        assert_eq!(Typed::parse("K7F2-m9qx-4t3a-8zhl").unwrap(), code);
        for wrong in ["", "12345", "1234567", "k7f2-m9qx", &"k7f2-".repeat(40)] {
            assert!(Typed::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_setup_is_resumed_by_its_own_person_only() {
        let ring = Keyring::new([7; 32], None);
        let (uma, adam) = (UserId::mint(Utc::now()), UserId::mint(Utc::now()));
        let text = Setup::begin(&ring, uma).unwrap().to_text();
        assert!(Setup::resume(&ring, uma, &text).is_some());
        assert!(Setup::resume(&ring, adam, &text).is_none());
    }

    #[test]
    fn recovery_codes_read_back_as_they_are_written() {
        let codes = RecoveryCodes::random();
        assert_eq!(codes.shown().len(), CODES);
        for (shown, plain) in codes.shown().iter().zip(&codes.0) {
            assert_eq!(Typed::parse(shown).unwrap(), Typed::Recovery(plain.clone()));
        }
    }
}

//! Secrets: random keys for letters and cookies, their hashes at rest, and what is kept encrypted.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use rand::Rng;
use sha2::{Digest, Sha256};

use super::refusal::Refusal;

const NONCE: usize = 24;

/// A secret that travels in a letter or a cookie: 32 random bytes, shown once, kept only as its hash.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// A new random key.
    pub fn random() -> Self {
        Self(random_bytes())
    }

    /// Reads the text form, 43 characters of URL-safe base64.
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// As it stands in a link.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored: SHA-256.
    pub fn hash(&self) -> Vec<u8> {
        sha256(&[&self.0])
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// 32 bytes from the operating system's generator.
pub fn random_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// SHA-256 over these parts, each preceded by its length so that no two lists of parts are alike.
pub fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    match parts {
        [only] => hash.update(only),
        _ => parts.iter().for_each(|part| {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }),
    }
    hash.finalize().to_vec()
}

/// What a sealed value is for; a value sealed for one purpose does not open for another.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// A key waiting in the outbox.
    Letter,
    /// A license key.
    LicenseKey,
    /// An uploaded file that holds license keys.
    Upload,
    /// The signature of session cookies.
    Session,
    /// What an authenticator app and the server both know.
    TwoFactor,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Letter => b"subledger letter key v1",
            Self::LicenseKey => b"subledger license key v1",
            Self::Upload => b"subledger uploaded file v1",
            Self::Session => b"subledger session cookie v1",
            Self::TwoFactor => b"subledger two-factor secret v1",
        }
    }
}

/// The installation's secret with its sub-keys by HKDF, one per purpose, and the secret before it while rotating.
#[derive(Clone)]
pub struct Keyring {
    secrets: Vec<[u8; 32]>,
}

impl Keyring {
    /// Seals with `secret`, opens with it or with the one before it.
    pub fn new(secret: [u8; 32], old: Option<[u8; 32]>) -> Self {
        Self { secrets: std::iter::once(secret).chain(old).collect() }
    }

    /// 64 bytes for signing session cookies.
    pub fn session_key(&self) -> Result<[u8; 64], Refusal> {
        let secret = self.secrets.first().ok_or_else(|| Refusal::fault("the keyring is empty"))?;
        expand(secret, Purpose::Session)
    }

    /// Encrypts with XChaCha20-Poly1305, bound to its purpose and to `about` (the id of the row it stands in).
    pub fn seal(&self, purpose: Purpose, about: &[u8], plain: &[u8]) -> Result<Vec<u8>, Refusal> {
        let secret = self.secrets.first().ok_or_else(|| Refusal::fault("the keyring is empty"))?;
        let random = random_bytes();
        let nonce_bytes: [u8; NONCE] = random.first_chunk().copied().unwrap_or_default();
        let sealed = cipher(secret, purpose)?
            .encrypt(&XNonce::from(nonce_bytes), Payload { msg: plain, aad: about })
            .map_err(Refusal::fault)?;
        Ok([&nonce_bytes[..], &sealed].concat())
    }

    /// Opens what [`Keyring::seal`] sealed for the same purpose and row.
    pub fn open(&self, purpose: Purpose, about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Refusal> {
        let (nonce, body) =
            sealed.split_first_chunk::<NONCE>().ok_or_else(|| Refusal::fault("a sealed value is cut short"))?;
        for secret in &self.secrets {
            let opened = cipher(secret, purpose)?.decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: about });
            if let Ok(plain) = opened {
                return Ok(plain);
            }
        }
        Err(Refusal::fault("a sealed value does not open with SUBLEDGER_SECRET or SUBLEDGER_SECRET_OLD"))
    }
}

fn cipher(secret: &[u8; 32], purpose: Purpose) -> Result<XChaCha20Poly1305, Refusal> {
    let key: [u8; 32] = expand(secret, purpose)?;
    Ok(XChaCha20Poly1305::new(&key.into()))
}

fn expand<const N: usize>(secret: &[u8; 32], purpose: Purpose) -> Result<[u8; N], Refusal> {
    let mut key = [0; N];
    Hkdf::<Sha256>::new(None, secret).expand(purpose.label(), &mut key).map_err(Refusal::fault)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_for_its_purpose_and_row() {
        let ring = Keyring::new([7; 32], None);
        let sealed = ring.seal(Purpose::Letter, b"row", b"secret").unwrap();
        assert_eq!(ring.open(Purpose::Letter, b"row", &sealed).unwrap(), b"secret");
        assert!(ring.open(Purpose::LicenseKey, b"row", &sealed).is_err());
        assert!(ring.open(Purpose::Letter, b"other", &sealed).is_err());
        assert!(ring.open(Purpose::Letter, b"row", &sealed[..10]).is_err());
    }

    #[test]
    fn the_old_secret_still_opens_and_no_longer_seals() {
        let before = Keyring::new([7; 32], None);
        let after = Keyring::new([8; 32], Some([7; 32]));
        let sealed = before.seal(Purpose::Letter, b"row", b"secret").unwrap();
        assert_eq!(after.open(Purpose::Letter, b"row", &sealed).unwrap(), b"secret");
        let fresh = after.seal(Purpose::Letter, b"row", b"secret").unwrap();
        assert!(before.open(Purpose::Letter, b"row", &fresh).is_err());
    }

    #[test]
    fn a_key_reads_back_and_never_shows_in_debug() {
        let key = Key::random();
        assert_eq!(Key::parse(&key.to_text()).unwrap().hash(), key.hash());
        assert_eq!(format!("{key:?}"), "Key(…)");
        assert!(Key::parse("short").is_none());
    }
}

//! The installation's secret, from which every other key is derived.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::TryRng;
use rand::rngs::SysRng;

use super::{ConfigError, Database};

const RIGHT: &str = "it must be 32 random bytes in base64, as `openssl rand -base64 32` makes them";

/// 32 secret bytes, which are never printed.
#[derive(Clone, Eq, PartialEq)]
pub struct SecretBytes([u8; 32]);

impl SecretBytes {
    /// The bytes themselves.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 32] = STANDARD.decode(text).ok()?.try_into().ok()?;
        let [first, ..] = bytes;
        // All the same is what a placeholder looks like, never chance.
        (!bytes.iter().all(|byte| *byte == first)).then_some(Self(bytes))
    }

    fn random() -> Result<Self, std::io::Error> {
        let mut bytes = [0; 32];
        SysRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::other)?;
        Ok(Self(bytes))
    }
}

impl From<[u8; 32]> for SecretBytes {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for SecretBytes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SecretBytes(…)")
    }
}

/// Reads the secret and the one before it.
pub(super) fn pair(
    new: Option<(&'static str, String)>,
    old: Option<(&'static str, String)>,
    database: &Database,
) -> Result<(Option<SecretBytes>, Option<SecretBytes>), ConfigError> {
    let read = |(name, text): (&'static str, String)| {
        SecretBytes::parse(&text).ok_or_else(|| ConfigError::hidden(name, "is not a secret", RIGHT))
    };
    let (new, old) = (new.map(read).transpose()?, old.map(read).transpose()?);
    if new.is_none() && *database != Database::Private {
        return Err(ConfigError::Missing {
            name: "SUBLEDGER_SECRET",
            right: "with DATABASE_URL it must be set to 32 random bytes in base64, as `openssl rand -base64 32` \
                    makes them",
        });
    }
    if old.is_some() && new == old {
        return Err(ConfigError::hidden(
            "SUBLEDGER_SECRET_OLD",
            "is the same as SUBLEDGER_SECRET",
            "it must be the secret that was used before",
        ));
    }
    Ok((new, old))
}

/// The secret in the data directory, and whether it was made just now.
///
/// Call it before the private PostgreSQL is started: a database without its secret is a lost secret, not a first
/// start, and a new one would not open what the old one closed.
pub fn private_secret(data_dir: &Path) -> Result<(SecretBytes, bool), ConfigError> {
    let path = data_dir.join("secret");
    let store = |doing: &'static str| {
        let path = path.clone();
        move |source| ConfigError::SecretStore { doing, path, source }
    };
    match File::open(&path) {
        Ok(file) => Ok((read_file(file, &path)?, false)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if data_dir.join("postgres/cluster").exists() {
                let wrong = "is missing although there is a database: restore the file from your backup";
                return Err(ConfigError::SecretFile { path, wrong });
            }
            fs::create_dir_all(data_dir).map_err(store("make a directory for"))?;
            if !make_file(&path).map_err(store("write"))? {
                // Another program made one at the same moment.
                let file = File::open(&path).map_err(store("read"))?;
                return Ok((read_file(file, &path)?, false));
            }
            let file = File::open(&path).map_err(store("read"))?;
            Ok((read_file(file, &path)?, true))
        }
        Err(error) => Err(store("read")(error)),
    }
}

fn read_file(mut file: File, path: &Path) -> Result<SecretBytes, ConfigError> {
    let wrong = |wrong| ConfigError::SecretFile { path: path.to_path_buf(), wrong };
    let store = |source| ConfigError::SecretStore { doing: "read", path: path.to_path_buf(), source };
    if file.metadata().map_err(store)?.mode() & 0o077 != 0 {
        return Err(wrong("can be read by others: take their rights away with chmod 600"));
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(store)?;
    let secret = SecretBytes::parse(text.trim());
    secret.ok_or_else(|| wrong("is not 32 bytes in base64: restore the file from your backup"))
}

/// Writes a new secret so that the file is there whole or not at all, and never over another one.
fn make_file(path: &Path) -> Result<bool, std::io::Error> {
    let secret = SecretBytes::random()?;
    let unfinished: PathBuf = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    writeln!(file, "{}", STANDARD.encode(secret.expose()))?;
    file.sync_all()?;
    let linked = fs::hard_link(&unfinished, path);
    fs::remove_file(&unfinished)?;
    match linked {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn data_dir(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("subledger-secret-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        path
    }

    #[test]
    fn the_first_start_makes_it_and_the_next_one_reads_it() {
        let data = data_dir("made");
        let (made, is_new) = private_secret(&data).unwrap();
        assert!(is_new);
        assert_eq!(fs::metadata(data.join("secret")).unwrap().mode() & 0o777, 0o600);
        let (read, is_new) = private_secret(&data).unwrap();
        assert!(!is_new && read == made);
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1);
        fs::remove_dir_all(&data).unwrap();
    }

    #[test]
    fn one_that_others_can_read_or_that_is_damaged_is_refused() {
        let data = data_dir("bad");
        private_secret(&data).unwrap();
        fs::set_permissions(data.join("secret"), fs::Permissions::from_mode(0o644)).unwrap();
        assert!(private_secret(&data).unwrap_err().to_string().ends_with("with chmod 600."));
        fs::set_permissions(data.join("secret"), fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(data.join("secret"), "").unwrap();
        assert!(private_secret(&data).unwrap_err().to_string().contains("is not 32 bytes in base64"));
        fs::remove_dir_all(&data).unwrap();
    }

    #[test]
    fn a_lost_one_is_never_replaced() {
        let data = data_dir("lost");
        fs::create_dir_all(data.join("postgres/cluster")).unwrap();
        let refused = private_secret(&data).unwrap_err().to_string();
        assert!(refused.contains("is missing although there is a database"), "{refused}");
        fs::remove_dir_all(&data).unwrap();
    }
}

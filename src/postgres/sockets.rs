//! The unix socket: the only way to the private PostgreSQL.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::PostgresError;
use super::account::Account;
use super::place::Place;
use super::roles;

/// The part of a socket's path that follows its directory.
const SOCKET_NAME: &str = ".s.PGSQL.5432";
/// The longest path of a unix socket.
const LONGEST_SOCKET: usize = if cfg!(target_os = "linux") { 107 } else { 103 };
/// The directory of the server's socket.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Sockets(PathBuf);

impl Sockets {
    /// The socket directory that a server has written down.
    pub(super) fn named(directory: String) -> Self {
        Self(PathBuf::from(directory))
    }

    /// The address of a database for a role.
    pub(super) fn url(&self, role: &str, database: &str) -> String {
        let directory = percent_encoded(self.0.as_os_str().as_bytes());
        format!("postgresql:///{database}?host={directory}&port=5432&user={role}")
    }

    /// Below the home, or where a long path does not fit, in a short directory that is this cluster's alone.
    pub(super) fn prepare(place: &Place) -> Result<Self, PostgresError> {
        let wished = place.home().join("socket");
        let directory = match fits(&wished) {
            true => wished,
            false => {
                let cluster = place.cluster();
                let metadata = fs::metadata(&cluster).map_err(PostgresError::file("read", &cluster))?;
                PathBuf::from(format!("/tmp/subledger-{}-{}", place.account().user(), metadata.ino()))
            }
        };
        match fs::symlink_metadata(&directory) {
            Ok(found) if is_private(&found, place.account()) => {}
            Ok(_) => return Err(PostgresError::NotPrivate(directory)),
            Err(error) if error.kind() == ErrorKind::NotFound => place.make_private(&directory)?,
            Err(error) => return Err(PostgresError::file("read", &directory)(error)),
        }
        Ok(Self(directory))
    }

    /// The server's setting. It is a list separated by commas, so the path is quoted as one name.
    pub(super) fn setting(&self) -> OsString {
        let mut setting = b"unix_socket_directories=\"".to_vec();
        for byte in self.0.as_os_str().as_bytes() {
            setting.push(*byte);
            if *byte == b'"' {
                setting.push(*byte);
            }
        }
        setting.push(b'"');
        OsString::from_vec(setting)
    }

    /// The file that PostgreSQL guards its socket with.
    pub(super) fn lock_file(&self) -> PathBuf {
        self.0.join(format!("{SOCKET_NAME}.lock"))
    }

    /// Removes the directory after the server has stopped, if it is empty as it should be.
    pub(super) fn remove(&self) {
        // One that stays is found and used again by the next start.
        let _ = fs::remove_dir(&self.0);
    }

    /// Whether the server of exactly this cluster answers here.
    pub(super) fn answers_for(&self, cluster: &Path) -> bool {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            directory: String,
        }
        let url = format!("{}&connect_timeout=5", self.url(roles::OWNER, "postgres"));
        let Ok(mut connection) = PgConnection::establish(&url) else {
            return false;
        };
        let question = diesel::sql_query("SELECT current_setting('data_directory') AS directory");
        let answer: Result<Row, _> = question.get_result(&mut connection);
        // A copied data directory names the server of the original: that one is not ours.
        answer.is_ok_and(|row| fs::canonicalize(row.directory).is_ok_and(|found| found == cluster))
    }
}

fn is_private(found: &fs::Metadata, account: Account) -> bool {
    found.is_dir() && found.uid() == account.user() && found.mode() & 0o077 == 0
}

fn fits(directory: &Path) -> bool {
    directory.join(SOCKET_NAME).as_os_str().len() <= LONGEST_SOCKET
}

fn percent_encoded(bytes: &[u8]) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte);
    let encoded = bytes.iter().map(|byte| match plain(byte) {
        true => char::from(*byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_up_to_the_last_byte_the_system_takes() {
        let room = LONGEST_SOCKET - SOCKET_NAME.len() - 1;
        assert!(fits(&Path::new("/").join("x".repeat(room - 1))));
        assert!(!fits(&Path::new("/").join("x".repeat(room))));
    }

    #[test]
    fn the_address_and_the_setting_carry_any_path() {
        let sockets = Sockets::named("/srv/a b,\"c\"/é&x".to_owned());
        let url = "postgresql:///subledger?host=/srv/a%20b%2C%22c%22/%C3%A9%26x&port=5432&user=ann";
        assert_eq!(sockets.url("ann", "subledger"), url);
        assert_eq!(sockets.setting(), "unix_socket_directories=\"/srv/a b,\"\"c\"\"/é&x\"");
    }
}

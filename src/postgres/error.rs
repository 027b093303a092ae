//! Everything that can go wrong with the private PostgreSQL, as one sentence each.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private PostgreSQL could not be found, made, started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// No directory with both programs.
    #[error(
        "PostgreSQL was not found: install version 15 or newer (on Debian: apt-get install postgresql), \
         or set SUBLEDGER_PG_BIN to the directory of its initdb and postgres, or set DATABASE_URL to a server."
    )]
    NotFound,
    /// The directory the environment names holds no PostgreSQL.
    #[error("SUBLEDGER_PG_BIN is {}, which does not hold a working initdb and postgres.", .0.display())]
    NotThere(PathBuf),
    /// Only versions we do not support.
    #[error("PostgreSQL {newest} is the newest found, and version 15 or newer is needed.")]
    TooOld {
        /// The newest major version found.
        newest: u32,
    },
    /// The cluster was made by a version which is no longer installed.
    #[error(
        "The database was made by PostgreSQL {cluster}, which was not found (found: {found}): install version \
         {cluster}, or set SUBLEDGER_PG_BIN to the directory of its programs."
    )]
    OtherVersion {
        /// The major version of the cluster.
        cluster: u32,
        /// The major versions found, for a person to read.
        found: String,
    },
    /// The superuser has nobody to run PostgreSQL as.
    #[error(
        "PostgreSQL refuses to run as root, and there is no account named postgres or nobody to run it as: \
         start Subledger as another user."
    )]
    NoAccount,
    /// Someone else's cluster.
    #[error(
        "The database in {} belongs to the user with the number {owner}: start Subledger as that user or as root.",
        .path.display()
    )]
    NotOurs {
        /// The cluster.
        path: PathBuf,
        /// The number of the user who owns it.
        owner: u32,
    },
    /// The short directory for the socket is not a private one.
    #[error("{} is not a private directory of the user who runs PostgreSQL: remove it.", .0.display())]
    NotPrivate(PathBuf),
    /// A file or directory could not be used.
    #[error("Could not {doing} {}: {source}.", .path.display())]
    File {
        /// What was tried, such as `read`.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A program did not do its work.
    #[error("{program} failed: {reason}.")]
    Program {
        /// Which program.
        program: String,
        /// The last thing it said.
        reason: String,
    },
    /// The server ended instead of serving.
    #[error("PostgreSQL did not start: {reason} (its log is {}).", .log.display())]
    DidNotStart {
        /// The last failure in its log.
        reason: String,
        /// The log.
        log: PathBuf,
    },
    /// Something runs in the cluster and does not answer.
    #[error("A PostgreSQL runs in {} but does not answer: stop it and start Subledger again.", .0.display())]
    DoesNotAnswer(PathBuf),
    /// The server did not end.
    #[error("PostgreSQL in {} did not stop in time.", .0.display())]
    DidNotStop(PathBuf),
    /// The roles or the database could not be made.
    #[error("Could not prepare the roles of the private PostgreSQL: {0}.")]
    Roles(String),
}

impl PostgresError {
    /// Turns a failure on a file into a sentence that names the file.
    pub(super) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_path_buf(), source }
    }
}

/// The last line that says something, without its full stop.
pub(super) fn last_words(text: &str) -> String {
    let spoken = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    spoken.unwrap_or("it said nothing").trim_end_matches('.').to_owned()
}

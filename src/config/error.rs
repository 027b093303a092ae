//! Why the program does not start: one sentence per bad or missing setting.

use std::io;
use std::path::PathBuf;

/// A setting that is wrong or missing.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A setting says something it cannot mean.
    #[error("{name} {wrong}: {right}.")]
    Wrong {
        /// The setting.
        name: &'static str,
        /// What is wrong, following the name.
        wrong: String,
        /// What would be right.
        right: String,
    },
    /// A setting that another one makes necessary.
    #[error("{name} is missing: {right}.")]
    Missing {
        /// The setting.
        name: &'static str,
        /// Why it is needed and what it should be.
        right: &'static str,
    },
    /// A name that means nothing here.
    #[error("{name} is not a setting of Subledger: did you mean {nearest}?")]
    Unknown {
        /// The name found.
        name: String,
        /// The setting with the most similar name.
        nearest: &'static str,
    },
    /// The file of the secret cannot be used.
    #[error("The secret in {} {wrong}.", .path.display())]
    SecretFile {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        wrong: &'static str,
    },
    /// The file of the secret cannot be read or written.
    #[error("Could not {doing} the secret in {}: {source}.", .path.display())]
    SecretStore {
        /// What was tried, such as `read`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl ConfigError {
    /// A setting whose value may be shown.
    pub(super) fn wrong((name, value): (&'static str, &str), right: impl Into<String>) -> Self {
        Self::Wrong { name, wrong: format!("is \"{value}\""), right: right.into() }
    }

    /// A setting whose value may hold a password or a secret, and so is not shown.
    pub(super) fn hidden(name: &'static str, wrong: &str, right: impl Into<String>) -> Self {
        Self::Wrong { name, wrong: wrong.to_owned(), right: right.into() }
    }
}

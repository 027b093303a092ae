//! As whom PostgreSQL runs: it refuses root, so root lends it another account.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use super::PostgresError;

/// A user and a group by number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// The account this program runs as.
    pub(super) fn ours() -> Result<Self, PostgresError> {
        let failed = PostgresError::Program { program: "id".to_owned(), reason: "it named no user".to_owned() };
        Self::asked(&[]).ok_or(failed)
    }

    /// Whom root runs PostgreSQL as.
    pub(super) fn for_root() -> Result<Self, PostgresError> {
        let known = ["postgres", "nobody"].iter().find_map(|name| Self::asked(&[name]));
        known.filter(|account| account.user != 0).ok_or(PostgresError::NoAccount)
    }

    /// What the system says about a name, or about us.
    fn asked(name: &[&str]) -> Option<Self> {
        let ask = |what: &str| {
            let output = Command::new("id").arg(what).args(name).output().ok()?;
            String::from_utf8(output.stdout).ok()?.trim().parse().ok()
        };
        Some(Self { user: ask("-u")?, group: ask("-g")? })
    }

    /// The number of the user.
    pub(super) fn user(self) -> u32 {
        self.user
    }

    /// The number of the group.
    pub(super) fn group(self) -> u32 {
        self.group
    }

    /// Who owns this file, if it is there.
    pub(super) fn owning(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self { user: metadata.uid(), group: metadata.gid() })
    }

    /// Whether this account can pass through the directory and all above it.
    pub(super) fn enters(self, directory: &Path) -> bool {
        directory.ancestors().all(|directory| match fs::metadata(directory) {
            Ok(metadata) => {
                let owner = Self { user: metadata.uid(), group: metadata.gid() };
                self.passes(owner, metadata.mode())
            }
            Err(_) => false,
        })
    }

    fn passes(self, owner: Self, mode: u32) -> bool {
        let bit = match (self.user == owner.user, self.group == owner.group) {
            (true, _) => 0o100,
            (false, true) => 0o010,
            (false, false) => 0o001,
        };
        mode & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_entered_by_the_bit_of_the_class_one_is_in() {
        let postgres = Account { user: 101, group: 104 };
        let root = Account { user: 0, group: 0 };
        let colleague = Account { user: 1000, group: 104 };
        let cases = [
            (root, 0o40700, false),
            (root, 0o40711, true),
            (postgres, 0o40700, true),
            (postgres, 0o40077, false),
            (colleague, 0o40710, true),
            (colleague, 0o40701, false),
        ];
        for (owner, mode, enters) in cases {
            assert_eq!(postgres.passes(owner, mode), enters, "{owner:?} {mode:o}");
        }
    }

    #[test]
    fn a_missing_directory_is_not_entered() {
        assert!(!Account { user: 101, group: 104 }.enters(Path::new("/nowhere/at/all")));
    }
}

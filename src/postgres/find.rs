//! Finding the programs of PostgreSQL, wherever this system keeps them.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::PostgresError;

/// The oldest major version whose clusters we make.
const OLDEST: u32 = 15;

/// Directories which hold one directory per version, and what follows the version.
const VERSIONED: [(&str, &str, &str); 7] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/local/pgsql", "bin", ""),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// One installed PostgreSQL.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Binaries {
    directory: PathBuf,
    major: u32,
}

impl Binaries {
    /// Where its `initdb` is.
    pub(super) fn initdb(&self) -> PathBuf {
        self.directory.join("initdb")
    }

    /// Where its `postgres` is.
    pub(super) fn postgres(&self) -> PathBuf {
        self.directory.join("postgres")
    }
}

/// Every PostgreSQL on this machine, or only the one that `SUBLEDGER_PG_BIN` names.
pub(super) fn installed() -> Result<Vec<Binaries>, PostgresError> {
    if let Some(named) = env::var_os("SUBLEDGER_PG_BIN").filter(|named| !named.is_empty()) {
        let named = PathBuf::from(named);
        return match look_in(&named) {
            Some(binaries) => Ok(vec![binaries]),
            None => Err(PostgresError::NotThere(named)),
        };
    }
    // The same PostgreSQL may be met three times, through symlinks.
    let found: BTreeMap<PathBuf, Binaries> = candidates()
        .iter()
        .filter_map(|directory| look_in(directory))
        .map(|binaries| (binaries.directory.clone(), binaries))
        .collect();
    Ok(found.into_values().collect())
}

/// The newest for a new cluster; for an existing one, the version that made it.
pub(super) fn choose(found: &[Binaries], cluster: Option<u32>) -> Result<&Binaries, PostgresError> {
    let newest = found.iter().max_by_key(|binaries| binaries.major).ok_or(PostgresError::NotFound)?;
    match cluster {
        Some(cluster) => found.iter().find(|binaries| binaries.major == cluster).ok_or_else(|| {
            let majors: Vec<String> = found.iter().map(|binaries| binaries.major.to_string()).collect();
            PostgresError::OtherVersion { cluster, found: majors.join(", ") }
        }),
        None if newest.major < OLDEST => Err(PostgresError::TooOld { newest: newest.major }),
        None => Ok(newest),
    }
}

fn candidates() -> Vec<PathBuf> {
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    let told = asked.and_then(|output| String::from_utf8(output.stdout).ok());
    let told = told.map(|path| PathBuf::from(path.trim())).into_iter();
    let path = env::var_os("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = env::split_paths(&path).filter(|directory| directory.is_absolute()).collect();
    let versioned = VERSIONED.iter().flat_map(|(parent, prefix, rest)| below(Path::new(parent), prefix, rest));
    told.chain(path).chain(versioned).collect()
}

/// `parent/<prefix>*/rest`, for each that exists.
fn below(parent: &Path, prefix: &str, rest: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let fitting = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    fitting.map(|entry| entry.path().join(rest)).collect()
}

/// The PostgreSQL of a directory, known by where its `postgres` really is.
fn look_in(directory: &Path) -> Option<Binaries> {
    let postgres = fs::canonicalize(directory.join("postgres")).ok()?;
    let directory = postgres.parent()?.to_path_buf();
    if !directory.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(&postgres).arg("--version").output().ok()?;
    let major = major_version(&String::from_utf8(output.stdout).ok()?)?;
    Some(Binaries { directory, major })
}

/// `postgres (PostgreSQL) 15.8 (Debian …)` is 15, and so is `15beta1`.
fn major_version(said: &str) -> Option<u32> {
    let (_, version) = said.split_once("(PostgreSQL)")?;
    let digits: String = version.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binaries(major: u32) -> Binaries {
        Binaries { directory: PathBuf::from(format!("/usr/lib/postgresql/{major}/bin")), major }
    }

    #[test]
    fn the_version_is_read_from_what_postgres_says() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.15 (Debian 15.15-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 19beta2\n"), Some(19));
        assert_eq!(major_version("postgres (EnterpriseDB) 15\n"), None);
        assert_eq!(major_version(""), None);
    }

    #[test]
    fn a_new_cluster_gets_the_newest() {
        let found = [binaries(15), binaries(18), binaries(16)];
        assert_eq!(choose(&found, None).unwrap().major, 18);
    }

    #[test]
    fn an_existing_cluster_keeps_its_version() {
        let found = [binaries(15), binaries(18)];
        assert_eq!(choose(&found, Some(15)).unwrap().major, 15);
        let refused = choose(&found, Some(17)).unwrap_err().to_string();
        assert!(refused.contains("made by PostgreSQL 17") && refused.contains("found: 15, 18"), "{refused}");
    }

    #[test]
    fn an_old_one_makes_no_new_cluster_and_none_is_said_plainly() {
        assert!(matches!(choose(&[binaries(14)], None), Err(PostgresError::TooOld { newest: 14 })));
        assert!(matches!(choose(&[], None), Err(PostgresError::NotFound)));
    }

    #[test]
    fn a_directory_without_both_programs_holds_none() {
        assert_eq!(look_in(Path::new("/nowhere")), None);
        assert_eq!(look_in(Path::new("/etc")), None);
    }

    #[test]
    fn the_one_of_this_machine_is_found_once_per_directory() {
        let found = installed().unwrap();
        assert!(!found.is_empty(), "these tests need PostgreSQL");
        for binaries in &found {
            assert_eq!(found.iter().filter(|other| other.directory == binaries.directory).count(), 1);
            assert!(binaries.initdb().is_file() && binaries.postgres().is_file());
        }
    }
}

//! Where the cluster lives: its directories, how it is made, and who may use it at once.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::PostgresError;
use super::account::Account;
use super::error::last_words;
use super::find::Binaries;
use super::roles;

/// Where root puts a cluster when PostgreSQL's account cannot enter the data directory.
const ELSEWHERE: &str = "/var/lib/subledger-postgres";

/// The home of one cluster, and the account it runs as.
#[derive(Debug)]
pub(super) struct Place {
    home: PathBuf,
    account: Account,
    switch: bool,
}

impl Place {
    /// Finds or makes the home of this data directory's cluster. Any number may ask at once: they get the same home.
    pub(super) fn prepare(data_dir: &Path) -> Result<Self, PostgresError> {
        fs::create_dir_all(data_dir).map_err(PostgresError::file("make the directory", data_dir))?;
        let data_dir = fs::canonicalize(data_dir).map_err(PostgresError::file("find", data_dir))?;
        let us = Account::ours()?;
        let is_root = us.user() == 0;
        let wished = data_dir.join("postgres");

        let account = match Account::owning(&wished.join("cluster")) {
            Some(owner) if owner.user() != us.user() && !is_root => {
                return Err(PostgresError::NotOurs { path: wished, owner: owner.user() });
            }
            Some(owner) if owner.user() != 0 => owner,
            _ if is_root => Account::for_root()?,
            _ => us,
        };
        let home = match fs::canonicalize(&wished) {
            Ok(home) => home,
            Err(_) if is_root && !account.enters(&data_dir) => make_elsewhere(Path::new(ELSEWHERE), &wished)?,
            Err(_) => {
                fs::create_dir_all(&wished).map_err(PostgresError::file("make the directory", &wished))?;
                wished
            }
        };
        Ok(Self { home, account, switch: is_root })
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.home.join("cluster")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.home.join("server.log")
    }

    pub(super) fn account(&self) -> Account {
        self.account
    }

    /// The major version that made the cluster, if there is a cluster.
    pub(super) fn version(&self) -> Result<Option<u32>, PostgresError> {
        let path = self.cluster().join("PG_VERSION");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(PostgresError::file("read", &path)(error)),
        }
    }

    /// Makes the cluster unless it is there. A half-made one, from a crash, is thrown away.
    pub(super) fn make_cluster(&self, binaries: &Binaries) -> Result<(), PostgresError> {
        let cluster = self.cluster();
        if cluster.exists() {
            return Ok(());
        }
        // Names compare by code point, so that no upgrade of the system reorders an index.
        if self.initdb(binaries, "C.UTF-8").is_err() {
            self.initdb(binaries, "C")?;
        }
        fs::rename(self.unfinished(), &cluster).map_err(PostgresError::file("make", &cluster))
    }

    fn unfinished(&self) -> PathBuf {
        self.home.join("cluster.unfinished")
    }

    fn initdb(&self, binaries: &Binaries, locale: &str) -> Result<(), PostgresError> {
        let unfinished = self.unfinished();
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(PostgresError::file("remove", &unfinished))?;
        }
        self.make_private(&unfinished)?;
        let mut command = self.command(&binaries.initdb());
        command.arg("--pgdata").arg(&unfinished).arg(format!("--username={}", roles::OWNER));
        command.args(["--encoding=UTF8", "--auth-local=trust", "--auth-host=reject", "--data-checksums"]);
        command.arg(format!("--locale={locale}"));
        let failed = |reason| PostgresError::Program { program: "initdb".to_owned(), reason };
        let output = command.output().map_err(|error| failed(error.to_string()))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(failed(last_words(&String::from_utf8_lossy(&output.stderr)))),
        }
    }

    /// A command that runs as the cluster's account, with nothing of our environment but where programs are.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("LC_ALL", "C").current_dir("/");
        for name in ["PATH", "LD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if self.switch {
            command.uid(self.account.user()).gid(self.account.group());
        }
        command
    }

    /// Makes a directory that only the cluster's account can enter.
    pub(super) fn make_private(&self, path: &Path) -> Result<(), PostgresError> {
        let made = DirBuilder::new().mode(0o700).create(path);
        made.map_err(PostgresError::file("make the directory", path))?;
        match self.switch {
            true => chown(path, Some(self.account.user()), Some(self.account.group()))
                .map_err(PostgresError::file("give away", path)),
            false => Ok(()),
        }
    }

    /// Waits until nobody else is starting this cluster, and keeps others waiting while the file is open.
    pub(super) fn lock_for_starting(&self) -> Result<File, PostgresError> {
        let path = self.home.join("starting.lock");
        let file = open_lock(&path)?;
        file.lock().map_err(PostgresError::file("lock", &path))?;
        Ok(file)
    }

    /// Says that this program uses the cluster, for as long as the file is open.
    pub(super) fn lock_for_use(&self) -> Result<File, PostgresError> {
        let path = self.home.join("in-use.lock");
        let file = open_lock(&path)?;
        file.lock_shared().map_err(PostgresError::file("lock", &path))?;
        Ok(file)
    }

    /// Whether no other program uses the cluster.
    pub(super) fn is_last_user(&self, in_use: &File) -> Result<bool, PostgresError> {
        match in_use.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(PostgresError::file("lock", &self.home)(error)),
        }
    }

    /// Waits until no other program uses the cluster.
    pub(super) fn wait_for_other_users(&self, in_use: &File) -> Result<(), PostgresError> {
        in_use.lock().map_err(PostgresError::file("lock", &self.home))
    }
}

/// Makes a home in `parent`, outside the data directory, and a link to it from there. Whoever links first decides for all.
fn make_elsewhere(parent: &Path, wished: &Path) -> Result<PathBuf, PostgresError> {
    fs::create_dir_all(parent).map_err(PostgresError::file("make the directory", parent))?;
    let mut number = 1_u32;
    let home = loop {
        let home = parent.join(number.to_string());
        match fs::create_dir(&home) {
            Ok(()) => break home,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number = number.saturating_add(1),
            Err(error) => return Err(PostgresError::file("make the directory", &home)(error)),
        }
    };
    match symlink(&home, wished) {
        Ok(()) => {
            tracing::info!(directory = %home.display(), "PostgreSQL's account cannot enter the data directory, so the database is elsewhere");
            Ok(home)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            fs::remove_dir(&home).map_err(PostgresError::file("remove", &home))?;
            fs::canonicalize(wished).map_err(PostgresError::file("find", wished))
        }
        Err(error) => Err(PostgresError::file("make the link", wished)(error)),
    }
}

fn open_lock(path: &Path) -> Result<File, PostgresError> {
    let opened = OpenOptions::new().create(true).append(true).open(path);
    opened.map_err(PostgresError::file("open", path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    const AT_ONCE: usize = 2;
    const ROUNDS: usize = 300;

    /// What all of several threads get from `ask`, begun at the same moment.
    fn all_at_once(ask: impl Fn() -> PathBuf + Sync) -> BTreeSet<PathBuf> {
        let barrier = Barrier::new(AT_ONCE);
        thread::scope(|scope| {
            let one = || {
                barrier.wait();
                ask()
            };
            let all: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(one)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        })
    }

    fn in_new_directories(name: &str, test: impl Fn(&Path)) {
        for round in 0..ROUNDS {
            let data_dir = std::env::temp_dir().join(format!("subledger-{name}-{}-{round}", std::process::id()));
            fs::create_dir_all(&data_dir).unwrap();
            test(&data_dir);
            fs::remove_dir_all(fs::canonicalize(data_dir.join("postgres")).unwrap()).unwrap();
            fs::remove_dir_all(&data_dir).unwrap();
        }
    }

    #[test]
    fn all_who_prepare_a_new_directory_at_once_get_the_same_home() {
        in_new_directories("home", |data_dir| {
            let homes = all_at_once(|| Place::prepare(data_dir).unwrap().home);
            assert_eq!(homes.len(), 1);
        });
    }

    #[test]
    fn a_home_made_elsewhere_is_the_same_for_all_too_and_leaves_no_other() {
        in_new_directories("elsewhere", |data_dir| {
            let (elsewhere, wished) = (data_dir.join("elsewhere"), data_dir.join("postgres"));
            let homes = all_at_once(|| make_elsewhere(&elsewhere, &wished).unwrap());
            assert_eq!(homes, BTreeSet::from([fs::canonicalize(&wished).unwrap()]));
            assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 1);
        });
    }
}

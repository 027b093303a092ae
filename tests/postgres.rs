//! The private PostgreSQL, really made, crashed, joined and stopped, as whichever user runs the tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use subledger::postgres::PrivatePostgres;

/// A data directory which is removed again.
struct DataDir(PathBuf);

impl DataDir {
    fn new(name: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("subledger-{}-{number}{name}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn pid_file(&self) -> PathBuf {
        self.0.join("postgres/cluster/postmaster.pid")
    }

    fn pid(&self) -> String {
        fs::read_to_string(self.pid_file()).unwrap().lines().next().unwrap().to_owned()
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        if let Ok(home) = fs::canonicalize(self.0.join("postgres")) {
            let _ = fs::remove_dir_all(home);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Bool)]
    is_super: bool,
    #[diesel(sql_type = Bool)]
    is_app: bool,
    #[diesel(sql_type = Text)]
    fsync: String,
    #[diesel(sql_type = Text)]
    listens: String,
}

fn ask(url: &str) -> Answer {
    let mut connection = PgConnection::establish(url).unwrap();
    diesel::sql_query(
        "SELECT current_user::text AS role, rolsuper OR rolbypassrls AS is_super,
                pg_has_role('subledger_app', 'MEMBER') AS is_app, current_setting('fsync') AS fsync,
                current_setting('listen_addresses') AS listens
         FROM pg_roles WHERE rolname = current_user",
    )
    .get_result(&mut connection)
    .unwrap()
}

fn kill(signal: &str, pid: &str) {
    assert!(Command::new("kill").args([signal, pid]).status().unwrap().success());
}

#[test]
fn it_is_made_joined_crashed_started_again_and_stopped() {
    let data = DataDir::new("");
    let first = PrivatePostgres::start(&data.0).unwrap();
    assert!(first.was_started_here());

    let owner = ask(&first.owner_url());
    assert_eq!((owner.role.as_str(), owner.is_super), ("subledger_owner", true));
    assert_eq!((owner.fsync.as_str(), owner.listens.as_str()), ("on", ""));
    let application = ask(&first.application_url());
    assert_eq!((application.role.as_str(), application.is_super, application.is_app), ("subledger", false, true));
    PgConnection::establish(&first.owner_url())
        .unwrap()
        .batch_execute_for_test("CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)");

    let second = PrivatePostgres::start(&data.0).unwrap();
    assert!(!second.was_started_here());
    assert_eq!(second.owner_url(), first.owner_url());
    second.stop().unwrap();
    ask(&first.application_url());

    kill("-9", &data.pid());
    let third = PrivatePostgres::start(&data.0).unwrap();
    assert!(third.was_started_here());
    PgConnection::establish(&third.owner_url()).unwrap().batch_execute_for_test("INSERT INTO kept VALUES (2)");
    drop(first);
    third.stop().unwrap();
    assert!(!data.pid_file().exists());
}

#[test]
fn the_number_of_a_dead_server_may_belong_to_another_program_now() {
    let data = DataDir::new("");
    let postgres = PrivatePostgres::start(&data.0).unwrap();
    let as_it_ran = fs::read_to_string(data.pid_file()).unwrap();
    postgres.stop().unwrap();

    let mut other = as_the_server_runs("sleep", &data);
    let stale = as_it_ran.replacen(as_it_ran.lines().next().unwrap(), &other.id().to_string(), 1);
    fs::write(data.pid_file(), stale).unwrap();
    let postgres = PrivatePostgres::start(&data.0).unwrap();
    assert!(postgres.was_started_here());
    assert_ne!(data.pid(), other.id().to_string());
    other.kill().unwrap();
    other.wait().unwrap();
    postgres.stop().unwrap();
}

/// A program of the same user as the server, because the number of another user's program is no obstacle.
fn as_the_server_runs(program: &str, data: &DataDir) -> Child {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    let owner = fs::metadata(data.0.join("postgres/cluster")).unwrap();
    let mut command = Command::new(program);
    command.arg("60").current_dir("/");
    if fs::metadata(&data.0).unwrap().uid() == 0 {
        command.uid(owner.uid()).gid(owner.gid());
    }
    command.spawn().unwrap()
}

#[test]
fn the_one_who_started_it_waits_for_the_one_who_joined() {
    let data = DataDir::new("");
    let first = PrivatePostgres::start(&data.0).unwrap();
    let second = PrivatePostgres::start(&data.0).unwrap();
    let url = second.application_url();
    thread::scope(|scope| {
        let leaving = scope.spawn(|| {
            thread::sleep(Duration::from_millis(300));
            ask(&url);
            second.stop().unwrap();
        });
        first.stop().unwrap();
        leaving.join().unwrap();
    });
    assert!(!data.pid_file().exists());
}

#[test]
fn two_who_start_at_once_share_one_server() {
    let data = DataDir::new("");
    let started: Vec<bool> = thread::scope(|scope| {
        let start = || {
            let postgres = PrivatePostgres::start(&data.0).unwrap();
            ask(&postgres.application_url());
            let started = postgres.was_started_here();
            postgres.stop().unwrap();
            started
        };
        let both = [scope.spawn(start), scope.spawn(start)];
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(started.contains(&true));
    assert!(!data.pid_file().exists());
}

#[test]
fn a_path_too_long_for_a_socket_and_hard_to_quote_still_serves() {
    let data = DataDir::new(&format!(" a, \"b\" & é {}", "x".repeat(90)));
    let postgres = PrivatePostgres::start(&data.0).unwrap();
    assert_eq!(ask(&postgres.application_url()).role, "subledger");
    let joined = PrivatePostgres::start(&data.0).unwrap();
    assert!(!joined.was_started_here());
    joined.stop().unwrap();
    postgres.stop().unwrap();
}

#[test]
fn a_copied_data_directory_never_joins_the_server_of_the_original() {
    let original = DataDir::new("");
    let copy = DataDir::new("");
    let postgres = PrivatePostgres::start(&original.0).unwrap();
    copy_all(&original.0, &copy.0);
    let other = PrivatePostgres::start(&copy.0).unwrap();
    assert!(other.was_started_here());
    assert_ne!(other.owner_url(), postgres.owner_url());
    other.stop().unwrap();
    ask(&postgres.owner_url());
    postgres.stop().unwrap();
}

fn copy_all(from: &Path, to: &Path) {
    let source = format!("{}/.", from.display());
    assert!(Command::new("cp").arg("-a").arg(source).arg(to).status().unwrap().success());
}

#[test]
fn a_cluster_of_a_version_that_is_gone_is_said_in_one_sentence() {
    let data = DataDir::new("");
    PrivatePostgres::start(&data.0).unwrap().stop().unwrap();
    fs::write(data.0.join("postgres/cluster/PG_VERSION"), "9\n").unwrap();
    let refused = PrivatePostgres::start(&data.0).unwrap_err().to_string();
    assert!(refused.starts_with("The database was made by PostgreSQL 9, which was not found"), "{refused}");
}

#[test]
fn a_server_that_cannot_start_says_why_and_where_its_log_is() {
    let data = DataDir::new("");
    PrivatePostgres::start(&data.0).unwrap().stop().unwrap();
    fs::write(data.0.join("postgres/cluster/postgresql.conf"), "shared_buffers = 'none'\n").unwrap();
    let refused = PrivatePostgres::start(&data.0).unwrap_err().to_string();
    assert!(refused.starts_with("PostgreSQL did not start: ") && refused.contains("server.log"), "{refused}");
}

trait Batch {
    fn batch_execute_for_test(&mut self, sql: &str);
}

impl Batch for PgConnection {
    fn batch_execute_for_test(&mut self, sql: &str) {
        use diesel::connection::SimpleConnection;
        self.batch_execute(sql).unwrap();
    }
}

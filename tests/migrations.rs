//! Every migration goes up, down and up again, also on a database that holds rows.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as told"
)]

#[path = "stories/support/cast.rs"]
#[allow(dead_code)]
mod cast;
#[path = "stories/support/database.rs"]
#[allow(dead_code)]
mod database;

use std::process::Command;

use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use diesel_migrations::MigrationHarness;
use subledger::kernel::migrations::{MIGRATIONS, migrate};

#[derive(QueryableByName, PartialEq, Eq, Debug)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every column, index, constraint and trigger, as text.
fn shape(conn: &mut PgConnection) -> Vec<Line> {
    diesel::sql_query(
        "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable) AS line FROM information_schema.columns
         WHERE table_schema = 'public'
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
         UNION ALL SELECT concat(conrelid::regclass, ' ', pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
         UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
         ORDER BY line",
    )
    .load(conn)
    .unwrap()
}

#[test]
fn up_down_up_leaves_the_same_schema_and_down_leaves_nothing() {
    let database = database::Database::empty();
    let mut conn = PgConnection::establish(&database.owner_url()).unwrap();
    let first = shape(&mut conn);
    conn.revert_all_migrations(MIGRATIONS).unwrap();
    let left: Vec<Line> = shape(&mut conn).into_iter().filter(|line| !line.line.contains("__diesel")).collect();
    assert_eq!(left, []);
    assert!(migrate(&database.owner_url()).unwrap() > 0);
    assert_eq!(shape(&mut conn), first);
    assert_eq!(migrate(&database.owner_url()).unwrap(), 0);
}

#[test]
fn every_migration_can_be_undone_on_a_database_with_people_in_it() {
    let database = database::Database::create();
    let mut conn = PgConnection::establish(&database.owner_url()).unwrap();
    conn.revert_all_migrations(MIGRATIONS).unwrap();
    migrate(&database.owner_url()).unwrap();
}

#[test]
fn the_serving_role_can_neither_change_the_trail_nor_the_schema() {
    use diesel::connection::SimpleConnection;
    let database = database::Database::create();
    let mut conn = PgConnection::establish(&database.application_url()).unwrap();
    for forbidden in [
        "UPDATE audit_entries SET said = ''",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "INSERT INTO audit_entries_default SELECT * FROM audit_entries",
        "DELETE FROM __diesel_schema_migrations",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE users ADD COLUMN mine int",
        "DROP TABLE users",
    ] {
        let refused = conn.batch_execute(forbidden).unwrap_err().to_string();
        assert!(refused.contains("permission denied") || refused.contains("must be owner"), "{forbidden}: {refused}");
    }
}

#[test]
fn a_program_on_a_schema_that_is_none_or_old_says_what_to_run_first() {
    let database = database::Database::empty();
    let mut conn = PgConnection::establish(&database.owner_url()).unwrap();
    let commands: [&[&str]; 3] =
        [&["work", "--once"], &["staff", "add", "sam@acme.example"], &["serve", "--no-migrate"]];
    let all_refuse = |state: &str| {
        for command in commands {
            let output = Command::new(env!("CARGO_BIN_EXE_subledger"))
                .args(command)
                .env_clear()
                .env("DATABASE_URL", database.application_url())
                .env("SUBLEDGER_SECRET", "dGVzdHMta2VlcC10aGlzLXNlY3JldC10by10aGVtc2U=")
                .env("SUBLEDGER_ADDR", "127.0.0.1:0")
                .output()
                .unwrap();
            let error = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success(), "{command:?} on {state}");
            assert!(error.contains("run `subledger migrate` first"), "{command:?} on {state}: {error}");
        }
    };
    conn.revert_last_migration(MIGRATIONS).unwrap();
    all_refuse("a schema of the version before");
    conn.revert_all_migrations(MIGRATIONS).unwrap();
    all_refuse("one that was taken down");
    diesel::sql_query("DROP TABLE __diesel_schema_migrations").execute(&mut conn).unwrap();
    all_refuse("an empty database");
}

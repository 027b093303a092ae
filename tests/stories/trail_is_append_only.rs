//! Nobody changes the trail: not the role that serves, and not its owner while the triggers stand.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use crate::support::{Olivia, TestApp};

/// Says how the database answered.
fn answer(conn: &mut PgConnection, sql: &str) -> String {
    match conn.batch_execute(sql) {
        Ok(()) => "done".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// With an entry in a month and one outside of all months.
async fn given_a_trail() -> TestApp {
    let app = TestApp::start().await;
    app.sql("SELECT add_audit_month('2031-05-01')");
    app.sign_in(Olivia).await;
    app.sql(
        "INSERT INTO audit_entries SELECT (left(id_floor('2031-05-09Z')::text, 14) || '7000-8000-000000000001')::uuid,
           business_id, parse_id, '2031-05-09Z', actor_kind, actor_member_id, actor_other_id, action, object_kind, object_id,
           object_label, said, changes, origin, outcome FROM audit_entries LIMIT 1",
    );
    assert_eq!(app.number("SELECT count(*) AS number FROM audit_entries_2031_05"), 1);
    app
}

const CHANGES: [&str; 9] = [
    "UPDATE audit_entries SET said = 'nothing'",
    "UPDATE audit_entries_2031_05 SET said = 'nothing'",
    "UPDATE audit_entries_default SET said = 'nothing'",
    "DELETE FROM audit_entries",
    "DELETE FROM audit_entries_2031_05",
    "DELETE FROM audit_entries_default",
    "TRUNCATE audit_entries",
    "TRUNCATE audit_entries_2031_05",
    "TRUNCATE audit_entries_default",
];

#[actix_web::test]
async fn the_role_that_serves_may_only_add() {
    let app = given_a_trail().await;
    let before = app.number("SELECT count(*) AS number FROM audit_entries");
    let mut conn = PgConnection::establish(&app.database.application_url()).unwrap();
    let around = [
        "INSERT INTO audit_entries_default SELECT * FROM audit_entries",
        "INSERT INTO audit_entries_2031_05 SELECT * FROM audit_entries",
        "SELECT * FROM audit_entries_2031_05",
        "COPY audit_entries_default TO STDOUT",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "ALTER TABLE audit_entries DETACH PARTITION audit_entries_2031_05",
        "DROP TABLE audit_entries_2031_05",
        "DROP TRIGGER append_only ON audit_entries",
        "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "SET session_replication_role = replica",
        "INSERT INTO audit_entries SELECT * FROM audit_entries ON CONFLICT (id) DO UPDATE SET said = 'nothing'",
    ];
    for sql in CHANGES.iter().chain(&around) {
        let answer = answer(&mut conn, sql);
        let is_refused = answer.contains("permission denied") || answer.contains("must be owner");
        assert!(is_refused, "{sql}: {answer}");
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM audit_entries"), before);
}

#[actix_web::test]
async fn the_owner_is_stopped_by_the_triggers() {
    let app = given_a_trail().await;
    let before = app.number("SELECT count(*) AS number FROM audit_entries");
    let mut conn = app.owner();
    for sql in CHANGES {
        let answer = answer(&mut conn, sql);
        assert!(answer.contains("The audit trail is append-only."), "{sql}: {answer}");
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM audit_entries WHERE said <> 'nothing'"), before);
}

#[actix_web::test]
async fn a_month_that_is_made_while_an_entry_of_it_is_written_is_no_fault_and_left_to_the_alarm() {
    let app = TestApp::start().await;
    app.sign_in(Olivia).await;
    let mut writing = app.owner();
    let entry = "BEGIN; INSERT INTO audit_entries
         SELECT (left(id_floor('2031-05-09Z')::text, 14) || '7000-8000-000000000001')::uuid,
           business_id, parse_id, '2031-05-09Z', actor_kind, actor_member_id, actor_other_id, action, object_kind, object_id,
           object_label, said, changes, origin, outcome FROM audit_entries LIMIT 1";
    writing.batch_execute(entry).unwrap();
    let mut making = app.owner();
    let month = "DO $$ BEGIN ASSERT NOT add_audit_month('2031-05-01'), 'made'; END $$";
    let made = std::thread::spawn(move || making.batch_execute(month));
    let waiting = "SELECT count(*) AS number FROM pg_locks WHERE NOT granted
                   AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())";
    while app.number(waiting) == 0 {
        tokio::task::yield_now().await;
    }
    writing.batch_execute("COMMIT").unwrap();
    made.join().unwrap().unwrap();
    assert_eq!(app.number("SELECT audit_rows_in_default()::int::bigint AS number"), 1);
}

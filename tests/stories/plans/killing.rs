//! The worker as a program of its own, killed without warning, in several copies, after forty days: every period is
//! written exactly once.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use rand::RngExt;

use crate::support::TestApp;

/// How many businesses are due.
const BUSINESSES: i64 = 5_000;
/// Each has so many periods to be written.
const MISSED: i64 = 4;
/// One in so many has an owner, who gets a letter.
const OWNED: i64 = 25;
/// A lock that a place in the database waits for, so that the program stands still there.
const LOCK: i64 = 20_261_122;

/// Many businesses whose cycles begin with the month, and were renewed last some months ago.
fn let_many_fall_due(app: &TestApp) {
    app.owner()
        .batch_execute(&format!(
            "CREATE TEMP TABLE due AS
               SELECT n, ('0190aaaa-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id,
                      date_trunc('month', now() AT TIME ZONE 'UTC')::date - interval '{MISSED} months' AS anchor
               FROM generate_series(1, {BUSINESSES}) AS n;
             INSERT INTO businesses SELECT id, 'Due ' || n, 'EUR', 'UTC', 'en-GB', 'due' || n, 'active', anchor AT TIME ZONE 'UTC' FROM due;
             INSERT INTO plan_subscriptions (business_id, plan_id, anchor_on, cycle_index, cycle_starts_at, period_starts_at, period_ends_at)
               SELECT id, '00000000-0000-7000-8000-000000000103', anchor, 0, anchor AT TIME ZONE 'UTC', anchor AT TIME ZONE 'UTC',
                      (anchor + interval '1 month') AT TIME ZONE 'UTC' FROM due;
             INSERT INTO plan_periods
               SELECT business_id, period_starts_at, period_starts_at, period_ends_at, plan_id, 4900, 'USD', period_starts_at
               FROM plan_subscriptions s JOIN due ON due.id = s.business_id;
             INSERT INTO users (id, email, email_folded, name, password_hash, created_at)
               SELECT id, 'due' || n || '@due.example', 'due' || n || '@due.example', 'Owner', '', now() FROM due WHERE n % {OWNED} = 0;
             INSERT INTO members (business_id, id, parse_id, user_id, name, name_folded, email, email_folded, role, status, department, created_at)
               SELECT u.id, u.id, lpad(n::text, 10, '0'), u.id, 'Owner', 'owner', email, email_folded, 'owner', 'active', '', now()
               FROM due JOIN users u ON u.id = due.id;
             DROP TABLE due;
             ANALYZE;"
        ))
        .unwrap();
}

/// The program that does everything that is due.
fn work(app: &TestApp) -> Child {
    app.program().args(["work", "--once"]).stderr(Stdio::null()).spawn().unwrap()
}

fn work_to_the_end(app: &TestApp) {
    assert!(work(app).wait().unwrap().success());
}

fn kill(worker: &mut Child) {
    // SIGKILL: nothing of the program runs any more, and its connections are cut.
    worker.kill().unwrap();
    worker.wait().unwrap();
}

/// How many periods are still to be written.
fn due(app: &TestApp) -> i64 {
    app.number("SELECT count(*) AS number FROM plan_subscriptions WHERE ended_at IS NULL AND period_ends_at <= now()")
}

fn assert_every_period_is_written_once(app: &TestApp) {
    assert_eq!(due(app), 0);
    let of_them = "business_id::text LIKE '0190aaaa-%'";
    let count = |what: &str| app.number(&format!("SELECT count(*) AS number FROM {what}"));
    assert_eq!(count(&format!("plan_periods WHERE {of_them}")), BUSINESSES * (MISSED + 1));
    let uneven = format!(
        "(SELECT FROM plan_periods WHERE {of_them} GROUP BY business_id
          HAVING count(*) <> {MISSED} + 1 OR max(ends_at) <= now() OR max(starts_at) > now()) AS uneven"
    );
    assert_eq!(count(&uneven), 0);
    let torn = format!(
        "(SELECT starts_at, lag(ends_at) OVER (PARTITION BY business_id ORDER BY starts_at) AS before
          FROM plan_periods WHERE {of_them}) AS p WHERE before <> starts_at"
    );
    assert_eq!(count(&torn), 0, "a gap or an overlap");
    let astray = format!(
        "plan_subscriptions s WHERE {of_them} AND NOT EXISTS (SELECT FROM plan_periods p
          WHERE p.business_id = s.business_id AND p.starts_at = s.period_starts_at AND p.ends_at = s.period_ends_at)"
    );
    assert_eq!(count(&astray), 0, "a subscription that is not where its last period is");
    assert_eq!(count(&format!("audit_entries WHERE action = 'plan.renewed' AND {of_them}")), BUSINESSES * MISSED);
    assert_eq!(count(&format!("letters WHERE kind = 'plan_renewed' AND {of_them}")), BUSINESSES / OWNED);
    assert_eq!(count("worker_failures"), 0);
}

#[actix_web::test]
async fn twenty_kills_at_random_cost_and_double_nothing() {
    let app = TestApp::start().await;
    let_many_fall_due(&app);
    let mut waits = Vec::new();
    for _ in 0..20 {
        let wait = Duration::from_millis(rand::rng().random_range(100..1_500));
        waits.push(wait);
        let mut worker = work(&app);
        std::thread::sleep(wait);
        kill(&mut worker);
    }
    let left = due(&app);
    work_to_the_end(&app);
    println!("killed after {waits:?}, {left} businesses were left");
    assert_every_period_is_written_once(&app);
}

/// The places of one batch, each with the trigger that stops there. Letters come last: they tell of the final state only.
const PLACES: [(&str, &str); 6] = [
    ("before the periods", "TRIGGER stop BEFORE INSERT ON plan_periods FOR EACH STATEMENT"),
    ("after the periods", "TRIGGER stop AFTER INSERT ON plan_periods FOR EACH STATEMENT"),
    ("after the subscriptions", "TRIGGER stop AFTER UPDATE ON plan_subscriptions FOR EACH STATEMENT"),
    ("after the entries", "TRIGGER stop AFTER INSERT ON audit_entries FOR EACH STATEMENT"),
    (
        "in the commit",
        "CONSTRAINT TRIGGER stop AFTER INSERT ON plan_periods DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
    ),
    ("after the letters", "TRIGGER stop AFTER INSERT ON letters FOR EACH STATEMENT"),
];

#[actix_web::test]
async fn a_kill_at_each_statement_costs_and_doubles_nothing() {
    let app = TestApp::start().await;
    let_many_fall_due(&app);
    let written = || app.number("SELECT count(*) AS number FROM plan_periods");
    let mut holder = app.owner();
    holder
        .batch_execute(&format!(
            "CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN PERFORM pg_advisory_xact_lock({LOCK}); RETURN NEW; END $$"
        ))
        .unwrap();
    for (place, trigger) in PLACES {
        let before = written();
        let table = trigger.split(" ON ").nth(1).unwrap().split(' ').next().unwrap();
        let set_up = format!("CREATE {trigger} EXECUTE FUNCTION stop_here(); SELECT pg_advisory_lock({LOCK})");
        holder.batch_execute(&set_up).unwrap();
        let mut worker = work(&app);
        wait_until_it_stands_still(&app, place);
        kill(&mut worker);
        // The server's side of the connection that was cut goes on to the end of its statement. Only when it is gone can
        // the trigger be dropped.
        let clear = format!("SELECT pg_advisory_unlock({LOCK}); DROP TRIGGER stop ON {table}");
        holder.batch_execute(&clear).unwrap();
        let more = written() - before;
        match place {
            "in the commit" => assert_eq!(more, 1_000, "what had only to be confirmed is done"),
            "after the letters" => assert!(more > 0, "the batches before it are done"),
            _ => assert_eq!(more, 0, "{place}: a part of a batch was kept"),
        }
    }
    work_to_the_end(&app);
    assert_every_period_is_written_once(&app);
}

fn wait_until_it_stands_still(app: &TestApp, place: &str) {
    let waits = "SELECT count(*) AS number FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let begun = Instant::now();
    while app.number(waits) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(120), "nothing came to {place}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[actix_web::test]
async fn four_workers_at_once_share_the_work_and_double_nothing() {
    let app = TestApp::start().await;
    let_many_fall_due(&app);
    let workers: Vec<Child> = (0..4).map(|_| work(&app)).collect();
    for mut worker in workers {
        assert!(worker.wait().unwrap().success());
    }
    assert_every_period_is_written_once(&app);
}

//! Closing a business: thirty days in which it can be kept, and then nothing of it is left.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, RunQueryDsl};

use crate::several_businesses::uma_is_in_globex;
use crate::support::cast::PASSWORD;
use crate::support::{Adam, Browser, Cast, Gus, Olivia, TestApp, Uma};

const CLOSE: &str = "/settings/business/close";
const KEEP: &str = "/settings/business/keep";

#[derive(diesel::QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

/// How many rows each table holds of a business: every table that has a business_id, the trail's among them.
fn rows_of(app: &TestApp, business: &str) -> Vec<(String, i64)> {
    let sql = "SELECT table_name::text AS name FROM information_schema.columns
               WHERE table_schema = 'public' AND column_name = 'business_id' AND table_name NOT LIKE 'audit_entries_%'";
    let tables: Vec<Table> = diesel::sql_query(sql).load(&mut app.owner()).unwrap();
    assert!(tables.len() > 10);
    let count = |table: &Table| {
        let sql = format!("SELECT count(*) AS number FROM {} WHERE business_id = '{business}'", table.name);
        (table.name.clone(), app.number(&sql))
    };
    let counted: Vec<(String, i64)> = tables.iter().map(count).collect();
    counted.into_iter().filter(|(_, rows)| *rows > 0).collect()
}

/// Software, seats, an import, an invitation, a letter.
async fn fill(app: &TestApp, owner: Cast) -> Browser {
    let browser = app.sign_in(owner).await;
    let fields = [
        ("service", "Figma"),
        ("cost", "10"),
        ("currency", "EUR"),
        ("cycle_unit", "month"),
        ("cycle_count", "1"),
        ("renews_on", "2030-01-31"),
        ("seats", "5"),
    ];
    let figma = browser.post("/subscriptions", &fields).await.location().to_owned();
    browser.post(&format!("{figma}/licenses"), &[("member", &owner.member_id())]).await.is(303);
    browser
        .upload("/import", &[("kind", "people")], "people.csv", b"email,name\nleo@a.example,Leo\n".to_vec())
        .await
        .is(303);
    let invitation = [("emails", "ivy@a.example"), ("role", "user"), ("department", ""), ("message", "")];
    browser.post("/team/invitations", &invitation).await.is(303);
    browser
}

async fn close(browser: &Browser, name: &str) {
    browser.post(CLOSE, &[("confirm", name)]).await.goes_to("/settings/business");
}

#[actix_web::test]
async fn only_an_owner_closes_and_only_by_name() {
    let app = TestApp::start().await;
    let (olivia, adam) = (app.sign_in(Olivia).await, app.sign_in(Adam).await);
    adam.post(CLOSE, &[("confirm", "Acme")]).await.is(403);
    olivia.post(CLOSE, &[("confirm", "Globex")]).await.is(422).shows("Type “Acme” to confirm. Nothing was closed.");
    app.minutes_pass(11);
    olivia.post(CLOSE, &[("confirm", "Acme")]).await.goes_to("/reauth?next=%2Fsettings%2Fbusiness");
    olivia.post("/reauth", &[("password", PASSWORD), ("next", "/settings/business")]).await.is(303);
    close(&olivia, "acme").await;
    app.trail_holds(Olivia, "Adam Adler tried to close the business");
    let letters = app.letters_to(Olivia.email());
    assert_eq!((letters.len(), letters[0].kind.as_str()), (1, "business_closing"));
    close(&olivia, "Acme").await;
    assert_eq!(app.letters_to(Olivia.email()).len(), 1, "it is being closed already");
    app.sign_in(Gus).await.get("/").await.is(200).hides("being closed");
}

#[actix_web::test]
async fn while_it_is_being_closed_everything_can_be_read_and_nothing_added() {
    let app = TestApp::start().await;
    let olivia = fill(&app, Olivia).await;
    let adam = app.sign_in(Adam).await;
    close(&olivia, "Acme").await;
    olivia.get("/subscriptions").await.is(200).shows("Acme is being closed").shows("Keep the business");
    adam.get("/people").await.is(200).shows("Acme is being closed").shows("An owner can keep it.");
    olivia.get("/audit.csv").await.is(200);
    let person = [("name", "Leo Lund"), ("email", "leo@acme.example")];
    olivia.post("/people", &person).await.is(409).shows("an owner keeps the business first");
    let invitation = [("emails", "leo@acme.example"), ("role", "user"), ("department", ""), ("message", "")];
    olivia.post("/team/invitations", &invitation).await.is(409);
    adam.post(KEEP, &[]).await.is(403);
    olivia.post(KEEP, &[]).await.goes_to("/settings/business");
    olivia.get("/").await.hides("being closed");
    olivia.post("/people", &person).await.is(303);
    app.days_pass(40);
    app.work_until_idle().await;
    olivia.get("/login").await;
    app.sign_in(Olivia).await.get("/subscriptions").await.is(200).shows("Figma");
    app.trail_holds(Olivia, "Olivia Owens kept Acme after all");
}

#[actix_web::test]
async fn after_thirty_days_nothing_of_it_is_left() {
    let app = TestApp::start().await;
    let olivia = fill(&app, Olivia).await;
    fill(&app, Gus).await;
    uma_is_in_globex(&app);
    close(&olivia, "Acme").await;
    app.days_pass(29);
    app.work_until_idle().await;
    let gus_has = rows_of(&app, Gus.business_uuid()).into_iter().map(|(table, _)| table).collect::<Vec<_>>();
    assert!(rows_of(&app, Olivia.business_uuid()).len() > 10, "a day early");
    app.days_pass(1);
    app.minutes_pass(1);
    let late = app.sign_in(Olivia).await;
    late.get("/").await.is(403);
    // Two workers at once, and one more after them.
    let (one, other) = tokio::join!(app.work_until_idle(), app.work_until_idle());
    let ((), ()) = (one, other);
    app.work_until_idle().await;
    assert_eq!(rows_of(&app, Olivia.business_uuid()), []);
    let acme = format!("SELECT count(*) AS number FROM businesses WHERE id = '{}'", Olivia.business_uuid());
    assert_eq!(app.number(&acme), 0);
    let told =
        "SELECT count(*) AS number FROM audit_entries WHERE action = 'business.closed' AND object_label = 'Acme'";
    assert_eq!(app.number(told), 1);
    let left = rows_of(&app, Gus.business_uuid()).into_iter().map(|(table, _)| table).collect::<Vec<_>>();
    assert!(gus_has.iter().all(|table| left.contains(table)), "nobody else lost anything: {gus_has:?}, then {left:?}");
    let users = format!("SELECT count(*) AS number FROM users WHERE email = '{}'", Uma.email());
    assert_eq!(app.number(&users), 1, "people keep their sign-in");
    app.sign_in(Uma).await.get("/").await.is(200).shows("Admin of Globex");
    assert_eq!(app.mailbox(Uma.email()).iter().filter(|one| one.header("Subject").contains("ended")).count(), 1);
    late.get("/businesses").await.is(200).shows("No business yet");
}

/// A transaction of somebody else, begun and left open.
fn begun(app: &TestApp, sql: &str) -> PgConnection {
    let mut other = app.owner();
    other.batch_execute(&format!("BEGIN; {sql}")).unwrap();
    other
}

async fn until_somebody_waits(app: &TestApp) {
    let waiting = "SELECT count(*) AS number FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while app.number(waiting) == 0 {
        tokio::task::yield_now().await;
    }
}

#[actix_web::test]
async fn whoever_keeps_it_when_the_worker_has_begun_comes_too_late() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    close(&olivia, "Acme").await;
    let acme = Olivia.business_uuid();
    let first_step = format!(
        "SELECT FROM businesses WHERE id = '{acme}' FOR UPDATE;
         UPDATE members SET status = 'left' WHERE business_id = '{acme}'"
    );
    let mut worker = begun(&app, &first_step);
    let (late, ()) = tokio::join!(olivia.post(KEEP, &[]), async {
        until_somebody_waits(&app).await;
        worker.batch_execute("COMMIT").unwrap();
    });
    late.is(404);
    assert_eq!(app.text(&format!("SELECT status AS text FROM businesses WHERE id = '{acme}'")), "closing");
}

#[actix_web::test]
async fn the_worker_leaves_a_business_alone_that_somebody_is_keeping() {
    let app = TestApp::start().await;
    let acme = Olivia.business_uuid();
    close(&app.sign_in(Olivia).await, "Acme").await;
    app.days_pass(31);
    let mut keeper = begun(&app, &format!("SELECT FROM businesses WHERE id = '{acme}' FOR NO KEY UPDATE"));
    app.work_until_idle().await;
    let active = format!("SELECT count(*) AS number FROM members WHERE business_id = '{acme}' AND status = 'active'");
    assert_eq!(app.number(&active), 4);
    keeper.batch_execute("ROLLBACK").unwrap();
    app.work_until_idle().await;
    assert_eq!(rows_of(&app, acme), []);
}

#[actix_web::test]
async fn a_business_that_is_not_to_go_cannot_be_forgotten() {
    let app = TestApp::start().await;
    let mut serving = PgConnection::establish(&app.database.application_url()).unwrap();
    let acme = Olivia.business_uuid();
    let forget = format!("SELECT forget_closed_business('{acme}', '2099-01-01Z', 1000)");
    assert!(serving.batch_execute(&forget).is_err(), "it is not being closed");
    close(&app.sign_in(Olivia).await, "Acme").await;
    let early = format!("SELECT forget_closed_business('{acme}', '2026-01-01Z', 1000)");
    assert!(serving.batch_execute(&early).is_err(), "its grace is not over");
    let sly = format!(
        "BEGIN; SELECT set_config('subledger.closed_business', '{acme}', true);
         DELETE FROM audit_entries WHERE business_id = '{acme}'; COMMIT"
    );
    assert!(serving.batch_execute(&sly).is_err(), "the serving role deletes no entries");
    assert!(app.number(&format!("SELECT count(*) AS number FROM audit_entries WHERE business_id = '{acme}'")) > 0);
}

#[actix_web::test]
async fn one_that_cannot_be_deleted_is_set_aside_and_stops_no_other() {
    let app = TestApp::start().await;
    let (acme, globex) = (Olivia.business_uuid(), Gus.business_uuid());
    close(&app.sign_in(Olivia).await, "Acme").await;
    app.minutes_pass(1);
    close(&app.sign_in(Gus).await, "Globex").await;
    app.sql("CREATE TABLE held_fast (business uuid REFERENCES businesses)");
    app.sql(&format!("INSERT INTO held_fast VALUES ('{acme}')"));
    app.days_pass(31);
    app.work_until_idle().await;
    assert_eq!(rows_of(&app, globex), []);
    assert_eq!(rows_of(&app, acme), [("worker_failures".to_owned(), 1)]);
    app.sql("DROP TABLE held_fast");
    app.minutes_pass(2);
    app.work_until_idle().await;
    let left = format!("SELECT count(*) AS number FROM businesses WHERE id IN ('{acme}', '{globex}')");
    assert_eq!(app.number(&left), 0);
}

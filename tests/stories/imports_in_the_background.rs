//! Long files are imported by the worker, while whoever started it looks on or goes away.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use diesel::PgConnection;
use diesel::connection::SimpleConnection;

use crate::exports::uploaded_as;
use crate::imports::{EXPORT, has, imported, people, uploaded};
use crate::support::{Adam, Audrey, Browser, Gus, Olivia, Shown, TestApp};

/// A lock that a place in the database waits for, so that an import stands still there.
const LOCK: i64 = 20_261_123;
const COMMIT: [(&str, &str); 1] = [("commit", "1")];

/// So many people, named by number.
fn many(count: u32) -> String {
    let row = |number: u32| format!("p{number}@acme.example,Person {number}\n");
    "Email,Name\n".to_owned() + &(1..=count).map(row).collect::<String>()
}

/// Uploads a long file of people and starts it.
async fn started(browser: &Browser, count: u32) -> String {
    let path = uploaded(browser, "many.csv", many(count).as_bytes()).await;
    browser.post(&path, &COMMIT).await.goes_to(&path);
    path
}

fn renews_itself(page: &Shown) -> bool {
    page.body.contains("http-equiv=\"refresh\"") && page.attribute("[hx-get]", "hx-trigger").is_some()
}

#[actix_web::test]
async fn a_long_file_is_imported_while_adam_goes_away() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = started(&adam, 501).await;
    for _ in 0..2 {
        let page = adam.get(&path).await;
        page.is(200).shows("Importing people").shows("0 of 501 rows").shows("Adam Adler started it");
        page.shows("You may leave this page");
        assert_eq!(page.attribute("progress", "max").as_deref(), Some("501"));
        assert!(renews_itself(&page));
    }
    assert_eq!(adam.get("/import").await.texts(".ledger tbody .state"), ["Being imported"]);
    assert_eq!((people(&app, Adam, ""), app.acts(Adam).len()), (4, 0));

    app.work_until_idle().await;
    let inbox = adam.get("/notifications").await;
    inbox.is(200).shows("many.csv is imported");
    let open = inbox.attribute("main form[action$='/open']", "action").unwrap();
    adam.post(&open, &[]).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.is(200).shows("People imported");
    has(&page, &[("Created", "501"), ("Updated", "0"), ("Unchanged", "0"), ("Refused", "0")]);
    assert!(!renews_itself(&page));
    assert_eq!(adam.get("/import").await.texts(".ledger tbody .state"), ["Imported"]);
    assert_eq!((people(&app, Adam, ""), app.acts(Adam).len()), (505, 502));
    app.trail_holds(Adam, "Adam Adler imported 501 people from many.csv");
    let from_a_page = "SELECT count(*) AS number FROM audit_entries WHERE said LIKE '%many.csv' AND origin = 'page'";
    assert_eq!(app.number(from_a_page), 502);
    assert_eq!(app.number("SELECT count(*) AS number FROM import_progress"), 0);

    adam.post(&format!("{path}/undo"), &[]).await.goes_to(&path);
    adam.get(&path).await.shows("Import undone");
    assert_eq!(people(&app, Adam, ""), 4);
}

#[actix_web::test]
async fn a_file_of_few_rows_is_imported_at_once() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = imported(&adam, "few.csv", many(500).as_bytes()).await;
    adam.get(&path).await.shows("few.csv is imported: 500 created, 0 updated, 0 unchanged, 0 refused.");
}

#[actix_web::test]
async fn pressed_twice_it_runs_once_and_everything_else_waits_for_it() {
    let app = TestApp::start().await;
    let (adam, other) = (app.sign_in(Adam).await, app.sign_in(Adam).await);
    let done = imported(&adam, "people.csv", EXPORT).await;
    let waiting = uploaded(&adam, "more.csv", EXPORT).await;
    let path = uploaded(&adam, "many.csv", many(501).as_bytes()).await;
    let (one, two) = tokio::join!(adam.post_once(&path, "same", &COMMIT), other.post_once(&path, "same", &COMMIT));
    one.goes_to(&path);
    two.goes_to(&path);

    let busy = "many.csv is being imported just now. Wait until it is done, then go on.";
    let again = adam.post(&path, &COMMIT).await;
    again.is(409).shows(busy).shows("0 of 501 rows");
    adam.post(&path, &[("map[Email]", "email")]).await.is(409).shows(busy);
    adam.post(&format!("{path}/undo"), &[]).await.is(409).shows(busy);
    adam.post(&waiting, &COMMIT).await.is(409).shows(busy).shows("Import people");
    adam.post(&format!("{done}/undo"), &[]).await.is(409).shows(busy).shows("People imported");
    // Looking, choosing and uploading go on.
    adam.post(&waiting, &[("map[Email]", "email")]).await.is(303);
    uploaded(&adam, "third.csv", EXPORT).await;

    tokio::join!(app.work_until_idle(), app.work_until_idle());
    app.trail_holds(Adam, "Adam Adler imported 501 people from many.csv");
    assert_eq!(people(&app, Adam, ""), 4 + 17 + 501);
    adam.post(&path, &COMMIT).await.is(409).shows("many.csv was imported already.");
    adam.post(&waiting, &COMMIT).await.goes_to(&waiting);
}

#[actix_web::test]
async fn nobody_else_may_start_it_or_look_on() {
    let app = TestApp::start().await;
    let (adam, audrey, gus) = (app.sign_in(Adam).await, app.sign_in(Audrey).await, app.sign_in(Gus).await);
    let path = uploaded(&adam, "many.csv", many(501).as_bytes()).await;
    audrey.post(&path, &COMMIT).await.is(403);
    gus.post(&path, &COMMIT).await.is(404);
    adam.get(&path).await.shows("Import 501 people");
    adam.post(&path, &[("map[Name]", "name"), ("commit", "1")]).await.is(422).shows("e-mail");
    adam.post(&path, &COMMIT).await.goes_to(&path);
    audrey.get(&path).await.is(403);
    gus.get(&path).await.is(404);
    gus.post(&path, &COMMIT).await.is(404);
    // What runs in one business keeps nobody of another one waiting.
    started(&gus, 502).await;
    app.work_until_idle().await;
    assert_eq!((people(&app, Adam, ""), people(&app, Gus, "")), (505, 503));
}

#[actix_web::test]
async fn whoever_lost_the_right_meanwhile_imports_nothing_and_the_next_one_reads_why() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    let path = started(&adam, 501).await;
    olivia.post(&format!("/team/{}/role", Adam.member_id()), &[("role", "user")]).await.is(303);
    app.work_until_idle().await;
    let page = olivia.get(&path).await;
    page.is(200).shows("many.csv was not imported").shows("may not import files any more").shows("Import 501 people");
    assert_eq!(olivia.get("/import").await.texts(".ledger tbody .state"), ["Could not be imported"]);
    assert_eq!(people(&app, Adam, ""), 4);

    olivia.post(&path, &COMMIT).await.goes_to(&path);
    olivia.get(&path).await.shows("Olivia Owens started it").hides("was not imported");
    olivia.post(&format!("/team/{}/deactivate", Adam.member_id()), &[]).await.is(303);
    app.work_until_idle().await;
    app.trail_holds(Adam, "Olivia Owens imported 501 people from many.csv");
    assert_eq!(people(&app, Adam, ""), 505);
}

#[actix_web::test]
async fn what_the_rules_refuse_comes_back_with_the_reason() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let row = |number: u32| format!("Service {number},12,2199-01-31\n");
    let file = "Service,Cost,Next renewal\n".to_owned() + &(1..=501).map(row).collect::<String>();
    let path = uploaded_as(&adam, "subscriptions", &file).await;
    adam.post(&path, &COMMIT).await.goes_to(&path);
    // Meanwhile the plan becomes one of ten subscriptions.
    app.sql("UPDATE plan_subscriptions SET plan_id = (SELECT id FROM plans WHERE code = 'free' AND current)");
    let before = app.acts(Adam).len();
    app.work_until_idle().await;
    let page = adam.get(&path).await;
    page.is(200).shows("was not imported").shows("10").shows("Import 501 subscriptions");
    assert!(page.texts("title")[0].starts_with("Error: "));
    assert_eq!(page.texts("[role=alert]").len(), 1);
    adam.get("/notifications").await.shows("file.csv could not be imported");
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions"), 0);
    assert_eq!(app.number("SELECT count(*) AS number FROM worker_failures"), 0);
    assert_eq!(app.acts(Adam).len(), before);
}

#[actix_web::test]
async fn a_file_of_seats_keeps_its_choices_and_its_keys_stay_sealed() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = [("service", "Figma"), ("cost", "12"), ("renews_on", "2199-01-31"), ("seats", "600")];
    adam.post("/subscriptions", &figma).await.is(303);
    let row = |number: u32| format!("Figma,p{number}@acme.example,CANARY-{number}-KEY7F2K\n");
    let file = "Subscription,E-mail,License key\n".to_owned() + &(1..=501).map(row).collect::<String>();
    let path = uploaded_as(&adam, "licenses", &file).await;
    adam.post(&path, &[("add_people", "1"), ("commit", "1")]).await.goes_to(&path);
    adam.get(&path).await.shows("Importing seats");
    assert_eq!(app.number("SELECT count(*) AS number FROM imports WHERE content LIKE '%CANARY%'"), 0);
    app.work_until_idle().await;
    has(&adam.get(&path).await, &[("Created", "501"), ("Updated", "0"), ("Unchanged", "0"), ("Refused", "0")]);
    assert_eq!(app.number("SELECT count(*) AS number FROM assignments WHERE ended_at IS NULL"), 501);
    assert_eq!(app.number("SELECT count(*) AS number FROM imports WHERE content IS NULL"), 1);
}

#[actix_web::test]
async fn what_is_ours_to_mend_is_tried_again_and_then_comes_back() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = started(&adam, 501).await;
    app.owner()
        .batch_execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
             CREATE TRIGGER fail BEFORE INSERT ON members FOR EACH STATEMENT EXECUTE FUNCTION fail()",
        )
        .unwrap();
    for tries in 1..=2 {
        app.work_until_idle().await;
        let page = adam.get(&path).await;
        page.is(200).shows("many.csv could not be imported: something went wrong on our side").hides("disk");
        assert!(renews_itself(&page));
        assert_eq!(app.number("SELECT sum(failures) AS number FROM worker_failures WHERE job = 'imports'"), tries);
        app.clock.advance(chrono::TimeDelta::minutes(3));
    }
    app.work_until_idle().await;
    let page = adam.get(&path).await;
    page.shows("many.csv was not imported").shows("several times").shows("Import 501 people");
    assert_eq!(app.number("SELECT count(*) AS number FROM worker_failures"), 0);
    app.sql("DROP TRIGGER fail ON members");
    adam.post(&path, &COMMIT).await.goes_to(&path);
    app.work_until_idle().await;
    adam.get(&path).await.shows("People imported");
    assert_eq!(people(&app, Adam, ""), 505);
}

/// Lets whoever adds this person stand still, until the answer goes.
fn stop_at(app: &TestApp, email: &str) -> PgConnection {
    let mut holder = app.owner();
    holder
        .batch_execute(&format!(
            "CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$
             BEGIN PERFORM pg_advisory_xact_lock({LOCK}); RETURN NEW; END $$;
             CREATE TRIGGER stop BEFORE INSERT ON members FOR EACH ROW WHEN (NEW.email = '{email}')
               EXECUTE FUNCTION stop_here();
             SELECT pg_advisory_lock({LOCK})"
        ))
        .unwrap();
    holder
}

fn let_go(holder: &mut PgConnection) {
    // The trigger can be dropped only when whoever stood there is gone.
    let clear = format!("SELECT pg_advisory_unlock({LOCK}); DROP TRIGGER stop ON members; DROP FUNCTION stop_here()");
    holder.batch_execute(&clear).unwrap();
}

/// The program that does everything that is due.
fn work(app: &TestApp) -> Child {
    app.program().args(["work", "--once"]).stderr(Stdio::null()).spawn().unwrap()
}

async fn until_it_shows(browser: &Browser, path: &str, words: &str) {
    let begun = Instant::now();
    while !browser.get(path).await.is(200).text().contains(words) {
        assert!(begun.elapsed() < Duration::from_secs(60), "{path} never shows {words:?}");
    }
}

#[actix_web::test]
async fn adam_sees_how_far_it_is_and_a_worker_that_is_killed_costs_and_doubles_nothing() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = started(&adam, 1_200).await;
    let mut holder = stop_at(&app, "p1100@acme.example");
    let mut worker = work(&app);
    // A thousand of them are added, and nothing of the trail is written: half of what there is to do for them.
    until_it_shows(&adam, &path, "500 of 1,200 rows").await;
    assert_eq!(people(&app, Adam, ""), 4, "nobody sees a part of it");
    // A second worker leaves it to the first, and does everything else; who presses meanwhile is told, and need not wait.
    app.work_until_idle().await;
    adam.post(&path, &COMMIT).await.is(409).shows("many.csv is being imported just now.");
    adam.post(&path, &[("map[Email]", "email")]).await.is(409);
    adam.post(&format!("{path}/undo"), &[]).await.is(409);

    worker.kill().unwrap();
    worker.wait().unwrap();
    let_go(&mut holder);
    adam.get(&path).await.is(200).shows("Importing people");
    assert_eq!((people(&app, Adam, ""), app.acts(Adam).len()), (4, 0));
    app.work_until_idle().await;
    adam.get(&path).await.is(200).shows("People imported");
    assert_eq!((people(&app, Adam, ""), app.acts(Adam).len()), (1_204, 1_201));
    app.trail_holds(Adam, "Adam Adler imported 1200 people from many.csv");
}

//! Plans on sale, and how the worker does.

use super::acme;
use crate::support::{Olivia, Sam, Shown, TestApp};

const GOLD: [(&str, &str); 12] = [
    ("code", "gold"),
    ("name", "Gold"),
    ("price", "9900.00"),
    ("currency", "USD"),
    ("cycle_count", "1"),
    ("cycle_unit", "year"),
    ("renews", "1"),
    ("public", "1"),
    ("sign_ins", "40"),
    ("subscriptions", ""),
    ("seats", "400"),
    ("usage_events", "0"),
];

fn with<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    GOLD.iter().map(|(field, kept)| if *field == name { (*field, value) } else { (*field, *kept) }).collect()
}

#[actix_web::test]
async fn a_plan_that_is_in_use_gets_a_new_version_and_keeps_the_old_one() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    sam.get("/staff/plans").await.is(200).shows("business, version 1").shows("2 businesses").shows("On sale");
    sam.post("/staff/plans", &GOLD).await.goes_to("/staff/plans");
    sam.get("/staff/plans")
        .await
        .shows("gold, version 1")
        .shows("any number of subscriptions")
        .shows("$9,900.00 a year");
    // Nobody has it yet, so it is written over.
    sam.post("/staff/plans", &with("seats", "500")).await.goes_to("/staff/plans");
    sam.get("/staff/plans").await.shows("500 seats").hides("gold, version 2");
    let olivia = app.sign_in(Olivia).await;
    olivia.get("/settings/plan/choose?plan=gold").await.is(200).shows("Change to Gold");
    olivia.post("/settings/plan", &[("plan", "gold"), ("confirm", "1")]).await.goes_to("/settings/plan");
    sam.post("/staff/plans", &with("seats", "5")).await.goes_to("/staff/plans");
    sam.get("/staff/plans").await.shows("gold, version 2").shows("gold, version 1").shows("Off sale");
    olivia.get("/settings/plan").await.shows("of 500").hides("of 5 ");
    app.days_pass(366);
    app.work_until_idle().await;
    app.sign_in(Olivia).await.get("/settings/plan").await.shows("of 500");
    app.trail_holds(Sam, "Sam Staff wrote version 2 of the plan Gold");
}

#[actix_web::test]
async fn a_plan_that_is_off_sale_is_kept_by_whoever_has_it_and_chosen_by_nobody() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    let archive = |code: &str| {
        let sql = format!("SELECT id AS uuid FROM plans WHERE code = '{code}' AND current");
        format!("/staff/plans/{}/archive", subledger::kernel::ids::to_text(app.uuid(&sql)))
    };
    let business = archive("business");
    sam.post(&business, &[]).await.goes_to("/staff/plans");
    sam.get("/staff/plans").await.shows("Business is off sale.");
    sam.post(&business, &[]).await.goes_to("/staff/plans");
    let olivia = app.sign_in(Olivia).await;
    olivia.get("/settings/plan").await.is(200).shows("Business").shows("Renews by itself");
    olivia.get("/settings/plan/choose?plan=business").await.is(422);
    app.days_pass(31);
    app.work_until_idle().await;
    app.trail_holds(Olivia, "worker renewed the plan Business");
    let sam = app.sign_in(Sam).await;
    for needed in ["trial", "free"] {
        sam.post(&archive(needed), &[]).await.is(409).shows("stays on sale");
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM plans"), 5);
}

#[actix_web::test]
async fn what_is_wrong_with_a_plan_is_said_and_nothing_is_written() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    let before = app.fingerprint();
    let long = "x".repeat(20_000);
    for (name, value) in [
        ("code", ""),
        ("code", "Gold!"),
        ("code", &long),
        ("name", ""),
        ("name", "a\nb"),
        ("price", "-1"),
        ("price", "1.234"),
        ("price", "9999999999999999999999"),
        ("currency", "XXX?"),
        ("cycle_count", "0"),
        ("cycle_count", "1201"),
        ("cycle_unit", "fortnight"),
        ("seats", "-1"),
        ("seats", "many"),
        ("usage_events", "99999999999999999999"),
    ] {
        sam.post("/staff/plans", &with(name, value)).await.is(422);
    }
    sam.post("/staff/plans", &[&GOLD[..], &[("version", "7")]].concat()).await.is(422);
    sam.post("/staff/plans", &[]).await.is(422);
    let free: Vec<(&str, &str)> = with("code", "free").into_iter().filter(|(name, _)| *name != "public").collect();
    sam.post("/staff/plans", &free).await.is(409);
    assert_eq!(app.fingerprint(), before);
}

#[actix_web::test]
async fn the_console_tells_how_the_worker_does_and_tries_again_what_was_set_aside() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    sam.get("/staff/worker").await.is(200).shows("Never seen").shows("Nothing is set aside");
    app.work_until_idle().await;
    sam.get("/staff/worker").await.shows("Keeps up").shows("Plan periods").shows("Surplus seats").hides("Failed");
    let acme_id = Olivia.business_uuid();
    app.sql(&format!(
        "INSERT INTO worker_failures VALUES ('plan_periods', '{acme_id}', 3, now(), now() + interval '8 hours', 'the zone is unknown')"
    ));
    sam.get("/staff/worker")
        .await
        .shows("Acme")
        .shows("failed 3 times")
        .shows("the zone is unknown")
        .shows("Retry now");
    sam.post(&acme("/retry"), &[("job", "plan_periods")]).await.goes_to("/staff/worker");
    assert_eq!(app.number("SELECT count(*) AS number FROM worker_failures WHERE next_attempt_at <= now()"), 1);
    app.trail_holds(Olivia, "Sam Staff let the worker try again for Acme");
    sam.post(&acme("/retry"), &[("job", "no such job")]).await.is(409);
    sam.post(&acme("/retry"), &[("job", "")]).await.is(422);
    app.days_pass(33);
    let sam = app.sign_in(Sam).await;
    sam.get("/staff/worker").await.shows("Away").shows("the oldest for 3").shows("Late");
    app.work_until_idle().await;
    sam.get("/staff/worker").await.shows("Keeps up").shows("Nothing is set aside");
}

#[actix_web::test]
async fn the_figures_are_for_whoever_has_their_key() {
    const KEY: &str = "a-key-for-the-figures-only";
    let app = TestApp::start_with(&[("SUBLEDGER_METRICS_KEY", KEY)]).await;
    app.work_until_idle().await;
    app.days_pass(31);
    let visitor = app.visitor();
    let ask = |key: &str| Shown::of(visitor.request(reqwest::Method::GET, "/metrics").bearer_auth(key));
    let told = ask(KEY).await;
    told.is(200);
    for line in [
        "subledger_worker_last_round_failed{job=\"plan_periods\"} 0",
        "subledger_worker_due{what=\"plan_periods\"} 2",
        "subledger_worker_set_aside 0",
        "# TYPE subledger_worker_lag_seconds gauge",
    ] {
        assert!(told.body.contains(line), "{line} in {}", told.body);
    }
    assert!(!told.body.contains("Acme"));
    ask("another-key-for-the-figures").await.is(404);
    visitor.get("/metrics").await.is(404);
    let closed = TestApp::start().await;
    Shown::of(closed.visitor().request(reqwest::Method::GET, "/metrics").bearer_auth("")).await.is(404);
}

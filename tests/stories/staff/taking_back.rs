//! What staff gave can be taken back, a longer cycle is followed by a part of the next, and reports at once take from
//! several extras exactly.

use futures_util::future::join_all;
use serde_json::json;

use super::acme;
use crate::support::{Browser, Gus, Olivia, Program, Sam, Shown, TestApp, Uma};

const WHY: &str = "Ticket 311: a pilot";
const TEAM: &str = "00000000-0000-7000-8000-000000000103";

fn in_days(app: &TestApp, days: i64) -> String {
    (app.clock.now().date_naive() + chrono::TimeDelta::days(days)).to_string()
}

async fn give(sam: &Browser, form: &[(&str, &str)]) {
    let form = [form, &[("reason", WHY)]].concat();
    sam.post(&acme("/override"), &form).await.goes_to(&acme(""));
}

/// Takes back what stands first on the page.
async fn take_back(sam: &Browser) -> Shown {
    let first = sam.get(&acme("")).await.attribute("input[name=override]", "value").unwrap();
    sam.post(&acme("/take-back"), &[("override", first.as_str())]).await
}

#[actix_web::test]
async fn a_raised_limit_is_taken_back_once_and_both_trails_say_so() {
    let app = TestApp::start().await;
    let (sam, until) = (app.sign_in(Sam).await, in_days(&app, 10));
    give(&sam, &[("meter", "seats"), ("limit", "30000"), ("expires_on", &until)]).await;
    let first = sam.get(&acme("")).await.attribute("input[name=override]", "value").unwrap();
    let olivia = app.sign_in(Olivia).await;
    olivia.get("/settings/plan").await.shows("Seats: 30,000 allowed").hides("Take back");
    olivia.post(&acme("/take-back"), &[("override", first.as_str())]).await.is(404);
    take_back(&sam).await.goes_to(&acme(""));
    sam.get(&acme("")).await.hides("30,000 allowed");
    olivia.get("/settings/plan").await.hides("Beyond the plan").shows("of 20,000");
    let said = "Sam Staff took back what Acme was given: a limit of 30,000 seats";
    app.trail_holds(Olivia, said);
    app.trail_holds(Sam, said);
    sam.post(&acme("/take-back"), &[("override", first.as_str())]).await.is(409).shows("taken back already");
    sam.post(&acme("/take-back"), &[("override", "nothing")]).await.is(404);
    let globex = format!("/staff/businesses/{}/take-back", Gus.business_id());
    sam.post(&globex, &[("override", first.as_str())]).await.is(409);
}

#[actix_web::test]
async fn a_lent_plan_stands_in_the_list_until_it_is_taken_back() {
    let app = TestApp::start().await;
    let (sam, until) = (app.sign_in(Sam).await, in_days(&app, 10));
    let form = [("plan", "business"), ("reason", WHY), ("expires_on", until.as_str())];
    sam.post(&acme("/plan"), &form).await.goes_to(&acme(""));
    sam.get("/staff").await.shows("with Business until");
    take_back(&sam).await.goes_to(&acme(""));
    sam.get("/staff").await.hides("with Business until");
}

#[actix_web::test]
async fn a_longer_cycle_is_followed_by_the_rest_of_the_next_and_can_be_taken_back() {
    let app = TestApp::start().await;
    let business = Olivia.business_uuid();
    app.sql(&format!("UPDATE plan_subscriptions SET plan_id = '{TEAM}' WHERE business_id = '{business}'"));
    let end = || {
        app.text(&format!(
            "SELECT period_ends_at::text AS text FROM plan_subscriptions WHERE business_id = '{business}'"
        ))
    };
    let (sam, own) = (app.sign_in(Sam).await, end());
    let (first, second) = (in_days(&app, 35), in_days(&app, 40));
    give(&sam, &[("meter", "seats"), ("ends_on", &first)]).await;
    let longer = end();
    give(&sam, &[("meter", "seats"), ("ends_on", &second)]).await;
    assert!(own < longer && longer < end());
    take_back(&sam).await.goes_to(&acme(""));
    assert_eq!(end(), longer);
    app.days_pass(40);
    app.work_until_idle().await;
    let due = app.number(&format!(
        "SELECT due_minor AS number FROM plan_periods WHERE business_id = '{business}' ORDER BY starts_at DESC LIMIT 1"
    ));
    assert!((1..4_900).contains(&due), "{due}");
    app.days_pass(40);
    app.work_until_idle().await;
    let whole = app.number(&format!(
        "SELECT due_minor AS number FROM plan_periods WHERE business_id = '{business}' ORDER BY starts_at DESC LIMIT 1"
    ));
    assert_eq!(whole, 4_900);
}

#[actix_web::test]
async fn a_longer_cycle_that_carries_the_business_is_not_taken_back() {
    let app = TestApp::start().await;
    let (sam, until) = (app.sign_in(Sam).await, in_days(&app, 60));
    give(&sam, &[("meter", "seats"), ("ends_on", &until)]).await;
    app.days_pass(45);
    let sam = app.sign_in(Sam).await;
    take_back(&sam).await.is(409).shows("would be over already");
}

#[actix_web::test]
async fn reports_at_once_take_from_two_extras_exactly() {
    let app = TestApp::start().await;
    let (olivia, sam) = (app.sign_in(Olivia).await, app.sign_in(Sam).await);
    crate::usage::given(&app, "Figma", Olivia);
    crate::usage::allow(&app, 5);
    let (soon, later) = (in_days(&app, 2), in_days(&app, 4));
    give(&sam, &[("meter", "usage_events"), ("extra", "10"), ("expires_on", &later)]).await;
    give(&sam, &[("meter", "usage_events"), ("extra", "10"), ("expires_on", &soon)]).await;
    let program = Program::of(&olivia, "sdk", &[]).await;
    let three = json!({"member": Uma.email(), "service": "Figma", "count": 3});
    let answers = join_all((0..5).map(|_| program.post("/api/v1/usage", &three))).await;
    assert!(answers.iter().all(|answer| answer.status == 201));
    let spent = "SELECT string_agg(spent::text, ' ' ORDER BY expires_on) AS text FROM plan_overrides";
    assert_eq!(app.text(spent), "10 5", "what expires first goes first");
    let answers = join_all((0..10).map(|_| program.post("/api/v1/usage", &three))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 3);
    assert_eq!(app.text(spent), "10 10");
}

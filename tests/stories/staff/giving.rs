//! What staff give a business beyond its plan: seen by its people, told in both trails, and over when it is over, also
//! when no worker ever ran.

use serde_json::json;

use super::acme;
use crate::support::{Adam, Cast, Gus, Olivia, Program, Sam, TestApp, Uma};

const WHY: &str = "Ticket 204: a pilot";
const FREE: &str = "00000000-0000-7000-8000-000000000102";
const TRIAL: &str = "00000000-0000-7000-8000-000000000101";

fn in_days(app: &TestApp, days: i64) -> String {
    (app.clock.now().date_naive() + chrono::TimeDelta::days(days)).to_string()
}

/// Puts Acme on this version of a plan, in the cycle that is open.
fn put_on(app: &TestApp, plan: &str) {
    let business = Olivia.business_uuid();
    app.sql(&format!("UPDATE plan_subscriptions SET plan_id = '{plan}' WHERE business_id = '{business}'"));
}

async fn add(app: &TestApp, name: &str) -> u16 {
    let form = [("service", name), ("cost", "5"), ("currency", "EUR"), ("renews_on", "2030-01-31")];
    app.sign_in(Olivia).await.post("/subscriptions", &form).await.status
}

#[actix_web::test]
async fn a_raised_limit_holds_until_its_last_day() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    app.sql("UPDATE plan_limits SET allowance = 1 WHERE meter = 'subscriptions'");
    assert_eq!((add(&app, "One").await, add(&app, "Two").await), (303, 409));
    let until = in_days(&app, 10);
    let form = [("meter", "subscriptions"), ("limit", "2"), ("reason", WHY), ("expires_on", &until)];
    sam.post(&acme("/override"), &form).await.goes_to(&acme(""));
    sam.get(&acme("")).await.shows("Subscriptions: 2 allowed").shows(WHY);
    let olivia = app.sign_in(Olivia).await;
    olivia
        .get("/settings/plan")
        .await
        .shows("Beyond the plan")
        .shows("Subscriptions: 2 allowed")
        .shows(WHY)
        .shows("1 of 2");
    assert_eq!((add(&app, "Two").await, add(&app, "Three").await), (303, 409));
    let said = format!("Sam Staff allowed Acme 2 subscriptions until {until}: “{WHY}”");
    app.trail_holds(Olivia, &said);
    app.trail_holds(Sam, &said);
    app.days_pass(10);
    app.sign_in(Olivia).await.get("/settings/plan").await.shows("2 of 2");
    app.days_pass(1);
    app.sign_in(Olivia).await.get("/settings/plan").await.shows("2 of 1").hides("Beyond the plan");
    assert_eq!(add(&app, "Three").await, 409);
}

#[actix_web::test]
async fn extra_usage_goes_first_and_ends_with_its_day() {
    let app = TestApp::start().await;
    let (olivia, sam) = (app.sign_in(Olivia).await, app.sign_in(Sam).await);
    crate::usage::given(&app, "Figma", Olivia);
    crate::usage::allow(&app, 5);
    let program = Program::of(&olivia, "sdk", &[]).await;
    let report = |count: i64| json!({"member": Uma.email(), "service": "Figma", "count": count});
    let until = in_days(&app, 2);
    let form = [("meter", "usage_events"), ("extra", "10"), ("reason", WHY), ("expires_on", &until)];
    sam.post(&acme("/override"), &form).await.goes_to(&acme(""));
    let told = program.post("/api/v1/usage", &report(4)).await;
    assert_eq!(told.is(201).json()["limit"], 15);
    olivia.get("/settings/plan").await.shows("10 extra, 4 of them used").shows("4 of 15");
    app.days_pass(3);
    let told = program.post("/api/v1/usage", &report(5)).await;
    assert_eq!((&told.is(201).json()["used"], &told.json()["limit"]), (&json!(9), &json!(9)));
    program.post("/api/v1/usage", &report(1)).await.problem(429, "usage_limit");
    app.days_pass(31);
    assert_eq!(program.post("/api/v1/usage", &report(1)).await.is(201).json()["limit"], 5);
}

#[actix_web::test]
async fn a_longer_cycle_keeps_a_trial_going_and_opens_one_that_had_ended() {
    let app = TestApp::start().await;
    put_on(&app, TRIAL);
    app.days_pass(40);
    app.work_until_idle().await;
    assert_eq!(add(&app, "Late").await, 409);
    let sam = app.sign_in(Sam).await;
    sam.get(&acme("?form=more")).await.is(200).shows("Last day of this cycle");
    let until = in_days(&app, 5);
    let form = [("meter", "usage_events"), ("ends_on", until.as_str()), ("reason", WHY)];
    sam.post(&acme("/override"), &form).await.goes_to(&acme(""));
    assert_eq!(add(&app, "In time").await, 303);
    app.sign_in(Olivia).await.get("/settings/plan").await.shows("A longer cycle").hides("has ended");
    app.work_until_idle().await;
    app.trail_holds(Olivia, &format!("Sam Staff made the cycle of Acme end with {until}: “{WHY}”"));
    app.days_pass(5);
    assert_eq!(add(&app, "The last day counts").await, 303);
    app.days_pass(1);
    assert_eq!(add(&app, "Too late").await, 409);
    app.work_until_idle().await;
    let overlapping = app.number(
        "SELECT count(*) AS number FROM plan_periods a JOIN plan_periods b USING (business_id)
         WHERE a.starts_at < b.starts_at AND a.ends_at > b.starts_at",
    );
    assert_eq!(overlapping, 0);
}

#[actix_web::test]
async fn another_plan_for_good_begins_now_whether_public_or_not() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    sam.get(&acme("?form=plan")).await.is(200).shows("Unlimited").shows("Trial");
    sam.post(&acme("/plan"), &[("plan", "unlimited"), ("reason", WHY)]).await.goes_to(&acme(""));
    let page = app.sign_in(Olivia).await.get("/settings/plan").await;
    page.shows("Unlimited").shows("no limit").hides("Beyond the plan");
    app.trail_holds(Olivia, &format!("Sam Staff gave Acme the plan Unlimited: “{WHY}”"));
    app.trail_holds(Sam, &format!("Sam Staff gave Acme the plan Unlimited: “{WHY}”"));
    app.trail_holds(Olivia, "Sam Staff chose the plan Unlimited");
    sam.post(&acme("/plan"), &[("plan", "unlimited"), ("reason", WHY)]).await.is(409).shows("is the present plan");
    assert!(app.letters_to(Olivia.email()).iter().any(|letter| letter.kind == "plan_changed"));
    assert_eq!(app.trail(Gus).iter().filter(|said| said.contains("Unlimited")).count(), 0);
}

#[actix_web::test]
async fn another_plans_limits_hold_until_a_day_and_open_what_had_ended() {
    let app = TestApp::start().await;
    put_on(&app, TRIAL);
    app.days_pass(40);
    assert_eq!(add(&app, "Late").await, 409);
    let (sam, until) = (app.sign_in(Sam).await, in_days(&app, 7));
    let form = [("plan", "team"), ("reason", WHY), ("expires_on", until.as_str())];
    sam.post(&acme("/plan"), &form).await.goes_to(&acme(""));
    assert_eq!(add(&app, "Lent").await, 303);
    let page = app.sign_in(Olivia).await.get("/settings/plan").await;
    page.shows("The limits of the plan Team").shows("1 of 200").hides("The plan of this business has ended");
    app.days_pass(8);
    assert_eq!(add(&app, "Over").await, 409);
    app.sign_in(Olivia).await.get("/settings/plan").await.shows("The plan of this business has ended");
}

#[actix_web::test]
async fn what_cannot_be_given_is_said_beside_the_form() {
    let app = TestApp::start().await;
    put_on(&app, FREE);
    let sam = app.sign_in(Sam).await;
    let (yesterday, far, soon) = (in_days(&app, -1), in_days(&app, 3_000), in_days(&app, 9));
    let before = app.fingerprint();
    let of = |meter| ("meter", meter);
    let day = ("expires_on", soon.as_str());
    for wrong in [
        &[of("seats"), ("limit", "60"), ("reason", "short"), day][..],
        &[of("seats"), ("limit", "60"), ("reason", WHY)],
        &[of("seats"), ("limit", "50"), ("reason", WHY), day],
        &[of("seats"), ("limit", "-1"), ("reason", WHY), day],
        &[of("seats"), ("limit", "99999999999999999999"), ("reason", WHY), day],
        &[of("gold"), ("limit", "60"), ("reason", WHY), day],
        &[of("seats"), ("extra", "60"), ("reason", WHY), day],
        &[of("seats"), ("limit", "60"), ("extra", "5"), ("reason", WHY), day],
        &[of("seats"), ("limit", "60"), ("reason", WHY), ("expires_on", yesterday.as_str())],
        &[of("seats"), ("limit", "60"), ("reason", WHY), ("expires_on", far.as_str())],
        &[of("seats"), ("reason", WHY), day],
        &[of("seats"), ("ends_on", yesterday.as_str()), ("reason", WHY)],
        &[of("seats"), ("ends_on", soon.as_str()), ("reason", WHY)],
        &[of("seats"), ("limit", "60"), ("reason", WHY), day, ("staff_id", "1")],
    ] {
        sam.post(&acme("/override"), wrong).await.is(422);
    }
    for wrong in [&[("plan", "gold"), ("reason", WHY)][..], &[("plan", ""), ("reason", WHY)], &[("plan", "team")]] {
        sam.post(&acme("/plan"), wrong).await.is(422);
    }
    assert_eq!(app.fingerprint(), before);
}

#[actix_web::test]
async fn nobody_gives_anything_to_their_own_business_or_without_being_staff() {
    let app = TestApp::start().await;
    for person in [Olivia, Adam, Gus] {
        let browser = app.sign_in(person).await;
        for path in [acme("/plan"), acme("/override"), acme("/retry"), "/staff/plans".to_owned()] {
            browser.post(&path, &[("plan", "unlimited"), ("reason", WHY)]).await.is(404);
        }
        browser.get("/staff/plans").await.is(404);
        browser.get("/staff/worker").await.is(404);
    }
    let (user, acme_id) = (Sam.user_uuid(), Cast::Olivia.business_uuid());
    app.sql(&format!("UPDATE members SET user_id = '{user}' WHERE business_id = '{acme_id}' AND role = 'auditor'"));
    let sam = app.sign_in(Sam).await;
    let refused = sam.post(&acme("/plan"), &[("plan", "unlimited"), ("reason", WHY)]).await;
    assert!((400..500).contains(&refused.status), "{}", refused.status);
    assert_eq!(app.number("SELECT count(*) AS number FROM plan_overrides"), 0);
}

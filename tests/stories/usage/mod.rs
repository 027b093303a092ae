//! What programs report of use: counted to the limit and not beyond, once however often it is sent, and refused in
//! words that programs read.

mod limits;
mod refusing;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Adam, Cast, Olivia, Program, TestApp, Uma};

const USAGE: &str = "/api/v1/usage";

/// Uma used Figma.
fn figma() -> Value {
    json!({"member": Uma.email(), "service": "Figma"})
}

/// A running subscription of a service of this name in this person's business.
pub fn given(app: &TestApp, name: &str, owner: Cast) -> Uuid {
    let (uuid, service) = (Uuid::now_v7(), Uuid::now_v7());
    let (business, member, folded) = (owner.business_uuid(), owner.member_uuid(), name.to_lowercase());
    let parse_id: String = uuid.simple().to_string().chars().rev().take(10).collect();
    app.sql(&format!(
        "INSERT INTO services (business_id, id, name, name_folded, vendor, category, website)
         VALUES ('{business}', '{service}', '{name}', '{folded}', '', '', '')"
    ));
    app.sql(&format!(
        "INSERT INTO subscriptions (business_id, id, parse_id, service_id, name, name_folded, owner_id, status, cost_model,
           currency, cycle_unit, cycle_count, anchor_on, auto_renew, notice_count, notice_unit, department, category,
           tags, payment_method, url, notes, created_at)
         VALUES ('{business}', '{uuid}', '{parse_id}', '{service}', '{name}', '{folded}', '{member}', 'active',
           'per_seat', 'EUR', 'month', 1, '2026-01-31', 'auto', 0, 'day', '', '', '{{}}', '', '', '', now())"
    ));
    app.sql(&format!(
        "INSERT INTO price_lines (business_id, id, subscription_id, from_on, cost_minor, seats, created_at)
         VALUES ('{business}', '{}', '{uuid}', '2020-01-01', 1500, 50, now())",
        Uuid::now_v7()
    ));
    uuid
}

/// Allows the businesses so many events a cycle.
pub fn allow(app: &TestApp, limit: i64) {
    app.sql(&format!("UPDATE plan_limits SET allowance = {limit} WHERE meter = 'usage_events'"));
}

/// How many events are counted, over all cycles of Acme.
fn counted(app: &TestApp) -> i64 {
    let business = Olivia.business_uuid();
    app.number(&format!(
        "SELECT coalesce(sum(used), 0)::bigint AS number FROM usage_counters WHERE business_id = '{business}'"
    ))
}

#[actix_web::test]
async fn a_report_counts_and_shows_when_a_seat_was_last_used() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let software = subledger::kernel::ids::to_text(given(&app, "Figma", Adam));
    adam.post(&format!("/subscriptions/{software}/licenses"), &[("member", &Uma.member_id())]).await.is(303);
    let program = Program::of(&adam, "sdk", &[]).await;
    let told = program.post(USAGE, &figma()).await;
    let told = told.is(201).json();
    assert_eq!((&told["used"], &told["limit"]), (&json!(1), &json!(1_000_000)));
    assert!(told["resets_at"].as_str().unwrap().ends_with("T00:00:00Z"), "{told}");
    let last = "SELECT last_used_source || ' ' || to_char(last_used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') AS text
                FROM licenses";
    let today = app.clock.now().date_naive();
    assert!(app.text(last).starts_with(&format!("usage {today}")), "{}", app.text(last));

    // An older use does not hide a later one, and somebody without a seat counts all the same.
    let earlier = (app.clock.now() - chrono::TimeDelta::days(3)).to_rfc3339();
    let many = json!({"events": [
        {"member": Uma.member_id(), "service": " FIGMA ", "used_at": earlier, "count": 40, "meter": "usage_events"},
        {"member": "ADAM@acme.example", "service": "Figma", "count": 2},
    ]});
    let told = program.post(USAGE, &many).await;
    assert_eq!(told.is(201).json()["used"], 43);
    assert!(app.text(last).starts_with(&format!("usage {today}")), "{}", app.text(last));
    adam.get("/settings/plan").await.shows("43 of 1,000,000").shows("At the limit programs are refused");
}

#[actix_web::test]
async fn an_earlier_use_is_taken_when_none_was_known() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let software = subledger::kernel::ids::to_text(given(&app, "Figma", Adam));
    adam.post(&format!("/subscriptions/{software}/licenses"), &[("member", &Uma.member_id())]).await.is(303);
    let program = Program::of(&adam, "sdk", &[]).await;
    let day = (app.clock.now() - chrono::TimeDelta::days(40)).date_naive();
    let body = json!({"member": Uma.email(), "service": "Figma", "used_at": format!("{day}T10:00:00+02:00")});
    program.post(USAGE, &body).await.is(201);
    let last = "SELECT to_char(last_used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS text FROM licenses";
    assert_eq!(app.text(last), format!("{day} 08:00"));
}

#[actix_web::test]
async fn fifty_equal_reports_under_one_name_count_once_and_get_one_answer() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    given(&app, "Figma", Olivia);
    let program = Program::of(&olivia, "sdk", &[]).await;
    let body = json!({"member": Uma.email(), "service": "Figma", "count": 7});
    let sent = (0..50).map(|_| program.post_once(USAGE, "report-1", &body));
    let answers = futures_util::future::join_all(sent).await;
    let first = answers.first().unwrap().body.clone();
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (201, &first));
    }
    assert_eq!(answers.first().unwrap().json()["used"], 7);
    assert_eq!(counted(&app), 7);
    program.post_once(USAGE, "report-2", &body).await.is(201);
    let other = json!({"member": Uma.email(), "service": "Figma", "count": 8});
    program.post_once(USAGE, "report-1", &other).await.is(201);
    let second = Program::of(&olivia, "sdk", &[]).await;
    second.post_once(USAGE, "report-1", &body).await.is(201);
    assert_eq!(counted(&app), 29, "another name, another body and another key are other acts");
}

#[actix_web::test]
async fn the_next_cycle_begins_at_nothing_without_a_worker() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    given(&app, "Figma", Olivia);
    allow(&app, 5);
    let program = Program::of(&olivia, "sdk", &[]).await;
    let body = json!({"member": Uma.email(), "service": "Figma", "count": 5});
    let first = program.post(USAGE, &body).await;
    let resets_at = first.is(201).json()["resets_at"].clone();
    program.post(USAGE, &figma()).await.problem(429, "usage_limit");
    app.days_pass(31);
    let again = program.post(USAGE, &figma()).await;
    assert_eq!(again.is(201).json()["used"], 1);
    assert_ne!(again.json()["resets_at"], resets_at);
    app.work_until_idle().await;
    assert_eq!(program.post(USAGE, &figma()).await.is(201).json()["used"], 2);
    app.sign_in(Olivia).await.get("/settings/plan").await.shows("2 of 5");
}

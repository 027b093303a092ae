//! What the door of programs refuses, each with a problem that says why.

use reqwest::Method;
use serde_json::{Value, json};

use super::{USAGE, counted, figma, given};
use crate::support::{Cast, Gus, Olivia, Program, Shown, TestApp};

async fn raw(program: &Program, body: &str) -> Shown {
    program.send(Method::POST, USAGE, &[], body.to_owned()).await
}

#[actix_web::test]
async fn what_cannot_be_read_is_refused_with_a_problem() {
    let app = TestApp::start().await;
    let program = Program::of(&app.sign_in(Olivia).await, "sdk", &[]).await;
    given(&app, "Figma", Olivia);
    for body in ["", "{", "[]", "1", "null", "\"x\"", "{\"member\": }", "\u{fffd}{}", &"[".repeat(100_000)] {
        raw(&program, body).await.problem(400, "malformed");
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    program.send(Method::POST, USAGE, &form, figma().to_string()).await.problem(415, "not_json");
    program.send(Method::POST, USAGE, &[("content-type", "text/plain")], figma().to_string()).await.is(415);
    let charset = [("content-type", "application/json; charset=utf-8")];
    program.send(Method::POST, USAGE, &charset, figma().to_string()).await.is(201);
    raw(&program, &format!("{{\"member\": \"{}\"}}", "x".repeat(1_100_000))).await.problem(413, "too_large");
    let get = program.send(Method::GET, USAGE, &[], String::new()).await;
    assert_eq!(get.problem(405, "method").headers["allow"], "POST");
    let long = "k".repeat(201);
    program.post_once(USAGE, &long, &figma()).await.problem(400, "malformed");
    assert_eq!(counted(&app), 1);
}

#[actix_web::test]
async fn what_is_read_and_wrong_names_its_field() {
    let app = TestApp::start().await;
    let program = Program::of(&app.sign_in(Olivia).await, "sdk", &[]).await;
    given(&app, "Figma", Olivia);
    given(&app, "Secret", Gus);
    let with = |name: &str, value: Value| {
        let mut event = figma();
        event[name] = value;
        event
    };
    let soon = (app.clock.now() + chrono::TimeDelta::minutes(10)).to_rfc3339();
    let long_ago = (app.clock.now() - chrono::TimeDelta::days(400)).to_rfc3339();
    for (name, value, code) in [
        ("member", json!("nobody@acme.example"), "unknown_member"),
        ("member", json!(Gus.email()), "unknown_member"),
        ("member", json!(Gus.member_id()), "unknown_member"),
        ("member", json!("x".repeat(20_000)), "invalid"),
        ("member", json!("a\u{0}b@acme.example"), "invalid"),
        ("member", json!({"$ne": null}), "invalid"),
        ("member", json!(null), "invalid"),
        ("service", json!("Miro"), "unknown_service"),
        ("service", json!("Secret"), "unknown_service"),
        ("service", json!("Fig\u{0}ma"), "invalid"),
        ("service", json!(""), "invalid"),
        ("service", json!(7), "invalid"),
        ("count", json!(0), "invalid"),
        ("count", json!(-5), "invalid"),
        ("count", json!(1.5), "invalid"),
        ("count", json!(1_000_001), "invalid"),
        ("count", json!(u64::MAX), "invalid"),
        ("count", json!("1"), "invalid"),
        ("used_at", json!(soon), "invalid"),
        ("used_at", json!(long_ago), "invalid"),
        ("used_at", json!("+262142-12-31T23:59:59Z"), "invalid"),
        ("used_at", json!("yesterday"), "invalid"),
        ("meter", json!("seats"), "invalid"),
        ("meter", json!("gold"), "invalid"),
    ] {
        let refused = program.post(USAGE, &with(name, value.clone())).await;
        assert_eq!(refused.problem(422, code).json()["field"], name, "{value}");
        let among = json!({"events": [figma(), with(name, value.clone())]});
        let refused = program.post(USAGE, &among).await;
        assert_eq!(refused.problem(422, code).json()["field"], format!("events[1].{name}"), "{value}");
    }
    for surprise in ["business_id", "is_admin", "__proto__"] {
        program.post(USAGE, &with(surprise, json!(1))).await.problem(422, "unknown_field");
    }
    let too_many = json!({"events": vec![figma(); 1_001]});
    for wrong in [json!({}), json!({"events": []}), json!({"events": "all"}), json!({"events": [1]}), too_many] {
        program.post(USAGE, &wrong).await.is(422);
    }
    assert_eq!(counted(&app), 0);
    program.post(USAGE, &json!({"events": vec![figma(); 1_000]})).await.is(201);
    assert_eq!(counted(&app), 1_000);
}

#[actix_web::test]
async fn only_a_key_that_reports_usage_opens_the_door_and_it_opens_no_other() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    given(&app, "Figma", Olivia);
    let (sdk, service) =
        (Program::of(&olivia, "sdk", &[]).await, Program::of(&olivia, "service", &["people:read"]).await);
    service.post(USAGE, &figma()).await.problem(403, "other_kind_of_key");
    for path in ["/api/v1/subscriptions", "/api/v1", "/api/openapi.json", "/api/v1/usage/", "/api"] {
        sdk.send(Method::GET, path, &[], String::new()).await.problem(403, "other_kind_of_key");
        sdk.send(Method::DELETE, path, &[], String::new()).await.problem(403, "other_kind_of_key");
        service.send(Method::GET, path, &[], String::new()).await.problem(404, "not_found");
    }
    for path in ["/", "/people", "/settings/api-keys", "/login", "/staff"] {
        for program in [&sdk, &service] {
            program.send(Method::GET, path, &[], String::new()).await.is(403);
            program.send(Method::POST, path, &[("sec-fetch-site", "none")], String::new()).await.is(403);
        }
    }
    let nobody = |key: &str| Program { key: key.to_owned(), ..sdk.clone() };
    for wrong in ["", "slk_", "slk_nothing", &sdk.key[4..], &format!("{}x", sdk.key), &sdk.key.to_uppercase()] {
        nobody(wrong).post(USAGE, &figma()).await.is(401).json();
    }
    let other = format!("slk_{}", subledger::kernel::secret::Key::random().to_text());
    let refused = nobody(&other).post(USAGE, &figma()).await;
    assert_eq!(refused.problem(401, "unknown_key").headers["www-authenticate"], "Bearer");
    // Being signed in opens nothing here.
    let cookie = olivia.request(Method::POST, USAGE).header("sec-fetch-site", "same-origin").json(&figma());
    Shown::of(cookie).await.problem(401, "no_key");
    assert_eq!(counted(&app), 0);
}

#[actix_web::test]
async fn each_key_counts_for_its_own_business() {
    let app = TestApp::start().await;
    given(&app, "Figma", Olivia);
    given(&app, "Figma", Gus);
    let gus = Program::of(&app.sign_in(Gus).await, "sdk", &[]).await;
    gus.post(USAGE, &figma()).await.problem(422, "unknown_member");
    gus.post(USAGE, &json!({"member": Gus.email(), "service": "Figma"})).await.is(201);
    assert_eq!(counted(&app), 0);
    let theirs = app.number("SELECT sum(used)::bigint AS number FROM usage_counters");
    assert_eq!(theirs, 1);
}

#[actix_web::test]
async fn a_business_that_is_suspended_or_whose_plan_has_ended_counts_nothing() {
    let app = TestApp::start().await;
    let program = Program::of(&app.sign_in(Olivia).await, "sdk", &[]).await;
    given(&app, "Figma", Olivia);
    let acme = Cast::Olivia.business_uuid();
    app.sql(&format!("UPDATE businesses SET status = 'suspended' WHERE id = '{acme}'"));
    program.post(USAGE, &figma()).await.problem(409, "business_suspended");
    app.sql(&format!("UPDATE businesses SET status = 'active' WHERE id = '{acme}'"));
    app.sql(&format!(
        "UPDATE plan_subscriptions SET plan_id = '00000000-0000-7000-8000-000000000101', period_ends_at = now() - interval '1 minute',
           cycle_starts_at = now() - interval '15 days', period_starts_at = now() - interval '15 days' WHERE business_id = '{acme}'"
    ));
    program.post(USAGE, &figma()).await.problem(409, "plan_ended");
    assert_eq!(counted(&app), 0);
}

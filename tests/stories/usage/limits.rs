//! The limit: exactly as many as fit, and the letters before it.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::json;

use super::{USAGE, allow, counted, figma, given};
use crate::support::{Adam, Gus, Olivia, Program, TestApp, Uma};

#[actix_web::test]
async fn two_hundred_at_once_at_a_limit_of_fifty_are_fifty() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    given(&app, "Figma", Olivia);
    allow(&app, 50);
    let program = Program::of(&olivia, "sdk", &[]).await;
    let answers = join_all((0..200).map(|_| async { program.post(USAGE, &figma()).await })).await;
    let mut statuses = BTreeMap::new();
    for answer in &answers {
        *statuses.entry(answer.status).or_insert(0) += 1;
    }
    assert_eq!(statuses, BTreeMap::from([(201, 50), (429, 150)]));
    assert_eq!(counted(&app), 50);
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    let problem = refused.problem(429, "usage_limit").json();
    assert_eq!((&problem["used"], &problem["limit"]), (&json!(50), &json!(50)));
    assert!(problem["resets_at"].as_str().unwrap().ends_with("T00:00:00Z"), "{problem}");
    assert!(refused.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
    let mut used: Vec<i64> =
        answers.iter().filter(|answer| answer.status == 201).map(|one| one.json()["used"].as_i64().unwrap()).collect();
    used.sort_unstable();
    assert_eq!(used, (1..=50).collect::<Vec<i64>>(), "no two were told the same");
}

#[actix_web::test]
async fn what_does_not_fit_whole_is_not_counted_at_all() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    given(&app, "Figma", Olivia);
    allow(&app, 10);
    let program = Program::of(&olivia, "sdk", &[]).await;
    program.post(USAGE, &json!({"member": Uma.email(), "service": "Figma", "count": 8})).await.is(201);
    let three = json!({"events": [figma(), figma(), figma()]});
    let refused = program.post_once(USAGE, "three", &three).await;
    assert_eq!(refused.problem(429, "usage_limit").json()["used"], 8);
    assert_eq!(counted(&app), 8);
    allow(&app, 11);
    assert_eq!(program.post_once(USAGE, "three", &three).await.is(201).json()["used"], 11);
}

#[actix_web::test]
async fn owners_are_told_at_eighty_and_a_hundred_per_cent_once_a_cycle() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    given(&app, "Figma", Olivia);
    allow(&app, 10);
    let program = Program::of(&olivia, "sdk", &[]).await;
    let letters = || {
        let all = app.letters_to(Olivia.email()).into_iter().filter(|letter| letter.kind == "limit_near");
        all.map(|letter| letter.details["is_full"].as_bool().unwrap()).collect::<Vec<bool>>()
    };
    program.post(USAGE, &json!({"member": Uma.email(), "service": "Figma", "count": 7})).await.is(201);
    assert!(letters().is_empty());
    program.post(USAGE, &figma()).await.is(201);
    assert_eq!(letters(), [false]);
    program.post(USAGE, &figma()).await.is(201);
    assert_eq!(letters(), [false]);
    program.post(USAGE, &figma()).await.is(201);
    program.post(USAGE, &figma()).await.is(429);
    assert_eq!(letters(), [false, true]);
    assert!(app.letters_to(Gus.email()).is_empty() && app.letters_to(Adam.email()).is_empty());
    app.days_pass(31);
    program.post(USAGE, &json!({"member": Uma.email(), "service": "Figma", "count": 10})).await.is(201);
    assert_eq!(letters(), [false, true, true], "of two steps at once only the graver");
    app.work_until_idle().await;
    let mail = app.mailbox(Olivia.email());
    let subjects: Vec<&str> = mail.iter().map(|letter| letter.header("Subject")).collect();
    assert!(subjects.contains(&"A limit of Acme is nearly reached"), "{subjects:?}");
    assert!(subjects.contains(&"A limit of Acme is reached"), "{subjects:?}");
}

#[actix_web::test]
async fn the_other_limits_are_told_of_in_the_same_way() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    app.sql("UPDATE plan_limits SET allowance = 5 WHERE meter = 'subscriptions'");
    let add = |n: usize| {
        let name = format!("Tool {n}");
        let olivia = olivia.clone();
        async move {
            let form = [("service", name.as_str()), ("cost", "5"), ("currency", "EUR"), ("renews_on", "2030-01-31")];
            olivia.post("/subscriptions", &form).await.status
        }
    };
    for n in 0..5 {
        assert_eq!(add(n).await, 303);
    }
    assert_eq!(add(5).await, 409);
    let letters = app.letters_to(Olivia.email());
    let told: Vec<(&str, bool)> = letters
        .iter()
        .map(|letter| (letter.details["used"].as_str().unwrap(), letter.details["is_full"].as_bool().unwrap()))
        .collect();
    assert_eq!(told, [("4", false), ("5", true)]);
}

#[actix_web::test]
async fn two_hundred_subscriptions_at_once_at_a_limit_of_ten_are_ten() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    app.sql("UPDATE plan_limits SET allowance = 10 WHERE meter = 'subscriptions'");
    let add = |n: usize| {
        let name = format!("Tool {n}");
        let olivia = olivia.clone();
        async move {
            let form = [("service", name.as_str()), ("cost", "5"), ("currency", "EUR"), ("renews_on", "2030-01-31")];
            olivia.post("/subscriptions", &form).await.status
        }
    };
    let answers = join_all((0..200).map(add)).await;
    let added = answers.iter().filter(|status| **status == 303).count();
    let refused = answers.iter().filter(|status| **status == 409).count();
    assert_eq!((added, refused), (10, 190), "{answers:?}");
    let standing =
        "SELECT count(*) AS number FROM subscriptions WHERE removed_at IS NULL AND status IN ('trial', 'active')";
    assert_eq!(app.number(standing), 10);
}

#[actix_web::test]
async fn one_program_sends_no_more_than_its_share_of_requests() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let program = Program::of(&olivia, "sdk", &[]).await;
    program.post(USAGE, &figma()).await.is(422);
    app.sql("UPDATE attempts SET tries = 600 WHERE tries = 1 AND until < since + interval '2 minutes'");
    let refused = program.post(USAGE, &figma()).await;
    refused.problem(429, "too_many");
    assert!(refused.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() <= 60);
    let other = Program::of(&olivia, "sdk", &[]).await;
    other.post(USAGE, &figma()).await.is(422);
    app.clock.advance(chrono::TimeDelta::minutes(1));
    program.post(USAGE, &figma()).await.is(422);
}

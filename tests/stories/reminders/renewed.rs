//! What renewed because nobody had decided otherwise is told once, and only as it stands in the end.

use subledger::domain::subscriptions::roll_forward::RollDue;

use super::*;
use crate::support::{Adam, Olivia, Uma};

/// Lets the dates of every subscription come, and leaves the letters in the outbox.
async fn roll(app: &TestApp) {
    let rounds = subledger::domain::access::for_rounds();
    while due::run(&app.app.db, &rounds, RollDue).await.unwrap() > 0 {}
}

fn by_default(app: &TestApp, person: Cast) -> usize {
    told(app, person).iter().filter(|kind| *kind == "renewed_by_default").count()
}

#[actix_web::test]
async fn uma_is_told_that_it_renewed_by_default_and_what_is_due() {
    let app = TestApp::start().await;
    yearly(&app.sign_in(Uma).await, &app, "Figma", 100, &[]).await;
    app.days_pass(100);
    tokio::join!(roll(&app), roll(&app));
    assert_eq!((by_default(&app, Uma), by_default(&app, Olivia)), (1, 0));
    let letter = app.letters_to(Uma.email()).into_iter().find(|letter| letter.kind == "renewed_by_default").unwrap();
    assert_eq!((&letter.details["due"], &letter.details["subscription"]), (&"€1,200.00".into(), &"Figma".into()));
    let uma = app.sign_in(Uma).await;
    uma.get("/notifications").await.shows("Figma renewed by default on");
    app.trail_holds(Uma, &format!("worker renewed Figma by default on {}", in_days(&app, 0)));
}

#[actix_web::test]
async fn five_missed_weeks_are_told_once_and_to_the_owner_when_uma_is_gone() {
    let app = TestApp::start().await;
    let week = [("cycle_unit", "week"), ("notice_count", "0")];
    yearly(&app.sign_in(Uma).await, &app, "Figma", 7, &week).await;
    app.sql("UPDATE members SET status = 'deactivated' WHERE name = 'Uma Usher'");
    app.days_pass(7 * 5 + 1);
    roll(&app).await;
    assert_eq!((by_default(&app, Uma), by_default(&app, Olivia)), (0, 1));
}

#[actix_web::test]
async fn whoever_comes_before_the_worker_does_not_keep_it_from_being_told() {
    let app = TestApp::start().await;
    let path = yearly(&app.sign_in(Uma).await, &app, "Figma", 100, &[]).await;
    app.days_pass(100);
    let adam = app.sign_in(Adam).await;
    adam.post(&format!("{path}/licenses"), &[("member", &Adam.member_id())]).await.is(303);
    assert_eq!(by_default(&app, Uma), 1);
    roll(&app).await;
    assert_eq!(by_default(&app, Uma), 1);
}

#[actix_web::test]
async fn what_was_decided_is_not_told_as_a_default() {
    let app = TestApp::start().await;
    yearly(&app.sign_in(Uma).await, &app, "Figma", 100, &[]).await;
    decide(&app, "renew");
    app.days_pass(100);
    roll(&app).await;
    assert_eq!(told(&app, Uma), [""; 0]);
}

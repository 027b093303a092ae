//! What happens to the plan, in the inboxes of the owners.

use super::*;
use crate::support::{Adam, INGRID, Olivia, Sam, Uma};

const PATH: &str = "/settings/notifications";

fn letters(app: &TestApp, email: &str, kind: &str) -> usize {
    app.letters_to(email).iter().filter(|letter| letter.kind == kind).count()
}

/// The sentences of an inbox, the newest first.
async fn inbox(browser: &Browser) -> Vec<String> {
    browser.get("/notifications").await.is(200).texts("tbody th button")
}

#[actix_web::test]
async fn the_end_of_a_trial_stands_in_the_inbox_once_before_and_once_on_its_last_day() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    app.days_pass(12);
    for _ in 0..2 {
        tokio::join!(app.remind_of_ends(), app.remind_of_ends());
        let said = inbox(&ingrid).await;
        assert!(said.len() == 1 && said[0].starts_with("The plan Trial ends on "), "{said:?}");
    }
    app.days_pass(2);
    app.remind_of_ends().await;
    app.remind_of_ends().await;
    assert_eq!(inbox(&ingrid).await[..1], ["Today is the last day of the plan Trial"]);
    assert_eq!(inbox(&ingrid).await.len(), 2);
    app.days_pass(2);
    app.work_until_idle().await;
    app.work_until_idle().await;
    let said = inbox(&ingrid).await;
    assert_eq!(said[0], "The plan Trial has ended, and nothing can be added until you choose one");
    assert_eq!(said.len(), 3);
    let opened = ingrid.post(&format!("/notifications/{}/open", newest_of_all(&app)), &[]).await;
    opened.goes_to("/settings/plan");
}

/// The id of the newest message of all, as forms write it.
fn newest_of_all(app: &TestApp) -> String {
    let id = app.text("SELECT id::text AS text FROM notifications ORDER BY id DESC LIMIT 1");
    subledger::kernel::ids::to_text(id.parse().unwrap())
}

#[actix_web::test]
async fn owners_choose_how_they_are_told_of_the_plan_and_nobody_else_is_asked() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    ingrid.get(PATH).await.is(200).shows("The plan ends in three days, or today");
    let neither = [("inbox_trial_ending", "0"), ("letter_trial_ending", "0"), ("letter_plan_ended", "0")];
    ingrid.post(PATH, &neither).await.goes_to(PATH);
    app.days_pass(12);
    app.remind_of_ends().await;
    app.remind_of_ends().await;
    assert_eq!(inbox(&ingrid).await, [""; 0]);
    assert_eq!(letters(&app, "ingrid@initech.example", "trial_ending"), 0);
    app.days_pass(4);
    app.work_until_idle().await;
    assert_eq!(inbox(&ingrid).await.len(), 1, "the inbox still tells of the end");
    assert_eq!(app.number("SELECT count(*) AS number FROM letters WHERE kind = 'plan_ended'"), 0);
    for person in [Adam, Uma] {
        app.sign_in(person).await.get(PATH).await.is(200).hides("The plan ends").shows("You are given a seat");
    }
    app.sign_in(Olivia).await.get(PATH).await.is(200).shows("The plan renews");
}

#[actix_web::test]
async fn a_new_cycle_and_another_plan_are_told_to_owners_only() {
    let app = TestApp::start().await;
    app.days_pass(31);
    app.work_until_idle().await;
    app.work_until_idle().await;
    let (olivia, adam) = (app.sign_in(Olivia).await, app.sign_in(Adam).await);
    let said = inbox(&olivia).await;
    assert!(said.len() == 1 && said[0].starts_with("The plan Business renewed, until "), "{said:?}");
    assert_eq!(inbox(&adam).await, [""; 0]);
    app.sql("UPDATE members SET role = 'owner' WHERE name = 'Adam Adler'");
    olivia.post("/settings/plan", &[("plan", "free"), ("confirm", "1")]).await.goes_to("/settings/plan");
    assert_eq!(inbox(&olivia).await.len(), 1, "who chooses is not told of it in their own inbox");
    let said = inbox(&adam).await;
    assert!(said.len() == 1 && said[0].starts_with("The plan is Free from "), "{said:?}");
    assert_eq!([Olivia, Adam].map(|one| letters(&app, one.email(), "plan_changed")), [1, 1]);
}

#[actix_web::test]
async fn a_limit_is_told_once_for_each_step_however_often_it_is_reached() {
    let app = TestApp::start().await;
    let (olivia, adam) = (app.sign_in(Olivia).await, app.sign_in(Adam).await);
    app.sql("UPDATE plan_limits SET allowance = 5 WHERE meter = 'subscriptions'");
    for name in ["Figma", "Miro", "Slack"] {
        software(&adam, name, "5").await;
    }
    assert_eq!(inbox(&olivia).await, [""; 0]);
    for name in ["Zoom", "Loom"] {
        let path = software(&adam, name, "5").await;
        adam.post(&format!("{path}/remove"), &[]).await.is(303);
    }
    assert_eq!(inbox(&olivia).await, ["4 of 5 subscriptions of the plan are used"]);
    for name in ["Asana", "Notion"] {
        software(&olivia, name, "5").await;
    }
    let said = inbox(&olivia).await;
    assert_eq!(said[0], "5 of 5 subscriptions of the plan are used", "also to who brought it about");
    assert_eq!((said.len(), letters(&app, Olivia.email(), "limit_near")), (2, 2));
    assert_eq!(inbox(&adam).await, [""; 0]);
    olivia.post("/notifications/read-all", &[]).await.is(303);
    olivia.get("/notifications?kind=limit_near").await.is(200).shows("5 of 5 subscriptions");
    adam.get("/notifications").await.hides("80 or 100 %");
}

#[actix_web::test]
async fn the_answer_to_a_plan_that_was_asked_for_stands_in_the_inbox() {
    let app = TestApp::start_with(&[("SUBLEDGER_PLAN_CHANGES", "request")]).await;
    let acme = Olivia.business_uuid();
    let team = "00000000-0000-7000-8000-000000000103";
    app.sql(&format!("UPDATE plan_subscriptions SET plan_id = '{team}' WHERE business_id = '{acme}'"));
    let (olivia, sam) = (app.sign_in(Olivia).await, app.sign_in(Sam).await);
    let answer = format!("/staff/businesses/{}/answer", Olivia.business_id());
    let ask = [("plan", "business"), ("confirm", "1")];
    olivia.post("/settings/plan", &ask).await.goes_to("/settings/plan");
    sam.post(&answer, &[("answer", "decline"), ("reason", "Ticket 77: after the audit")]).await.is(303);
    olivia.get("/notifications").await.shows("The plan Business you asked for is not given").shows("Ticket 77");
    olivia.post("/settings/plan", &ask).await.goes_to("/settings/plan");
    sam.post(&answer, &[("answer", "approve"), ("reason", "")]).await.is(303);
    assert_eq!(inbox(&olivia).await[0], "You have the plan Business you asked for");
    assert_eq!(inbox(&olivia).await.len(), 2);
}

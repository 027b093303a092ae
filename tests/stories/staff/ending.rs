//! However a support session ends, nothing of it is left.

use super::{acme, ask, inside, letters, owners_allow};
use crate::support::{Olivia, Sam, TestApp, Uma};

#[actix_web::test]
async fn a_session_cannot_outlive_its_minutes() {
    let app = TestApp::start().await;
    let sam = inside(&app, "read", "").await;
    app.minutes_pass(29);
    sam.get("/subscriptions").await.is(200).shows("1 minute left");
    app.minutes_pass(1);
    sam.get("/subscriptions").await.goes_to("/staff");
    sam.get("/staff").await.is(200).shows("its time has run out");
    sam.get("/subscriptions").await.is(403);
    app.trail_holds(Olivia, "Sam Staff ended the support session of Sam Staff: its time was over");
    assert_eq!(letters(&app, Olivia), ["support_began", "support_ended"]);
    app.work_until_idle().await;
    assert_eq!(app.mailbox(Olivia.email()).len(), 2, "its end is told once");
}

#[actix_web::test]
async fn a_form_sent_too_late_changes_nothing_and_leads_back() {
    let app = TestApp::start().await;
    owners_allow(&app, "write");
    let sam = inside(&app, "write", "").await;
    app.minutes_pass(31);
    let form = [("service", "Slack"), ("cost", "7"), ("currency", "EUR"), ("renews_on", "2027-11-01")];
    sam.post("/subscriptions", &form).await.goes_to("/staff");
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions"), 0);
}

#[actix_web::test]
async fn the_worker_writes_down_the_end_that_nobody_saw() {
    let app = TestApp::start().await;
    let sam = inside(&app, "read", "").await;
    app.minutes_pass(45);
    app.work_until_idle().await;
    app.trail_holds(Olivia, "worker ended the support session of Sam Staff: its time was over");
    let on_time =
        "SELECT count(*) AS number FROM support_sessions WHERE ended_at = ends_at AND how_ended = 'time_over'";
    assert_eq!(app.number(on_time), 1);
    let letter = app.mailbox(Olivia.email()).pop().unwrap();
    assert_eq!(letter.header("Subject"), "Support has left Acme");
    assert!(letter.text.contains("They changed nothing."), "{}", letter.text);
    sam.get("/").await.goes_to("/staff");
    app.work_until_idle().await;
    assert_eq!(app.mailbox(Olivia.email()).len(), 2);
    ask(&sam, "read", "").await.goes_to("/");
}

#[actix_web::test]
async fn leaving_leads_back_to_the_console_under_a_new_cookie() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    let began = ask(&sam, "read", "").await;
    let inside_cookie = cookie(&began);
    sam.get("/subscriptions").await.is(200);
    let left = sam.post("/staff/sessions/end", &[]).await;
    left.goes_to(&acme(""));
    assert_ne!(cookie(&left), inside_cookie);
    sam.get(&acme("")).await.is(200).shows("You have left Acme.").shows("Left");
    sam.get("/subscriptions").await.is(403);
    app.trail_holds(Olivia, "Sam Staff left the support session");

    let thief = app.visitor();
    let request = thief.request(reqwest::Method::GET, "/subscriptions").header("cookie", inside_cookie);
    crate::support::Shown::of(request).await.goes_to("/login?next=%2Fsubscriptions");
}

#[actix_web::test]
async fn a_cookie_from_before_stepping_in_opens_nothing() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    let before = sam.cookies();
    ask(&sam, "read", "").await.goes_to("/");
    let looks = async |path: &str| {
        let visitor = app.visitor();
        let request = visitor.request(reqwest::Method::GET, path).header("cookie", before.clone());
        crate::support::Shown::of(request).await
    };
    looks("/staff").await.is(404);
    looks("/subscriptions").await.goes_to("/login?next=%2Fsubscriptions");
    sam.get("/subscriptions").await.is(200);
}

fn cookie(shown: &crate::support::Shown) -> String {
    let set = shown.headers.get("set-cookie").unwrap().to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

#[actix_web::test]
async fn a_session_cannot_outlive_signing_out() {
    let app = TestApp::start().await;
    let sam = inside(&app, "read", "").await;
    sam.post("/logout", &[]).await.goes_to("/login");
    sam.get("/subscriptions").await.goes_to("/login?next=%2Fsubscriptions");
    app.trail_holds(Olivia, "Sam Staff ended the support session of Sam Staff: the sign-in has ended");
    assert_eq!(app.number("SELECT count(*) AS number FROM support_sessions WHERE ended_at IS NULL"), 0);
    let again = app.sign_in(Sam).await;
    again.get("/subscriptions").await.is(403);
}

#[actix_web::test]
async fn a_session_ends_with_its_sign_in_wherever_that_is_ended() {
    let app = TestApp::start().await;
    let sam = inside(&app, "read", "").await;
    let elsewhere = app.sign_in(Sam).await;
    app.minutes_pass(1);
    app.work_until_idle().await;
    sam.get("/subscriptions").await.is(200);
    elsewhere.post("/settings/security/sessions/end-all", &[]).await.is(303);
    app.minutes_pass(1);
    app.work_until_idle().await;
    app.trail_holds(Olivia, "worker ended the support session of Sam Staff: the sign-in has ended");
    sam.get("/subscriptions").await.goes_to("/login?next=%2Fsubscriptions");
    ask(&elsewhere, "read", "").await.goes_to("/");
    assert_eq!(app.mailbox(Olivia.email()).len(), 2, "the owners are told that it began and that it ended");
}

#[actix_web::test]
async fn signing_out_after_the_time_is_over_signs_out() {
    let app = TestApp::start().await;
    let sam = inside(&app, "read", "").await;
    app.minutes_pass(31);
    sam.post("/logout", &[]).await.goes_to("/login");
    sam.get("/staff").await.is(404);
    app.trail_holds(Olivia, "Sam Staff ended the support session of Sam Staff: its time was over");
    assert_eq!(app.number("SELECT count(*) AS number FROM sessions WHERE user_id IS NOT NULL"), 0);
}

#[actix_web::test]
async fn an_owner_who_refuses_meanwhile_ends_it_at_the_next_request() {
    let app = TestApp::start().await;
    let sam = inside(&app, "read", "").await;
    sam.get("/subscriptions").await.is(200);
    owners_allow(&app, "refused");
    sam.get("/subscriptions").await.goes_to("/staff");
    sam.get("/staff").await.is(200).shows("an owner refuses support");
    app.trail_holds(Olivia, "Sam Staff ended the support session of Sam Staff: an owner refuses support");
    assert_eq!(letters(&app, Olivia), ["support_began", "support_ended"]);
}

#[actix_web::test]
async fn a_session_ends_when_the_person_behind_it_or_before_it_is_gone() {
    let app = TestApp::start().await;
    let sam = inside(&app, "read", &Uma.member_id()).await;
    sam.get("/").await.is(200);
    app.sql("UPDATE members SET status = 'deactivated' WHERE email = 'uma@acme.example'");
    sam.get("/").await.goes_to("/staff");
    sam.get("/staff").await.shows("not allowed any more");

    ask(&sam, "read", "").await.goes_to("/");
    app.sql("UPDATE users SET is_staff = false WHERE email LIKE 'sam@%'");
    sam.get("/subscriptions").await.goes_to("/staff");
    sam.get("/staff").await.is(404);
    sam.get("/subscriptions").await.is(403);
}

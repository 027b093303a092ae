//! Stepping into a business: who, where, why, as whom; and where it is refused.

use super::{REASON, acme, ask, inside, letters, owners_allow};
use crate::support::{Adam, Audrey, Gus, Olivia, Sam, TestApp, Uma};

#[actix_web::test]
async fn staff_see_the_books_under_a_banner_and_the_owners_are_told() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = add_figma(&adam).await;

    let sam = inside(&app, "read", "").await;
    let home = sam.get("/").await;
    home.is(200).shows("You act for Acme now, and read.").hides("Add subscription");
    let banner = home.texts(".support-bar").pop().unwrap();
    assert!(banner.starts_with("Sam Staff acts for Acme") && banner.contains("read only"), "{banner}");
    assert!(banner.contains(REASON) && banner.contains("30 minutes left") && banner.contains("Leave"), "{banner}");
    sam.get("/subscriptions").await.is(200).shows("Figma");
    sam.get(&format!("/subscriptions/{figma}")).await.is(200).shows("Figma");
    sam.get("/people").await.is(200).shows("Uma Usher");
    sam.get("/audit").await.is(200).shows("added Figma");

    app.trail_holds(Olivia, &format!("Sam Staff began a support session of 30 minutes to read: “{REASON}”"));
    assert_eq!(letters(&app, Olivia), ["support_began"]);
    assert_eq!(letters(&app, Adam), [""; 0]);
    let olivia = app.sign_in(Olivia).await;
    let trail = olivia.get("/audit?actor=support").await;
    trail.is(200).shows("Sam Staff (support)").shows("began a support session");
}

pub async fn add_figma(browser: &crate::support::Browser) -> String {
    let form = [
        ("service", "Figma"),
        ("cost", "12"),
        ("currency", "EUR"),
        ("cycle_count", "1"),
        ("cycle_unit", "month"),
        ("seats", "3"),
        ("renews_on", "2027-11-01"),
    ];
    let made = browser.post("/subscriptions", &form).await;
    made.is(303);
    made.id()
}

#[actix_web::test]
async fn a_reason_minutes_and_a_mode_are_asked_for() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    let refused = sam.post(&acme("/sessions"), &[("reason", "because"), ("minutes", "600"), ("mode", "root")]).await;
    refused.is(422).shows("at least 10 characters").shows("15, 30 or 60 minutes").shows("Choose reading or writing");
    refused.shows("because");
    let extra = [("reason", REASON), ("minutes", "15"), ("mode", "read"), ("ends_at", "2030-01-01")];
    sam.post(&acme("/sessions"), &extra).await.is(422);
    assert_eq!(app.number("SELECT count(*) AS number FROM support_sessions"), 0);
    assert_eq!(letters(&app, Olivia), [""; 0]);
}

#[actix_web::test]
async fn a_session_cannot_nest() {
    let app = TestApp::start().await;
    let sam = inside(&app, "read", "").await;
    let globex = format!("/staff/businesses/{}/sessions", Gus.business_id());
    let form = [("reason", REASON), ("minutes", "15"), ("mode", "read")];
    sam.post(&globex, &form).await.is(409).shows("Leave it first");
    sam.post(&acme("/sessions"), &form).await.is(409);
    sam.get("/staff").await.is(409).shows("acts for Acme");

    let elsewhere = app.sign_in(Sam).await;
    elsewhere.get("/staff").await.is(200).shows("open in another browser");
    elsewhere.post(&globex, &form).await.is(409).shows("in a support session in Acme already");
    elsewhere.post("/staff/sessions/end", &[]).await.goes_to(&acme(""));
    sam.get("/subscriptions").await.goes_to("/staff");
    sam.get("/staff").await.is(200).shows("You have left Acme");
    elsewhere.post(&globex, &form).await.goes_to("/");
    assert_eq!(app.number("SELECT count(*) AS number FROM support_sessions WHERE ended_at IS NULL"), 1);
}

#[actix_web::test]
async fn two_sessions_begun_at_once_are_one() {
    let app = TestApp::start().await;
    let browsers = [app.sign_in(Sam).await, app.sign_in(Sam).await, app.sign_in(Sam).await, app.sign_in(Sam).await];
    let begun = futures_util::future::join_all(browsers.iter().map(|sam| ask(sam, "read", ""))).await;
    let mut statuses: Vec<u16> = begun.iter().map(|shown| shown.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409]);
}

#[actix_web::test]
async fn a_session_cannot_target_staff_nor_a_business_of_ones_own() {
    let app = TestApp::start().await;
    app.sql("UPDATE users SET is_staff = true WHERE email = 'adam@acme.example'");
    let sam = app.sign_in(Sam).await;
    sam.get(&acme("")).await.is(200).hides("Adam Adler, admin");
    ask(&sam, "read", &Adam.member_id()).await.is(422).shows("Nobody sees what a member of staff sees");
    ask(&sam, "read", &Gus.member_id()).await.is(422).shows("Choose somebody who signs in");

    let (acme_id, user) = (Olivia.business_uuid(), Sam.user_uuid());
    app.sql(&format!(
        "INSERT INTO members (business_id, id, parse_id, user_id, name, name_folded, email, email_folded, role, status, department, created_at)
         VALUES ('{acme_id}', '01900000-0000-7000-8000-0000000000d1', 'sammember1', '{user}', 'Sam', 'sam', 's@x.example', 's@x.example', 'user', 'active', '', '2026-11-01Z')"
    ));
    sam.get(&acme("")).await.is(200).shows("You belong to Acme yourself").hides("Reason");
    ask(&sam, "read", "").await.is(403).shows("You belong to this business yourself");
    for path in ["/suspend", "/recover"] {
        let form = [("reason", REASON), ("email", Adam.email()), ("kind", "owner")];
        let fields: &[(&str, &str)] = if path == "/suspend" { &form[..1] } else { &form };
        sam.post(&acme(path), fields).await.is(403);
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM support_sessions"), 0);
}

#[actix_web::test]
async fn an_owner_who_refuses_support_is_left_alone() {
    let app = TestApp::start().await;
    owners_allow(&app, "refused");
    let sam = app.sign_in(Sam).await;
    sam.get(&acme("")).await.shows("An owner refuses support sessions in Acme").hides("Reason");
    ask(&sam, "read", "").await.is(403).shows("refuses support sessions");
    ask(&sam, "write", "").await.is(403);
    assert_eq!(letters(&app, Olivia), [""; 0]);
}

#[actix_web::test]
async fn with_ones_eyes_support_sees_what_that_person_sees_and_nothing_of_their_own() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = add_figma(&adam).await;
    adam.post(&format!("/subscriptions/{figma}/licenses"), &[("member", Uma.email())]).await.is(303);
    let slack = [("service", "Slack"), ("cost", "7"), ("currency", "EUR"), ("renews_on", "2027-11-01")];
    let secret = adam.post("/subscriptions", &slack).await.id();

    let sam = inside(&app, "read", &Uma.member_id()).await;
    sam.get("/").await.is(200).shows("seeing what Uma Usher sees").shows("Figma");
    sam.get("/subscriptions").await.shows("Figma").hides("Slack");
    sam.get(&format!("/subscriptions/{secret}")).await.is(404);
    sam.get("/people").await.shows("Uma Usher").hides("Audrey Aldana");
    sam.get("/audit").await.hides("Slack");
    for own in ["/businesses", "/businesses/new"] {
        sam.get(own).await.is(403).shows("acts for Acme");
    }
    let seen = "SELECT count(*) AS number FROM members WHERE email = 'uma@acme.example' AND last_seen_at IS NOT NULL";
    assert_eq!(app.number(seen), 0);
    app.trail_holds(
        Olivia,
        &format!("Sam Staff began a support session of 30 minutes to read, seeing what Uma Usher sees: “{REASON}”"),
    );

    let auditor = app.sign_in(Sam).await;
    auditor.post("/staff/sessions/end", &[]).await.is(303);
    ask(&auditor, "read", &Audrey.member_id()).await.goes_to("/");
    auditor.get("/subscriptions").await.shows("Figma").shows("Slack");
}

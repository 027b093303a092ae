//! Reading what one was told.

use subledger::domain::notifications::forget::KEPT;

use super::*;
use crate::support::{Adam, Audrey, Gus, Olivia, Sam, Uma};

#[actix_web::test]
async fn uma_finds_her_seat_in_her_inbox_opens_it_and_the_bell_is_still() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    uma.get("/notifications").await.is(200).shows("Nothing yet").hides("Mark all read");
    let figma = software(&adam, "Figma", "10").await;
    give(&adam, &figma, Uma).await;
    assert_eq!(bell(&uma).await, "Inbox, 1 unread 1");
    uma.get("/notifications").await.shows("You have a seat of Figma").shows("by Adam Adler").shows("New");
    let opened = uma.post(&format!("/notifications/{}/open", newest(&app, Uma)), &[]).await;
    opened.goes_to(&figma);
    uma.get(&figma).await.is(200);
    assert_eq!(bell(&uma).await, "Inbox");
    let read = uma.get("/notifications").await;
    assert!(read.shows("You have a seat of Figma").texts(".ledger .state").is_empty());
    assert!(bell(&adam).await.is_empty() || bell(&adam).await == "Inbox", "who gives a seat is not told of it");
    assert!(app.acts(Uma).iter().all(|said| !said.contains("read")), "read marks are not on the trail");
}

#[actix_web::test]
async fn each_message_is_read_alone_or_all_at_once() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    tell(&app, Uma, 3);
    assert_eq!(bell(&uma).await, "Inbox, 3 unread 3");
    let read = format!("/notifications/{}/read", newest(&app, Uma));
    uma.post(&read, &[]).await.goes_to("/notifications");
    uma.get("/notifications").await.shows("Marked as read.");
    uma.post(&read, &[]).await.goes_to("/notifications");
    assert_eq!(bell(&uma).await, "Inbox, 2 unread 2");
    uma.get("/notifications?show=unread").await.shows("Software 1").shows("Software 2").hides("Software 3");
    uma.get("/notifications?show=unread&kind=seat_given").await.shows("Nothing here").hides("Software");
    uma.post("/notifications/read-all", &[]).await.goes_to("/notifications");
    uma.get("/notifications").await.shows("2 messages marked as read.").shows("Software 3");
    assert_eq!(bell(&uma).await, "Inbox");
    uma.post("/notifications/read-all", &[]).await.goes_to("/notifications");
    uma.get("/notifications").await.shows("Everything was read already.");
}

#[actix_web::test]
async fn nobody_reads_anybody_elses() {
    let app = TestApp::start().await;
    tell(&app, Uma, 1);
    let id = newest(&app, Uma);
    for person in [Olivia, Adam, Audrey, Gus] {
        let other = app.sign_in(person).await;
        other.get("/notifications").await.is(200).hides("Software 1");
        for verb in ["read", "open"] {
            other.post(&format!("/notifications/{id}/{verb}"), &[]).await.is(404);
        }
        other.post("/notifications/read-all", &[]).await.is(303);
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM notifications WHERE read_at IS NULL"), 1);
}

#[actix_web::test]
async fn support_reads_no_inbox() {
    let app = TestApp::start().await;
    tell(&app, Uma, 1);
    let mut sam = app.sign_in(Sam).await;
    let acme = Uma.business_id();
    let reason = [("reason", "Ticket 118: seats look wrong"), ("minutes", "15"), ("mode", "read"), ("member", "")];
    sam.post(&format!("/staff/businesses/{acme}/sessions"), &reason).await.is(303);
    sam.business = Some(acme);
    sam.get("/").await.is(200).hides("/notifications");
    sam.get("/notifications").await.is(403);
    sam.get("/settings/notifications").await.is(403);
    sam.post(&format!("/notifications/{}/read", newest(&app, Uma)), &[]).await.is(403);
    sam.post("/notifications/read-all", &[]).await.is(403);
    assert_eq!(app.number("SELECT count(*) AS number FROM notifications WHERE read_at IS NULL"), 1);
}

#[actix_web::test]
async fn a_long_inbox_goes_page_by_page_and_what_is_old_goes() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    tell(&app, Uma, 120);
    assert_eq!(bell(&uma).await, "Inbox, 99+ unread 99+");
    let (mut seen, mut next) = (Vec::new(), Some("/notifications".to_owned()));
    while let Some(path) = next {
        let page = uma.get(&path).await;
        seen.extend(page.is(200).texts("tbody th button"));
        next = page.attribute(".foot a", "href");
    }
    let expected: Vec<String> =
        (1..=120).rev().map(|number| format!("Your seat of Software {number} was taken back")).collect();
    assert_eq!(seen, expected);
    app.clock.advance(KEPT - chrono::TimeDelta::hours(1));
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM notifications WHERE kind = 'seat_taken'"), 120);
    app.clock.advance(chrono::TimeDelta::hours(2));
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM notifications WHERE kind = 'seat_taken'"), 0);
}

#[actix_web::test]
async fn a_request_is_told_to_whoever_decides_and_the_answer_to_whoever_asked() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    let figma = software(&adam, "Figma", "10").await;
    uma.post(&format!("{figma}/requests"), &[("note", "For the new site.")]).await.goes_to("/requests");
    adam.get("/notifications").await.shows("Uma Usher asks for a seat of Figma");
    let request = app.text("SELECT id::text AS text FROM seat_requests");
    let request = format!("/requests/{}", subledger::kernel::ids::to_text(request.parse().unwrap()));
    adam.post(&format!("{request}/decline"), &[("words", "Ask again in March.")]).await.is(303);
    uma.get("/notifications").await.shows("Your wish for a seat of Figma was declined").shows("Ask again in March.");
    uma.post(&format!("{figma}/requests"), &[("note", "")]).await.goes_to("/requests");
    let again = app.text("SELECT id::text AS text FROM seat_requests WHERE state = 'open'");
    let again = format!("/requests/{}", subledger::kernel::ids::to_text(again.parse().unwrap()));
    adam.post(&format!("{again}/approve"), &[]).await.is(303);
    uma.get("/notifications").await.shows("You got the seat of Figma you asked for");
}

#[actix_web::test]
async fn few_seats_left_are_told_to_who_answers_and_who_runs_the_books() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    let figma = software(&uma, "Figma", "4").await;
    for person in [Olivia, Audrey] {
        give(&adam, &figma, person).await;
    }
    uma.get("/notifications").await.hides("Few seats of Figma");
    give(&adam, &figma, Uma).await;
    for browser in [&uma, &adam, &app.sign_in(Olivia).await] {
        browser.get("/notifications").await.shows("Few seats of Figma are left: 3 of 4 are held");
    }
    app.sign_in(Audrey).await.get("/notifications").await.hides("Few seats of Figma");
    let letters = |person: Cast| app.letters_to(person.email()).iter().filter(|one| one.kind == "seats_low").count();
    assert_eq!([Uma, Adam, Olivia, Audrey].map(letters), [1, 0, 0, 0]);
    give(&adam, &figma, Adam).await;
    adam.get("/notifications").await.shows("4 of 4 are held");
    assert_eq!([Uma, Adam, Olivia].map(letters), [2, 0, 0]);
}

#[actix_web::test]
async fn a_new_role_is_told_and_who_joined_too() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    adam.post(&format!("/team/{}/role", Uma.member_id()), &[("role", "auditor")]).await.is(303);
    uma.get("/notifications").await.shows("You are an auditor now").shows("by Adam Adler");
    adam.post("/team/invitations", &[("emails", "ivy@acme.example"), ("role", "user")]).await.is(303);
    let key = app.key_for("ivy@acme.example");
    let join = [("key", key.as_str()), ("name", "Ivy Ito"), ("password", "ivy grows over the wall")];
    app.visitor().post("/join", &join).await.is(303);
    adam.get("/notifications").await.shows("Ivy Ito has joined");
}

//! Seats for people who are not in People yet, and license keys that nobody holds yet.

use crate::exports::{imported_as, rows, uploaded_as};
use crate::imports::{has, people};
use crate::support::{Adam, Browser, TestApp, Uma};

const NEW: &str = "Subscription,E-mail,Person\n\
                   Figma,kim@acme.example,Kim Lee\n\
                   Slack,KIM@acme.example,\n\
                   Figma,noor@acme.example,\n\
                   Figma,uma@acme.example,Uma Usher\n";
const KEYS: &str = "Subscription,E-mail,License key\n\
                    Figma,,CANARY-0001-AAAA\n\
                    Figma,,CANARY-0002-AAAA\n\
                    Figma,uma@acme.example,\n";

async fn subscription(browser: &Browser, service: &str, seats: &str) -> String {
    let fields = [("service", service), ("cost", "12"), ("renews_on", "2199-01-31"), ("seats", seats)];
    browser.post("/subscriptions", &fields).await.is(303).location().to_owned()
}

async fn books(browser: &Browser) -> String {
    subscription(browser, "Slack", "5").await;
    subscription(browser, "Figma", "5").await
}

fn held(app: &TestApp) -> i64 {
    app.number("SELECT count(*) AS number FROM assignments WHERE ended_at IS NULL")
}

fn keyed(app: &TestApp) -> i64 {
    app.number("SELECT count(*) AS number FROM licenses WHERE state = 'open' AND key_sealed IS NOT NULL")
}

#[actix_web::test]
async fn whoever_is_not_in_people_is_added_with_their_seat_when_adam_says_so() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    books(&adam).await;
    let before = people(&app, Adam, "");
    let path = uploaded_as(&adam, "licenses", NEW).await;
    let page = adam.get(&path).await;
    has(&page, &[("Create", "1"), ("Update", "0"), ("Unchanged", "0"), ("Error", "3"), ("Warned", "0")]);
    page.shows("2 people who are not in People would get a seat.").shows("Add the 2 people who are not in People");
    page.shows("Nobody in People has the address kim@acme.example: choose above to add them too.");

    adam.post(&path, &[("add_people", "1")]).await.goes_to(&path);
    let page = adam.get(&path).await;
    has(&page, &[("Create", "4"), ("Update", "0"), ("Unchanged", "0"), ("Error", "0"), ("Warned", "1")]);
    page.shows("The people who are not in People will be added.").shows("added to People as Kim Lee");
    page.shows("There is no name, so the e-mail address stands for it.").shows("Import 4 seats and add 2 people");
    assert_eq!(people(&app, Adam, ""), before, "a dry run adds nobody");
    adam.get(&path).await.shows("Leave these people out").hides("Add the 2 people");

    adam.post(&path, &[("add_people", "1"), ("commit", "1")]).await.goes_to(&path);
    adam.get(&path).await.shows("4 created, 0 updated, 0 unchanged, 0 refused.");
    assert_eq!((people(&app, Adam, ""), held(&app)), (before + 2, 4));
    let added = "AND status = 'directory' AND (name, email) IN (('Kim Lee', 'kim@acme.example'), ('noor@acme.example', 'noor@acme.example'))";
    assert_eq!(people(&app, Adam, added), 2);
    app.trail_holds(Adam, "Adam Adler added Kim Lee from file.csv");
    app.trail_holds(Adam, "Adam Adler gave Kim Lee a seat of Slack");
    assert!(app.letters_to("kim@acme.example").is_empty(), "an import writes no letters");
    let acts = app.acts(Adam).len();
    let again = uploaded_as(&adam, "licenses", NEW).await;
    adam.get(&again).await.shows("Import, changing nothing").hides("not in People");
    adam.post(&again, &[("commit", "1")]).await.goes_to(&again);
    assert_eq!((people(&app, Adam, ""), held(&app), app.acts(Adam).len()), (before + 2, 4, acts + 1));
}

#[actix_web::test]
async fn an_undo_takes_out_whom_the_file_added_unless_something_else_holds_them() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    books(&adam).await;
    let before = people(&app, Adam, "");
    let path = uploaded_as(&adam, "licenses", NEW).await;
    adam.post(&path, &[("add_people", "1")]).await.goes_to(&path);
    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    assert_eq!(people(&app, Adam, ""), before + 2, "the choice is remembered");
    subscription(&adam, "Zoom", "5").await;
    app.sql("UPDATE subscriptions SET owner_id = (SELECT id FROM members WHERE email = 'noor@acme.example') WHERE name = 'Zoom'");
    adam.post(&format!("{path}/undo"), &[]).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.shows("4 taken out, 0 put back.").shows("noor@acme.example owns a subscription since.").hides("Kim Lee");
    assert_eq!((people(&app, Adam, ""), held(&app)), (before + 1, 0));
    assert_eq!(people(&app, Adam, "AND email = 'kim@acme.example'"), 0);
    app.trail_holds(Adam, "Adam Adler took Kim Lee out again, undoing file.csv");
    app.trail_holds(Adam, "Adam Adler took Kim Lee's seat of Slack out again, undoing an import");
}

#[actix_web::test]
async fn only_those_are_added_whose_seat_is_given() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    subscription(&adam, "Slack", "5").await;
    subscription(&adam, "Figma", "1").await;
    let before = people(&app, Adam, "");
    let file = format!("{NEW}Figma,not an address,Nobody\nSketch,rosa@acme.example,Rosa\n");
    let path = uploaded_as(&adam, "licenses", &file).await;
    adam.post(&path, &[("add_people", "2")]).await.is(422).shows("Choose whether to add the people");
    adam.post(&path, &[("add_people", "1")]).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.shows("1 of 1 seats of Figma is free, and 3 people need one.").shows("Import 1 seat and add 1 person");
    has(&page, &[("Create", "1"), ("Update", "0"), ("Unchanged", "0"), ("Error", "5"), ("Warned", "0")]);
    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    assert_eq!((people(&app, Adam, ""), people(&app, Adam, "AND name = 'Kim Lee'")), (before + 1, 1));
    let people_file = uploaded_as(&adam, "people", "Email,Name\nrosa@acme.example,Rosa\n").await;
    adam.post(&people_file, &[("add_people", "1")]).await.is(422).shows("Only a file of seats adds people by the way.");
}

#[actix_web::test]
async fn a_key_that_nobody_holds_is_kept_on_a_free_seat_and_the_same_file_again_changes_nothing() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = books(&adam).await;
    let path = uploaded_as(&adam, "licenses", KEYS).await;
    let page = adam.get(&path).await;
    has(&page, &[("Create", "3"), ("Update", "0"), ("Unchanged", "0"), ("Error", "0"), ("Warned", "0")]);
    page.shows("a free seat").shows("license key ••••AAAA");
    assert!(!page.body.contains("CANARY"), "a key in the dry run");
    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    assert_eq!((held(&app), keyed(&app)), (1, 2));
    let is_key = |act: &&String| *act == "Adam Adler added a free seat of Figma with its license key";
    assert_eq!(app.acts(Adam).iter().filter(is_key).count(), 2, "an entry for each");
    adam.get("/licenses?status=free").await.shows("••••AAAA");
    let in_the_clear = "SELECT count(*) AS number FROM licenses WHERE encode(key_sealed, 'escape') LIKE '%CANARY%'";
    assert_eq!(app.number(in_the_clear), 0);

    // Also when the seat of a key was given meanwhile, and though both keys end alike.
    adam.post(&format!("{figma}/licenses"), &[("member", &Adam.member_id())]).await.is(303);
    let (seats, acts) = (app.number("SELECT count(*) AS number FROM licenses"), app.acts(Adam).len());
    let again = imported_as(&adam, "licenses", KEYS).await;
    adam.get(&again).await.shows("0 created, 0 updated, 3 unchanged, 0 refused.");
    assert_eq!((app.number("SELECT count(*) AS number FROM licenses"), app.acts(Adam).len()), (seats, acts + 1));
    let other = uploaded_as(&adam, "licenses", "Software,Code\nFigma,CANARY-0003-AAAA\n").await;
    adam.post(&other, &[("map[Software]", "service"), ("map[Code]", "key"), ("commit", "1")]).await;
    assert_eq!(keyed(&app), 3, "a file of keys needs no addresses");

    // What is exported says nothing of keys, and imports back without a change.
    let file = adam.get("/licenses.csv").await;
    assert!(!file.body.contains("AAAA") && rows(&file).len() > 3);
    let back = imported_as(&adam, "licenses", &file.body).await;
    adam.get(&back).await.shows("0 created, 0 updated, 2 unchanged, 0 refused.");
}

#[actix_web::test]
async fn keys_count_against_the_seats_that_were_bought() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = subscription(&adam, "Figma", "2").await;
    let path = uploaded_as(&adam, "licenses", KEYS).await;
    let page = adam.get(&path).await;
    page.shows("1 of 2 seats of Figma has neither a holder nor a key, and 2 license keys need one.");
    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    assert_eq!((held(&app), keyed(&app)), (1, 0));
    for (cells, sentence) in [
        ("Figma,,KEY-1\nFigma,,KEY-1", "The same subscription and key are on line 2: keep one of the two rows."),
        ("Figma,,\"two\nlines\"", "Write the key on one line"),
    ] {
        let path = uploaded_as(&adam, "licenses", &format!("Subscription,E-mail,License key\n{cells}\n")).await;
        adam.get(&path).await.shows(sentence);
    }
    // A place that was left without a key takes one.
    adam.post(&format!("{figma}/licenses"), &[("member", &Adam.member_id())]).await.is(303);
    let seat =
        app.uuid(&format!("SELECT license_id AS uuid FROM assignments WHERE member_id = '{}'", Adam.member_uuid()));
    let seat = subledger::kernel::ids::to_text(seat);
    adam.post(&format!("/licenses/{seat}/revoke"), &[]).await.is(303);
    let one = imported_as(&adam, "licenses", "Subscription,E-mail,License key\nFigma,,CANARY-0001-AAAA\n").await;
    assert_eq!(app.number("SELECT count(*) AS number FROM licenses"), 2);
    adam.get("/licenses?status=free").await.shows("••••AAAA");
    adam.post(&format!("{one}/undo"), &[]).await.goes_to(&one);
    assert_eq!((keyed(&app), app.number("SELECT count(*) AS number FROM licenses WHERE state = 'open'")), (0, 2));
    app.trail_holds(Adam, "Adam Adler took the license key of a free seat of Figma back, undoing an import");
}

#[actix_web::test]
async fn an_undo_takes_free_seats_and_their_keys_out_and_names_those_given_since() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = books(&adam).await;
    let path = imported_as(&adam, "licenses", KEYS).await;
    adam.post(&format!("{figma}/licenses"), &[("member", &Adam.member_id())]).await.is(303);
    adam.post(&format!("{path}/undo"), &[]).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.shows("2 taken out, 0 put back. 1 stayed as they are");
    page.shows("The seat of Figma with the key ••••AAAA was given or got another key since.");
    assert_eq!((held(&app), keyed(&app)), (1, 1));
    assert_eq!(app.number("SELECT count(*) AS number FROM licenses WHERE state = 'retired' AND key_sealed IS NULL"), 2);
    app.trail_holds(Adam, "Adam Adler took a free seat of Figma out again, undoing an import");
    assert!(app.letters_to(Uma.email()).is_empty());
}

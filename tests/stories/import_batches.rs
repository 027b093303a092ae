//! A file is written in batches: how much a commit asks of the database does not grow with its rows.

use crate::exports::{imported_as, uploaded_as};
use crate::support::{Adam, Browser, TestApp};

const FEW: usize = 40;
const MANY: usize = 400;

/// An installation whose plans have room for everything.
async fn roomy() -> TestApp {
    let app = TestApp::start().await;
    app.sql("UPDATE plan_limits SET allowance = NULL");
    app
}

/// Imports a file: its page, and how many statements the import took.
async fn imported(app: &TestApp, browser: &Browser, kind: &str, file: &str) -> (String, u64) {
    let path = uploaded_as(browser, kind, file).await;
    let before = app.app.db.statements();
    browser.post(&path, &[("commit", "1")]).await.goes_to(&path);
    (path, app.app.db.statements() - before)
}

/// Undoes an import: how many statements it took.
async fn undone(app: &TestApp, browser: &Browser, path: &str) -> u64 {
    let before = app.app.db.statements();
    browser.post(&format!("{path}/undo"), &[]).await.goes_to(path);
    app.app.db.statements() - before
}

/// Subscriptions of this name, each to one of half as many services, that began forty days ago.
fn subscriptions(app: &TestApp, name: &str, count: usize) -> String {
    let began = (app.clock.now() - chrono::TimeDelta::days(40)).date_naive();
    let row = |nth: usize| {
        let service = nth % (count / 2);
        format!("{name} {service},{name} {nth},12,USD,monthly,{began},20,adam@acme.example\n")
    };
    let rows: String = (0..count).map(row).collect();
    format!("Service,Name,Cost,Currency,Billing cycle,Started on,Seats,Owner\n{rows}")
}

#[actix_web::test]
async fn ten_times_as_many_subscriptions_take_no_more_statements() {
    let app = roomy().await;
    let adam = app.sign_in(Adam).await;
    let (first, few) = imported(&app, &adam, "subscriptions", &subscriptions(&app, "Few", FEW)).await;
    let (second, many) = imported(&app, &adam, "subscriptions", &subscriptions(&app, "Many", MANY)).await;
    adam.get(&second).await.shows("400 created, 0 updated, 0 unchanged, 0 refused.");
    assert!(few < 60, "{few} statements for {FEW} subscriptions");
    assert_eq!(many, few, "for {MANY} subscriptions, and for {FEW}");
    let whole = "SELECT count(*) AS number FROM subscriptions s
                 JOIN price_lines p ON p.business_id = s.business_id AND p.subscription_id = s.id AND p.seats = 20
                 JOIN services v ON v.business_id = s.business_id AND v.id = s.service_id
                 WHERE s.name LIKE 'Many %' AND p.from_on = s.starts_on";
    assert_eq!(app.number(whole), 400);
    let charges = "SELECT count(*) AS number FROM charges WHERE estimated";
    assert_eq!(app.number(charges), 2 * 440, "of the two cycles that have begun");
    assert_eq!(app.acts(Adam).len(), 442, "an entry for each, and one for each import");
    app.trail_holds(Adam, "Adam Adler added Many 399");

    let (few, many) = (undone(&app, &adam, &first).await, undone(&app, &adam, &second).await);
    adam.get(&second).await.shows("400 taken out, 0 put back.");
    assert_eq!(many, few, "to undo {MANY} subscriptions, and {FEW}");
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions WHERE removed_at IS NULL"), 0);
}

/// Seats of Figma for so many people from the nth on, with all that a file can say of them.
fn seats(people: std::ops::Range<usize>, last_day: &str) -> String {
    let row = |nth: usize| format!("Figma,p{nth}@acme.example,{last_day},KEY-{nth:08},2026-01-05\n");
    let rows: String = people.map(row).collect();
    format!("Application,E-mail,Expires,Serial,Last login\n{rows}")
}

/// License keys of free seats of Figma.
fn keys(name: &str, count: usize) -> String {
    let rows: String = (0..count).map(|nth| format!("Figma,{name}-{nth:08}\n")).collect();
    format!("Application,Serial\n{rows}")
}

#[actix_web::test]
async fn ten_times_as_many_seats_take_no_more_statements() {
    let app = roomy().await;
    let adam = app.sign_in(Adam).await;
    let figma = "Service,Cost,Currency,Billing cycle,Next renewal,Seats\nFigma,12,USD,monthly,2199-01-31,2000\n";
    imported_as(&adam, "subscriptions", figma).await;
    let people: String = (0..FEW + MANY).map(|nth| format!("p{nth}@acme.example,Person {nth}\n")).collect();
    imported_as(&adam, "people", &format!("email,name\n{people}")).await;
    let number = |rest: &str| app.number(&format!("SELECT count(*) AS number FROM licenses WHERE {rest}"));

    let (_, few) = imported(&app, &adam, "licenses", &seats(0..FEW, "2198-12-31")).await;
    let (_, many) = imported(&app, &adam, "licenses", &seats(FEW..FEW + MANY, "2198-12-31")).await;
    assert!(few < 60, "{few} statements for {FEW} seats");
    assert_eq!(many, few, "for {MANY} seats, and for {FEW}");
    let whole = "expires_on = '2198-12-31' AND key_sealed IS NOT NULL AND last_used_source = 'import'";
    assert_eq!(number(whole), 440);
    app.trail_holds(Adam, "Adam Adler gave Person 439 a seat of Figma");
    app.trail_holds(Adam, "Adam Adler noted when Person 439 last used their seat of Figma");

    let (first, few) = imported(&app, &adam, "licenses", &seats(0..FEW, "2198-11-30")).await;
    let (second, many) = imported(&app, &adam, "licenses", &seats(FEW..FEW + MANY, "2198-11-30")).await;
    adam.get(&second).await.shows("0 created, 400 updated, 0 unchanged, 0 refused.");
    assert_eq!(many, few, "to change {MANY} seats, and {FEW}");
    assert_eq!(number("expires_on = '2198-11-30'"), 440);
    let (few, many) = (undone(&app, &adam, &first).await, undone(&app, &adam, &second).await);
    assert_eq!(many, few, "to put {MANY} seats back, and {FEW}");
    assert_eq!(number(whole), 440);

    let (first, few) = imported(&app, &adam, "licenses", &keys("FEW", FEW)).await;
    let (second, many) = imported(&app, &adam, "licenses", &keys("MANY", MANY)).await;
    assert_eq!(many, few, "for {MANY} keys of free seats, and for {FEW}");
    assert_eq!(number("key_sealed IS NOT NULL"), 880);
    let (few, many) = (undone(&app, &adam, &first).await, undone(&app, &adam, &second).await);
    assert_eq!(many, few, "to take {MANY} keys back, and {FEW}");
    assert_eq!(number("key_sealed IS NOT NULL AND state = 'open'"), 440);
}

#[actix_web::test]
async fn an_undo_takes_ten_times_as_many_seats_back_with_no_more_statements() {
    let app = roomy().await;
    let adam = app.sign_in(Adam).await;
    let figma = "Service,Cost,Currency,Billing cycle,Next renewal,Seats\nFigma,12,USD,monthly,2199-01-31,500\n";
    imported_as(&adam, "subscriptions", figma).await;
    let people: String = (0..FEW + MANY).map(|nth| format!("p{nth}@acme.example,Person {nth}\n")).collect();
    imported_as(&adam, "people", &format!("email,name\n{people}")).await;
    let (first, _) = imported(&app, &adam, "licenses", &seats(0..FEW, "")).await;
    let (second, _) = imported(&app, &adam, "licenses", &seats(FEW..FEW + MANY, "")).await;
    // Four in five are held from row 335 on: one file tells it once.
    let low = app.acts(Adam).into_iter().filter(|said| said.contains("75 %")).collect::<Vec<_>>();
    assert_eq!(low, ["Adam Adler brought the seats of Figma to 75 %: 440 of 500 are held"]);
    let (few, many) = (undone(&app, &adam, &first).await, undone(&app, &adam, &second).await);
    adam.get(&second).await.shows("400 taken out, 0 put back.");
    assert_eq!(many, few, "to take {MANY} seats back, and {FEW}");
    assert_eq!(app.number("SELECT count(*) AS number FROM assignments WHERE ended_at IS NULL"), 0);
    assert_eq!(app.number("SELECT count(*) AS number FROM licenses WHERE state = 'open'"), 0);
    app.trail_holds(Adam, "Adam Adler took Person 439's seat of Figma out again, undoing an import");
}

#[actix_web::test]
async fn a_file_that_takes_the_last_seats_says_so_once() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = "Service,Cost,Currency,Billing cycle,Next renewal,Seats\nFigma,12,USD,monthly,2199-01-31,4\n";
    imported_as(&adam, "subscriptions", figma).await;
    let four = ["olivia", "adam", "audrey", "uma"].map(|name| format!("Figma,{name}@acme.example\n")).concat();
    imported_as(&adam, "licenses", &format!("Application,E-mail\n{four}")).await;
    let low: Vec<String> = app.acts(Adam).into_iter().filter(|said| said.contains("are held")).collect();
    assert_eq!(low, ["Adam Adler gave the last seat of Figma: 4 of 4 are held"]);
}

#[actix_web::test]
async fn a_file_that_does_not_fit_on_the_plan_says_by_how_much() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    app.sql("UPDATE plan_limits SET allowance = 10 WHERE meter = 'subscriptions'");
    imported_as(&adam, "subscriptions", &subscriptions(&app, "First", 4)).await;
    let path = uploaded_as(&adam, "subscriptions", &subscriptions(&app, "Second", 8)).await;
    let refused = adam.post(&path, &[("commit", "1")]).await;
    refused.is(409).shows("allows 10 subscriptions, and 4 are in use: there is room for 6, and 8 would be added.");
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions"), 4);
}

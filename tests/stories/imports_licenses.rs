//! Importing seats from a file: who holds what, keys that stay secret, seats that are too few, undo.

use crate::exports::{imported_as, uploaded_as};
use crate::imports::has;
use crate::support::{Adam, Browser, Cast, Olivia, TestApp, Uma};

const KEY: &str = "CANARY-4711-KEY7F2K";

async fn figma(browser: &Browser, seats: &str) -> String {
    let fields = [("service", "Figma"), ("cost", "12"), ("renews_on", "2199-01-31"), ("seats", seats)];
    browser.post("/subscriptions", &fields).await.is(303).location().to_owned()
}

fn file() -> String {
    format!(
        "Application,E-mail,Expires,Serial,Last login\n\
         figma,UMA@acme.example,12/31/2198,{KEY},2026-01-05\n\
         Figma,olivia@acme.example,,,\n\
         Figma,nobody@acme.example,,,\n\
         Sketch,uma@acme.example,,,\n\
         Figma,,,,\n"
    )
}

fn held(app: &TestApp, rest: &str) -> i64 {
    app.number(&format!(
        "SELECT count(*) AS number FROM assignments a JOIN licenses l ON l.id = a.license_id WHERE a.ended_at IS NULL {rest}"
    ))
}

#[actix_web::test]
async fn adam_imports_who_holds_what_and_the_same_file_again_changes_nothing() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = figma(&adam, "5").await;
    let path = uploaded_as(&adam, "licenses", &file()).await;
    let page = adam.get(&path).await;
    page.is(200).shows("Import seats").shows("Import 2 seats").shows("license key ••••7F2K");
    has(&page, &[("Create", "2"), ("Update", "0"), ("Unchanged", "0"), ("Error", "2"), ("Warned", "0")]);
    page.shows("Nobody in People has the address nobody@acme.example: choose above to add them too.");
    page.shows("There is no subscription “Sketch”: add it first, or import it.");
    page.shows("Nobody holds this seat, and it has no license key, so there is nothing to import.");
    assert!(!page.body.contains("CANARY"), "a key in the dry run");
    assert_eq!(held(&app, ""), 0);

    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    adam.get(&path).await.shows("2 created, 0 updated, 0 unchanged, 2 refused.").shows("Seats imported");
    app.trail_holds(Adam, "Adam Adler gave Uma Usher a seat of Figma");
    app.trail_holds(Adam, "Adam Adler imported 2 seats from file.csv");
    let seat = "AND l.expires_on = '2198-12-31' AND l.key_last4 = '7F2K' AND l.last_used_source = 'import'";
    assert_eq!((held(&app, ""), held(&app, seat)), (2, 1));
    assert!(app.letters_to(Uma.email()).is_empty(), "an import writes no letters");
    adam.get(&figma).await.shows("Uma Usher");

    let acts = app.acts(Adam).len();
    let again = imported_as(&adam, "licenses", &file()).await;
    adam.get(&again).await.shows("0 created, 0 updated, 2 unchanged, 2 refused.");
    assert_eq!((held(&app, ""), app.acts(Adam).len()), (2, acts + 1));
}

#[actix_web::test]
async fn a_key_rests_encrypted_from_the_upload_on() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    figma(&adam, "5").await;
    let hidden = "User,Software,Code\numa@acme.example,Figma,CANARY-4711-KEY7F2K\n";
    let path = uploaded_as(&adam, "licenses", hidden).await;
    let page = adam.get(&path).await;
    assert!(!page.body.contains("CANARY"), "a column that may hold keys is shown by its end");
    let in_the_clear = "SELECT count(*) AS number FROM imports WHERE content LIKE '%CANARY%' OR encode(content, 'escape') LIKE '%CANARY%'";
    assert_eq!(app.number(in_the_clear), 0);
    let columns = [("map[User]", "person"), ("map[Software]", "service"), ("map[Code]", "key"), ("commit", "1")];
    adam.post(&path, &columns).await.goes_to(&path);
    assert_eq!(app.number("SELECT count(*) AS number FROM imports WHERE content IS NOT NULL"), 0);
    for page in [&*path, "/audit", "/audit.csv", "/licenses", "/licenses.csv", "/import"] {
        assert!(!adam.get(page).await.body.contains("CANARY"), "{page}");
    }
    let written =
        "SELECT count(*) AS number FROM audit_entries WHERE changes::text LIKE '%CANARY%' OR said LIKE '%CANARY%'";
    assert_eq!(app.number(written), 0);
    assert_eq!(app.number("SELECT count(*) AS number FROM imports WHERE touched::text LIKE '%CANARY%'"), 0);
}

#[actix_web::test]
async fn a_known_seat_is_changed_where_the_file_says_more_and_its_key_is_never_overwritten() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = figma(&adam, "5").await;
    adam.post(&format!("{path}/licenses"), &[("member", &Uma.member_id())]).await.is(303);
    let header = "Subscription,E-mail,Expires on,License key,Last used on\n";
    let first =
        imported_as(&adam, "licenses", &format!("{header}Figma,uma@acme.example,2198-12-31,{KEY},2026-01-05\n")).await;
    adam.get(&first).await.shows("0 created, 1 updated, 0 unchanged, 0 refused.");
    let seat = "AND l.expires_on = '2198-12-31' AND l.key_last4 = '7F2K'";
    assert_eq!(held(&app, seat), 1);
    let other =
        uploaded_as(&adam, "licenses", &format!("{header}Figma,uma@acme.example,,OTHER-KEY-9999,2026-01-04\n")).await;
    adam.get(&other).await.shows("This seat has another license key, which stays").shows("Import, changing nothing");
    for (cells, sentence) in [
        ("Figma,uma@acme.example,2020-01-01,,", "Expires on: the day has passed."),
        ("Figma,uma@acme.example,,,2198-01-01", "The last use lies ahead of today"),
        ("Figma,uma at acme,,,", "“uma at acme” is no e-mail address"),
        ("Sketch,,,ABCD-1234-5678,", "There is no subscription “Sketch”"),
        (",uma@acme.example,,,", "It does not say of what"),
        ("Figma,uma@acme.example,12.12.2198,,", "Expires on: “12.12.2198” is no date we can read."),
    ] {
        let path = uploaded_as(&adam, "licenses", &format!("{header}{cells}\n")).await;
        let page = adam.get(&path).await;
        page.shows(sentence);
        assert!(!page.body.contains("ABCD-1234"));
    }

    adam.post(&format!("{first}/undo"), &[]).await.goes_to(&first);
    adam.get(&first).await.shows("0 taken out, 1 put back.");
    assert_eq!(held(&app, "AND l.expires_on IS NULL AND l.key_sealed IS NULL AND l.last_used_at IS NULL"), 1);
}

#[actix_web::test]
async fn more_people_than_free_seats_get_none_of_them() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    figma(&adam, "1").await;
    let path = uploaded_as(&adam, "licenses", &file()).await;
    let page = adam.get(&path).await;
    page.shows("1 of 1 seats of Figma is free, and 2 people need one.");
    has(&page, &[("Create", "0"), ("Update", "0"), ("Unchanged", "0"), ("Error", "4"), ("Warned", "0")]);
    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    assert_eq!(held(&app, ""), 0);
}

#[actix_web::test]
async fn two_files_at_the_same_moment_never_give_more_than_there_is() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    figma(&adam, "2").await;
    let one = uploaded_as(&adam, "licenses", &file()).await;
    let other = "Subscription,E-mail\nFigma,adam@acme.example\nFigma,audrey@acme.example\n";
    let two = uploaded_as(&olivia, "licenses", other).await;
    let commit = [("commit", "1")];
    let (first, second) = tokio::join!(adam.post(&one, &commit), olivia.post(&two, &commit));
    first.goes_to(&one);
    second.goes_to(&two);
    assert_eq!(held(&app, ""), 2);
    let created = "SELECT (max(created_rows) * 10 + min(created_rows))::int8 AS number FROM imports";
    assert_eq!(app.number(created), 20, "all of one file, and nothing of the other");
}

#[actix_web::test]
async fn an_undo_takes_seats_back_without_a_letter_and_names_what_changed() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    figma(&adam, "5").await;
    let path = imported_as(&adam, "licenses", &file()).await;
    let seat = app.uuid(&format!(
        "SELECT license_id AS uuid FROM assignments WHERE member_id = '{}'",
        Cast::Olivia.member_uuid()
    ));
    let seat = subledger::kernel::ids::to_text(seat);
    adam.post(&format!("/licenses/{seat}/extend"), &[("expires_on", "2198-05-05")]).await.is(303);
    adam.post(&format!("{path}/undo"), &[]).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.shows("1 taken out, 0 put back. 1 stayed as they are")
        .shows("Olivia Owens’s seat of Figma was changed since.");
    assert_eq!(held(&app, ""), 1);
    assert_eq!(app.number("SELECT count(*) AS number FROM licenses WHERE key_sealed IS NOT NULL"), 0);
    assert!(app.letters_to(Uma.email()).is_empty());
    app.trail_holds(Adam, "Adam Adler took Uma Usher's seat of Figma out again, undoing an import");
}

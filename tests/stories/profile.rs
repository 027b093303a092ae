//! What a person says of themselves: name, address, zone; and leaving for good.

use futures_util::future::join_all;

use crate::support::cast::PASSWORD;
use crate::support::{Adam, Browser, Gus, Olivia, TestApp, Uma};

const HERE: &str = "/settings/profile";
const NEW: &str = "ursula@acme.example";

/// Asks for another address, and says with which key it is confirmed.
async fn ask(app: &TestApp, browser: &Browser, email: &str) -> String {
    browser.post(HERE, &[("email", email)]).await.goes_to(HERE);
    app.key_for(email)
}

fn kinds(app: &TestApp, email: &str) -> Vec<String> {
    app.letters_to(email).into_iter().map(|letter| letter.kind).collect()
}

#[actix_web::test]
async fn umas_new_name_stands_in_her_business_and_its_trail() {
    let app = TestApp::start().await;
    let (uma, olivia) = (app.sign_in(Uma).await, app.sign_in(Olivia).await);
    let page = uma.get(HERE).await;
    assert_eq!(page.attribute("#name", "value").as_deref(), Some("Uma Usher"));
    assert_eq!(page.attribute("#email", "value").as_deref(), Some(Uma.email()));
    let form = [("name", "Ursula Usher"), ("email", Uma.email()), ("zone", "Asia/Tokyo"), ("locale", "de-DE")];
    uma.post(HERE, &form).await.goes_to(HERE);
    uma.get(HERE).await.shows("Your profile is saved").shows("Ursula Usher");
    olivia.get("/people").await.shows("Ursula Usher").hides("Uma Usher");
    app.trail_holds(Uma, "Ursula Usher changed their profile");
    let entries = app.number("SELECT count(*) AS number FROM audit_entries WHERE action = 'user.changed'");
    uma.post(HERE, &form).await.goes_to(HERE);
    assert_eq!(entries, app.number("SELECT count(*) AS number FROM audit_entries WHERE action = 'user.changed'"));
    let devices = uma.get("/settings/security").await.texts("time").join(" ");
    let there = app.clock.now().with_timezone(&chrono_tz::Asia::Tokyo);
    assert!(devices.contains(&there.format("%-d %b %Y, %H:").to_string()), "{devices}");
}

#[actix_web::test]
async fn what_is_wrong_is_told_and_nothing_is_saved() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let wrong = [("name", ""), ("email", "uma"), ("zone", "Mars/Olympus"), ("locale", "tlh")];
    uma.post(HERE, &wrong).await.is(422).shows("4 answers need another look").shows("Choose a time zone from the list");
    uma.post(HERE, &[("name", "Ursula"), ("is_staff", "true")]).await.is(422).shows("no field “is_staff”");
    uma.get(HERE).await.shows("Uma Usher");
    app.visitor().get(HERE).await.goes_to("/login?next=%2Fsettings%2Fprofile");
}

#[actix_web::test]
async fn an_address_changes_once_its_own_letter_is_answered() {
    let app = TestApp::start().await;
    let (uma, other) = (app.sign_in(Uma).await, app.sign_in(Uma).await);
    app.clock.advance(chrono::TimeDelta::minutes(10));
    uma.post(HERE, &[("email", NEW)]).await.goes_to("/reauth?next=%2Fsettings%2Fprofile");
    assert_eq!(kinds(&app, NEW), [""; 0]);
    uma.post("/reauth", &[("password", PASSWORD), ("next", HERE)]).await.goes_to(HERE);
    let key = ask(&app, &uma, NEW).await;
    uma.get(HERE).await.shows("We wrote to ursula@acme.example").hides(&key);
    assert_eq!(kinds(&app, NEW), ["email_change"]);
    assert_eq!(kinds(&app, Uma.email()), ["email_change_asked"]);
    let stranger = app.visitor();
    for _ in 0..2 {
        stranger.get(&format!("/email/confirm?key={key}")).await.is(200).shows(NEW).shows(Uma.email());
    }
    assert_eq!(app.number(&format!("SELECT count(*) AS number FROM users WHERE email = '{NEW}'")), 0);
    uma.post_exactly("/email/confirm", &[("key", &key)]).await.goes_to(HERE);
    uma.get(HERE).await.is(200).shows("is your address now");
    other.get("/people").await.goes_to("/login?next=%2Fpeople");
    assert_eq!(kinds(&app, Uma.email()), ["email_change_asked", "email_changed"]);
    app.trail_holds(Uma, "Uma Usher changed their address to ursula@acme.example");
    let row = "SELECT count(*) AS number FROM members m JOIN users u ON u.id = m.user_id
               WHERE m.email = 'ursula@acme.example' AND u.email = m.email AND u.email_verified_at IS NOT NULL";
    assert_eq!(app.number(row), 1);
    stranger.post("/login", &[("email", NEW), ("password", PASSWORD)]).await.goes_to("/");
    stranger.post("/email/confirm", &[("key", &key)]).await.is(410).shows("does not work any more");
}

#[actix_web::test]
async fn only_the_newest_key_works_once_and_for_half_an_hour() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let first = ask(&app, &uma, "first@acme.example").await;
    let second = ask(&app, &uma, NEW).await;
    let visitor = app.visitor();
    visitor.post("/email/confirm", &[("key", &first)]).await.is(410);
    visitor.get(&format!("/email/confirm?key={first}")).await.is(410);
    visitor.get("/email/confirm?key=nothing").await.is(410);
    let fields = [("key", second.as_str())];
    let answers = join_all((0..50).map(|_| visitor.post("/email/confirm", &fields))).await;
    let won = answers.iter().filter(|shown| shown.status == 303).count();
    assert_eq!((won, answers.iter().filter(|shown| shown.status == 410).count()), (1, 49));
    assert_eq!(kinds(&app, Uma.email()).iter().filter(|kind| *kind == "email_changed").count(), 1);
    let olivia = app.sign_in(Olivia).await;
    let late = ask(&app, &olivia, "olga@acme.example").await;
    app.clock.advance(chrono::TimeDelta::minutes(30));
    app.visitor().post("/email/confirm", &[("key", &late)]).await.is(410);
}

#[actix_web::test]
async fn nobodys_mailbox_is_flooded_from_a_profile() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    for number in 0..3 {
        ask(&app, &uma, &format!("uma{number}@acme.example")).await;
    }
    let refused = uma.post(HERE, &[("email", NEW), ("name", "Ursula")]).await;
    refused.is(429).shows("several times in the last hour");
    assert_eq!(kinds(&app, NEW), [""; 0]);
    uma.get(HERE).await.shows("Uma Usher");
    app.clock.advance(chrono::TimeDelta::hours(1));
    uma.post("/reauth", &[("password", PASSWORD), ("next", HERE)]).await.goes_to(HERE);
    ask(&app, &uma, NEW).await;
}

#[actix_web::test]
async fn times_are_those_of_the_reader_and_days_those_of_the_business() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    app.sql("UPDATE members SET last_seen_at = '2026-11-21T23:30:00Z' WHERE name = 'Uma Usher'");
    olivia.get("/team").await.shows("21 Nov 2026, 23:30");
    olivia.post(HERE, &[("zone", "Asia/Tokyo"), ("locale", "en-US")]).await.goes_to(HERE);
    olivia.get("/team").await.shows("Nov 22, 2026, 8:30");
    app.sign_in(Adam).await.get("/team").await.shows("21 Nov 2026, 23:30");
}

#[actix_web::test]
async fn a_key_of_another_purpose_and_of_an_address_left_behind_do_not_work() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let key = ask(&app, &uma, NEW).await;
    app.visitor().get(&format!("/verify?key={key}")).await.is(410);
    app.visitor().get(&format!("/join?key={key}")).await.is(410);
    app.sql(
        "UPDATE users SET email = 'moved@acme.example', email_folded = 'moved@acme.example' WHERE name = 'Uma Usher'",
    );
    app.visitor().post("/email/confirm", &[("key", &key)]).await.is(410);
    app.sql("UPDATE users SET email = 'uma@acme.example', email_folded = 'uma@acme.example' WHERE name = 'Uma Usher'");
    let path = "/settings/security/password";
    uma.post(path, &[("current", PASSWORD), ("password", "a wagon full of turnips")])
        .await
        .goes_to("/settings/security");
    app.visitor().post("/email/confirm", &[("key", &key)]).await.is(410);
}

#[actix_web::test]
async fn whether_an_address_is_taken_is_told_only_to_whoever_reads_its_letters() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let key = ask(&app, &uma, Gus.email()).await;
    let taken = uma.get(HERE).await.texts(".flash").join(" ");
    ask(&app, &uma, "free@globex.example").await;
    let free = uma.get(HERE).await.texts(".flash").join(" ");
    assert_eq!(taken.replace(Gus.email(), "X"), free.replace("free@globex.example", "X"));
    app.visitor().post("/email/confirm", &[("key", &key)]).await.is(410);
    let key = ask(&app, &uma, Gus.email()).await;
    app.visitor()
        .post("/email/confirm", &[("key", &key)])
        .await
        .is(409)
        .shows("Somebody else signs in with this address");
    app.sign_in(Gus).await.get("/").await.is(200);
}

#[actix_web::test]
async fn an_address_of_somebody_in_people_is_refused_with_where() {
    let app = TestApp::start().await;
    let (uma, olivia) = (app.sign_in(Uma).await, app.sign_in(Olivia).await);
    olivia.post("/people", &[("name", "Ursula Other"), ("email", "Ursula@acme.example")]).await.is(303);
    let key = ask(&app, &uma, NEW).await;
    let refused = app.visitor().post("/email/confirm", &[("key", &key)]).await;
    refused.is(409).shows("Somebody in People of Acme has this address");
    assert_eq!(app.number(&format!("SELECT count(*) AS number FROM users WHERE email_folded = '{NEW}'")), 0);
    assert!(!kinds(&app, Uma.email()).contains(&"email_changed".to_owned()));
}

#[actix_web::test]
async fn uma_deletes_her_sign_in_and_the_books_keep_her() {
    let app = TestApp::start().await;
    let (uma, other, olivia) = (app.sign_in(Uma).await, app.sign_in(Uma).await, app.sign_in(Olivia).await);
    let path = format!("{HERE}/delete");
    uma.get(&path).await.is(200).shows("You leave Acme");
    uma.post(&path, &[("password", "not hers")]).await.is(422).shows("That is not your password");
    uma.post(&path, &[("password", PASSWORD)]).await.goes_to("/login");
    uma.get("/login").await.shows("Your sign-in is deleted");
    for gone in [&uma, &other] {
        gone.get("/people").await.goes_to("/login?next=%2Fpeople");
    }
    app.visitor().post("/login", &[("email", Uma.email()), ("password", PASSWORD)]).await.is(422);
    olivia.get("/people?status=left").await.shows("Uma Usher");
    app.trail_holds(Uma, "Uma Usher deleted their sign-in");
    assert_eq!(app.number("SELECT count(*) AS number FROM users WHERE name = 'Uma Usher'"), 0);
    let seen = olivia.get("/audit?action=user.deleted").await;
    seen.is(200).shows("Uma Usher deleted their sign-in");
}

#[actix_web::test]
async fn the_last_owner_stays_also_when_two_leave_at_once() {
    let app = TestApp::start().await;
    let path = format!("{HERE}/delete");
    let olivia = app.sign_in(Olivia).await;
    olivia.post(&path, &[("password", PASSWORD)]).await.is(409).shows("You are the only owner of Acme");
    olivia.get("/people").await.is(200);
    let attempts = "SELECT count(*) AS number FROM audit_entries WHERE action = 'user.deletion_refused'";
    assert_eq!(app.number(attempts), 1);
    app.sql("UPDATE members SET role = 'owner' WHERE email = 'adam@acme.example'");
    let adam = app.sign_in(Adam).await;
    let form = [("password", PASSWORD)];
    let (one, two) = futures_util::future::join(olivia.post(&path, &form), adam.post(&path, &form)).await;
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let owners = "SELECT count(*) AS number FROM members WHERE role = 'owner' AND status = 'active' AND business_id = '01900000-0000-7000-8000-00000000000a'";
    assert_eq!(app.number(owners), 1);
}

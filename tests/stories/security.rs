//! One's own password, where one is signed in, and showing again that it is oneself.

use crate::support::cast::PASSWORD;
use crate::support::{Browser, Gus, Olivia, TestApp, Uma};

const HERE: &str = "/settings/security";
const OTHER: &str = "a wagon full of turnips";

/// The addresses that end each of the sign-ins a page lists.
async fn ends(browser: &Browser) -> Vec<String> {
    let page = browser.get(HERE).await;
    let parts = page.body.split("action=\"/settings/security/sessions/").skip(1);
    let paths = parts.map(|part| part.split('"').next().unwrap().to_owned());
    paths.filter(|path| path != "end-all").map(|path| format!("{HERE}/sessions/{path}")).collect()
}

#[actix_web::test]
async fn uma_sees_where_she_is_signed_in_and_ends_what_she_does_not_know() {
    let app = TestApp::start().await;
    let (uma, other) = (app.sign_in(Uma).await, app.sign_in(Uma).await);
    let page = uma.get(HERE).await;
    page.is(200).shows("Firefox on Linux 127.0.0.1").shows("Here").shows("End all others");
    let theirs = ends(&uma).await;
    assert_eq!(theirs.len(), 1);
    let gus = app.sign_in(Gus).await;
    gus.post(&theirs[0], &[]).await.is(404);
    gus.get(HERE).await.is(200).hides("End all others");
    other.get("/people").await.is(200);
    uma.post(&theirs[0], &[]).await.goes_to(HERE);
    uma.get(HERE).await.shows("That sign-in has ended");
    other.get("/people").await.goes_to("/login?next=%2Fpeople");
    uma.post(&theirs[0], &[]).await.is(404);
    uma.post(&format!("{HERE}/sessions/nothing/end"), &[]).await.is(404);
    app.trail_holds(Uma, "Uma Usher ended their sign-in on Firefox on Linux");
}

#[actix_web::test]
async fn all_others_end_at_once() {
    let app = TestApp::start().await;
    let (uma, second, third) = (app.sign_in(Uma).await, app.sign_in(Uma).await, app.sign_in(Uma).await);
    let olivia = app.sign_in(Olivia).await;
    uma.post(&format!("{HERE}/sessions/end-all"), &[]).await.goes_to(HERE);
    uma.get(HERE).await.is(200).shows("here, and nowhere else");
    for gone in [second, third] {
        gone.get("/people").await.goes_to("/login?next=%2Fpeople");
    }
    olivia.get("/people").await.is(200);
    app.trail_holds(Uma, "Uma Usher ended their 2 other sign-ins");
}

#[actix_web::test]
async fn uses_are_noted_once_an_hour_with_where_they_come_from() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    app.sql("UPDATE sessions SET address = '203.0.113.7', user_agent = 'curl'");
    uma.get("/people").await.is(200);
    let noted = "SELECT count(*) AS number FROM sessions WHERE address = '127.0.0.1' AND user_agent LIKE '%Firefox%'";
    assert_eq!(app.number(noted), 0);
    app.clock.advance(chrono::TimeDelta::hours(1));
    uma.get("/people").await.is(200);
    assert_eq!(app.number(noted), 1);
}

#[actix_web::test]
async fn changing_the_password_ends_every_other_sign_in() {
    let app = TestApp::start().await;
    let (uma, other) = (app.sign_in(Uma).await, app.sign_in(Uma).await);
    let path = format!("{HERE}/password");
    let before = uma.cookies();
    let stolen = app.visitor();
    for pair in before.split("; ") {
        let (name, value) = pair.split_once('=').unwrap();
        stolen.keep_cookie(name, value);
    }
    stolen.get("/people").await.is(200);
    uma.post(&path, &[("current", "not the password"), ("password", OTHER)])
        .await
        .is(422)
        .shows("That is not your password")
        .hides(OTHER);
    uma.post(&path, &[("current", PASSWORD), ("password", "short")]).await.is(422).shows("at least 10 characters");
    uma.post(&path, &[("current", PASSWORD), ("password", PASSWORD)]).await.is(422).shows("Choose another password");
    uma.post(&path, &[("current", PASSWORD), ("password", OTHER), ("role", "owner")]).await.is(422);
    other.get("/people").await.is(200);
    uma.post(&path, &[("current", PASSWORD), ("password", OTHER)]).await.goes_to(HERE);
    uma.get(HERE).await.is(200).shows("Your password is changed");
    assert_ne!(uma.cookies(), before);
    for gone in [other, stolen] {
        gone.get("/people").await.goes_to("/login?next=%2Fpeople");
    }
    app.visitor().post("/login", &[("email", Uma.email()), ("password", PASSWORD)]).await.is(422);
    app.visitor().post("/login", &[("email", Uma.email()), ("password", OTHER)]).await.goes_to("/");
    app.trail_holds(Uma, "Uma Usher changed their password");
    let kinds: Vec<String> = app.letters_to(Uma.email()).into_iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, ["password_changed", "new_device"]);
}

#[actix_web::test]
async fn the_password_is_asked_for_again_and_not_guessed_there() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    app.visitor().get("/reauth").await.goes_to("/login?next=%2Freauth");
    let page = uma.get("/reauth?next=%2Fsettings%2Fprofile").await;
    page.is(200).shows("Your password again");
    assert_eq!(page.attribute("input[name=next]", "value").as_deref(), Some("/settings/profile"));
    let off_site = uma.get("/reauth?next=https://evil.example/").await;
    assert_eq!(off_site.attribute("input[name=next]", "value").as_deref(), Some("/"));
    uma.post("/reauth", &[("password", PASSWORD), ("next", "//evil.example")]).await.goes_to("/");
    for _ in 0..5 {
        uma.post("/reauth", &[("password", "guess"), ("next", "/people")]).await.is(422).hides("guess");
    }
    uma.post("/reauth", &[("password", PASSWORD), ("next", "/people")]).await.is(429).shows("Too many");
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let before = uma.cookies();
    uma.post("/reauth", &[("password", PASSWORD), ("next", "/people")]).await.goes_to("/people");
    assert_ne!(uma.cookies(), before);
}

#[actix_web::test]
async fn a_sign_in_from_a_new_browser_is_told_by_letter() {
    let app = TestApp::start().await;
    let browser = app.visitor();
    let form = [("email", Uma.email()), ("password", PASSWORD)];
    browser.post("/login", &form).await.goes_to("/");
    let letters = app.letters_to(Uma.email());
    let kinds: Vec<&str> = letters.iter().map(|letter| letter.kind.as_str()).collect();
    assert_eq!(kinds, ["new_device"]);
    assert_eq!(letters[0].details["browser"], "Firefox on Linux");
    assert_eq!(letters[0].details["network"], "127.0.0.1");
    browser.post("/logout", &[]).await.goes_to("/login");
    browser.post("/login", &form).await.goes_to("/");
    app.sign_in(Uma).await;
    assert_eq!(app.letters_to(Uma.email()).len(), 1, "a browser that is known is not told");
    app.work_until_idle().await;
    assert_eq!(app.mailbox(Uma.email())[0].header("Subject"), "You signed in from a new browser");
    let ingrid = app.newcomer(1).await;
    assert!(app.letters_to(&ingrid).iter().all(|letter| letter.kind != "new_device"));
}

//! Keys of programs: who makes them, what is ever seen of them, and how they end.

use serde_json::json;

use crate::support::{Adam, Audrey, Browser, Gus, Olivia, Program, Sam, Shown, TestApp, Uma};

const PATH: &str = "/settings/api-keys";

async fn make(browser: &Browser, fields: &[(&str, &str)]) -> Shown {
    browser.post(PATH, &[&[("name", "Extension"), ("kind", "sdk")], fields].concat()).await
}

/// The address behind the button that revokes the first key of the page.
async fn revoke(browser: &Browser) -> Shown {
    let path = browser.get(PATH).await.attribute("form[action$=\"/revoke\"]", "action").unwrap();
    browser.post(&path, &[]).await
}

#[actix_web::test]
async fn a_key_is_shown_once_and_kept_only_as_its_hash() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    adam.get(PATH).await.is(200).shows("No keys yet");
    let made = make(&adam, &[]).await;
    let key = made.is(200).shows("It is shown this once.").attribute("#key", "value").unwrap();
    assert!(key.starts_with("slk_") && key.len() == 47, "{key}");
    assert_eq!(made.headers["cache-control"], "no-store");
    let list = adam.get(PATH).await;
    list.is(200).shows("Extension").shows(&format!("ends in {}", &key[43..])).shows("never").hides(&key);
    app.trail_holds(Adam, "Adam Adler made the SDK key Extension");
    let secret = &key[4..];
    let kept = app.number(&format!(
        "SELECT (SELECT count(*) FROM api_keys k WHERE k::text LIKE '%{secret}%')
              + (SELECT count(*) FROM audit_entries e WHERE e::text LIKE '%{secret}%')
              + (SELECT count(*) FROM once_answers o WHERE o::text LIKE '%{secret}%') AS number"
    ));
    assert_eq!(kept, 0);
    let stored = "SELECT count(*) AS number FROM api_keys WHERE octet_length(key_hash) = 32";
    assert_eq!(app.number(stored), 1);
}

#[actix_web::test]
async fn owners_and_admins_make_keys_and_nobody_else() {
    let app = TestApp::start().await;
    for person in [Audrey, Uma] {
        let browser = app.sign_in(person).await;
        browser.get(PATH).await.is(403);
        make(&browser, &[]).await.is(403);
        browser.get("/people").await.hides(PATH);
    }
    make(&app.sign_in(Olivia).await, &[]).await.is(200);
    let gus = app.sign_in(Gus).await;
    gus.get(PATH).await.is(200).hides("Extension");
    let theirs = app.sign_in(Olivia).await.get(PATH).await.attribute("form[action$=\"/revoke\"]", "action").unwrap();
    gus.post(&theirs, &[]).await.is(404);
    assert_eq!(app.number("SELECT count(*) AS number FROM api_keys WHERE revoked_at IS NULL"), 1);
}

#[actix_web::test]
async fn support_never_sees_or_makes_a_key() {
    let app = TestApp::start().await;
    app.sql("UPDATE businesses SET support_access = 'write'");
    for mode in ["read", "write"] {
        let mut sam = app.sign_in(Sam).await;
        let form = [("reason", "Ticket 118: usage looks wrong"), ("minutes", "15"), ("mode", mode), ("member", "")];
        sam.post(&format!("/staff/businesses/{}/sessions", Olivia.business_id()), &form).await.goes_to("/");
        sam.business = Some(Olivia.business_id());
        sam.get(PATH).await.is(403);
        make(&sam, &[]).await.is(403);
        sam.post("/staff/sessions/end", &[]).await.is(303);
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM api_keys"), 0);
}

#[actix_web::test]
async fn what_is_wrong_with_a_key_is_said_beside_it() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let today = app.clock.now().date_naive();
    let day = |days: i64| (today + chrono::TimeDelta::days(days)).to_string();
    let (yesterday, far) = (day(-1), day(800));
    for wrong in [
        &[("name", ""), ("kind", "sdk")][..],
        &[("name", "X"), ("kind", "user")],
        &[("name", "X"), ("kind", "service")],
        &[("name", "X"), ("kind", "service"), ("scopes", "usage:write")],
        &[("name", "X"), ("kind", "service"), ("scopes", "everything")],
        &[("name", "X"), ("kind", "sdk"), ("scopes", "people:read")],
        &[("name", "X"), ("kind", "sdk"), ("expires_on", "soon")],
        &[("name", "X"), ("kind", "sdk"), ("expires_on", &yesterday)],
        &[("name", "X"), ("kind", "sdk"), ("expires_on", &far)],
        &[("name", "X"), ("kind", "sdk"), ("role", "owner")],
    ] {
        olivia.post(PATH, wrong).await.is(422);
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM api_keys"), 0);
    let service = [("name", "Books"), ("kind", "service"), ("scopes", "people:read"), ("scopes", "trail:read")];
    olivia.post(PATH, &service).await.is(200);
    olivia.get(PATH).await.shows("Service, ends in").shows("See people, Read the trail");
}

#[actix_web::test]
async fn making_a_key_asks_for_the_password_again() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    app.clock.advance(chrono::TimeDelta::hours(1));
    let asked = make(&olivia, &[]).await;
    asked.goes_to("/reauth?next=%2Fsettings%2Fapi-keys");
    assert_eq!(app.number("SELECT count(*) AS number FROM api_keys"), 0);
    let password = [("password", "correct horse battery"), ("next", PATH)];
    olivia.post("/reauth", &password).await.goes_to(PATH);
    make(&olivia, &[]).await.is(200);
}

#[actix_web::test]
async fn a_revoked_or_expired_key_opens_nothing_from_the_next_request_on() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let program = Program::of(&olivia, "sdk", &[]).await;
    let usage = json!({"member": Uma.email(), "service": "Nothing"});
    program.post("/api/v1/usage", &usage).await.problem(422, "unknown_service");
    revoke(&olivia).await.goes_to(PATH);
    program.post("/api/v1/usage", &usage).await.problem(401, "unknown_key");
    olivia.get(PATH).await.shows("Revoked").shows("The key Program is revoked.").hides("/revoke\"");
    app.trail_holds(Olivia, "Olivia Owens revoked the key Program");

    let today = app.clock.now().date_naive().to_string();
    let made = make(&olivia, &[("expires_on", today.as_str())]).await;
    let short = Program { key: made.attribute("#key", "value").unwrap(), ..program };
    short.post("/api/v1/usage", &usage).await.problem(422, "unknown_service");
    app.days_pass(1);
    short.post("/api/v1/usage", &usage).await.problem(401, "unknown_key");
    app.sign_in(Olivia).await.get(PATH).await.shows("Expired");
}

#[actix_web::test]
async fn the_last_use_is_written_once_a_minute_and_never_in_the_trail() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let program = Program::of(&olivia, "sdk", &[]).await;
    let entries = "SELECT count(*) AS number FROM audit_entries";
    let before = app.number(entries);
    let used = "SELECT coalesce(to_char(last_used_at, 'HH24:MI:SS.MS'), 'never') AS text FROM api_keys";
    assert_eq!(app.text(used), "never");
    let usage = json!({"member": Uma.email(), "service": "Nothing"});
    program.post("/api/v1/usage", &usage).await.is(422);
    let first = app.text(used);
    assert_ne!(first, "never");
    program.post("/api/v1/usage", &usage).await.is(422);
    assert_eq!(app.text(used), first);
    app.clock.advance(chrono::TimeDelta::minutes(2));
    program.post("/api/v1/usage", &usage).await.is(422);
    assert_ne!(app.text(used), first);
    assert_eq!(app.number(entries), before);
    olivia.get(PATH).await.hides("never");
}

#[actix_web::test]
async fn the_first_key_that_reports_usage_is_a_first_step() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let step = "a[href=\"/settings/api-keys\"]";
    let offered = olivia.get("/").await.texts(step);
    assert!(offered.iter().any(|words| words == "Make a key that reports usage"), "{offered:?}");
    Program::of(&olivia, "sdk", &[]).await;
    assert!(!olivia.get("/").await.texts(step).iter().any(|words| words.starts_with("Make a key")));
}

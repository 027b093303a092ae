//! Setting a new password with a mailed key.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Browser, Gus, Olivia, Shown, TestApp, Uma, cast::PASSWORD};

const NEW: &str = "four herons left the harbour";

/// Asks for a letter and lets the worker send it; the key of its link.
pub async fn mailed_key(app: &TestApp, email: &str) -> String {
    app.visitor().post("/password/forgot", &[("email", email)]).await.goes_to("/login");
    app.work_until_idle().await;
    let letters = app.mailbox(email);
    let text = &letters.last().unwrap_or_else(|| panic!("no letter for {email}")).text;
    let start = format!("{}/password/reset?key=", app.url);
    text.lines().find_map(|line| line.strip_prefix(&start)).unwrap().to_owned()
}

async fn sign_in(browser: &Browser, email: &str, password: &str) -> Shown {
    browser.post("/login", &[("email", email), ("password", password)]).await
}

fn page_of(key: &str) -> String {
    format!("/password/reset?key={key}")
}

#[actix_web::test]
async fn uma_forgot_her_password_and_chooses_a_new_one() {
    let app = TestApp::start().await;
    let uma = app.visitor();
    uma.get("/login").await.is(200).shows("Forgot your password?");
    uma.get("/password/forgot").await.is(200).shows("Set a new password");
    uma.post("/password/forgot", &[("email", " UMA@acme.example ")]).await.goes_to("/login");
    uma.get("/login").await.is(200).shows("If somebody signs in with that address, a letter to it is on its way.");
    let key = mailed_key(&app, Uma.email()).await;

    for _ in 0..2 {
        let page = uma.get(&page_of(&key)).await;
        page.is(200).shows("Choose your new password");
        assert_eq!(page.attribute("#email", "value").as_deref(), Some(Uma.email()));
        assert_eq!(page.headers.get("referrer-policy").unwrap(), "no-referrer");
        assert_eq!(page.headers.get("cache-control").unwrap(), "no-store");
    }
    uma.post("/password/reset", &[("key", &key), ("password", NEW)]).await.goes_to("/login");
    uma.get("/login").await.is(200).shows("Your new password is set");
    uma.get("/businesses").await.goes_to("/login?next=%2Fbusinesses");
    sign_in(&app.visitor(), Uma.email(), PASSWORD).await.is(422);
    sign_in(&uma, Uma.email(), NEW).await.goes_to("/");

    app.trail_holds(Uma, "Uma Usher set a new password and ended every sign-in");
    let told = app.letters_to(Uma.email()).pop().unwrap();
    assert_eq!((told.kind.as_str(), told.key), ("password_changed", None));
    assert_eq!(told.details["network"], "127.0.0.1");
    assert!(told.details["at"].as_str().unwrap().ends_with("(UTC)"));
}

#[actix_web::test]
async fn whoever_was_signed_in_as_uma_is_not_any_more_and_her_browsers_are_strangers_again() {
    let app = TestApp::start().await;
    let (phone, laptop, gus) = (app.sign_in(Uma).await, app.sign_in(Uma).await, app.sign_in(Gus).await);
    let key = mailed_key(&app, Uma.email()).await;
    assert_eq!(app.number("SELECT count(*) AS number FROM devices"), 3);
    laptop.post_exactly("/password/reset", &[("key", &key), ("password", NEW)]).await.goes_to("/login");
    for browser in [&phone, &laptop] {
        browser.get("/businesses").await.goes_to("/login?next=%2Fbusinesses");
    }
    laptop.get("/login").await.is(200).shows("Your new password is set");
    gus.get("/businesses").await.is(200);
    // Known are the browser of Gus and the one in which the new password was chosen.
    assert_eq!(app.number("SELECT count(*) AS number FROM devices"), 2);
    assert_eq!(app.number("SELECT count(*) AS number FROM sessions WHERE user_id IS NOT NULL"), 1);
}

#[actix_web::test]
async fn known_and_unknown_addresses_get_one_and_the_same_answer() {
    let app = TestApp::start().await;
    let (known, unknown) = (app.visitor(), app.visitor());
    let one = known.post("/password/forgot", &[("email", Uma.email())]).await;
    let two = unknown.post("/password/forgot", &[("email", "nobody@acme.example")]).await;
    assert_eq!((one.status, one.location(), &one.body), (two.status, two.location(), &two.body));
    let names = |shown: &Shown| shown.headers.keys().map(ToString::to_string).collect::<BTreeSet<_>>();
    assert_eq!(names(&one), names(&two));
    assert_eq!(known.get("/login").await.text(), unknown.get("/login").await.text());
    assert_eq!(app.number("SELECT count(*) AS number FROM reset_requests"), 2);
    assert_eq!(app.letters_where("true"), 0, "whose address it is, is looked up after the answer");
    app.work_until_idle().await;
    assert_eq!(app.letters_where("kind = 'password_reset' AND state = 'sent' AND key_sealed IS NULL"), 1);
    assert_eq!(app.number("SELECT count(*) AS number FROM reset_requests"), 0);
}

#[actix_web::test]
async fn no_answer_to_a_reset_holds_its_key_and_it_rests_as_a_hash() {
    let app = TestApp::start().await;
    let uma = app.visitor();
    let asked = uma.post("/password/forgot", &[("email", Uma.email())]).await;
    let before = uma.get("/login").await;
    let key = mailed_key(&app, Uma.email()).await;
    assert_eq!(key.len(), 43);
    let saved = uma.post("/password/reset", &[("key", &key), ("password", NEW)]).await;
    let after = uma.get("/login").await;
    for shown in [&asked, &before, &saved, &after] {
        assert!(!shown.body.contains(&key) && !format!("{:?}", shown.headers).contains(&key));
    }
    let stored =
        format!("SELECT count(*) AS number FROM password_resets WHERE encode(key_hash, 'escape') LIKE '%{key}%'");
    assert_eq!(app.number(&stored), 0);
}

#[actix_web::test]
async fn only_the_newest_key_works_and_only_for_half_an_hour() {
    let app = TestApp::start().await;
    let first = mailed_key(&app, Uma.email()).await;
    app.minutes_pass(1);
    let second = mailed_key(&app, Uma.email()).await;
    assert_ne!(first, second);
    app.visitor().get(&page_of(&first)).await.is(410).shows("a newer one was sent").shows("Set a new password");
    app.minutes_pass(29);
    app.visitor().get(&page_of(&second)).await.is(200);
    app.minutes_pass(1);
    app.visitor().get(&page_of(&second)).await.is(410);
    let late = app.visitor().post("/password/reset", &[("key", &second), ("password", NEW)]).await;
    late.is(410).hides(NEW);
    sign_in(&app.visitor(), Uma.email(), PASSWORD).await.goes_to("/");
}

#[actix_web::test]
async fn a_key_of_one_purpose_opens_nothing_else() {
    let app = TestApp::start().await;
    let ingrid = app.newcomer(1).await;
    let verification = app.key_for(&ingrid);
    let reset = mailed_key(&app, Uma.email()).await;
    let visitor = app.visitor();
    visitor.get(&page_of(&verification)).await.is(410);
    visitor.post("/password/reset", &[("key", &verification), ("password", NEW)]).await.is(410);
    visitor.get(&format!("/verify?key={reset}")).await.is(410);
    visitor.post("/verify", &[("key", &reset)]).await.is(410);
    visitor.get(&format!("/join?key={reset}")).await.is(410);
    for key in ["", "short", &"A".repeat(43), "%00", "' OR 1=1 --"] {
        visitor.post("/password/reset", &[("key", key), ("password", NEW)]).await.is(410);
    }
    visitor.get(&page_of(&reset)).await.is(200);
}

#[actix_web::test]
async fn fifty_at_once_use_a_key_once() {
    let app = TestApp::start().await;
    let key = mailed_key(&app, Uma.email()).await;
    let browsers: Vec<Browser> = (0..50).map(|_| app.visitor()).collect();
    let form = [("key", key.as_str()), ("password", NEW)];
    let answers = futures_util::future::join_all(browsers.iter().map(|one| one.post("/password/reset", &form))).await;
    let mut counts = BTreeMap::new();
    for answer in &answers {
        *counts.entry(answer.status).or_insert(0) += 1;
    }
    assert_eq!(counts.get(&303), Some(&1), "{counts:?}");
    assert!(counts.keys().all(|status| [303, 410, 503].contains(status)), "{counts:?}");
    app.trail_holds(Uma, "Uma Usher set a new password and ended every sign-in");
    assert_eq!(app.letters_where("kind = 'password_changed'"), 1);
}

#[actix_web::test]
async fn a_weak_password_is_refused_in_words_and_the_key_still_works() {
    let app = TestApp::start().await;
    let key = mailed_key(&app, Uma.email()).await;
    let uma = app.visitor();
    for weak in ["short", "Password123!", "uma-usher-2026", "acmeacme2026"] {
        let page = uma.post("/password/reset", &[("key", &key), ("password", weak)]).await;
        page.is(422).shows("One answer needs another look").hides(weak);
        assert_eq!(page.headers.get("referrer-policy").unwrap(), "no-referrer");
    }
    uma.post("/password/reset", &[("key", &key), ("password", NEW), ("email", "x@y.example")]).await.is(422);
    let long = "every word of this makes it longer, ".repeat(6);
    uma.post("/password/reset", &[("key", &key), ("password", &long)]).await.goes_to("/login");
    sign_in(&app.visitor(), Uma.email(), &long).await.goes_to("/");
}

#[actix_web::test]
async fn three_letters_an_hour_to_one_address_known_or_not() {
    let app = TestApp::start().await;
    for email in [Uma.email(), "nobody@acme.example"] {
        for _ in 0..3 {
            app.visitor().post("/password/forgot", &[("email", email)]).await.goes_to("/login");
        }
        let page = app.visitor().post("/password/forgot", &[("email", email)]).await;
        page.is(429).shows("Letters for a new password were asked for too often").shows("minutes");
        assert!(page.headers.contains_key("retry-after"));
    }
    app.work_until_idle().await;
    assert_eq!(app.mailbox(Uma.email()).len(), 1, "one letter for all that were asked for before the worker came");
    app.minutes_pass(60);
    app.visitor().post("/password/forgot", &[("email", Uma.email())]).await.goes_to("/login");
}

#[actix_web::test]
async fn one_network_asks_for_twenty_letters_an_hour() {
    let app = TestApp::start().await;
    for number in 0..20 {
        let email = format!("person{number}@acme.example");
        app.visitor().post("/password/forgot", &[("email", &email)]).await.goes_to("/login");
    }
    app.visitor().post("/password/forgot", &[("email", Olivia.email())]).await.is(429);
}

#[actix_web::test]
async fn what_is_no_address_is_said_beside_the_field() {
    let app = TestApp::start().await;
    let wrong = [
        "",
        "uma",
        "Uma <uma@acme.example>",
        "uma@acme.example,eve@evil.example",
        "uma@acme.example\r\nBcc: eve@evil.example",
    ];
    for email in wrong {
        let page = app.visitor().post("/password/forgot", &[("email", email)]).await;
        page.is(422).shows("Write an address such as name@company.com.");
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM reset_requests"), 0);
}

#[actix_web::test]
async fn after_a_reset_a_stranger_still_cannot_keep_uma_out_and_old_keys_are_cleared_away() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        sign_in(&app.visitor(), Uma.email(), "not the password").await.is(422);
    }
    let uma = app.visitor();
    sign_in(&uma, Uma.email(), PASSWORD).await.is(429).shows("Set a new password");
    let key = mailed_key(&app, Uma.email()).await;
    uma.post("/password/reset", &[("key", &key), ("password", NEW)]).await.goes_to("/login");
    sign_in(&uma, Uma.email(), NEW).await.goes_to("/");
    sign_in(&app.visitor(), Uma.email(), NEW).await.is(429);
    app.days_pass(1);
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM password_resets"), 0);
}

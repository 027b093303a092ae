//! Showing again that it is oneself: only the password does it, and nothing else that a session can do on the way.

use crate::support::cast::PASSWORD;
use crate::support::{Browser, Olivia, Phone, TestApp, Uma};

const PROFILE: &str = "/settings/profile";
const SETUP: &str = "/settings/security/two-factor";
const OFF: &str = "/settings/security/two-factor/off";

/// Somebody who found Uma's session open, long after she wrote her password.
async fn found_open(app: &TestApp) -> Browser {
    let uma = app.sign_in(Uma).await;
    app.minutes_pass(10);
    uma
}

/// Whoever is not proved is asked for the password before anything that cannot be undone.
async fn is_asked(browser: &Browser) {
    browser.post(PROFILE, &[("email", "thief@evil.example")]).await.goes_to("/reauth?next=%2Fsettings%2Fprofile");
    browser.post(OFF, &[]).await.goes_to("/reauth?next=%2Fsettings%2Fsecurity");
}

#[actix_web::test]
async fn founding_another_business_proves_nothing() {
    let app = TestApp::start().await;
    let thief = found_open(&app).await;
    let (before, devices) = (thief.cookies(), app.number("SELECT count(*) AS number FROM devices"));
    thief.post_exactly("/businesses/new", &[("business", "Initech"), ("plan", "trial")]).await.is(303);
    assert_ne!(thief.cookies(), before, "the session goes on under a new key");
    assert_eq!(app.number("SELECT count(*) AS number FROM devices"), devices, "the browser is no better known");
    is_asked(&thief).await;
}

#[actix_web::test]
async fn accepting_an_invitation_proves_nothing() {
    let app = TestApp::start().await;
    let gus = app.sign_in(crate::support::Gus).await;
    gus.post("/team/invitations", &[("emails", Uma.email()), ("role", "user")]).await.is(303);
    let key = app.key_for(Uma.email());
    let thief = found_open(&app).await;
    let devices = app.number("SELECT count(*) AS number FROM devices");
    thief.post_exactly("/join", &[("key", &key), ("accept", "1")]).await.goes_to("/");
    thief.get("/").await.is(200).shows("User of Globex");
    assert_eq!(app.number("SELECT count(*) AS number FROM devices"), devices, "the browser is no better known");
    is_asked(&thief).await;
}

#[actix_web::test]
async fn setting_a_second_factor_up_needs_the_password_and_is_none() {
    let app = TestApp::start().await;
    let thief = found_open(&app).await;
    thief.get(SETUP).await.goes_to("/reauth?next=%2Fsettings%2Fsecurity%2Ftwo-factor");
    thief.post(SETUP, &[("code", "123456")]).await.goes_to("/reauth?next=%2Fsettings%2Fsecurity%2Ftwo-factor");

    let uma = app.sign_in(Uma).await;
    app.minutes_pass(9);
    Phone::set_up(&app, &uma).await;
    app.minutes_pass(1);
    is_asked(&uma).await;
}

#[actix_web::test]
async fn whoever_must_have_a_second_factor_is_asked_for_the_password_on_the_way() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    app.sql("UPDATE users SET is_staff = true WHERE email = 'olivia@acme.example'");
    app.minutes_pass(10);
    olivia.get("/people").await.goes_to(SETUP);
    olivia.get(SETUP).await.goes_to("/reauth?next=%2Fsettings%2Fsecurity%2Ftwo-factor");
    olivia.get("/reauth?next=%2Fsettings%2Fsecurity%2Ftwo-factor").await.is(200).shows("Your password again");
    olivia.post("/reauth", &[("password", PASSWORD), ("next", SETUP)]).await.goes_to(SETUP);
    Phone::set_up(&app, &olivia).await;
    olivia.get("/people").await.is(200);
}

//! A sign-in that was ended stays ended, whatever was under way at that moment.

use diesel::PgConnection;
use diesel::connection::SimpleConnection;

use crate::support::cast::PASSWORD;
use crate::support::{Browser, Phone, Shown, TestApp, Uma};

const SECURITY: &str = "/settings/security";

/// Holds these locks until it is let go, and meanwhile somebody else's form is under way.
fn hold(app: &TestApp, sql: &str) -> PgConnection {
    let mut held = app.owner();
    held.batch_execute(&format!("BEGIN; {sql}")).unwrap();
    held
}

/// Sends a form that has come as far as the lock.
async fn under_way(
    app: &TestApp,
    browser: &Browser,
    path: &'static str,
    fields: Vec<(&'static str, &'static str)>,
) -> actix_web::rt::task::JoinHandle<Shown> {
    let browser = browser.clone();
    let sent = actix_web::rt::spawn(async move { browser.post(path, &fields).await });
    let waiting = "SELECT count(*) AS number FROM pg_locks WHERE NOT granted
                   AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())";
    while app.number(waiting) == 0 {
        tokio::task::yield_now().await;
    }
    sent
}

#[actix_web::test]
async fn a_form_under_way_does_not_bring_back_a_session_that_was_ended_meanwhile() {
    let app = TestApp::start().await;
    let (uma, thief) = (app.sign_in(Uma).await, app.sign_in(Uma).await);
    let mut held = hold(&app, "LOCK TABLE attempts IN ACCESS EXCLUSIVE MODE");
    let sent = under_way(&app, &thief, "/reauth", vec![("password", PASSWORD), ("next", "/people")]).await;
    uma.post("/settings/security/sessions/end-all", &[]).await.goes_to(SECURITY);
    held.batch_execute("COMMIT").unwrap();
    sent.await.unwrap();

    thief.get("/people").await.goes_to("/login?next=%2Fpeople");
    uma.get("/people").await.is(200);
    assert_eq!(app.number("SELECT count(*) AS number FROM sessions WHERE user_id IS NOT NULL"), 1);
}

#[actix_web::test]
async fn a_password_that_is_replaced_while_it_is_compared_signs_nobody_in() {
    let app = TestApp::start().await;
    let uma = Uma.user_uuid();
    let thief = app.visitor();
    let mut held = hold(&app, &format!("SELECT FROM users WHERE id = '{uma}' FOR UPDATE"));
    let sent = under_way(&app, &thief, "/login", vec![("email", Uma.email()), ("password", PASSWORD)]).await;
    held.batch_execute(&format!("UPDATE users SET password_hash = 'another' WHERE id = '{uma}'; COMMIT")).unwrap();
    sent.await.unwrap().goes_to("/login");

    thief.get("/people").await.goes_to("/login?next=%2Fpeople");
    assert_eq!(app.number("SELECT count(*) AS number FROM sessions WHERE user_id IS NOT NULL"), 0);
}

#[actix_web::test]
async fn a_second_factor_turned_on_in_that_moment_is_asked_for() {
    let app = TestApp::start().await;
    let uma = Uma.user_uuid();
    let thief = app.visitor();
    let mut held = hold(&app, &format!("SELECT FROM users WHERE id = '{uma}' FOR UPDATE"));
    let sent = under_way(&app, &thief, "/login", vec![("email", Uma.email()), ("password", PASSWORD)]).await;
    let on = format!("UPDATE users SET totp_sealed = '\\x00', two_factor_at = created_at WHERE id = '{uma}'; COMMIT");
    held.batch_execute(&on).unwrap();
    sent.await.unwrap().goes_to("/login");
    thief.get("/people").await.goes_to("/login?next=%2Fpeople");
}

#[actix_web::test]
async fn a_session_written_a_moment_too_late_opens_nothing() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    app.sql("UPDATE users SET session_epoch = session_epoch + 1 WHERE email = 'uma@acme.example'");
    uma.get("/people").await.goes_to("/login?next=%2Fpeople");
    let fresh = app.sign_in(Uma).await;
    fresh.get("/people").await.is(200);
    let listed = fresh.get(SECURITY).await;
    listed.is(200).hides("End all others");
}

#[actix_web::test]
async fn turning_the_second_factor_on_ends_the_sign_ins_made_without_it() {
    let app = TestApp::start().await;
    let (uma, thief) = (app.sign_in(Uma).await, app.sign_in(Uma).await);
    Phone::set_up(&app, &uma).await;
    thief.get("/people").await.goes_to("/login?next=%2Fpeople");
    uma.get("/people").await.is(200);
}

#[actix_web::test]
async fn a_new_key_makes_no_session_younger() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    for _ in 0..3 {
        app.days_pass(9);
        let before = uma.cookies();
        uma.post("/reauth", &[("password", PASSWORD), ("next", "/people")]).await.goes_to("/people");
        assert_ne!(uma.cookies(), before);
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM sessions WHERE user_id IS NOT NULL"), 1);
    app.days_pass(3);
    uma.get("/people").await.goes_to("/login?next=%2Fpeople");
}

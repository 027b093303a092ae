//! Two-factor sign-in: setting it up, the code after the password, recovery codes, and whoever must have it.

use futures_util::future::join_all;

use crate::support::cast::PASSWORD;
use crate::support::{Adam, Browser, Cast, Gus, Olivia, Phone, Shown, TestApp, Uma};

const SETUP: &str = "/settings/security/two-factor";

/// A browser in which the password of this person fitted, and nothing more.
async fn at_the_code(app: &TestApp, person: Cast) -> Browser {
    let browser = app.known_browser(person);
    browser.post("/login", &[("email", person.email()), ("password", PASSWORD)]).await.goes_to("/login/code");
    browser
}

#[actix_web::test]
async fn uma_sets_it_up_and_is_asked_for_a_code_from_then_on() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    uma.get("/settings/security").await.is(200).shows("Two-factor sign-in Off");
    let phone = Phone::scan(&uma).await;
    assert!(uma.get(SETUP).await.attribute("svg.square path", "d").unwrap().starts_with("M4 4h7"));
    let wrong = uma.post(SETUP, &[("code", "000000")]).await;
    wrong.is(422).shows("That code does not fit");
    assert_eq!(app.number("SELECT count(*) AS number FROM users WHERE totp_sealed IS NOT NULL AND NOT is_staff"), 0);
    let before = uma.cookies();
    let done = uma.post(SETUP, &[("code", &phone.code(&app))]).await;
    done.is(200).shows("Two-factor sign-in is on").shows("shown this once");
    assert_ne!(uma.cookies(), before, "the session goes on under a new key");
    uma.get("/settings/security").await.shows("Two-factor sign-in On").shows("10 recovery codes are left");
    uma.get(SETUP).await.goes_to("/settings/security");
    app.trail_holds(Uma, "Uma Usher turned on two-factor sign-in");
    app.clock.advance(chrono::TimeDelta::seconds(30));

    let uma = at_the_code(&app, Uma).await;
    uma.get("/people").await.goes_to("/login?next=%2Fpeople");
    uma.get("/").await.is(200).hides("Acme");
    uma.post("/subscriptions", &[("service", "Figma")]).await.goes_to("/login");
    uma.get("/login/code").await.is(200).shows("six digits");
    uma.post("/login/code", &[("code", &phone.code(&app))]).await.goes_to("/");
    uma.get("/").await.is(200).shows("User of Acme");
    uma.get("/login/code").await.goes_to("/login");
}

#[actix_web::test]
async fn the_secret_and_the_codes_rest_where_nobody_can_read_them() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let shown = uma.get(SETUP).await.texts("#secret").pop().unwrap().replace(' ', "");
    let bytes: Vec<u8> = totp_rs::Secret::try_from_base32(&shown).unwrap().as_bytes().to_vec();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let phone = Phone::set_up(&app, &uma).await;
    let code = phone.codes[0].replace('-', "");
    let found = app.number(&format!(
        "SELECT (SELECT count(*) FROM users u WHERE u::text ~ '{hex}|{shown}') + (SELECT count(*) FROM sessions s WHERE s::text ~ '{hex}|{shown}')
              + (SELECT count(*) FROM recovery_codes r WHERE encode(code_hash, 'escape') LIKE '%{code}%')
              + (SELECT count(*) FROM once_answers o WHERE o::text LIKE '%{}%') AS number",
        phone.codes[0]
    ));
    assert_eq!(found, 0);
    assert_eq!(app.number("SELECT count(*) AS number FROM users WHERE totp_sealed IS NOT NULL AND NOT is_staff"), 1);
    assert_eq!(app.number("SELECT count(*) AS number FROM recovery_codes"), 10);
}

#[actix_web::test]
async fn a_code_signs_in_once_also_when_many_send_it_at_once() {
    let app = TestApp::start().await;
    let phone = Phone::set_up(&app, &app.sign_in(Uma).await).await;
    let browser = at_the_code(&app, Uma).await;
    let code = phone.code(&app);
    let fields = [("code", code.as_str())];
    let answers = join_all((0..20).map(|_| browser.post("/login/code", &fields))).await;
    assert_eq!(signed_in(&answers), 1);
    assert!(answers.iter().all(|shown| shown.status < 500));
    app.clock.advance(chrono::TimeDelta::hours(1));
    let again = at_the_code(&app, Uma).await;
    again.post("/login/code", &[("code", &code)]).await.is(422).shows("was used already");
    again.post("/login/code", &[("code", &phone.code_at(&app, -30))]).await.goes_to("/");
    let third = at_the_code(&app, Uma).await;
    third.post("/login/code", &[("code", &phone.code_at(&app, -30))]).await.is(422);
    third.post("/login/code", &[("code", &phone.code_at(&app, 90))]).await.is(422);
    third.post("/login/code", &[("code", &phone.code_at(&app, 30))]).await.goes_to("/");
}

fn signed_in(answers: &[Shown]) -> usize {
    answers.iter().filter(|shown| shown.status == 303 && shown.location() == "/").count()
}

#[actix_web::test]
async fn a_recovery_code_signs_in_once_and_is_told() {
    let app = TestApp::start().await;
    let phone = Phone::set_up(&app, &app.sign_in(Uma).await).await;
    let browser = at_the_code(&app, Uma).await;
    let code = phone.codes[3].to_uppercase();
    let fields = [("code", code.as_str())];
    let answers = join_all((0..50).map(|_| browser.post("/login/code", &fields))).await;
    assert_eq!(signed_in(&answers), 1);
    assert!(answers.iter().all(|shown| shown.status < 500));
    app.trail_holds(Uma, "Uma Usher used a recovery code; 9 are left");
    let letters = app.letters_to(Uma.email());
    let kinds: Vec<&str> = letters.iter().map(|letter| letter.kind.as_str()).collect();
    assert_eq!(kinds, ["recovery_code_used"]);
    app.clock.advance(chrono::TimeDelta::hours(25));
    let again = at_the_code(&app, Uma).await;
    again.post("/login/code", &fields).await.is(422);
    again.post("/login/code", &[("code", &phone.codes[4].replace('-', " "))]).await.goes_to("/");
    again.get("/settings/security").await.shows("8 recovery codes are left");
    app.work_until_idle().await;
    assert_eq!(app.mailbox(Uma.email())[0].header("Subject"), "A recovery code of yours was used");
}

#[actix_web::test]
async fn a_fitting_password_waits_ten_minutes_and_five_codes() {
    let app = TestApp::start().await;
    let phone = Phone::set_up(&app, &app.sign_in(Uma).await).await;
    let late = at_the_code(&app, Uma).await;
    app.clock.advance(chrono::TimeDelta::minutes(10));
    late.post("/login/code", &[("code", &phone.code(&app))]).await.is(410).shows("Sign in once more");
    late.get("/login/code").await.goes_to("/login");
    let guessing = at_the_code(&app, Uma).await;
    for _ in 0..4 {
        guessing.post("/login/code", &[("code", "000000")]).await.is(422);
    }
    guessing.post("/login/code", &[("code", "123")]).await.is(410);
    guessing.post("/login/code", &[("code", &phone.code(&app))]).await.is(410);
    let form = [("email", Uma.email()), ("password", PASSWORD)];
    guessing.post("/login", &form).await.goes_to("/login/code");
    let refused = guessing.post("/login/code", &[("code", &phone.code(&app))]).await;
    refused.is(429);
    assert!(refused.headers.contains_key("retry-after"));
    app.clock.advance(chrono::TimeDelta::hours(24));
    let tomorrow = at_the_code(&app, Uma).await;
    tomorrow.post("/login/code", &[("code", &phone.code(&app))]).await.goes_to("/");
    app.visitor().post("/login/code", &[("code", &phone.code(&app))]).await.is(410);
}

#[actix_web::test]
async fn a_password_changed_meanwhile_lets_nobody_in_with_the_old_one() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let phone = Phone::set_up(&app, &uma).await;
    let waiting = at_the_code(&app, Uma).await;
    let form = [("current", PASSWORD), ("password", "a wagon full of turnips")];
    uma.post("/settings/security/password", &form).await.goes_to("/settings/security");
    waiting.post("/login/code", &[("code", &phone.code(&app))]).await.is(410);
    waiting.get("/people").await.goes_to("/login?next=%2Fpeople");
}

#[actix_web::test]
async fn turning_it_off_and_new_codes_need_the_password_again() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let phone = Phone::set_up(&app, &uma).await;
    app.clock.advance(chrono::TimeDelta::minutes(10));
    for act in ["off", "codes"] {
        let asked = uma.post(&format!("{SETUP}/{act}"), &[]).await;
        asked.goes_to("/reauth?next=%2Fsettings%2Fsecurity");
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM users WHERE two_factor_at IS NOT NULL AND NOT is_staff"), 1);
    let form = [("password", PASSWORD), ("next", "/settings/security")];
    uma.post("/reauth", &form).await.goes_to("/settings/security");
    let fresh = uma.post(&format!("{SETUP}/codes"), &[]).await;
    fresh.is(200).shows("the codes from before work no more").hides(&phone.codes[0]);
    app.trail_holds(Uma, "Uma Usher made new recovery codes");
    let browser = at_the_code(&app, Uma).await;
    browser.post("/login/code", &[("code", &phone.codes[0])]).await.is(422);
    uma.post(&format!("{SETUP}/off"), &[]).await.goes_to("/settings/security");
    uma.get("/settings/security").await.shows("Two-factor sign-in is off").shows("Two-factor sign-in Off");
    app.trail_holds(Uma, "Uma Usher turned off two-factor sign-in");
    uma.post(&format!("{SETUP}/codes"), &[]).await.is(409).shows("is off, so there are no recovery codes");
    app.sign_in(Uma).await.get("/").await.shows("User of Acme");
}

#[actix_web::test]
async fn whoever_must_have_it_sets_it_up_before_anything_else() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    adam.get("/people").await.is(200);
    app.sql("UPDATE users SET is_staff = true WHERE email = 'adam@acme.example'");
    for path in ["/", "/people", "/settings/security", "/businesses", "/login"] {
        adam.get(path).await.goes_to(SETUP);
    }
    adam.post("/people", &[("name", "Leo Lund"), ("email", "leo@acme.example")]).await.goes_to(SETUP);
    assert_eq!(app.number("SELECT count(*) AS number FROM members"), 5);
    let page = adam.get(SETUP).await;
    page.is(200).shows("Your sign-in must have it");
    assert_eq!(page.texts("main a"), ["Subledger"]);
    let phone = Phone::set_up(&app, &adam).await;
    adam.get("/people").await.is(200);
    adam.get("/settings/security").await.shows("It stays on").hides("Turn off");
    adam.post(&format!("{SETUP}/off"), &[]).await.is(409).shows("so it stays on");
    let attempts = "SELECT count(*) AS number FROM audit_entries WHERE action = 'user.two_factor_refused'";
    assert_eq!(app.number(attempts), 1);
    let browser = at_the_code(&app, Adam).await;
    browser.post("/login/code", &[("code", &phone.code(&app))]).await.goes_to("/");
    let led = app.sign_in(Uma).await;
    app.sql("UPDATE users SET is_staff = true WHERE email = 'uma@acme.example'");
    led.post("/logout", &[]).await.goes_to("/login");
    led.get("/people").await.goes_to("/login?next=%2Fpeople");
}

#[actix_web::test]
async fn a_business_may_want_it_of_everybody() {
    let app = TestApp::start().await;
    let (olivia, uma, gus) = (app.sign_in(Olivia).await, app.sign_in(Uma).await, app.sign_in(Gus).await);
    olivia.post("/settings/business", &[("require_two_factor", "1")]).await.goes_to("/settings/business");
    olivia.get("/settings/business").await.goes_to(SETUP);
    for path in ["/", "/people", "/businesses"] {
        uma.get(path).await.goes_to(SETUP);
    }
    uma.post("/subscriptions", &[("service", "Figma")]).await.goes_to(SETUP);
    gus.get("/people").await.is(200);
    Phone::set_up(&app, &uma).await;
    uma.get("/people").await.is(200);
    uma.get("/settings/security").await.shows("It stays on").hides("Turn off");
    Phone::set_up(&app, &olivia).await;
    let adam = app.sign_in(Adam).await;
    adam.get("/").await.goes_to(SETUP);
    olivia.post(&format!("/team/{}/deactivate", Adam.member_id()), &[]).await.goes_to("/team");
    adam.get("/businesses").await.is(200).shows("No business yet");
    olivia.post("/settings/business", &[("require_two_factor", "0")]).await.goes_to("/settings/business");
    uma.post(&format!("{SETUP}/off"), &[]).await.goes_to("/settings/security");
    uma.get("/people").await.is(200);
}

//! Recovering access: told at once, a day later done, stopped in between.

use super::{acme, letters};
use crate::support::cast::PASSWORD;
use crate::support::{Adam, Browser, Gus, Olivia, Sam, Shown, TestApp, Uma};

const WHY: &str = "The only owner has lost her telephone";

pub async fn recover(sam: &Browser, kind: &str, email: &str) -> Shown {
    sam.post(&acme("/recover"), &[("kind", kind), ("email", email), ("reason", WHY)]).await
}

fn with_second_factor(app: &TestApp) {
    app.sql("UPDATE users SET totp_sealed = '\\x00', two_factor_at = created_at WHERE email LIKE 'olivia@%'");
    app.sql(
        "INSERT INTO recovery_codes SELECT id, decode(repeat('00', 32), 'hex') FROM users WHERE email LIKE 'olivia@%'",
    );
}

fn has_second_factor(app: &TestApp) -> i64 {
    app.number(
        "SELECT (SELECT count(*) FROM users WHERE email LIKE 'olivia@%' AND two_factor_at IS NOT NULL)
           + (SELECT count(*) FROM recovery_codes) AS number",
    )
}

#[actix_web::test]
async fn a_second_factor_is_switched_off_a_day_later_exactly_once() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    with_second_factor(&app);
    let sam = app.sign_in(Sam).await;
    sam.get(&acme("?form=recover")).await.is(200).shows("carried out after 24 hours");
    recover(&sam, "two_factor", Olivia.email()).await.goes_to(&acme("#recoveries"));
    assert_eq!(letters(&app, Olivia), ["recovery_begun"]);
    recover(&sam, "two_factor", Olivia.email()).await.is(409).shows("Another recovery of access waits");

    app.minutes_pass(24 * 60 - 1);
    app.work_until_idle().await;
    assert_eq!(has_second_factor(&app), 2, "a minute too early");
    app.minutes_pass(1);
    app.work_until_idle().await;
    app.work_until_idle().await;
    assert_eq!(has_second_factor(&app), 0);
    app.trail_holds(
        Olivia,
        "worker carried out the recovery of access: the second factor of Olivia Owens (olivia@acme.example) was switched off",
    );
    let subjects: Vec<String> =
        app.mailbox(Olivia.email()).iter().map(|letter| letter.header("Subject").to_owned()).collect();
    assert_eq!(subjects, ["Who gets into Acme is about to change", "Who gets into Acme has changed"]);
    sam.get(&acme("")).await.shows("Done");
    olivia.get("/people").await.goes_to("/login?next=%2Fpeople");
    assert_eq!(
        app.number(
            "SELECT count(*) AS number FROM devices d JOIN users u ON u.id = d.user_id WHERE u.email LIKE 'olivia@%'"
        ),
        0
    );
}

#[actix_web::test]
async fn any_owner_can_stop_it_and_nobody_else() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    with_second_factor(&app);
    let sam = app.sign_in(Sam).await;
    recover(&sam, "owner", Gus.email()).await.is(303);
    app.work_until_idle().await;
    let letter = app.mailbox(Olivia.email()).pop().unwrap();
    let link = letter.text.lines().find(|line| line.contains("recoveries")).unwrap();
    let led = olivia.get(link.strip_prefix(&app.url).unwrap()).await;
    let path = led.is(303).location();

    for other in [Adam, Uma] {
        let other = app.sign_in(other).await;
        other.get(path).await.is(403);
        other.post(&format!("{path}/refuse"), &[]).await.is(403);
    }
    let gus = app.sign_in(Gus).await;
    gus.get(path).await.is(404);
    gus.post(&format!("{path}/refuse"), &[]).await.is(404);
    app.visitor().get(path).await.is(303);

    olivia.get(path).await.is(200).shows("Gus Globe").shows(WHY).shows("Stop it");
    olivia.post(&format!("{path}/refuse"), &[]).await.goes_to(path);
    olivia.get(path).await.is(200).shows("Stopped by an owner");
    olivia.post(&format!("{path}/refuse"), &[]).await.is(409);
    app.trail_holds(Olivia, "Olivia Owens stopped the recovery of access for Gus Globe (gus@globex.example)");
    app.days_pass(2);
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM members WHERE email LIKE 'gus@%'"), 1);
    assert_eq!(app.mailbox(Olivia.email()).len(), 1);
}

#[actix_web::test]
async fn staff_can_take_it_back() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    recover(&sam, "owner", Gus.email()).await.is(303);
    let page = sam.get(&acme("")).await;
    let withdraw = page.attribute("section[aria-labelledby=recoveries] form", "action").unwrap();
    sam.post(&withdraw, &[]).await.goes_to(&acme("#recoveries"));
    app.days_pass(2);
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM members WHERE email LIKE 'gus@%'"), 1);
    app.trail_holds(Olivia, "Sam Staff took back the recovery of access for Gus Globe (gus@globex.example)");
}

#[actix_web::test]
async fn somebody_becomes_an_owner_as_the_person_they_are() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    for (email, members) in [(Uma.email(), 4), (Gus.email(), 5)] {
        recover(&sam, "owner", email).await.is(303);
        app.days_pass(1);
        app.work_until_idle().await;
        let acme_id = Olivia.business_uuid();
        let all = format!("SELECT count(*) AS number FROM members WHERE business_id = '{acme_id}'");
        assert_eq!(app.number(&all), members);
        let owns = format!("{all} AND email = '{email}' AND role = 'owner' AND status = 'active'");
        assert_eq!(app.number(&owns), 1);
    }
    app.trail_holds(
        Olivia,
        "worker carried out the recovery of access: Gus Globe (gus@globex.example) became an owner",
    );
    assert_eq!(app.mailbox(Gus.email()).len(), 1, "the new owner is told as well");
    let gus = app.sign_in(Gus).await;
    gus.post(&format!("/businesses/{}/enter", Olivia.business_id()), &[]).await.is(303);
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused_beside_the_field() {
    let app = TestApp::start().await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email LIKE 'gus@%'");
    app.sql("UPDATE users SET is_staff = true WHERE email LIKE 'adam@%'");
    let sam = app.sign_in(Sam).await;
    for (kind, email, said) in [
        ("two_factor", Olivia.email(), "has no second factor"),
        ("two_factor", Uma.email(), "not an active owner"),
        ("owner", Olivia.email(), "owner of the business already"),
        ("owner", Gus.email(), "not confirmed"),
        ("owner", Adam.email(), "member of staff"),
        ("owner", Sam.email(), "member of staff"),
        ("owner", "nobody@acme.example", "Nobody signs in with this address"),
        ("root", Uma.email(), "Choose what should be done"),
    ] {
        recover(&sam, kind, email).await.is(422).shows(said).shows(WHY);
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM recoveries"), 0);
    assert_eq!(letters(&app, Olivia), [""; 0]);
}

#[actix_web::test]
async fn what_has_become_needless_is_given_up() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    recover(&sam, "owner", Uma.email()).await.is(303);
    app.sql("UPDATE members SET role = 'owner' WHERE email LIKE 'uma@%'");
    app.days_pass(1);
    app.work_until_idle().await;
    app.trail_holds(
        Olivia,
        "worker gave up the recovery of access for Uma Usher (uma@acme.example): there was nothing left to do",
    );
    assert_eq!(app.mailbox(Uma.email()).len(), 0);
}

#[actix_web::test]
async fn a_recovery_ends_with_the_sign_in_it_was_for() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    recover(&sam, "owner", Uma.email()).await.is(303);
    let uma = app.sign_in(Uma).await;
    uma.post("/settings/profile/delete", &[("password", PASSWORD)]).await.is(303);
    app.days_pass(2);
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM recoveries"), 0);
    sam.get(&acme("")).await.is(200);
}

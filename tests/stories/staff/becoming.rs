//! Becoming a member of staff.

use futures_util::future::join_all;
use subledger::commands::make_staff;
use subledger::kernel::email_address::EmailAddress;

use crate::passwords::mailed_key;
use crate::support::cast::PASSWORD;
use crate::support::{Olivia, Sam, TestApp};

async fn add(app: &TestApp, email: &str) -> String {
    make_staff(&app.app, EmailAddress::parse(email).unwrap()).await.unwrap()
}

fn key_in(said: &str) -> String {
    said.rsplit("key=").next().unwrap().to_owned()
}

#[actix_web::test]
async fn somebody_new_chooses_name_and_password_with_a_key_that_works_once() {
    let app = TestApp::start().await;
    let said = add(&app, "nina@subledger.example").await;
    let key = key_in(&said);
    let at_rest = "SELECT count(*) AS number FROM staff_keys WHERE octet_length(key_hash) = 32 AND used_at IS NULL";
    assert_eq!(app.number(at_rest), 1);

    let nina = app.visitor();
    let path = format!("/activate?key={key}");
    nina.get(&path).await.is(200).shows("Join the staff");
    nina.get(&path).await.is(200);
    let weak = [("key", key.as_str()), ("name", "Nina New"), ("password", "short")];
    nina.post("/activate", &weak).await.is(422).shows("at least 10 characters");
    let form = [("key", key.as_str()), ("name", "Nina New"), ("password", PASSWORD)];
    nina.post("/activate", &form).await.goes_to("/login?next=%2Fstaff");
    nina.post("/activate", &form).await.is(410);
    nina.get(&path).await.is(410);

    app.trail_holds(Sam, "command made nina a member of staff");
    app.trail_holds(Sam, "Nina New chose a name and a password");
}

#[actix_web::test]
async fn a_key_ends_after_seven_days_and_the_command_makes_a_new_one() {
    let app = TestApp::start().await;
    let first = key_in(&add(&app, "nina@subledger.example").await);
    app.days_pass(7);
    let nina = app.visitor();
    nina.get(&format!("/activate?key={first}")).await.is(410);
    let second = key_in(&add(&app, "nina@subledger.example").await);
    nina.get(&format!("/activate?key={second}")).await.is(200);
    let third = key_in(&add(&app, "nina@subledger.example").await);
    nina.get(&format!("/activate?key={second}")).await.is(410);
    nina.get(&format!("/activate?key={third}")).await.is(200);
    assert_eq!(app.number("SELECT count(*) AS number FROM users WHERE email LIKE 'nina%'"), 1);
}

#[actix_web::test]
async fn somebody_known_goes_on_as_they_are_and_belongs_where_they_belong() {
    let app = TestApp::start().await;
    let said = add(&app, "Olivia@Acme.example").await;
    assert!(said.contains("signs in with the account there was already") && !said.contains("key="), "{said}");
    assert!(add(&app, "olivia@acme.example").await.contains("already"));
    let olivia = app.sign_in(Olivia).await;
    olivia.get("/").await.goes_to("/settings/security/two-factor");
    app.trail_holds(Sam, "command made Olivia Owens a member of staff");
}

#[actix_web::test]
async fn a_stranger_who_signed_up_with_the_address_does_not_become_staff() {
    let app = TestApp::start().await;
    let email = app.newcomer(1).await;
    let refused = make_staff(&app.app, EmailAddress::parse(&email).unwrap()).await.unwrap_err();
    assert_eq!(refused.code, "address_not_confirmed");
    assert!(refused.message.contains("has not confirmed that address"), "{}", refused.message);
    assert_eq!(app.number("SELECT count(*) AS number FROM users WHERE is_staff"), 1);

    let key = app.key_for(&email);
    app.visitor().post("/verify", &[("key", &key)]).await.is(303);
    assert!(add(&app, &email).await.contains("signs in with the account there was already"));
}

#[actix_web::test]
async fn a_key_for_new_staff_ends_with_any_other_way_to_their_password() {
    let app = TestApp::start().await;
    let key = key_in(&add(&app, "nina@subledger.example").await);
    let reset = mailed_key(&app, "nina@subledger.example").await;
    let form = [("key", reset.as_str()), ("password", PASSWORD)];
    app.visitor().post("/password/reset", &form).await.goes_to("/login");
    app.visitor().get(&format!("/activate?key={key}")).await.is(410);
    let taken_over = [("key", key.as_str()), ("name", "Eve"), ("password", "a password of somebody else")];
    app.visitor().post("/activate", &taken_over).await.is(410);
    assert!(add(&app, "nina@subledger.example").await.contains("already"), "she has a password, so she gets no key");
}

#[actix_web::test]
async fn whoever_signs_in_already_gets_no_key_and_a_key_ends_what_was_there() {
    let app = TestApp::start().await;
    let key = key_in(&add(&app, "nina@subledger.example").await);
    let hash = "(SELECT password_hash FROM users WHERE email = 'olivia@acme.example')";
    app.sql(&format!("UPDATE users SET password_hash = {hash} WHERE email LIKE 'nina@%'"));
    let nina = app.visitor();
    nina.post("/login", &[("email", "nina@subledger.example"), ("password", PASSWORD)]).await.goes_to("/");
    nina.get("/people").await.goes_to("/settings/security/two-factor");
    assert!(add(&app, "nina@subledger.example").await.contains("already"));

    let form = [("key", key.as_str()), ("name", "Nina New"), ("password", "a password of her own")];
    app.visitor().post("/activate", &form).await.goes_to("/login?next=%2Fstaff");
    nina.get("/people").await.goes_to("/login?next=%2Fpeople");
    assert_eq!(app.number("SELECT count(*) AS number FROM devices"), 0, "nobody's browser is known as hers");
}

#[actix_web::test]
async fn of_fifty_uses_of_a_key_for_new_staff_one_wins_and_it_opens_no_other_door() {
    let app = TestApp::start().await;
    let key = key_in(&add(&app, "nina@subledger.example").await);
    let visitor = app.visitor();
    for door in ["/join", "/verify", "/password/reset", "/email/confirm"] {
        visitor.get(&format!("{door}?key={key}")).await.is(410);
    }
    visitor.post("/password/reset", &[("key", &key), ("password", PASSWORD)]).await.is(410);
    let reset = mailed_key(&app, Olivia.email()).await;
    visitor.get(&format!("/activate?key={reset}")).await.is(410);
    visitor.post("/activate", &[("key", &reset), ("name", "Eve"), ("password", PASSWORD)]).await.is(410);

    let form = [("key", key.as_str()), ("name", "Nina New"), ("password", PASSWORD)];
    let tabs: Vec<_> = (0..50).map(|_| app.visitor()).collect();
    let answers = join_all(tabs.iter().map(|tab| tab.post("/activate", &form))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 303).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 410 | 503)));
    app.trail_holds(Sam, "Nina New chose a name and a password");
}

#[actix_web::test]
async fn nobody_without_a_second_factor_opens_the_console() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    app.sql("UPDATE users SET two_factor_at = NULL, totp_sealed = NULL WHERE email LIKE 'sam@%'");
    let form = [("reason", "Ticket 118: seats"), ("minutes", "15"), ("mode", "read")];
    sam.get("/staff").await.goes_to("/settings/security/two-factor");
    sam.post(&super::acme("/sessions"), &form).await.goes_to("/settings/security/two-factor");
    assert_eq!(app.number("SELECT count(*) AS number FROM support_sessions"), 0);
}

#[actix_web::test]
async fn whoever_runs_the_installation_cannot_delete_the_name_under_which_they_did() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    sam.post("/settings/profile/delete", &[("password", PASSWORD)]).await.is(409).shows("It cannot be deleted");
    sam.get("/staff").await.is(200);
}

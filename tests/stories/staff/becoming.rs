//! Becoming a member of staff.

use subledger::commands::make_staff;
use subledger::kernel::email_address::EmailAddress;

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

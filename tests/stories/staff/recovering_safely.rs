//! Recoveries of access that cannot be, or should not be, carried out when their time has come; and what one leaves in
//! the trail.

use super::recovering::recover;
use super::{acme, letters};
use crate::support::{Browser, Gus, Olivia, Sam, TestApp, Uma};

async fn due_for(app: &TestApp, sam: &Browser, email: &str) {
    recover(sam, "owner", email).await.is(303);
    app.days_pass(1);
}

fn owners_of_acme(app: &TestApp) -> i64 {
    let acme = Olivia.business_uuid();
    app.number(&format!(
        "SELECT count(*) AS number FROM members WHERE business_id = '{acme}' AND role = 'owner' AND status = 'active'"
    ))
}

#[actix_web::test]
async fn one_that_fails_is_set_aside_and_stops_no_other() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    recover(&sam, "owner", Uma.email()).await.is(303);
    let globex = format!("/staff/businesses/{}/recover", Gus.business_id());
    let form = [("kind", "owner"), ("email", Uma.email()), ("reason", "Gus is on an island")];
    sam.post(&globex, &form).await.is(303);
    let acme_id = Olivia.business_uuid();
    app.sql(&format!(
        "ALTER TABLE members ADD CONSTRAINT broken CHECK (role <> 'owner' OR business_id <> '{acme_id}' OR email NOT LIKE 'uma%')"
    ));
    app.days_pass(1);
    app.work_until_idle().await;
    app.trail_holds(Gus, "worker carried out the recovery of access: Uma Usher (uma@acme.example) became an owner");
    let aside = "SELECT count(*) AS number FROM worker_failures WHERE job = 'recoveries' AND failures = 1";
    assert_eq!((owners_of_acme(&app), app.number(aside)), (1, 1));
    sam.get(&acme("")).await.is(200).shows("recoveries").shows("Failed once");

    app.sql("ALTER TABLE members DROP CONSTRAINT broken");
    app.minutes_pass(2);
    app.work_until_idle().await;
    assert_eq!((owners_of_acme(&app), app.number("SELECT count(*) AS number FROM worker_failures")), (2, 0));
}

#[actix_web::test]
async fn an_address_that_somebody_else_left_behind_stops_it() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    due_for(&app, &sam, Gus.email()).await;
    app.sql("UPDATE members SET status = 'left', email = 'gus@globex.example', email_folded = 'gus@globex.example' WHERE email = 'uma@acme.example'");
    app.work_until_idle().await;
    let given_up = "gave up the recovery of access for Gus Globe (gus@globex.example)";
    app.trail_holds(Olivia, &format!("worker {given_up}: somebody else in People has this address"));
    assert_eq!(owners_of_acme(&app), 1);
    recover(&sam, "owner", Gus.email()).await.is(422).shows("Somebody else in People of the business");
}

#[actix_web::test]
async fn it_ends_with_the_standing_of_whoever_asked_for_it() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    due_for(&app, &sam, Gus.email()).await;
    app.sql("UPDATE users SET is_staff = false WHERE email LIKE 'sam@%'");
    app.work_until_idle().await;
    app.sql("UPDATE users SET is_staff = true WHERE email LIKE 'sam@%'");
    due_for(&app, &sam, Uma.email()).await;
    app.sql("UPDATE members SET email = 'sam@subledger.example', email_folded = 'sam@subledger.example' WHERE email = 'audrey@acme.example'");
    app.work_until_idle().await;
    let why = "whoever asked for it may not do so any more";
    for person in ["Gus Globe (gus@globex.example)", "Uma Usher (uma@acme.example)"] {
        app.trail_holds(Olivia, &format!("worker gave up the recovery of access for {person}: {why}"));
    }
    assert_eq!(owners_of_acme(&app), 1);
    sam.get(&acme("")).await.is(200).shows("Given up").shows("You belong to Acme yourself");
}

#[actix_web::test]
async fn the_trail_says_what_became_of_whom() {
    let app = TestApp::start().await;
    let (olivia, sam) = (app.sign_in(Olivia).await, app.sign_in(Sam).await);
    olivia.post("/team/invitations", &[("emails", Gus.email()), ("role", "auditor")]).await.is(303);
    due_for(&app, &sam, Gus.email()).await;
    app.work_until_idle().await;
    app.trail_holds(Olivia, "worker withdrew the invitation of gus@globex.example");
    app.trail_holds(Olivia, "worker made Gus Globe (gus@globex.example) an owner");
    let changes = app.text("SELECT changes::text AS text FROM audit_entries WHERE action = 'member.changed'");
    assert!(changes.contains("Invited") && changes.contains("Active") && changes.contains("Owner"), "{changes}");
    assert_eq!(letters(&app, Gus), [""; 0]);
    let told = app.mailbox(Olivia.email()).pop().unwrap();
    assert!(told.text.contains("Gus Globe (gus@globex.example) became an owner"), "{}", told.text);

    let nobody = app.number("SELECT count(*) AS number FROM invitations WHERE state = 'pending'");
    assert_eq!(nobody, 0);
}

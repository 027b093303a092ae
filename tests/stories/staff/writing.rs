//! Writing in a support session: only where an owner allows it, and only the books.

use diesel::RunQueryDsl;
use subledger::domain::access::{Inside, by_support};
use subledger::domain::subscriptions::remove::Remove;
use subledger::kernel::access::{Access, Origin, Source};
use subledger::kernel::ids::{BusinessId, SubscriptionId, SupportSessionId, UserId};
use subledger::kernel::refusal::Refusal;

use super::stepping_in::add_figma;
use super::{inside, letters, owners_allow};
use crate::support::{Adam, Olivia, Sam, TestApp, Uma};

#[actix_web::test]
async fn support_writes_for_the_business_and_every_entry_carries_both() {
    let app = TestApp::start().await;
    owners_allow(&app, "write");
    let sam = inside(&app, "write", "").await;
    sam.get("/").await.shows("You act for Acme now, and may write").shows("may write");
    let figma = add_as(&sam, "Figma").await;
    let seat = sam.post(&format!("/subscriptions/{figma}/licenses"), &[("member", Uma.email()), ("tell", "1")]).await;
    seat.is(303);
    sam.post(&format!("/subscriptions/{figma}/prices"), &[("cost", "15"), ("seats", "4")]).await;
    sam.post(&format!("/subscriptions/{figma}/remove"), &[]).await.is(409);
    sam.post("/staff/sessions/end", &[]).await.is(303);

    app.trail_holds(Olivia, "Sam Staff gave Uma Usher a seat of Figma");
    let acme = Olivia.business_uuid();
    let sam_id = Sam.user_uuid();
    let inside = format!("business_id = '{acme}' AND actor_kind = 'support'");
    let both = format!(
        "actor_other_id = '{sam_id}' AND actor_member_id IS NULL AND support_session_id = (SELECT id FROM support_sessions)"
    );
    let all = app.number(&format!("SELECT count(*) AS number FROM audit_entries WHERE {inside}"));
    assert!(all >= 2, "{all}");
    assert_eq!(app.number(&format!("SELECT count(*) AS number FROM audit_entries WHERE {inside} AND {both}")), all);

    let olivia = app.sign_in(Olivia).await;
    let trail = olivia.get("/audit?actor=support").await;
    trail.shows("Sam Staff (support) on behalf of Acme gave Uma Usher a seat of Figma");
    let letter = app.letters_to(Uma.email()).pop().unwrap();
    assert_eq!(letter.details["by"], "Support");
    let ended = app.letters_to(Olivia.email()).pop().unwrap();
    assert_eq!((ended.kind.as_str(), ended.details["changes"].as_i64()), ("support_ended", Some(all)));
}

async fn add_as(sam: &crate::support::Browser, service: &str) -> String {
    let form = [
        ("service", service),
        ("owner", &Adam.member_id()),
        ("cost", "12"),
        ("currency", "EUR"),
        ("cycle_count", "1"),
        ("cycle_unit", "month"),
        ("seats", "3"),
        ("renews_on", "2027-11-01"),
    ];
    let made = sam.post("/subscriptions", &form).await;
    made.is(303);
    made.id()
}

#[actix_web::test]
async fn whoever_may_not_write_begins_by_reading_and_the_owners_are_asked() {
    let app = TestApp::start().await;
    owners_allow(&app, "read");
    let sam = inside(&app, "write", "").await;
    sam.get("/").await.shows("its owners have not allowed writing").shows("read only");
    let mut told = letters(&app, Olivia);
    told.sort_unstable();
    assert_eq!(told, ["support_began", "write_access_asked"]);
    app.trail_holds(Olivia, "Sam Staff asked the owners for leave to write in the support session");
    sam.post("/subscriptions", &[("service", "Figma")]).await.is(403);
    owners_allow(&app, "write");
    sam.post("/subscriptions", &[("service", "Figma")]).await.is(403);
}

#[actix_web::test]
async fn leave_to_write_that_is_taken_back_ends_at_the_next_request() {
    let app = TestApp::start().await;
    owners_allow(&app, "write");
    let sam = inside(&app, "write", "").await;
    add_as(&sam, "Figma").await;
    owners_allow(&app, "read");
    sam.get("/subscriptions").await.is(200).shows("read only");
    let form = [("service", "Slack"), ("cost", "7"), ("currency", "EUR"), ("renews_on", "2027-11-01")];
    sam.post("/subscriptions", &form).await.is(403);
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions"), 1);
}

#[actix_web::test]
async fn with_an_auditors_eyes_nothing_is_written_either() {
    let app = TestApp::start().await;
    owners_allow(&app, "write");
    let figma = add_figma(&app.sign_in(Adam).await).await;
    let sam = inside(&app, "write", &crate::support::Audrey.member_id()).await;
    sam.post(&format!("/subscriptions/{figma}/remove"), &[]).await.is(403);
}

/// A form whose request was let in and which is acted on only now.
async fn removes_what_it_was_let_in_for(app: &TestApp, access: &Access, figma: &str) -> Result<String, Refusal> {
    app.app.db.perform(access, Remove { id: SubscriptionId::parse(figma).unwrap() }).await
}

#[actix_web::test]
async fn a_form_that_was_let_in_before_the_session_ended_writes_nothing_after_it() {
    let app = TestApp::start().await;
    owners_allow(&app, "write");
    let figma = add_figma(&app.sign_in(Adam).await).await;
    let sam = inside(&app, "write", "").await;
    let session = SupportSessionId(app.uuid("SELECT id AS uuid FROM support_sessions"));
    let business = BusinessId(Olivia.business_uuid().parse().unwrap());
    let staff = UserId(Sam.user_uuid().parse().unwrap());
    let let_in = by_support(&app.app.db, staff, (business, session), Source::inside(Origin::Page)).await.unwrap();
    let Inside::Goes(access, _) = let_in else { panic!("the session goes on") };

    let staff_is = |is: &str| app.sql(&format!("UPDATE users SET is_staff = {is} WHERE email LIKE 'sam@%'"));
    let refused = async || removes_what_it_was_let_in_for(&app, &access, &figma).await.unwrap_err().code;
    owners_allow(&app, "read");
    assert_eq!(refused().await, "support_over");
    owners_allow(&app, "write");
    staff_is("false");
    assert_eq!(refused().await, "support_over");
    staff_is("true");
    app.clock.advance(chrono::TimeDelta::minutes(30));
    assert_eq!(refused().await, "support_over");
    app.clock.advance(chrono::TimeDelta::minutes(-30));
    let before = app.fingerprint();
    sam.post("/staff/sessions/end", &[]).await.is(303);
    assert_ne!(app.fingerprint(), before);
    assert_eq!(refused().await, "support_over");
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions WHERE removed_at IS NULL"), 1);
}

#[actix_web::test]
async fn the_database_keeps_no_session_longer_than_an_hour() {
    let app = TestApp::start().await;
    let mut owner = app.owner();
    let acme = Olivia.business_uuid();
    let sam_id = Sam.user_uuid();
    let hour_and_more = format!(
        "INSERT INTO support_sessions (business_id, id, staff_id, mode, reason, began_at, ends_at)
         VALUES ('{acme}', '{acme}', '{sam_id}', 'read', 'too long', '2026-11-22T10:00Z', '2026-11-22T11:01Z')"
    );
    assert!(diesel::sql_query(hour_and_more).execute(&mut owner).is_err());
}

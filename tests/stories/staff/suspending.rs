//! A suspended business: its people read and export, and nothing changes.

use subledger::http::Audience;

use super::stepping_in::add_figma;
use super::{acme, ask, letters};
use crate::every_route::{form, post, posts, stand_up};
use crate::support::{Adam, Audrey, Olivia, Sam, TestApp};

/// Who gets in is the owners' to decide whatever else stands still, and what is a person's own stays their own.
const STILL_OPEN: [&str; 7] = [
    "/recoveries/{id}/refuse",
    "/notifications/read-all",
    "/notifications/{id}/read",
    "/notifications/{id}/open",
    "/settings/notifications",
    "/renewals/feed",
    "/renewals/feed/off",
];
const PEOPLE: &[u8] = b"email,name\nleo@acme.example,Leo Lund\n";
const WHY: &str = "Nobody answers our letters";

#[actix_web::test]
async fn its_people_sign_in_read_the_notice_and_export_but_change_nothing() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = add_figma(&adam).await;
    let sam = app.sign_in(Sam).await;
    sam.get(&acme("?form=suspend")).await.is(200).shows("Suspend Acme");
    sam.post(&acme("/suspend"), &[("reason", "short")]).await.is(422);
    sam.post(&acme("/suspend"), &[("reason", WHY)]).await.goes_to(&acme(""));
    sam.get(&acme("")).await.shows("Acme is suspended.").shows(WHY).shows("Suspended");
    sam.post(&acme("/suspend"), &[("reason", WHY)]).await.is(409);

    let olivia = app.sign_in(Olivia).await;
    olivia.get("/").await.is(200).shows("This business is suspended").shows(WHY);
    adam.get(&format!("/subscriptions/{figma}")).await.is(200).shows("This business is suspended");
    app.sign_in(Audrey).await.get("/audit.csv").await.is(200).shows("suspended Acme");
    let form = [("service", "Slack"), ("cost", "7"), ("currency", "EUR"), ("renews_on", "2027-11-01")];
    adam.post("/subscriptions", &form).await.is(409).shows("This business is suspended");
    adam.post(&format!("/subscriptions/{figma}/remove"), &[]).await.is(409).shows("nothing can be changed");
    olivia.post("/team/invitations", &[("emails", "zoe@acme.example"), ("role", "user")]).await.is(409);
    olivia.post("/settings/plan", &[("plan", "free"), ("confirm", "1")]).await.is(409);
    adam.post("/people", &[("name", "Zed"), ("email", "zed@acme.example")]).await.is(409);

    assert_eq!(letters(&app, Olivia), ["business_suspended"]);
    app.trail_holds(Olivia, &format!("Sam Staff suspended Acme: “{WHY}”"));
    sam.post(&acme("/restore"), &[]).await.goes_to(&acme(""));
    adam.post(&format!("/subscriptions/{figma}/remove"), &[]).await.is(303);
    olivia.get("/").await.hides("suspended");
    assert_eq!(letters(&app, Olivia), ["business_suspended", "business_restored"]);
    app.trail_holds(Olivia, "Sam Staff restored Acme");
    sam.post(&acme("/restore"), &[]).await.is(409);
}

#[actix_web::test]
async fn no_form_of_a_suspended_business_changes_anything() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let mut forms = Vec::new();
    for route in posts().into_iter().filter(|route| route.audience == Audience::Member) {
        if !STILL_OPEN.contains(&route.path) {
            forms.push((stand_up(&app, &olivia, &route).await, route.path));
        }
    }
    assert!(forms.len() > 15, "{}", forms.len());
    app.sql(&format!("UPDATE businesses SET status = 'suspended' WHERE id = '{}'", Olivia.business_uuid()));
    let before = app.fingerprint();
    for (path, route) in forms {
        let shown = match route {
            "/import" => olivia.upload(route, &[("kind", "people")], "people.csv", PEOPLE.to_vec()).await,
            _ => post(&olivia, route, &path, &form(route)).await,
        };
        assert_eq!(shown.status, 409, "{path}: {}", shown.text());
        shown.shows("This business is suspended");
        assert_eq!(app.fingerprint(), before, "{path}");
    }
}

#[actix_web::test]
async fn support_reads_a_suspended_business_and_writes_in_none() {
    let app = TestApp::start().await;
    super::owners_allow(&app, "write");
    let sam = app.sign_in(Sam).await;
    sam.post(&acme("/suspend"), &[("reason", WHY)]).await.is(303);
    ask(&sam, "write", "").await.goes_to("/");
    sam.get("/subscriptions").await.is(200).shows("read only").shows("This business is suspended");
    sam.post("/subscriptions", &[("service", "Figma")]).await.is(403);
}

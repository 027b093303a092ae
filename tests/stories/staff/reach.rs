//! How far a support session reaches: every page carries its banner, and every form it may not send is refused.

use subledger::http::{Audience, all_routes};

use super::stepping_in::add_figma;
use super::{inside, owners_allow};
use crate::every_route::{form, post, posts, stand_up};
use crate::support::{Adam, Olivia, TestApp, Uma};

/// A path with ids of Acme in it.
struct Ids {
    subscription: String,
    license: String,
    invitation: String,
}

impl Ids {
    async fn make(app: &TestApp) -> Self {
        let adam = app.sign_in(Adam).await;
        let subscription = add_figma(&adam).await;
        adam.post(&format!("/subscriptions/{subscription}/licenses"), &[("member", Uma.email())]).await.is(303);
        adam.post("/team/invitations", &[("emails", "zoe@acme.example"), ("role", "user")]).await.is(303);
        let text = |sql: &str| subledger::kernel::ids::to_text(app.uuid(sql));
        Self {
            subscription,
            license: text("SELECT id AS uuid FROM licenses"),
            invitation: text("SELECT id AS uuid FROM invitations"),
        }
    }

    fn fill(&self, path: &str) -> String {
        let id = match path.split('/').nth(1).unwrap_or_default() {
            "subscriptions" => self.subscription.clone(),
            "licenses" => self.license.clone(),
            "people" => Uma.member_id(),
            "team" if path.contains("invitations") => self.invitation.clone(),
            _ => Uma.member_id(),
        };
        path.replace("{id}", &id)
    }
}

#[actix_web::test]
async fn a_posted_form_in_a_session_that_reads_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let sam = inside(&app, "read", "").await;
    let forbidden = posts().into_iter().filter(|route| !matches!(route.path, "/logout" | "/staff/sessions/end"));
    for route in forbidden {
        let path = stand_up(&app, &olivia, &route).await;
        let before = app.fingerprint();
        let shown = post(&sam, route.path, &path, &form(route.path)).await;
        assert_eq!(app.fingerprint(), before, "{}", route.path);
        let expected = if route.path.starts_with("/staff") { 409 } else { 403 };
        assert_eq!(shown.status, expected, "{}: {}", route.path, shown.text());
        assert!(shown.texts(".support-bar").len() == 1, "{} has no banner", route.path);
    }
    sam.get("/subscriptions").await.is(200);
}

#[actix_web::test]
async fn every_page_of_a_session_carries_the_banner_error_pages_included() {
    let app = TestApp::start().await;
    let ids = Ids::make(&app).await;
    let sam = inside(&app, "read", "").await;
    let gets = all_routes().into_iter().filter(|route| route.method == "GET" && !route.path.ends_with(".csv"));
    for route in gets {
        let path = ids.fill(route.path);
        let shown = sam.get(&path).await;
        assert!(shown.status < 500, "{path}: {}", shown.text());
        assert_eq!(shown.texts(".support-bar").len(), 1, "{path} answers {} without a banner", shown.status);
    }
    let nothing = sam.get("/nothing-at-all").await;
    nothing.is(404);
    sam.get("/subscriptions/00000000000000000000000000").await.is(404).shows("Sam Staff acts for Acme");
}

#[actix_web::test]
async fn a_session_that_writes_cannot_change_plan_people_roles_imports_notes_or_anybodys_account() {
    let app = TestApp::start().await;
    owners_allow(&app, "write");
    let olivia = app.sign_in(Olivia).await;
    let sam = inside(&app, "write", "").await;
    let books = ["/subscriptions", "/services", "/licenses", "/requests", "/renewals/bulk", "/renewals/{id}"];
    let own = ["/logout", "/staff/sessions/end"];
    let mut count = 0;
    for route in posts() {
        if books.iter().any(|part| route.path.starts_with(part)) || own.contains(&route.path) {
            continue;
        }
        let path = stand_up(&app, &olivia, &route).await;
        let before = app.fingerprint();
        let shown = post(&sam, route.path, &path, &form(route.path)).await;
        assert_eq!(app.fingerprint(), before, "{}", route.path);
        let expected = if route.path.starts_with("/staff") { 409 } else { 403 };
        assert_eq!(shown.status, expected, "{}: {}", route.path, shown.text());
        count += 1;
    }
    assert!(count > 20, "{count}");
    for page in ["/settings/plan", "/settings/plan/choose", "/import", "/audit.csv", "/team"] {
        sam.get(page).await.is(403);
    }
}

#[actix_web::test]
async fn a_form_of_another_business_is_not_taken() {
    let app = TestApp::start().await;
    owners_allow(&app, "write");
    let mut sam = inside(&app, "write", "").await;
    sam.business = Some(crate::support::Gus.business_id());
    sam.post("/subscriptions", &[("service", "Figma")]).await.is(404);
}

#[actix_web::test]
async fn staff_have_no_other_way_into_a_business() {
    let app = TestApp::start().await;
    let ids = Ids::make(&app).await;
    let sam = app.sign_in(crate::support::Sam).await;
    for route in all_routes().into_iter().filter(|route| route.audience == Audience::Member) {
        let path = ids.fill(route.path);
        let shown = match route.method.as_str() {
            "GET" => sam.get(&path).await,
            _ => sam.post(&path, &[]).await,
        };
        assert_eq!(shown.status, 403, "{path}: {}", shown.text());
        shown.hides("Figma");
    }
    sam.post(&format!("/businesses/{}/enter", Olivia.business_id()), &[]).await.is(404);
}

#[actix_web::test]
async fn home_asks_support_to_do_only_what_support_may() {
    let app = TestApp::start().await;
    app.sign_in(Olivia).await.get("/").await.shows("Check currency and time zone").shows("Make a key");
    owners_allow(&app, "write");
    for mode in ["read", "write"] {
        let sam = inside(&app, mode, "").await;
        let home = sam.get("/").await;
        home.is(200).hides("Check currency and time zone").hides("Make a key").hides("Invite a colleague");
        for link in home.attributes("main a", "href").iter().filter(|link| link.starts_with('/')) {
            sam.get(link).await.is(200);
        }
        sam.post("/staff/sessions/end", &[]).await.is(303);
    }
}

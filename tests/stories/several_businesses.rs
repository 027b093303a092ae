//! One person in several businesses: switching, forms of the other one, invitations, and where letters lead.

use crate::support::{Browser, Cast, Gus, Olivia, TestApp, Uma};

/// Uma is in Globex too, as its admin.
pub fn uma_is_in_globex(app: &TestApp) {
    app.sql(&format!(
        "INSERT INTO members (business_id, id, parse_id, user_id, name, name_folded, email, email_folded, role, status, department, created_at)
         SELECT '{}', '01900000-0000-7000-8000-0000000000b2', 'globexuma1', user_id, name, name_folded, email, email_folded, 'admin', 'active', '', created_at
         FROM members WHERE id = '{}'",
        Gus.business_uuid(),
        Uma.member_uuid()
    ));
}

async fn in_globex(app: &TestApp) -> Browser {
    uma_is_in_globex(app);
    let mut uma = app.sign_in(Uma).await;
    uma.post(&format!("/businesses/{}/enter", Gus.business_id()), &[("next", "/people")]).await.goes_to("/people");
    uma.business = Some(Gus.business_id());
    uma
}

#[actix_web::test]
async fn a_form_of_acme_sent_from_globex_is_answered_with_a_switch() {
    let app = TestApp::start().await;
    let mut uma = in_globex(&app).await;
    uma.get("/").await.shows("Globex").shows("Acme");
    uma.business = Some(Uma.business_id());
    let before = app.fingerprint();
    let page = uma.post("/people", &[("name", "Leo Lund"), ("email", "leo@acme.example")]).await;
    page.is(409).shows("This form belongs to another business").shows("Switch to Acme").shows("Stay in Globex");
    assert_eq!(app.fingerprint(), before);
    let action = page.attribute("form", "action").unwrap();
    assert_eq!(action, format!("/businesses/{}/enter", Uma.business_id()));
    uma.business = None;
    uma.post(&action, &[("next", "/subscriptions")]).await.goes_to("/subscriptions");
    uma.get("/").await.shows("User of Acme");
    uma.business = Some("01k8h00000000000000000000a".to_owned());
    uma.post("/subscriptions", &[]).await.is(404);
}

#[actix_web::test]
async fn a_letter_leads_into_its_own_business() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.post(&format!("/team/{}/role", Uma.member_id()), &[("role", "auditor")]).await.is(303);
    app.work_until_idle().await;
    let letter = app.mailbox(Uma.email()).pop().unwrap();
    let path = format!("/businesses/{}/enter?next=%2F", Uma.business_id());
    assert!(letter.text.contains(&path), "{}", letter.text);
    app.visitor().get(&path).await.is(303);
    let uma = in_globex(&app).await;
    let page = uma.get(&path).await;
    page.is(200).shows("Go to Acme").shows("you are in Globex").shows("Switch to Acme");
    uma.get("/").await.shows("Admin of Globex");
    uma.post(&format!("/businesses/{}/enter", Uma.business_id()), &[("next", "/audit")]).await.goes_to("/audit");
    uma.get("/").await.shows("You are now in Acme.");
    app.sign_in(Uma).await.get(&format!("{path}people")).await.goes_to("/people");
    app.sign_in(Gus).await.get(&path).await.is(404);
}

async fn invite(app: &TestApp, by: Cast, email: &str) -> String {
    let fields = [("emails", email), ("role", "admin"), ("department", ""), ("message", "")];
    app.sign_in(by).await.post("/team/invitations", &fields).await.is(303);
    app.key_for(email)
}

#[actix_web::test]
async fn uma_finds_an_invitation_to_globex_beside_her_businesses() {
    let app = TestApp::start().await;
    let key = invite(&app, Gus, Uma.email()).await;
    let accept = format!("/businesses/{}/accept", Gus.business_id());
    let uma = app.sign_in(Uma).await;
    uma.get("/businesses").await.is(200).shows("You are invited").shows("Gus Globe invites you as admin");
    app.sign_in(Olivia).await.get("/businesses").await.hides("Globex");
    app.sign_in(Olivia).await.post(&accept, &[]).await.is(404);
    uma.post(&accept, &[]).await.goes_to("/");
    uma.get("/").await.shows("You are in Globex now.").shows("Admin of Globex");
    app.trail_holds(Gus, "Uma Usher joined as admin, invited by Gus Globe");
    app.visitor().get(&format!("/join?key={key}")).await.is(410);
    uma.get("/businesses").await.hides("You are invited");
}

#[actix_web::test]
async fn an_unconfirmed_address_sees_no_invitations() {
    let app = TestApp::start().await;
    invite(&app, Gus, Uma.email()).await;
    app.sql(&format!("UPDATE users SET email_verified_at = NULL WHERE email = '{}'", Uma.email()));
    let uma = app.sign_in(Uma).await;
    uma.get("/businesses").await.hides("Globex").shows("once you have confirmed it");
    uma.post(&format!("/businesses/{}/accept", Gus.business_id()), &[]).await.is(404);
}

#[actix_web::test]
async fn twenty_clicks_on_join_make_one_membership() {
    let app = TestApp::start().await;
    invite(&app, Gus, Uma.email()).await;
    let uma = app.sign_in(Uma).await;
    let accept = format!("/businesses/{}/accept", Gus.business_id());
    let clicks = (0..20).map(|_| uma.post(&accept, &[]));
    let answers = futures_util::future::join_all(clicks).await;
    assert!(
        answers.iter().all(|answer| answer.status < 500),
        "{:?}",
        answers.iter().map(|one| one.status).collect::<Vec<_>>()
    );
    let joined =
        "SELECT count(*) AS number FROM audit_entries WHERE action = 'member.joined' AND said LIKE 'joined as admin%'";
    assert_eq!(app.number(joined), 1);
}

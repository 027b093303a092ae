//! Who sees whom in the directory, and on whom one may act.

use crate::support::{Adam, Audrey, Cast, Gus, Olivia, Shown, TestApp, Uma};

const LEO: [(&str, &str); 2] = [("name", "Leo Lund"), ("email", "leo@acme.example")];

fn names(page: &Shown) -> Vec<String> {
    page.texts("tbody th a")
}

#[actix_web::test]
async fn audrey_looks_and_changes_nothing() {
    let app = TestApp::start().await;
    let audrey = app.sign_in(Audrey).await;
    let list = audrey.get("/people?add=1").await;
    list.is(200).shows("Uma Usher").hides("Add a person").hides("Invite selected");
    let path = format!("/people/{}", Uma.member_id());
    audrey.get(&path).await.is(200).shows("Department").hides("Save");
    audrey.post("/people", &LEO).await.is(403);
    audrey.post("/people", &[("name", "")]).await.is(403);
    audrey.post(&path, &[("department", "Design")]).await.is(403);
}

#[actix_web::test]
async fn uma_sees_herself_and_whoever_holds_what_she_owns() {
    let app = TestApp::start().await;
    app.sql(&figma_of_uma_held_by(Audrey));
    let uma = app.sign_in(Uma).await;
    let list = uma.get("/people").await;
    list.is(200).hides("Olivia Owens").hides("Adam Adler");
    assert_eq!(names(&list), ["Audrey Aldana", "Uma Usher"]);
    uma.get(&format!("/people/{}", Uma.member_id())).await.is(200);
    uma.get(&format!("/people/{}", Audrey.member_id())).await.is(200).shows("Figma");
    uma.get(&format!("/people/{}", Adam.member_id())).await.is(404);
    uma.get("/people?q=adam").await.is(200).shows("Nobody fits");
    uma.post("/people", &LEO).await.is(403);
    uma.post(&format!("/people/{}", Uma.member_id()), &[("department", "Design")]).await.is(403);
    uma.post(&format!("/people/{}", Adam.member_id()), &[("department", "Design")]).await.is(404);
}

/// A subscription that Uma owns, one seat of which this person holds.
fn figma_of_uma_held_by(holder: Cast) -> String {
    let (acme, uma, holder) = (Uma.business_uuid(), Uma.member_uuid(), holder.member_uuid());
    let id = |last: u32| format!("01900000-0000-7000-8000-00000000f00{last}");
    let (service, subscription, license, assignment) = (id(1), id(2), id(3), id(4));
    format!(
        "DO $$ BEGIN
         INSERT INTO services VALUES ('{acme}', '{service}', 'Figma', 'figma', '', '', '');
         INSERT INTO subscriptions (business_id, id, parse_id, service_id, name, name_folded, owner_id, status, cost_model,
           currency, cycle_unit, cycle_count, anchor_on, auto_renew, notice_count, notice_unit, department, category, tags,
           payment_method, url, notes, created_at)
         VALUES ('{acme}', '{subscription}', 'figmafigma', '{service}', 'Figma', 'figma', '{uma}', 'active', 'per_seat',
           'EUR', 'month', 1, '2026-01-01', 'auto', 0, 'day', '', '', '{{}}', '', '', '', '2026-01-01Z');
         INSERT INTO licenses (business_id, id, parse_id, subscription_id, state, created_at)
         VALUES ('{acme}', '{license}', 'seatseatse', '{subscription}', 'open', '2026-01-01Z');
         INSERT INTO assignments (business_id, id, license_id, subscription_id, member_id, given_at)
         VALUES ('{acme}', '{assignment}', '{license}', '{subscription}', '{holder}', '2026-01-01Z');
         END $$"
    )
}

#[actix_web::test]
async fn acmes_people_are_not_there_for_globex() {
    let app = TestApp::start().await;
    let gus = app.sign_in(Gus).await;
    gus.get("/people").await.is(200).hides("Uma Usher");
    let path = format!("/people/{}", Uma.member_id());
    gus.get(&path).await.is(404);
    gus.post(&path, &[("department", "Design")]).await.is(404);
    gus.get("/people/nobody").await.is(404);
    gus.get(&format!("/people?after={}", Uma.member_id())).await.is(200).shows("Gus Globe");
}

#[actix_web::test]
async fn an_admin_does_not_send_an_owner_away_and_the_last_owner_stays() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    let path = format!("/people/{}", Olivia.member_id());
    adam.post(&path, &[("left_on", "2026-02-01")]).await.is(403);
    let page = adam.get(&path).await;
    page.is(200);
    assert!(page.texts(&format!("form[action='{path}']")).is_empty());
    olivia.post(&path, &[("left_on", "2026-02-01")]).await.is(409).shows("This is the only owner");
    olivia.get("/people").await.is(200);
}

#[actix_web::test]
async fn uma_leaves_and_her_session_is_over_at_once() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    uma.get("/people").await.is(200);
    adam.post(&format!("/people/{}", Uma.member_id()), &[("left_on", "2026-02-01")]).await.is(303);
    uma.get("/people").await.is(403);
}

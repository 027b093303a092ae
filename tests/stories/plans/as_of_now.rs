//! The plan as it is now, also if no worker ever ran.

use crate::support::{Adam, Olivia, TestApp};

#[actix_web::test]
async fn a_smaller_plan_holds_from_its_day_on_before_the_worker_writes_it() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.post("/settings/plan", &[("plan", "free"), ("confirm", "1")]).await.goes_to("/settings/plan");
    app.days_pass(31);
    let olivia = app.sign_in(Olivia).await;
    let page = olivia.get("/settings/plan").await;
    page.is(200).shows("Free Active").shows("Nothing is due").hides("was chosen for the end");
    assert_eq!(page.texts(".figures .num")[0], "4 of 3, full");
    let adam = app.sign_in(Adam).await;
    let refused = adam.post("/team/invitations", &[("emails", "leo@acme.example"), ("role", "user")]).await;
    refused.is(409).shows("The plan Free allows 3 people who sign in, and 4 are in use.");
    assert_eq!(app.number("SELECT count(*) AS number FROM plan_periods"), 2, "readers write nothing");
    app.work_until_idle().await;
    assert_eq!(olivia.get("/settings/plan").await.texts(".figures .num")[0], "4 of 3, full");
    app.trail_holds(Olivia, "worker moved the business to the plan Free");
}

#[actix_web::test]
async fn the_cycle_on_the_page_is_the_present_one_before_the_worker_writes_it() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let cycle = |page: &crate::support::Shown| page.texts(".section-head .second")[0].clone();
    let before = cycle(&olivia.get("/settings/plan").await);
    app.days_pass(31 * 3);
    let olivia = app.sign_in(Olivia).await;
    let late = olivia.get("/settings/plan").await;
    late.is(200).shows("Business Active").shows("Renews by itself");
    assert_ne!(cycle(&late), before);
    let history = late.texts("tbody tr");
    assert_eq!(app.number("SELECT count(*) AS number FROM plan_periods p JOIN businesses b ON b.id = p.business_id WHERE b.name = 'Acme'"), 1);
    assert!(history.len() > 3, "{history:?}");
    app.work_until_idle().await;
    let written = olivia.get("/settings/plan").await;
    assert_eq!(cycle(&written), cycle(&late));
    assert_eq!(written.texts("tbody tr"), history);
}

#[actix_web::test]
async fn every_page_says_when_a_plan_that_followed_has_ended_too() {
    let app = TestApp::start().await;
    // A plan that ends after another one, as only whoever runs the installation can arrange it.
    app.sql("UPDATE plan_subscriptions SET next_plan_id = '00000000-0000-7000-8000-000000000101'");
    app.days_pass(32);
    let olivia = app.sign_in(Olivia).await;
    olivia.get("/people").await.is(200).hides("has ended");
    app.days_pass(15);
    let olivia = app.sign_in(Olivia).await;
    olivia.get("/people").await.is(200).shows("The plan of this business has ended.");
    olivia.get("/settings/plan").await.is(200).shows("Trial Ended");
    app.work_until_idle().await;
    olivia.get("/people").await.is(200).shows("The plan of this business has ended.");
}

//! Who may do what with them, and what a plan allows.

use super::*;
use crate::support::{Adam, Audrey, Gus, Olivia, Uma};

#[actix_web::test]
async fn uma_adds_and_changes_what_she_owns_and_sees_no_other() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    let figma = added(&adam, &[]).await;
    let miro = added(&uma, &[("service", "Miro")]).await;
    let olivia = Olivia.member_id();
    add(&uma, &[("service", "Notion"), ("owner", &olivia)])
        .await
        .is(422)
        .shows("You can answer only for what you own yourself.");
    uma.get("/subscriptions").await.shows("Miro").hides("Figma");
    uma.get(&figma).await.is(404);
    uma.get(&format!("{figma}/edit")).await.is(404);
    uma.post(&format!("{figma}/remove"), &[]).await.is(404);
    uma.post(&miro, &[("notes", "For the workshop")]).await.goes_to(&miro);
    uma.post(&miro, &[("owner", &olivia)]).await.is(422);
    uma.get(&miro).await.shows("For the workshop");
    app.trail_holds(Adam, "Uma Usher changed Miro");
    give(&adam, &figma, Uma).await;
    uma.get(&figma).await.is(200).shows("Figma");
    assert!(uma.get(&figma).await.texts("form[action$='/remove']").is_empty());
    uma.get(&format!("{figma}/edit")).await.is(403);
    for path in [figma.clone(), format!("{figma}/prices"), format!("{figma}/remove")] {
        uma.post(&path, &[]).await.is(403);
    }
}

#[actix_web::test]
async fn audrey_reads_everything_and_changes_nothing() {
    let app = TestApp::start().await;
    let (adam, audrey) = (app.sign_in(Adam).await, app.sign_in(Audrey).await);
    let figma = added(&adam, &[]).await;
    assert!(audrey.get("/subscriptions").await.is(200).texts("a[href='/subscriptions/new']").is_empty());
    let page = audrey.get(&figma).await;
    page.is(200).shows("$16,200.00");
    assert!(page.texts("form[action^='/subscriptions/']").is_empty());
    audrey.get("/subscriptions/new").await.is(403);
    audrey.get(&format!("{figma}/edit")).await.is(403);
    add(&audrey, &[("service", "Miro")]).await.is(403);
    for path in [figma.clone(), format!("{figma}/prices"), format!("{figma}/remove"), format!("{figma}/restore")] {
        audrey.post(&path, &[]).await.is(403);
    }
}

#[actix_web::test]
async fn to_gus_of_globex_it_is_not_there() {
    let app = TestApp::start().await;
    let (adam, gus) = (app.sign_in(Adam).await, app.sign_in(Gus).await);
    let figma = added(&adam, &[]).await;
    for path in [figma.clone(), format!("{figma}/edit"), "/subscriptions/unknown".to_owned()] {
        gus.get(&path).await.is(404);
    }
    gus.post(&figma, &FIGMA).await.is(404);
    let price = [("from", "2026-12-01"), ("cost", "1"), ("seats", "2")];
    gus.post(&format!("{figma}/prices"), &price).await.is(404);
    for verb in ["/remove", "/restore"] {
        gus.post(&format!("{figma}{verb}"), &[]).await.is(404);
    }
    gus.get("/subscriptions").await.is(200).hides("Figma");
    added(&gus, &[]).await;
}

#[actix_web::test]
async fn after_the_plan_has_ended_nothing_is_added_and_the_rest_goes_on() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = added(&adam, &[]).await;
    let miro = added(&adam, &[("service", "Miro"), ("status", "canceled")]).await;
    app.sql("UPDATE plan_subscriptions SET ended_at = cycle_starts_at");
    add(&adam, &[("service", "Notion")]).await.is(409).shows("The plan of this business has ended.");
    adam.post(&miro, &[("status", "active")]).await.is(409);
    adam.post(&figma, &[("notes", "Corrected")]).await.goes_to(&figma);
    adam.post(&format!("{figma}/remove"), &[]).await.goes_to(&figma);
    adam.post(&format!("{figma}/restore"), &[]).await.is(409);
}

#[actix_web::test]
async fn a_full_plan_says_how_much_it_allows() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    app.sql("UPDATE plan_limits SET allowance = 1 WHERE meter = 'subscriptions'");
    added(&adam, &[]).await;
    add(&adam, &[("service", "Miro")]).await.is(409).shows("allows 1 subscriptions, and 1 are in use");
    added(&adam, &[("service", "Old"), ("status", "expired")]).await;
}

//! Changing what is known, and what stands in the way of a second one.

use super::*;
use crate::support::{Adam, Olivia, Uma};

#[actix_web::test]
async fn a_field_that_is_not_sent_stays_and_an_empty_one_is_emptied() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = two_seats(&adam).await;
    let olivia = Olivia.member_id();
    adam.post(&path, &[("owner", &olivia), ("category", "Design"), ("tags", "ux, Board")]).await.goes_to(&path);
    adam.get(&path).await.shows("Saved Figma.").shows("Design · owned by Olivia Owens").shows("ux, Board");
    adam.post(&path, &[("category", "")]).await.goes_to(&path);
    adam.get(&path).await.hides("Design ·").shows("ux, Board").shows("Olivia Owens");
    adam.post(&path, &[("category", "")]).await.goes_to(&path);
    let changes = app.trail(Adam).iter().filter(|said| said.as_str() == "Adam Adler changed Figma").count();
    assert_eq!(changes, 2, "saving the same again is no change");
    let form = adam.get(&format!("{path}/edit")).await;
    form.is(200).shows("Edit Figma");
    assert_eq!(form.attribute("#renews_on", "value").as_deref(), Some("2199-06-15"));
    assert_eq!(form.attribute("#cost", "value").as_deref(), Some("480.00"));
}

#[actix_web::test]
async fn saving_again_does_not_move_a_renewal_that_was_clamped() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let answer = adam.post("/subscriptions", &[("service", "Slack"), ("cost", "9"), ("renews_on", "2025-01-31")]).await;
    let path = answer.location().to_owned();
    let form = adam.get(&format!("{path}/edit")).await;
    let coming = form.attribute("#renews_on", "value").unwrap();
    adam.post(&path, &[("renews_on", &coming), ("notes", "Saved again")]).await.goes_to(&path);
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions WHERE anchor_on = '2025-01-31'"), 1);
}

#[actix_web::test]
async fn the_same_one_twice_is_refused_and_another_of_the_service_asks_first() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = added(&adam, &[]).await;
    let twin = add(&adam, &[("service", " figma ")]).await;
    twin.is(409).shows("is here already. Open it, or give this one another name.");
    assert_eq!(twin.attribute(".note a", "href").as_deref(), Some(path.as_str()));
    let other = [("name", "Figma Marketing")];
    let asks = add(&adam, &other).await;
    asks.is(409).shows("There is a subscription to Figma already.").shows("Add it all the same");
    assert_eq!(asks.attribute(".note a", "href").as_deref(), Some(path.as_str()));
    added(&adam, &with(&other, &[("confirm_duplicate", "1")])).await;
    assert_eq!(app.number("SELECT count(*) AS number FROM services"), 1);
    // What has ended is in nobody's way.
    added(&adam, &[("status", "expired"), ("renews_on", "2020-01-01")]).await;
    let uma = app.sign_in(Uma).await;
    add(&uma, &[]).await.is(409).hides(&path);
}

#[actix_web::test]
async fn a_rename_into_another_one_is_refused() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = two_seats(&adam).await;
    let other = adam
        .post("/subscriptions", &[&FIGMA[..], &[("name", "Figma B"), ("confirm_duplicate", "1")][..]].concat())
        .await;
    let other = other.location().to_owned();
    adam.post(&other, &[("name", "FIGMA")]).await.is(409).shows("is here already");
    adam.post(&other, &[("name", "Figma C")]).await.is(409).shows("Add it all the same");
    adam.post(&other, &[("name", "Figma C"), ("confirm_duplicate", "1")]).await.goes_to(&other);
    adam.post(&path, &[("status", "canceled")]).await.goes_to(&path);
    adam.get(&path).await.shows("Canceled").shows("Ends").hides("Cancel by");
    adam.post(&other, &[("name", "Figma"), ("confirm_duplicate", "1")]).await.goes_to(&other);
    adam.post(&path, &[("status", "active"), ("confirm_duplicate", "1")]).await.is(409).shows("is here already");
}

#[actix_web::test]
async fn a_form_posted_twice_adds_one() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let first = adam.post_once("/subscriptions", "twice", &FIGMA).await;
    let second = adam.post_once("/subscriptions", "twice", &FIGMA).await;
    first.is(303);
    second.goes_to(first.location());
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions"), 1);
    app.trail_holds(Adam, "Adam Adler added Figma");
}

#[actix_web::test]
async fn what_is_held_is_not_removed_and_what_was_removed_comes_back() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = two_seats(&adam).await;
    give(&adam, &path, Uma).await;
    adam.post(&format!("{path}/remove"), &[]).await.is(409).shows("One seat is held. Revoke it first");
    app.sql("UPDATE assignments SET ended_at = given_at");
    adam.post(&format!("{path}/remove"), &[]).await.goes_to(&path);
    adam.get(&path).await.is(200).shows("Removed Figma.").shows("Restore");
    adam.get("/subscriptions").await.shows("No subscriptions yet");
    adam.get("/subscriptions?status=removed").await.shows("Figma");
    adam.get(&format!("{path}/edit")).await.is(404);
    adam.post(&format!("{path}/remove"), &[]).await.is(404);
    price(&adam, &path, &FIGMA[1..2]).await.is(404);
    adam.post(&format!("{path}/restore"), &[]).await.goes_to(&path);
    adam.get("/subscriptions").await.shows("Figma");
    adam.post(&format!("{path}/restore"), &[]).await.is(404);
    app.trail_holds(Adam, "Adam Adler removed Figma");
    app.trail_holds(Adam, "Adam Adler restored Figma");
    adam.post(&format!("{path}/remove"), &[]).await.is(303);
    two_seats(&adam).await;
    adam.post(&format!("{path}/restore"), &[]).await.is(409).shows("is here already");
}

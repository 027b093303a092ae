//! What it costs from when on, and the seats that come with it.

use super::*;
use crate::support::{Adam, Olivia, Uma};

#[actix_web::test]
async fn a_new_price_counts_from_its_day_and_the_history_tells_the_growth() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = two_seats(&adam).await;
    let from = in_days(&app, 5);
    price(&adam, &path, &[("from", &from.to_string()), ("cost", "540"), ("seats", "3")]).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.shows("The new price of Figma counts from")
        .shows("+12.5 %")
        .shows("not yet")
        .shows("€540.00")
        .shows("0 / 2")
        .shows("€960.00");
    app.days_pass(6);
    adam.get(&path).await.shows("0 / 3").shows("€1,620.00");
    app.trail_holds(Adam, &format!("Adam Adler set a new price of Figma from {from}"));
    let same = price(&adam, &path, &[("from", &from.to_string()), ("cost", "540"), ("seats", "3")]).await;
    same.goes_to(&path);
    adam.get(&path).await.shows("Nothing was changed.");
    app.trail_holds(Adam, &format!("Adam Adler set a new price of Figma from {from}"));
}

#[actix_web::test]
async fn a_wrong_price_is_told_on_the_page_of_the_subscription() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = two_seats(&adam).await;
    price(&adam, &path, &[("from", "2026-13-01"), ("cost", "-1")])
        .await
        .is(422)
        .shows("Write 0 or more.")
        .shows("Write the date as year");
    price(&adam, &path, &[("from", "1900-01-01"), ("cost", "1")]).await.is(422).shows("Choose a date from 1990-01-01");
    price(&adam, &path, &[("cost", "1"), ("currency", "USD")]).await.is(422).shows("no field “currency”");
    price(&adam, &path, &[("cost", "100000000000"), ("seats", "1000000")]).await.is(422).shows("too large");
}

#[actix_web::test]
async fn a_price_is_corrected_within_a_day_and_is_new_after_it() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = two_seats(&adam).await;
    adam.post(&path, &[("cost", "500")]).await.is(422).shows("say whether this corrects the price or is a new one");
    adam.post(&path, &[("cost", "500"), ("change", "correct")]).await.goes_to(&path);
    assert_eq!(adam.get(&path).await.texts("table.ledger tbody tr th time").len(), 1);
    app.days_pass(2);
    adam.post(&path, &[("cost", "520"), ("change", "correct")]).await.is(422).shows("more than 24 hours ago");
    adam.post(&path, &[("cost", "520"), ("change", "new"), ("from", &in_days(&app, 0).to_string())])
        .await
        .goes_to(&path);
    adam.get(&path).await.shows("+4 %").shows("€520.00").shows("€500.00");
    let corrected = app.trail(Adam).iter().filter(|said| said.contains("corrected the price of Figma")).count();
    assert_eq!(corrected, 1);
}

#[actix_web::test]
async fn another_currency_is_a_correction_or_another_subscription() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = two_seats(&adam).await;
    adam.post(&path, &[("currency", "USD")]).await.is(422).shows("The prices on record are in EUR.");
    adam.post(&path, &[("currency", "USD"), ("change", "correct")]).await.goes_to(&path);
    adam.get(&path).await.shows("$480.00");
}

#[actix_web::test]
async fn fewer_seats_than_held_wait_for_the_renewal() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = two_seats(&adam).await;
    give(&adam, &path, Uma).await;
    give(&adam, &path, Olivia).await;
    price(&adam, &path, &[("cost", "480"), ("seats", "1")]).await.goes_to(&path);
    adam.get(&path).await.shows("counts from the renewal on 15 Jun 2199").shows("2 / 2").shows("1 seat is wanted");
    let once =
        [("service", "Sketch"), ("cost", "99"), ("cycle_unit", "once"), ("starts_on", "2026-01-10"), ("seats", "1")];
    let sketch = adam.post("/subscriptions", &once).await.location().to_owned();
    give(&adam, &sketch, Uma).await;
    price(&adam, &sketch, &[("cost", "99"), ("seats", "0")]).await.is(409).shows("no renewal comes. Revoke 1 first");
}

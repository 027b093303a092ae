//! Choosing what one is told, and how.

use super::*;
use crate::support::{Adam, Olivia, Uma};

const PATH: &str = "/settings/notifications";

#[actix_web::test]
async fn what_is_turned_off_comes_no_more_and_the_other_way_still_does() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    let (figma, miro) = (software(&adam, "Figma", "10").await, software(&adam, "Miro", "10").await);
    uma.post(PATH, &[("letter_seat_given", "0")]).await.goes_to(PATH);
    let saved = uma.get(PATH).await;
    saved.shows("Saved: you are told as you have chosen.");
    assert_eq!(saved.attribute("[type=checkbox][name=letter_seat_given]", "checked"), None);
    assert!(saved.attribute("[type=checkbox][name=inbox_seat_given]", "checked").is_some());
    give(&adam, &figma, Uma).await;
    adam.get(&figma).await.shows("Seat given to Uma Usher.").hides("A letter tells them");
    assert_eq!(app.letters_to(Uma.email()).len(), 0);
    uma.get("/notifications").await.shows("You have a seat of Figma");

    uma.post(PATH, &[("letter_seat_given", "1"), ("inbox_seat_given", "0")]).await.goes_to(PATH);
    give(&adam, &miro, Uma).await;
    assert_eq!(app.letters_to(Uma.email()).len(), 1);
    uma.get("/notifications").await.hides("Miro");
    assert_eq!(app.acts(Uma).iter().filter(|said| *said == "Uma Usher changed what they are told of").count(), 2);
}

#[actix_web::test]
async fn saving_the_page_as_it_is_changes_nothing() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let page = uma.get(PATH).await;
    let names: Vec<String> = page
        .is(200)
        .body
        .split("type=\"checkbox\" name=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert!(names.len() > 15, "{names:?}");
    let fields: Vec<(&str, &str)> =
        names.iter().flat_map(|name| [(name.as_str(), "0"), (name.as_str(), "1")]).collect();
    uma.post(PATH, &fields).await.goes_to(PATH);
    assert_eq!(app.number("SELECT count(*) AS number FROM notification_preferences"), 0);
    assert!(app.acts(Uma).is_empty());
}

#[actix_web::test]
async fn what_is_about_ones_own_safety_cannot_be_turned_off() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    uma.get(PATH).await.is(200).shows("Your role or your access is changed").shows("Always");
    for name in ["inbox_role_changed", "letter_role_changed", "letter_own_sign_in", "inbox_own_sign_in"] {
        for value in ["0", "1"] {
            let refused = uma.post(PATH, &[(name, value), ("letter_seat_given", "0")]).await;
            refused.is(422).shows("is about your own safety and cannot be turned off");
        }
    }
    uma.post(PATH, &[("letter_seat_given", "perhaps")]).await.is(422).shows("Tick the box, or leave it empty.");
    uma.post(PATH, &[("letter_everything", "0")]).await.is(422);
    assert_eq!(app.number("SELECT count(*) AS number FROM notification_preferences"), 0);
    let olivia = app.sign_in(Olivia).await;
    olivia.post(&format!("/team/{}/role", Uma.member_id()), &[("role", "admin")]).await.is(303);
    uma.get("/notifications").await.shows("You are an admin now");
    assert_eq!(app.letters_to(Uma.email()).len(), 1);
}

#[actix_web::test]
async fn they_are_ones_own_in_each_business() {
    let app = TestApp::start().await;
    let (uma, olivia) = (app.sign_in(Uma).await, app.sign_in(Olivia).await);
    uma.post(PATH, &[("letter_seat_given", "0"), ("letter_seat_taken", "0")]).await.goes_to(PATH);
    let others = olivia.get(PATH).await;
    assert!(others.attribute("[type=checkbox][name=letter_seat_given]", "checked").is_some());
    let entries = "SELECT count(*) AS number FROM audit_entries WHERE action = 'member.preferences_changed'";
    assert_eq!(app.number(entries), 1);
}

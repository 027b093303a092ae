//! Who is told: whoever answers for the subscription, or the owners of the business when that person is gone.

use super::*;
use crate::support::{Adam, Gus, Olivia, Uma};

const SIXTY_BEFORE: i64 = 109;

#[actix_web::test]
async fn when_whoever_answers_for_it_is_gone_the_owners_are_told() {
    for gone in [
        "status = 'deactivated'",
        "status = 'left', left_on = '2026-01-01'",
        "left_on = '2026-01-01'",
        "status = 'directory', user_id = NULL, role = NULL",
    ] {
        let app = TestApp::start().await;
        let path = yearly(&app.sign_in(Uma).await, &app, "Figma", 200, &[]).await;
        app.sql(&format!("UPDATE members SET {gone} WHERE name = 'Uma Usher'"));
        app.days_pass(SIXTY_BEFORE);
        remind(&app).await;
        assert_eq!(told(&app, Olivia), ["renewal_reminder cancel_by 60"], "{gone}");
        assert!(told(&app, Uma).is_empty() && told(&app, Adam).is_empty(), "{gone}");
        let letter = app.letters_to(Olivia.email()).pop().unwrap();
        assert_eq!(letter.details["because"]["owner_gone"]["person"], "Uma Usher", "{gone}");
        let olivia = app.sign_in(Olivia).await;
        olivia.get("/notifications").await.shows("Cancel Figma by");
        olivia.get(&path).await.is(200);
    }
}

#[actix_web::test]
async fn on_the_last_day_the_owners_are_told_too() {
    let app = TestApp::start().await;
    yearly(&app.sign_in(Uma).await, &app, "Figma", 200, &[]).await;
    app.days_pass(168);
    remind(&app).await;
    assert_eq!((told(&app, Uma).len(), told(&app, Olivia).len()), (1, 0));
    app.days_pass(1);
    remind(&app).await;
    assert_eq!(told(&app, Uma).last().unwrap(), "renewal_undecided");
    assert_eq!(told(&app, Olivia), ["renewal_undecided"]);
    assert!(told(&app, Adam).is_empty() && told(&app, Gus).is_empty());
}

#[actix_web::test]
async fn whoever_turned_letters_off_finds_it_in_the_inbox_and_the_other_way_round() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    yearly(&adam, &app, "Figma", 200, &[]).await;
    yearly(&uma, &app, "Miro", 200, &[]).await;
    adam.post("/settings/notifications", &[("letter_renewal_reminder", "0")]).await.goes_to("/settings/notifications");
    uma.post("/settings/notifications", &[("inbox_renewal_reminder", "0")]).await.goes_to("/settings/notifications");
    app.days_pass(SIXTY_BEFORE);
    remind(&app).await;
    assert_eq!((told(&app, Adam).len(), told(&app, Uma).len()), (0, 1));
    app.sign_in(Adam).await.get("/notifications").await.shows("Cancel Figma by");
    app.sign_in(Uma).await.get("/notifications").await.hides("Cancel Miro by");
}

#[actix_web::test]
async fn what_was_entered_late_stands_in_the_inbox_and_no_letter_comes_for_each_row_of_an_import() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    yearly(&adam, &app, "Figma", 50, &[]).await;
    remind(&app).await;
    assert!(told(&app, Adam).is_empty());
    adam.get("/notifications").await.shows("Cancel Figma by");
    app.days_pass(4);
    remind(&app).await;
    assert_eq!(told(&app, Adam), ["renewal_reminder cancel_by 15"]);
}

#[actix_web::test]
async fn one_that_cannot_be_read_holds_up_nobody_else() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    yearly(&adam, &app, "Figma", 200, &[]).await;
    yearly(&adam, &app, "Miro", 200, &[]).await;
    app.days_pass(SIXTY_BEFORE);
    app.sql("UPDATE subscriptions SET currency = 'ZZZ' WHERE name = 'Figma'");
    remind(&app).await;
    assert_eq!(told(&app, Adam), ["renewal_reminder cancel_by 60"]);
    app.sql("UPDATE subscriptions SET currency = 'EUR' WHERE name = 'Figma'");
    app.days_pass(1);
    remind(&app).await;
    assert_eq!(told(&app, Adam), ["renewal_reminder cancel_by 60", "renewal_reminder cancel_by 59"]);
}

#[actix_web::test]
async fn a_suspended_business_is_not_written_to() {
    let app = TestApp::start().await;
    yearly(&app.sign_in(Adam).await, &app, "Figma", 200, &[]).await;
    app.sql("UPDATE businesses SET status = 'suspended', suspended_because = '' WHERE name = 'Acme'");
    app.days_pass(SIXTY_BEFORE);
    remind(&app).await;
    assert!(told(&app, Adam).is_empty());
}

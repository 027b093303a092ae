//! Fewer seats than before, and seats that become few.

use super::*;

/// A new number of seats from a day on.
async fn seats(by: &Browser, software: &Software, from: chrono::NaiveDate, seats: u32) -> Shown {
    let (from, seats) = (from.to_string(), seats.to_string());
    let form = [("from", from.as_str()), ("cost", "15.00"), ("seats", seats.as_str())];
    by.post(&format!("{}/prices", software.path()), &form).await
}

fn count(app: &TestApp, software: &Software, state: &str) -> i64 {
    app.number(&format!(
        "SELECT count(*) AS number FROM licenses WHERE subscription_id = '{}' AND state = '{state}'",
        software.uuid
    ))
}

#[actix_web::test]
async fn surplus_free_seats_are_retired_those_without_a_key_first() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(4));
    let adam = app.sign_in(Adam).await;
    let today = app.clock.now().date_naive();
    for (person, key) in [(Olivia, "KEY-OF-OLIVIA-1111"), (Adam, ""), (Audrey, ""), (Uma, "")] {
        adam.post(&figma.licenses(), &[("member", person.email()), ("key", key)]).await.is(303);
    }
    let kept = license_of(&app, &figma, Olivia);
    let oldest = license_of(&app, &figma, Adam);
    for person in [Olivia, Adam, Audrey] {
        adam.post(&format!("/licenses/{}/revoke", license_of(&app, &figma, person)), &[]).await.is(303);
    }
    seats(&adam, &figma, today, 3).await.is(303);
    assert_eq!((count(&app, &figma, "open"), count(&app, &figma, "retired")), (3, 1));
    adam.get(&format!("/licenses/{oldest}")).await.shows("Free");
    seats(&adam, &figma, today, 2).await.is(303);
    adam.get(&format!("/licenses/{oldest}")).await.shows("Retired");
    adam.get(&format!("/licenses/{kept}")).await.shows("Free").shows("••••1111");
    seats(&adam, &figma, today, 1).await.is(303);
    adam.get(&format!("/licenses/{kept}")).await.shows("Retired").shows("••••1111");
    assert_eq!((count(&app, &figma, "open"), held(&app, &figma)), (1, 1));
    let said = "Adam Adler retired a free seat of Figma that is not paid for any more";
    assert_eq!(app.trail(Adam).iter().filter(|one| *one == said).count(), 3);
    // What people hold is not touched: that waits for the renewal.
    seats(&adam, &figma, today, 0).await.is(303);
    assert_eq!((count(&app, &figma, "open"), held(&app, &figma)), (1, 1));
    seats(&adam, &figma, today, 9).await.is(303);
    assert_eq!((count(&app, &figma, "open"), count(&app, &figma, "retired")), (1, 3));
}

#[actix_web::test]
async fn a_reduction_by_the_calendar_is_followed_by_the_worker_once() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(3));
    let adam = app.sign_in(Adam).await;
    for person in [Olivia, Audrey, Uma] {
        assign(&adam, &figma, person.email()).await.is(303);
    }
    for person in [Olivia, Audrey] {
        adam.post(&format!("/licenses/{}/revoke", license_of(&app, &figma, person)), &[]).await.is(303);
    }
    let later = app.clock.now().date_naive() + chrono::Days::new(3);
    seats(&adam, &figma, later, 1).await.is(303);
    app.work_until_idle().await;
    assert_eq!(count(&app, &figma, "open"), 3);
    app.days_pass(3);
    // Before any worker has run, nobody gets a seat that is not paid for.
    let adam = app.sign_in(Adam).await;
    assign(&adam, &figma, Olivia.email()).await.is(409).shows("The one seat of Figma is given.");
    tokio::join!(app.work_until_idle(), app.work_until_idle());
    app.work_until_idle().await;
    assert_eq!((count(&app, &figma, "open"), held(&app, &figma)), (1, 1));
    let told = "SELECT count(*) AS number FROM audit_entries WHERE action = 'license.surplus_retired'";
    assert_eq!(app.number(told), 2);
}

#[actix_web::test]
async fn seats_that_become_few_are_told_of_once_at_three_quarters_and_once_at_the_last() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(4));
    let adam = app.sign_in(Adam).await;
    let low = |app: &TestApp| {
        let trail = app.trail(Adam);
        trail.into_iter().filter(|said| said.contains("are held")).collect::<Vec<_>>()
    };
    for person in [Olivia, Adam] {
        assign(&adam, &figma, person.email()).await.is(303);
    }
    assert!(low(&app).is_empty());
    assign(&adam, &figma, Audrey.email()).await.is(303);
    assert_eq!(low(&app), ["Adam Adler brought the seats of Figma to 75 %: 3 of 4 are held"]);
    assign(&adam, &figma, Uma.email()).await.is(303);
    assert_eq!(low(&app)[1..], ["Adam Adler gave the last seat of Figma: 4 of 4 are held"]);
    assign(&adam, &figma, "nobody").await.is(422);
    assert_eq!(low(&app).len(), 2);
}

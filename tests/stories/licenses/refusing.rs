//! Who gets no seat, and why; many hands reaching for few seats.

use super::*;

#[actix_web::test]
async fn whoever_is_gone_gets_no_seat_and_the_seat_they_hold_is_flagged() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(5));
    let adam = app.sign_in(Adam).await;
    assign(&adam, &figma, &Uma.member_id()).await.goes_to(&figma.path());
    let gone = |column: &str, person: Cast| {
        app.sql(&format!("UPDATE members SET {column} WHERE id = '{}'", person.member_uuid()));
    };
    gone("status = 'deactivated'", Uma);
    gone("left_on = '2020-02-29'", Audrey);
    adam.get(&figma.licenses()).await.is(200).shows("Uma Usher").shows("Deactivated").hides(Audrey.email());
    assign(&adam, &figma, &Audrey.member_id())
        .await
        .is(409)
        .shows("Audrey Aldana has left and cannot be given a seat.");
    gone("status = 'deactivated'", Olivia);
    assign(&adam, &figma, Olivia.email()).await.is(409).shows("Olivia Owens is deactivated");
    let revoke = format!("/licenses/{}/revoke", license_of(&app, &figma, Uma));
    adam.post(&revoke, &[]).await.goes_to(&figma.path());
    assert!(app.letters_to(Uma.email()).iter().all(|letter| letter.kind != "seat_taken"));
}

#[actix_web::test]
async fn what_has_ended_gives_no_more_seats_and_takes_back_those_it_gave() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    for status in ["canceled", "expired"] {
        let software = given(&app, &format!("Tool {status}"), Adam, Some(5));
        assign(&adam, &software, &Uma.member_id()).await.goes_to(&software.path());
        app.sql(&format!("UPDATE subscriptions SET status = '{status}' WHERE id = '{}'", software.uuid));
        let refused = assign(&adam, &software, &Olivia.member_id()).await;
        refused.is(409).shows(&format!("Tool {status} is {status}, so its seats can be revoked, but no longer given."));
        adam.get(&software.licenses()).await.is(200).shows("Revoke").hides("Assign a seat");
        let revoke = format!("/licenses/{}/revoke", license_of(&app, &software, Uma));
        adam.post(&revoke, &[]).await.goes_to(&software.path());
    }
    let removed = given(&app, "Removed", Adam, Some(5));
    app.sql(&format!("UPDATE subscriptions SET removed_at = now() WHERE id = '{}'", removed.uuid));
    assign(&adam, &removed, &Uma.member_id()).await.is(404);
    assign(&adam, &removed, "").await.is(404);
    adam.get(&removed.licenses()).await.is(200).hides("Assign a seat");
}

#[actix_web::test]
async fn after_the_trial_seats_are_revoked_and_not_given() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(5));
    let adam = app.sign_in(Adam).await;
    assign(&adam, &figma, &Uma.member_id()).await.goes_to(&figma.path());
    app.sql(&format!(
        "UPDATE plan_subscriptions SET plan_id = '00000000-0000-7000-8000-000000000101', next_plan_id = NULL,
           cycle_starts_at = now() - interval '16 days', period_starts_at = now() - interval '16 days',
           period_ends_at = now() - interval '1 day' WHERE business_id = '{}'",
        Adam.business_uuid()
    ));
    assign(&adam, &figma, &Olivia.member_id()).await.is(409).shows("The plan of this business has ended.");
    let adding = [("member", "nina@acme.example"), ("add_person", "1"), ("name", "Nina Neu")];
    adam.post(&figma.licenses(), &adding).await.is(409);
    let revoke = format!("/licenses/{}/revoke", license_of(&app, &figma, Uma));
    adam.post(&revoke, &[]).await.goes_to(&figma.path());
    assign(&adam, &figma, &Olivia.member_id()).await.is(409);
    assert_eq!(held(&app, &figma), 0);
}

#[actix_web::test]
async fn a_full_plan_gives_only_the_seats_that_are_there() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(100));
    let adam = app.sign_in(Adam).await;
    app.sql(&format!(
        "UPDATE plan_subscriptions SET plan_id = '00000000-0000-7000-8000-000000000102' WHERE business_id = '{}'",
        Adam.business_uuid()
    ));
    let license = |_| {
        let uuid = Uuid::now_v7();
        let parse_id: String = uuid.simple().to_string().chars().rev().take(10).collect();
        app.sql(&format!(
            "INSERT INTO licenses (business_id, id, parse_id, subscription_id, state, created_at)
             VALUES ('{}', '{uuid}', '{parse_id}', '{}', 'open', now())",
            Adam.business_uuid(),
            figma.uuid
        ));
    };
    (0..50).for_each(license);
    // Fifty seats are what Free allows: the one that has waited longest is given, and no new one is made.
    assign(&adam, &figma, &Uma.member_id()).await.goes_to(&figma.path());
    assert_eq!(licenses(&app, &figma), 50);
    let oldest = text(&app, "SELECT min(id::text) AS text FROM licenses");
    assert_eq!(license_of(&app, &figma, Uma), subledger::kernel::ids::to_text(oldest.parse().unwrap()));
    let linear = given(&app, "Linear", Adam, Some(5));
    assign(&adam, &linear, &Uma.member_id()).await.is(409).shows("The plan Free allows 50 seats, and 50 are in use.");
}

#[actix_web::test]
async fn what_is_wrong_with_the_form_is_said_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(5));
    let adam = app.sign_in(Adam).await;
    let long = "x".repeat(501);
    let wrong = [("member", "uma"), ("expires_on", "31.12.2199"), ("tell", "maybe"), ("key", long.as_str())];
    let page = adam.post(&figma.licenses(), &wrong).await;
    page.is(422)
        .shows("4 answers need another look")
        .shows("write an address such as name@company.com")
        .shows("Write the date as year-month-day")
        .shows("Choose whether a letter tells them.")
        .shows("Write the key on one line, with at most 500 characters.");
    assert_eq!(page.attribute("#member", "value").as_deref(), Some("uma"));
    let past = [("member", Uma.email()), ("expires_on", "2020-01-01")];
    adam.post(&figma.licenses(), &past).await.is(422).shows("Choose today or a later day.");
    assign(&adam, &figma, "").await.is(422).shows("Choose a person, or write an address.");
    let unknown = [("member", Uma.email()), ("owner", "1")];
    adam.post(&figma.licenses(), &unknown).await.is(422);
    let nobody = subledger::kernel::ids::to_text(Uuid::now_v7());
    assign(&adam, &figma, &nobody).await.is(404);
    for id in ["1", "figma", "../x", &nobody] {
        adam.get(&format!("/subscriptions/{id}/licenses")).await.is(404);
        adam.post(&format!("/licenses/{id}/revoke"), &[]).await.is(404);
    }
    assert_eq!(held(&app, &figma), 0);
}

#[actix_web::test]
async fn a_seat_says_when_its_last_day_has_passed() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(5));
    let adam = app.sign_in(Adam).await;
    let tomorrow = (chrono::Utc::now() + chrono::TimeDelta::days(1)).date_naive().to_string();
    adam.post(&figma.licenses(), &[("member", Uma.email()), ("expires_on", &tomorrow)]).await.goes_to(&figma.path());
    adam.get(&figma.licenses()).await.hides("Expired");
    app.days_pass(3);
    let adam = app.sign_in(Adam).await;
    adam.get(&figma.licenses()).await.shows("Uma Usher").shows("Expired");
    // Whoever holds it keeps it until it is revoked.
    assert_eq!(held(&app, &figma), 1);
}

#[actix_web::test]
async fn holders_are_listed_by_name_page_by_page() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, None);
    people(&app, 60);
    app.sql(&format!(
        "INSERT INTO licenses (business_id, id, parse_id, subscription_id, state, created_at)
         SELECT m.business_id, m.id, m.parse_id, '{0}', 'open', now() FROM members m WHERE m.name LIKE 'Person%'",
        figma.uuid
    ));
    app.sql(&format!(
        "INSERT INTO assignments (business_id, id, license_id, subscription_id, member_id, given_at)
         SELECT m.business_id, m.id, m.id, '{0}', m.id, now() FROM members m WHERE m.name LIKE 'Person%'",
        figma.uuid
    ));
    let adam = app.sign_in(Adam).await;
    let first = adam.get(&figma.licenses()).await;
    first.is(200).shows("60 held. Seats of Figma are not counted").shows("50 of 60 holders");
    let names = first.texts("tbody th a");
    let next = first.attribute(".foot a", "href").unwrap();
    let second = adam.get(&next).await;
    let rest = second.texts("tbody th a");
    let all: std::collections::BTreeSet<String> = names.iter().chain(&rest).cloned().collect();
    assert_eq!((names.len(), rest.len(), all.len()), (50, 10, 60));
    assert!(names.last() < rest.first());
}

/// Posts until the database has room for it, as the page asks for.
async fn insist(browser: Browser, path: String, member: String) -> u16 {
    loop {
        let answer = browser.post(&path, &[("member", &member)]).await;
        if answer.status != 503 {
            return answer.status;
        }
    }
}

#[actix_web::test]
async fn forty_people_want_ten_seats_and_ten_get_one() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(10));
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    // Three seats are there already and free; the others are made on the way.
    for person in [Olivia, Uma, Audrey] {
        assign(&adam, &figma, &person.member_id()).await.goes_to(&figma.path());
        let revoke = format!("/licenses/{}/revoke", license_of(&app, &figma, person));
        adam.post(&revoke, &[]).await.goes_to(&figma.path());
    }
    let asked = people(&app, 40).into_iter().enumerate().map(|(n, member)| {
        let browser = if n % 2 == 0 { &adam } else { &olivia };
        actix_web::rt::spawn(insist(browser.clone(), figma.licenses(), member))
    });
    let asked: Vec<_> = asked.collect();
    let mut answers = Vec::new();
    for answer in asked {
        answers.push(answer.await.unwrap());
    }
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((count(303), count(409)), (10, 30), "{answers:?}");
    assert_eq!((held(&app, &figma), licenses(&app, &figma)), (10, 10));
    let given = format!(
        "SELECT count(DISTINCT member_id) AS number FROM assignments WHERE subscription_id = '{}' AND ended_at IS NULL",
        figma.uuid
    );
    assert_eq!(app.number(&given), 10);
    let said = app.trail(Adam).into_iter().filter(|said| said.contains("gave Person")).count();
    assert_eq!(said, 10);
}

#[actix_web::test]
async fn two_admins_reach_for_the_last_seat_and_one_gets_it() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    for round in 0..5 {
        let figma = given(&app, &format!("Figma {round}"), Adam, Some(1));
        let (uma, audrey) = (Uma.member_id(), Audrey.member_id());
        let (one, two) = tokio::join!(assign(&adam, &figma, &uma), assign(&olivia, &figma, &audrey));
        let mut answers = [one.status, two.status];
        answers.sort_unstable();
        assert_eq!(answers, [303, 409]);
        assert_eq!((held(&app, &figma), licenses(&app, &figma)), (1, 1));
    }
}

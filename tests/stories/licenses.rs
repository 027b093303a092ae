//! Seats: who gets one, who is told why not, and what the trail says of it.

use uuid::Uuid;

use crate::support::{Adam, Audrey, Browser, Cast, Gus, Olivia, Shown, TestApp, Uma};

/// A subscription that stands in the books: its id in URLs and its path.
#[derive(Clone)]
struct Software {
    uuid: Uuid,
    id: String,
}

impl Software {
    fn path(&self) -> String {
        format!("/subscriptions/{}", self.id)
    }

    fn licenses(&self) -> String {
        format!("/subscriptions/{}/licenses", self.id)
    }
}

/// Enters an active subscription of this owner's business; no seats means that they are not counted.
fn given(app: &TestApp, name: &str, owner: Cast, seats: Option<i32>) -> Software {
    let (uuid, service) = (Uuid::now_v7(), Uuid::now_v7());
    let seats = seats.map_or_else(|| "NULL".to_owned(), |seats| seats.to_string());
    let (business, member) = (owner.business_uuid(), owner.member_uuid());
    let folded = name.to_lowercase();
    let parse_id: String = uuid.simple().to_string().chars().rev().take(10).collect();
    app.sql(&format!(
        "INSERT INTO services (business_id, id, name, name_folded, vendor, category, website)
         VALUES ('{business}', '{service}', '{name}', '{folded}', '', '', '')"
    ));
    app.sql(&format!(
        "INSERT INTO subscriptions (business_id, id, parse_id, service_id, name, name_folded, owner_id, status, cost_model,
           currency, cycle_unit, cycle_count, anchor_on, auto_renew, notice_count, notice_unit, department, category,
           tags, payment_method, url, notes, created_at)
         VALUES ('{business}', '{uuid}', '{parse_id}', '{service}', '{name}', '{folded}', '{member}', 'active',
           'per_seat', 'EUR', 'month', 1, '2026-01-31', 'auto', 0, 'day', '', '', '{{}}', '', '', '', now())"
    ));
    app.sql(&format!(
        "INSERT INTO price_lines (business_id, id, subscription_id, from_on, cost_minor, seats, created_at)
         VALUES ('{business}', '{}', '{uuid}', '2020-01-01', 1500, {seats}, now())",
        Uuid::now_v7()
    ));
    let id = subledger::kernel::ids::to_text(uuid);
    Software { uuid, id }
}

/// People of the directory, without a sign-in, in Acme: their ids as forms write them.
fn people(app: &TestApp, count: usize) -> Vec<String> {
    let person = |n: usize| {
        let uuid = Uuid::now_v7();
        let parse_id: String = uuid.simple().to_string().chars().rev().take(10).collect();
        app.sql(&format!(
            "INSERT INTO members (business_id, id, parse_id, name, name_folded, email, email_folded, status, department, created_at)
             VALUES ('{}', '{uuid}', '{parse_id}', 'Person {n}', 'person {n}', 'p{n}@acme.example', 'p{n}@acme.example',
               'directory', '', now())",
            Adam.business_uuid()
        ));
        subledger::kernel::ids::to_text(uuid)
    };
    (0..count).map(person).collect()
}

async fn assign(browser: &Browser, software: &Software, member: &str) -> Shown {
    browser.post(&software.licenses(), &[("member", member)]).await
}

/// The id of the open license this person holds of it.
fn license_of(app: &TestApp, software: &Software, person: Cast) -> String {
    let uuid = text(
        app,
        &format!(
            "SELECT license_id::text AS text FROM assignments
             WHERE subscription_id = '{}' AND member_id = '{}' AND ended_at IS NULL",
            software.uuid,
            person.member_uuid()
        ),
    );
    subledger::kernel::ids::to_text(uuid.parse().unwrap())
}

fn text(app: &TestApp, sql: &str) -> String {
    use diesel::RunQueryDsl;
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::Text)]
        text: String,
    }
    diesel::sql_query(sql).get_result::<Found>(&mut app.owner()).unwrap().text
}

fn held(app: &TestApp, software: &Software) -> i64 {
    app.number(&format!(
        "SELECT count(*) AS number FROM assignments WHERE subscription_id = '{}' AND ended_at IS NULL",
        software.uuid
    ))
}

fn licenses(app: &TestApp, software: &Software) -> i64 {
    app.number(&format!("SELECT count(*) AS number FROM licenses WHERE subscription_id = '{}'", software.uuid))
}

#[actix_web::test]
async fn the_last_seat_goes_to_uma_and_the_next_person_is_told_why_not() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(1));
    let adam = app.sign_in(Adam).await;
    adam.get(&figma.licenses()).await.is(200).shows("Nobody holds a seat yet").shows("Assign a seat");

    assign(&adam, &figma, &Uma.member_id()).await.goes_to(&figma.path());
    adam.get(&figma.licenses())
        .await
        .is(200)
        .shows("Seat given to Uma Usher. A letter tells them.")
        .shows("1 held")
        .shows("0 free")
        .shows("No seat is free.");
    let refused = assign(&adam, &figma, &Audrey.member_id()).await;
    refused.is(409).shows("The one seat of Figma is given. Revoke it, or buy more.");
    assert!(refused.texts("title")[0].starts_with("Error: "));
    assert_eq!(refused.attribute("#member", "value").as_deref(), Some(Audrey.member_id().as_str()));

    app.trail_holds(Adam, "Adam Adler gave Uma Usher a seat of Figma");
    let letters = app.letters_to(Uma.email());
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].kind, "seat_given");
    assert_eq!(letters[0].details["subscription"], "Figma");
    assert_eq!(letters[0].details["by"], "Adam Adler");
    assert_eq!(letters[0].details["business"], "Acme");
    assert!(app.letters_to(Audrey.email()).is_empty());
    assert_eq!((held(&app, &figma), licenses(&app, &figma)), (1, 1));
}

#[actix_web::test]
async fn a_revoked_seat_goes_to_the_next_person_and_its_history_stays() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(2));
    let adam = app.sign_in(Adam).await;
    let until = [("member", "UMA@acme.example"), ("expires_on", "2199-12-31"), ("tell", "0")];
    adam.post(&figma.licenses(), &until).await.goes_to(&figma.path());
    assert!(app.letters_to(Uma.email()).is_empty());
    let license = license_of(&app, &figma, Uma);
    let seat = format!("/licenses/{license}");
    adam.get(&figma.licenses()).await.shows("Last day").shows("Dec 2199");
    adam.get(&seat).await.is(200).shows("Assigned").shows("Uma Usher").shows("Holds it");

    adam.post(&format!("{seat}/revoke"), &[]).await.goes_to(&figma.path());
    adam.get(&figma.licenses()).await.shows("The seat of Uma Usher is revoked and free again.");
    adam.get(&seat).await.is(200).shows("Free").hides("Last day").hides("Holds it");
    adam.post(&format!("{seat}/revoke"), &[]).await.is(409).shows("Nobody holds this seat of Figma any more.");
    assert_eq!(app.letters_to(Uma.email())[0].kind, "seat_taken");

    assign(&adam, &figma, &Olivia.member_id()).await.goes_to(&figma.path());
    assert_eq!(license_of(&app, &figma, Olivia), license);
    assert_eq!(licenses(&app, &figma), 1);
    adam.get(&seat).await.shows("Olivia Owens").shows("Uma Usher");
    app.trail_holds(Adam, "Adam Adler revoked Uma Usher's seat of Figma");
    let kept = "SELECT count(*) AS number FROM audit_entries WHERE action = 'license.revoked'
                AND changes::text LIKE '%Uma Usher%' AND changes::text LIKE '%2199-12-31%'";
    assert_eq!(app.number(kept), 1);
}

#[actix_web::test]
async fn one_person_gets_one_seat_however_often_the_button_is_pressed() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(5));
    let adam = app.sign_in(Adam).await;
    let (member, path) = (Uma.member_id(), figma.licenses());
    let form = [("member", member.as_str())];
    let (one, two) = tokio::join!(adam.post_once(&path, "same", &form), adam.post_once(&path, "same", &form));
    one.goes_to(&figma.path());
    two.goes_to(&figma.path());
    assign(&adam, &figma, Uma.email()).await.is(409).shows("Uma Usher has a seat of Figma already.");
    assert_eq!((held(&app, &figma), app.letters_to(Uma.email()).len()), (1, 1));
    app.trail_holds(Adam, "Adam Adler gave Uma Usher a seat of Figma");

    let revoke = format!("/licenses/{}/revoke", license_of(&app, &figma, Uma));
    let (one, two) = tokio::join!(adam.post_once(&revoke, "gone", &[]), adam.post_once(&revoke, "gone", &[]));
    one.goes_to(&figma.path());
    two.goes_to(&figma.path());
    app.trail_holds(Adam, "Adam Adler revoked Uma Usher's seat of Figma");
}

#[actix_web::test]
async fn owner_and_admin_give_seats_the_auditor_looks_and_the_stranger_sees_nothing() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, None);
    let (olivia, adam) = (app.sign_in(Olivia).await, app.sign_in(Adam).await);
    assign(&olivia, &figma, &Adam.member_id()).await.goes_to(&figma.path());
    assign(&adam, &figma, &Olivia.member_id()).await.goes_to(&figma.path());
    let seat = format!("/licenses/{}", license_of(&app, &figma, Adam));
    let revoke = format!("{seat}/revoke");

    let audrey = app.sign_in(Audrey).await;
    let page = audrey.get(&figma.licenses()).await;
    page.is(200).shows("Olivia Owens").hides("Assign a seat").hides("Revoke");
    audrey.get(&seat).await.is(200);
    assign(&audrey, &figma, &Uma.member_id()).await.is(403);
    assign(&audrey, &figma, "").await.is(403);
    audrey.post(&revoke, &[]).await.is(403);

    let gus = app.sign_in(Gus).await;
    gus.get(&figma.licenses()).await.is(404).hides("Figma");
    gus.get(&seat).await.is(404).hides("Figma");
    assign(&gus, &figma, &Gus.member_id()).await.is(404).hides("Figma");
    assign(&gus, &figma, "").await.is(404);
    gus.post(&revoke, &[]).await.is(404);
    let slack = given(&app, "Slack", Gus, Some(3));
    assign(&gus, &slack, &Uma.member_id()).await.is(404).hides("Uma");
    assign(&gus, &slack, Uma.email()).await.is(422).hides("Uma Usher");

    app.visitor().get(&figma.licenses()).await.is(303);
    assert_eq!((held(&app, &figma), held(&app, &slack)), (2, 0));
}

#[actix_web::test]
async fn uma_gives_seats_of_what_she_owns_and_gives_back_what_she_holds() {
    let app = TestApp::start().await;
    let (figma, linear) = (given(&app, "Figma", Adam, Some(3)), given(&app, "Linear", Uma, Some(3)));
    let (uma, adam) = (app.sign_in(Uma).await, app.sign_in(Adam).await);
    assign(&uma, &linear, Adam.email()).await.goes_to(&linear.path());
    uma.get(&linear.licenses()).await.is(200).shows("Adam Adler").shows("1 held");
    assign(&uma, &linear, "nobody@acme.example").await.is(422).hides("Add to People");
    let adding = [("member", "nobody@acme.example"), ("add_person", "1"), ("name", "Nina Nobody")];
    uma.post(&linear.licenses(), &adding).await.is(403);

    uma.get(&figma.licenses()).await.is(404);
    assign(&uma, &figma, &Uma.member_id()).await.is(404);
    assign(&adam, &figma, &Uma.member_id()).await.goes_to(&figma.path());
    assign(&adam, &figma, &Olivia.member_id()).await.goes_to(&figma.path());
    let page = uma.get(&figma.licenses()).await;
    page.is(200).shows("Uma Usher").shows("Give back").hides("Olivia Owens").hides("2 held").hides("Assign a seat");
    assign(&uma, &figma, &Audrey.member_id()).await.is(403);
    uma.post(&format!("/licenses/{}/revoke", license_of(&app, &figma, Olivia)), &[]).await.is(404);

    uma.post(&format!("/licenses/{}/revoke", license_of(&app, &figma, Uma)), &[]).await.goes_to("/");
    uma.get("/").await.shows("You gave your seat of Figma back.");
    uma.get(&figma.licenses()).await.is(404);
    app.trail_holds(Uma, "Uma Usher gave a seat of Figma back");
    let kinds: Vec<String> = app.letters_to(Uma.email()).into_iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, ["seat_given"]);
}

#[actix_web::test]
async fn an_address_nobody_has_is_added_to_people_on_the_way() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(3));
    let adam = app.sign_in(Adam).await;
    let form = [("member", "Nina@acme.example"), ("expires_on", "2199-12-31"), ("tell", "1")];
    let page = adam.post(&figma.licenses(), &form).await;
    page.is(422).shows("Nobody in People has the address Nina@acme.example.").shows("Add to People and assign");
    assert_eq!(page.attribute("#member", "value").as_deref(), Some("Nina@acme.example"));
    assert_eq!(page.attribute("#expires_on", "value").as_deref(), Some("2199-12-31"));
    assert_eq!(page.attribute("input[name=add_person]", "value").as_deref(), Some("1"));

    let nameless = [("member", "Nina@acme.example"), ("add_person", "1"), ("name", " ")];
    adam.post(&figma.licenses(), &nameless).await.is(422).shows("Write the name of the person.");
    let named = [("member", "Nina@acme.example"), ("add_person", "1"), ("name", "Nina Neu"), ("tell", "1")];
    adam.post(&figma.licenses(), &named).await.goes_to(&figma.path());
    adam.get(&figma.licenses())
        .await
        .shows("Seat given to Nina Neu, who is new in People. A letter tells them.")
        .shows("Nina Neu");
    app.trail_holds(Adam, "Adam Adler added Nina Neu to People");
    app.trail_holds(Adam, "Adam Adler gave Nina Neu a seat of Figma");
    let letters = app.letters_to("Nina@acme.example");
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].details["signs_in"], false);

    // Whoever is in People is not added a second time, nor renamed.
    let again = [("member", "uma@ACME.example"), ("add_person", "1"), ("name", "Somebody Else")];
    adam.post(&figma.licenses(), &again).await.goes_to(&figma.path());
    assert_eq!(app.number("SELECT count(*) AS number FROM members WHERE name = 'Somebody Else'"), 0);
    assert_eq!(held(&app, &figma), 2);
}

#[actix_web::test]
async fn people_of_the_directory_get_a_letter_only_when_it_is_asked_for() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, None);
    let adam = app.sign_in(Adam).await;
    let somebody = people(&app, 1);
    assign(&adam, &figma, &somebody[0]).await.goes_to(&figma.path());
    adam.get(&figma.licenses()).await.shows("Seat given to Person 0.").hides("A letter tells them.");
    assert!(app.letters_to("p0@acme.example").is_empty());
    let seat = format!(
        "/licenses/{}/revoke",
        subledger::kernel::ids::to_text(
            text(&app, "SELECT license_id::text AS text FROM assignments").parse().unwrap()
        )
    );
    adam.post(&seat, &[]).await.goes_to(&figma.path());
    assert!(app.letters_to("p0@acme.example").is_empty());
}

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
    let wrong = [("member", "uma"), ("expires_on", "31.12.2199"), ("tell", "maybe"), ("key", "ABCD-1234")];
    let page = adam.post(&figma.licenses(), &wrong).await;
    page.is(422)
        .shows("4 answers need another look")
        .shows("write an address such as name@company.com")
        .shows("Write the date as year-month-day")
        .shows("Choose whether a letter tells them.")
        .shows("License keys cannot be kept yet.");
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

//! Seats: who gets one, who is told why not, and what the trail says of it.

mod asking;
mod fewer;
mod histories;
mod keys;
mod many;
mod passing_on;
mod races;
mod refusing;
mod standing;

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
           currency, cycle_unit, cycle_count, anchor_on, renews_on, next_on, cancel_by, auto_renew, notice_count, notice_unit, department, category,
           tags, payment_method, url, notes, created_at)
         VALUES ('{business}', '{uuid}', '{parse_id}', '{service}', '{name}', '{folded}', '{member}', 'active',
           'per_seat', 'EUR', 'month', 1, '2026-01-31', '2030-01-31', '2030-01-31', '2030-01-30', 'auto', 0, 'day', '', '', '{{}}', '', '', '', now())"
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

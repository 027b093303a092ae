//! Two hundred hands reach for ten seats, again and again, while seats are taken away and bought.

use subledger::domain::access;
use subledger::domain::licenses::assign::{Assign, Receiver};
use subledger::domain::licenses::assign_many::{AssignMany, People};
use subledger::domain::licenses::letters::Tell;
use subledger::domain::subscriptions::price::SetPrice;
use subledger::domain::subscriptions::price_line::Price;
use subledger::kernel::access::{Access, House, Standing};
use subledger::kernel::currency::Currency;
use subledger::kernel::ids::{BusinessId, MemberId, SubscriptionId};
use subledger::kernel::locale::Locale;
use subledger::kernel::money::Money;
use subledger::kernel::refusal::{Kind, Refusal};

use super::*;

/// Somebody who may do everything in Acme.
fn of_acme() -> Access {
    let business = BusinessId(Adam.business_uuid().parse().unwrap());
    let locale = Locale::parse("en-GB").unwrap();
    let (zone, currency, standing) = (chrono_tz::Tz::UTC, Currency::EUR, Standing::Active);
    access::for_command(House { business, zone, currency, locale, standing })
}

/// So many people of the directory, entered at once.
fn crowd(app: &TestApp, count: usize) -> Vec<MemberId> {
    let ids: Vec<Uuid> = (0..count).map(|_| Uuid::now_v7()).collect();
    let rows: Vec<String> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| {
            let business = Adam.business_uuid();
            format!(
                "('{business}', '{id}', 'c{n:0>9}', 'Crowd {n}', 'crowd {n}', 'c{n}@acme.example', 'c{n}@acme.example', \
                 'directory', '', now())"
            )
        })
        .collect();
    app.sql(&format!(
        "INSERT INTO members (business_id, id, parse_id, name, name_folded, email, email_folded, status, department,
           created_at) VALUES {}",
        rows.join(",")
    ));
    ids.into_iter().map(MemberId).collect()
}

/// Gives one person a seat through one door or another.
async fn give(app: &TestApp, nth: usize, subscription: SubscriptionId, person: MemberId) -> Result<(), Refusal> {
    let (db, access) = (app.app.db.clone(), of_acme());
    if nth.is_multiple_of(2) {
        let to = Receiver::Member(person);
        let assign = Assign { subscription, to, expires_on: None, key: None, tell: Tell::Never };
        return db.perform(&access, assign).await.map(drop);
    }
    let people = People { ids: [person].into(), addresses: Vec::new() };
    let many = AssignMany { subscriptions: [subscription].into(), people, tell: Tell::Never };
    db.perform(&access, many).await.map(drop)
}

fn open(app: &TestApp, software: &Software) -> i64 {
    let sql = "SELECT count(*) AS number FROM licenses WHERE state = 'open' AND subscription_id";
    app.number(&format!("{sql} = '{}'", software.uuid))
}

#[actix_web::test]
async fn two_hundred_people_want_ten_seats_twenty_times_over() {
    let app = TestApp::start().await;
    let crowd = crowd(&app, 200);
    for round in 0..20 {
        let figma = given(&app, &format!("Figma {round}"), Adam, Some(10));
        let id = SubscriptionId(figma.uuid);
        let asked = crowd.iter().enumerate().map(|(nth, person)| give(&app, nth, id, *person));
        let answers = futures_util::future::join_all(asked).await;
        let refused: Vec<&Refusal> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
        assert_eq!(answers.len() - refused.len(), 10, "round {round}");
        for refusal in refused {
            assert_eq!((refusal.kind, refusal.code), (Kind::Conflict, "no_free_seat"), "{refusal}");
        }
        assert_eq!((held(&app, &figma), licenses(&app, &figma)), (10, 10), "round {round}");
        let first = "SELECT count(*) AS number FROM assignments a JOIN audit_entries e ON e.object_id = a.license_id";
        let given = format!("{first} WHERE a.subscription_id = '{}' AND e.action = 'license.assigned'", figma.uuid);
        assert_eq!(app.number(&given), 10, "nobody's seat was given a second time");
    }
}

#[actix_web::test]
async fn seats_are_lowered_while_they_are_given_and_never_too_many_are_open() {
    let app = TestApp::start().await;
    let crowd = crowd(&app, 40);
    for round in 0..10 {
        let figma = given(&app, &format!("Figma {round}"), Adam, Some(20));
        let id = SubscriptionId(figma.uuid);
        let to = app.clock.now().date_naive();
        let lower = |seats| SetPrice {
            subscription: id,
            from_on: to,
            price: Price { cost: Money::new(1_500, Currency::EUR), seats: Some(seats) },
        };
        let asked = crowd.iter().enumerate().map(|(nth, person)| give(&app, nth, id, *person));
        let access = of_acme();
        let (given, _) =
            tokio::join!(futures_util::future::join_all(asked), app.app.db.perform(&access, lower(8 + round % 3)),);
        let given = given.into_iter().filter(Result::is_ok).count();
        let seats = app.number(&format!(
            "SELECT seats::int8 AS number FROM price_lines WHERE subscription_id = '{}' AND from_on <= '{to}'
             ORDER BY from_on DESC, id DESC LIMIT 1",
            figma.uuid
        ));
        let held = held(&app, &figma);
        assert_eq!(held, i64::try_from(given).unwrap());
        assert!(held <= seats.max(held) && open(&app, &figma) <= seats, "{held} held, {seats} paid for");
    }
}

#[actix_web::test]
async fn the_explicit_seat_goes_to_one_of_those_who_are_given_it() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(1));
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    assign(&adam, &figma, Uma.email()).await.goes_to(&figma.path());
    let pass = format!("/licenses/{}/reassign", license_of(&app, &figma, Uma));
    let (to_audrey, to_olivia) = ([("member", Audrey.email())], [("member", Olivia.email())]);
    let (one, two) = tokio::join!(adam.post(&pass, &to_audrey), olivia.post(&pass, &to_olivia));
    // One after the other: the second passes on what the first has got, and every holder is on record.
    assert_eq!((one.status, two.status), (303, 303));
    assert_eq!((held(&app, &figma), licenses(&app, &figma)), (1, 1));
    assert_eq!(app.number("SELECT count(*) AS number FROM assignments"), 3);
    let revoke = pass.replace("reassign", "revoke");
    let to_uma = [("member", Uma.email())];
    let (one, two) = tokio::join!(adam.post(&revoke, &[]), olivia.post(&pass, &to_uma));
    assert_eq!(one.status, 303);
    assert!(matches!(two.status, 303 | 409), "{}", two.text());
    assert_eq!(app.number("SELECT count(*) AS number FROM assignments WHERE ended_at IS NULL"), 0);
}

#[actix_web::test]
async fn the_last_places_of_a_plan_are_given_once() {
    let app = TestApp::start().await;
    let crowd = crowd(&app, 70);
    app.sql(&format!(
        "UPDATE plan_subscriptions SET plan_id = '00000000-0000-7000-8000-000000000102' WHERE business_id = '{}'",
        Adam.business_uuid()
    ));
    let (figma, linear) = (given(&app, "Figma", Adam, None), given(&app, "Linear", Adam, None));
    let ids = [SubscriptionId(figma.uuid), SubscriptionId(linear.uuid)];
    let asked = crowd.iter().enumerate().map(|(nth, person)| give(&app, nth / 2, ids[nth % 2], *person));
    let answers = futures_util::future::join_all(asked).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 50);
    assert!(answers.iter().flat_map(|answer| answer.as_ref().err()).all(|refusal| refusal.code == "plan_full"));
    assert_eq!(app.number("SELECT count(*) AS number FROM licenses WHERE state = 'open'"), 50);
}

//! What happens to a held seat: it goes to somebody else, gets another last day, passes it, and is given up.

use super::*;

fn day_from_now(days: i64) -> String {
    (chrono::Utc::now() + chrono::TimeDelta::days(days)).date_naive().to_string()
}

#[actix_web::test]
async fn a_seat_goes_from_uma_to_audrey_and_nobody_gets_it_in_between() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(1));
    let adam = app.sign_in(Adam).await;
    let form = [("member", Uma.email()), ("key", "ABCD-EFGH-7F2K"), ("expires_on", "2199-12-31")];
    adam.post(&figma.licenses(), &form).await.goes_to(&figma.path());
    let seat = format!("/licenses/{}", license_of(&app, &figma, Uma));
    let pass = format!("{seat}/reassign");
    adam.post(&pass, &[("member", Uma.email())]).await.is(409).shows("Uma Usher has a seat of Figma already.");
    adam.post(&pass, &[("member", "nobody@acme.example")]).await.is(422).shows("Nobody in People has the address");
    adam.post(&pass, &[("member", "")]).await.is(422).shows("Choose a person, or write an address.");

    adam.post(&pass, &[("member", Audrey.email())]).await.goes_to(&seat);
    let page = adam.get(&seat).await;
    page.is(200)
        .shows("The seat of Uma Usher is Audrey Aldana’s now")
        .shows("••••7F2K")
        .shows("was to end 31 Dec 2199");
    assert_eq!(page.texts("table th a"), ["Audrey Aldana", "Uma Usher"]);
    assert_eq!((held(&app, &figma), licenses(&app, &figma)), (1, 1));
    app.trail_holds(Adam, "Adam Adler gave Uma Usher's seat of Figma to Audrey Aldana");
    let kinds = |person: Cast| app.letters_to(person.email()).into_iter().map(|one| one.kind).collect::<Vec<_>>();
    assert_eq!(kinds(Uma), ["seat_given", "seat_taken"]);
    assert_eq!(kinds(Audrey), ["seat_given"]);
    // The last day was Uma's.
    assert_eq!(app.number("SELECT count(*) AS number FROM licenses WHERE expires_on IS NOT NULL"), 0);

    adam.post(&format!("{seat}/revoke"), &[]).await.goes_to(&figma.path());
    adam.post(&pass, &[("member", Olivia.email())]).await.is(409).shows("Nobody holds this seat of Figma any more.");
}

#[actix_web::test]
async fn another_last_day_is_set_and_taken_away() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(2));
    let adam = app.sign_in(Adam).await;
    assign(&adam, &figma, Uma.email()).await.goes_to(&figma.path());
    let seat = format!("/licenses/{}", license_of(&app, &figma, Uma));
    let extend = format!("{seat}/extend");
    adam.post(&extend, &[("expires_on", "2020-01-01")]).await.is(422).shows("Choose today or a later day.");
    adam.post(&extend, &[("expires_on", "soon")]).await.is(422).shows("Write the date as year-month-day");
    adam.post(&extend, &[]).await.is(422);
    adam.post(&extend, &[("expires_on", "2199-12-31")]).await.goes_to(&seat);
    adam.get(&seat).await.shows("31 Dec 2199 is the last day of Uma Usher’s seat now.").shows("Last day 31 Dec 2199");
    adam.post(&extend, &[("expires_on", "")]).await.goes_to(&seat);
    adam.get(&seat).await.shows("Uma Usher holds the seat until it is revoked.").hides("2199");
    let changes = "SELECT count(*) AS number FROM audit_entries WHERE action = 'license.extended'";
    assert_eq!(app.number(changes), 2);
    assert_eq!(app.number("SELECT count(*) AS number FROM assignments"), 1);
}

#[actix_web::test]
async fn a_last_day_passes_with_and_without_the_worker_and_is_told_once() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(2));
    let adam = app.sign_in(Adam).await;
    adam.post(&figma.licenses(), &[("member", Uma.email()), ("expires_on", &day_from_now(1))]).await.is(303);
    let seat = format!("/licenses/{}", license_of(&app, &figma, Uma));
    app.days_pass(1);
    app.work_until_idle().await;
    let adam = app.sign_in(Adam).await;
    adam.get(&seat).await.shows("Assigned").hides("Expired");
    app.days_pass(1);
    // Right before any worker has run.
    adam.get(&seat).await.shows("Expired");
    adam.get("/licenses?status=expired").await.is(200).shows("Figma").shows("1 seat");
    tokio::join!(app.work_until_idle(), app.work_until_idle());
    app.work_until_idle().await;
    let told = "SELECT count(*) AS number FROM audit_entries WHERE action = 'license.expired'";
    assert_eq!(app.number(told), 1);
    assert!(app.trail(Adam).iter().any(|said| said.starts_with("worker let Uma Usher's seat of Figma expire")));
    // Whoever holds it keeps it until it is revoked.
    assert_eq!(held(&app, &figma), 1);
    // Holding it anew is a new line of the history, and a new last day is told again.
    adam.post(&format!("{seat}/extend"), &[("expires_on", &day_from_now(5))]).await.goes_to(&seat);
    let page = adam.get(&seat).await;
    page.shows("Assigned");
    assert_eq!(page.texts("table th a"), ["Uma Usher", "Uma Usher"]);
    app.days_pass(9);
    app.work_until_idle().await;
    assert_eq!(app.number(told), 2);
}

#[actix_web::test]
async fn a_free_seat_is_retired_and_opened_again_and_a_held_one_is_not() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(1));
    let adam = app.sign_in(Adam).await;
    assign(&adam, &figma, Uma.email()).await.goes_to(&figma.path());
    let seat = format!("/licenses/{}", license_of(&app, &figma, Uma));
    let refused = adam.post(&format!("{seat}/retire"), &[]).await;
    refused.is(409).shows("Uma Usher holds this seat of Figma. Revoke it first, then retire it.");
    adam.post(&format!("{seat}/restore"), &[]).await.is(409).shows("is open already");
    adam.post(&format!("{seat}/revoke"), &[]).await.goes_to(&figma.path());
    adam.get(&seat).await.shows("Retire this seat");
    adam.post(&format!("{seat}/retire"), &[]).await.goes_to(&seat);
    adam.get(&seat).await.shows("Retired").shows("Open this seat again").shows("Uma Usher");
    adam.post(&format!("{seat}/retire"), &[]).await.is(409).shows("is retired");
    // The place is not: the next person gets a new seat.
    assign(&adam, &figma, Audrey.email()).await.goes_to(&figma.path());
    assert_ne!(format!("/licenses/{}", license_of(&app, &figma, Audrey)), seat);
    adam.post(&format!("{seat}/restore"), &[]).await.is(409).shows("Figma has 1 seats, and as many are open.");
    let other = format!("/licenses/{}", license_of(&app, &figma, Audrey));
    adam.post(&format!("{other}/revoke"), &[]).await.is(303);
    adam.post(&format!("{other}/retire"), &[]).await.goes_to(&other);
    adam.post(&format!("{seat}/restore"), &[]).await.goes_to(&seat);
    adam.get(&seat).await.shows("Free");
    app.trail_holds(Adam, "Adam Adler opened a retired seat of Figma again");
}

#[actix_web::test]
async fn only_whoever_may_change_the_subscription_passes_seats_on() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(3));
    let (adam, audrey, uma, gus) =
        (app.sign_in(Adam).await, app.sign_in(Audrey).await, app.sign_in(Uma).await, app.sign_in(Gus).await);
    assign(&adam, &figma, Uma.email()).await.goes_to(&figma.path());
    let seat = format!("/licenses/{}", license_of(&app, &figma, Uma));
    let before = app.fingerprint();
    let forms: [(&str, &[(&str, &str)]); 5] = [
        ("reassign", &[("member", "olivia@acme.example")]),
        ("extend", &[("expires_on", "2199-12-31")]),
        ("key", &[("key", "ABCD-EFGH")]),
        ("retire", &[]),
        ("restore", &[]),
    ];
    for (verb, fields) in forms {
        let path = format!("{seat}/{verb}");
        for browser in [&audrey, &uma] {
            browser.post(&path, fields).await.is(403);
            browser.post(&path, &[("surprise", "1")]).await.is(403);
        }
        gus.post(&path, fields).await.is(404).hides("Figma");
        gus.post(&path, &[("surprise", "1")]).await.is(404);
    }
    assert_eq!(app.fingerprint(), before);
    uma.get(&seat).await.is(200).shows("Give back").hides("Reassign the seat").hides("Set the key");
    audrey.get(&seat).await.is(200).hides("Revoke").hides("Set the last day");
}

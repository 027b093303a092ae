//! License keys: kept encrypted, shown by their end, seen in the clear only by whoever may, and every look is on record.

use super::*;

const KEY: &str = "CANARY-KEY-ABCD-7F2K";

/// Gives a seat with a key; the path of the seat.
async fn with_key(app: &TestApp, by: &Browser, software: &Software, person: Cast, key: &str) -> String {
    by.post(&software.licenses(), &[("member", person.email()), ("key", key)]).await.goes_to(&software.path());
    format!("/licenses/{}", license_of(app, software, person))
}

#[actix_web::test]
async fn a_key_is_shown_by_its_end_and_in_the_clear_only_when_it_is_asked_for() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(3));
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    let seat = with_key(&app, &adam, &figma, Uma, KEY).await;
    for path in [seat.as_str(), "/licenses", &figma.path(), &figma.licenses()] {
        adam.get(path).await.is(200).shows("••••7F2K").hides("CANARY");
    }
    let shown = adam.post(&format!("{seat}/reveal"), &[]).await;
    shown.is(200).shows(KEY);
    assert_eq!(shown.headers["cache-control"], "no-store");
    adam.get(&seat).await.is(200).hides("CANARY");
    uma.post(&format!("{seat}/reveal"), &[]).await.is(200).shows(KEY);
    app.trail_holds(Adam, "Adam Adler revealed the license key ••••7F2K of a seat of Figma");
    app.trail_holds(Uma, "Uma Usher revealed the license key ••••7F2K of a seat of Figma");
    // A second look is a second entry, also when it is the same button pressed twice.
    adam.post_once(&format!("{seat}/reveal"), "twice", &[]).await.is(200);
    adam.post_once(&format!("{seat}/reveal"), "twice", &[]).await.is(200).shows(KEY);
    let looks = "SELECT count(*) AS number FROM audit_entries WHERE action = 'license.key_revealed'";
    assert_eq!(app.number(looks), 4);
}

#[actix_web::test]
async fn whoever_may_not_see_a_key_does_not_and_the_attempt_is_on_record() {
    let app = TestApp::start().await;
    let (figma, linear) = (given(&app, "Figma", Adam, Some(3)), given(&app, "Linear", Uma, Some(3)));
    let (adam, audrey, uma, gus) =
        (app.sign_in(Adam).await, app.sign_in(Audrey).await, app.sign_in(Uma).await, app.sign_in(Gus).await);
    let seat = with_key(&app, &adam, &figma, Olivia, KEY).await;
    audrey.get(&seat).await.is(200).shows("••••7F2K").hides("Reveal the key");
    audrey.post(&format!("{seat}/reveal"), &[]).await.is(403).hides("CANARY");
    uma.post(&format!("{seat}/reveal"), &[]).await.is(404);
    gus.post(&format!("{seat}/reveal"), &[]).await.is(404);
    audrey.post(&format!("{seat}/key"), &[("key", "MINE-NOW-0000")]).await.is(403);
    audrey.post(&format!("{seat}/key"), &[("key", "")]).await.is(403);
    gus.post(&format!("{seat}/key"), &[("key", "MINE-NOW-0000")]).await.is(404);
    // Uma owns Linear and gives its keys, but sees in the clear only those of the seats she holds.
    let adams = with_key(&app, &uma, &linear, Adam, "CANARY-OF-ADAM-1111").await;
    uma.get(&adams).await.is(200).shows("••••1111").hides("Reveal the key");
    uma.post(&format!("{adams}/reveal"), &[]).await.is(403).hides("CANARY");
    assert!(app.trail(Audrey).contains(&"Audrey Aldana tried to reveal a license key".to_owned()));
    assert!(app.trail(Uma).contains(&"Uma Usher tried to reveal a license key".to_owned()));
    assert!(app.trail(Audrey).contains(&"Audrey Aldana tried to set a license key".to_owned()));
    // Whoever gave the seat back cannot look any more.
    let own = with_key(&app, &uma, &linear, Uma, "CANARY-OF-UMA-2222").await;
    uma.post(&format!("{own}/reveal"), &[]).await.is(200).shows("CANARY-OF-UMA-2222");
    uma.post(&format!("{own}/revoke"), &[]).await.is(303);
    uma.post(&format!("{own}/reveal"), &[]).await.is(403);
}

#[actix_web::test]
async fn a_revoked_seat_keeps_its_key_and_no_other_key_is_put_over_it() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(2));
    let adam = app.sign_in(Adam).await;
    let seat = with_key(&app, &adam, &figma, Uma, KEY).await;
    adam.post(&format!("{seat}/revoke"), &[]).await.goes_to(&figma.path());
    adam.post(&format!("{seat}/reveal"), &[]).await.is(200).shows(KEY);
    // A seat with a key of its own is another one.
    let other = with_key(&app, &adam, &figma, Audrey, "OTHER-KEY-1234-5678").await;
    assert_ne!(seat, other);
    adam.post(&format!("{seat}/reveal"), &[]).await.is(200).shows(KEY);
    // Only the first one is left, and it has its key: another one is not quietly put over it.
    let third = [("member", Olivia.email()), ("key", "THIRD-KEY-9999")];
    adam.post(&figma.licenses(), &third).await.is(409).shows("have license keys of their own");
    assign(&adam, &figma, Olivia.email()).await.goes_to(&figma.path());
    assert_eq!(format!("/licenses/{}", license_of(&app, &figma, Olivia)), seat);
    adam.post(&format!("{seat}/reveal"), &[]).await.is(200).shows(KEY);
    assert_eq!((held(&app, &figma), licenses(&app, &figma)), (2, 2));
}

#[actix_web::test]
async fn a_key_is_set_later_and_changed_on_the_page_of_the_seat() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(2));
    let adam = app.sign_in(Adam).await;
    assign(&adam, &figma, Uma.email()).await.goes_to(&figma.path());
    let seat = format!("/licenses/{}", license_of(&app, &figma, Uma));
    adam.get(&seat).await.is(200).hides("Reveal the key");
    adam.post(&format!("{seat}/reveal"), &[]).await.is(409).shows("This seat of Figma has no license key.");
    adam.post(&format!("{seat}/key"), &[("key", "FIRST-KEY-1111")]).await.goes_to(&seat);
    adam.get(&seat).await.shows("The license key ••••1111 is kept, encrypted.").shows("Reveal the key");
    adam.post(&format!("{seat}/key"), &[("key", "FIRST-KEY-1111")]).await.goes_to(&seat);
    adam.post(&format!("{seat}/key"), &[("key", " SECOND-KEY-2222 ")]).await.goes_to(&seat);
    adam.post(&format!("{seat}/reveal"), &[]).await.is(200).shows("SECOND-KEY-2222").hides("FIRST-KEY");
    let page = adam.post(&format!("{seat}/key"), &[("key", "")]).await;
    page.is(422).shows("Write the license key.");
    let set = "SELECT count(*) AS number FROM audit_entries WHERE action = 'license.key_set'";
    assert_eq!(app.number(set), 2);
    let change = r#"SELECT count(*) AS number FROM audit_entries
        WHERE changes = '[{"field": "License key", "before": "••••1111", "after": "••••2222"}]'"#;
    assert_eq!(app.number(change), 1);
}

#[actix_web::test]
async fn no_key_is_in_an_export_a_letter_the_trail_or_a_row_in_the_clear() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(5));
    let adam = app.sign_in(Adam).await;
    let form = [("member", Uma.email()), ("key", KEY), ("tell", "1"), ("expires_on", "2199-12-31")];
    adam.post_once(&figma.licenses(), "kept", &form).await.goes_to(&figma.path());
    let seat = format!("/licenses/{}", license_of(&app, &figma, Uma));
    adam.post(&format!("{seat}/key"), &[("key", "CANARY-TWO-EFGH-9ZZZ")]).await.goes_to(&seat);
    adam.post_once(&format!("{seat}/reveal"), "kept", &[]).await.is(200);
    for path in ["/licenses", "/licenses?q=CANARY", "/audit", "/audit.csv", "/people", "/", &seat, &figma.path()] {
        adam.get(path).await.is(200).hides("CANARY-KEY").hides("CANARY-TWO");
    }
    for letter in app.letters_to(Uma.email()) {
        assert!(!letter.details.to_string().contains("CANARY"));
    }
    app.work_until_idle().await;
    let tables = "SELECT string_agg(tablename, ' ') AS text FROM pg_tables WHERE schemaname = 'public'";
    for table in app.text(tables).split(' ') {
        let leaks = format!("SELECT count(*) AS number FROM {table} t WHERE t::text LIKE '%CANARY%'");
        assert_eq!(app.number(&leaks), 0, "{table}");
    }
}

//! The list of every seat, as it stood at the end of a day.

use super::*;

fn today(app: &TestApp) -> chrono::NaiveDate {
    app.clock.now().date_naive()
}

#[actix_web::test]
async fn every_seat_stands_as_it_stood_on_the_day() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(3));
    let adam = app.sign_in(Adam).await;
    let first = today(&app);
    let until = (first + chrono::Days::new(3)).to_string();
    adam.post(&figma.licenses(), &[("member", Uma.email()), ("expires_on", &until)]).await.is(303);
    let seat = format!("/licenses/{}", license_of(&app, &figma, Uma));
    app.days_pass(5);
    let adam = app.sign_in(Adam).await;
    // It has expired since; then it goes to Audrey, and is retired at last.
    adam.post(&format!("{seat}/reassign"), &[("member", Audrey.email())]).await.is(303);
    app.days_pass(5);
    let adam = app.sign_in(Adam).await;
    adam.post(&format!("{seat}/revoke"), &[]).await.is(303);
    app.days_pass(5);
    let adam = app.sign_in(Adam).await;
    adam.post(&format!("{seat}/retire"), &[]).await.is(303);
    app.sql(&format!("UPDATE subscriptions SET removed_at = '{}' WHERE id = '{}'", app.clock.now(), figma.uuid));

    let on = |days: u64| format!("/licenses?on={}", first + chrono::Days::new(days));
    let row = |page: &Shown| page.texts("tbody tr td.wide .state").join(" ");
    for (days, holder, status) in [
        (0, Some("Uma Usher"), "Assigned"),
        (3, Some("Uma Usher"), "Assigned"),
        (4, Some("Uma Usher"), "Expired"),
        (5, Some("Audrey Aldana"), "Assigned"),
        (9, Some("Audrey Aldana"), "Assigned"),
        (10, None, "Free"),
        (14, None, "Free"),
    ] {
        let page = adam.get(&on(days)).await;
        page.is(200).shows("Figma").shows("As they stood at the end of");
        assert_eq!(row(&page), status, "{days}");
        for person in ["Uma Usher", "Audrey Aldana"] {
            assert_eq!(page.text().contains(person), holder == Some(person), "{person} on day {days}");
        }
    }
    // Before it was made, and after its subscription was removed, there is none.
    adam.get(&format!("/licenses?on={}", first - chrono::Days::new(1))).await.is(200).hides("Figma");
    adam.get("/licenses").await.is(200).hides("Figma");
    adam.get("/licenses?on=yesterday").await.is(200).shows("Today is shown.");
    adam.get("/licenses?on=999999-99-99&status=odd&after=odd").await.is(200);
}

#[actix_web::test]
async fn seats_are_found_by_words_and_status_and_listed_page_by_page() {
    let app = TestApp::start().await;
    let (figma, linear) = (given(&app, "Figma", Adam, None), given(&app, "Linear", Adam, Some(9)));
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
    assign(&adam, &linear, Uma.email()).await.goes_to(&linear.path());
    let revoke = format!("/licenses/{}/revoke", license_of(&app, &linear, Uma));
    adam.post(&revoke, &[]).await.is(303);
    let first = adam.get("/licenses").await;
    first.is(200).shows("50 of 61 seats").shows("€15.00");
    let second = adam.get(&first.attribute(".foot a", "href").unwrap()).await;
    let links = |page: &Shown| page.texts("tbody th a").len();
    assert_eq!((links(&first), links(&second)), (50, 11));
    adam.get("/licenses?q=p59@").await.is(200).shows("Person 59").shows("1 seat").hides("Linear");
    adam.get("/licenses?q=LINE").await.is(200).shows("Linear").hides("Person 59");
    adam.get("/licenses?q=%25").await.is(200).shows("Nothing matches");
    let free = adam.get("/licenses?status=free").await;
    assert_eq!((links(&free), free.texts(".views .num")), (1, ["61", "60", "1", "0", "0"].map(str::to_owned).to_vec()));
}

#[actix_web::test]
async fn the_list_shows_uma_what_she_owns_and_holds_and_gus_nothing_of_acme() {
    let app = TestApp::start().await;
    let (figma, linear) = (given(&app, "Figma", Adam, Some(9)), given(&app, "Linear", Uma, Some(9)));
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    assign(&adam, &figma, Olivia.email()).await.goes_to(&figma.path());
    assign(&adam, &figma, Uma.email()).await.goes_to(&figma.path());
    assign(&adam, &linear, Audrey.email()).await.goes_to(&linear.path());
    let page = uma.get("/licenses").await;
    page.is(200).shows("Audrey Aldana").shows("Uma Usher").hides("Olivia Owens").shows("2 seats");
    let yesterday = today(&app);
    app.days_pass(2);
    let uma = app.sign_in(Uma).await;
    uma.get(&format!("/licenses?on={yesterday}")).await.is(200).shows("Audrey Aldana").hides("Olivia Owens");
    uma.post(&format!("/licenses/{}/revoke", license_of(&app, &figma, Uma)), &[]).await.is(303);
    uma.get("/").await.shows("You gave your seat of Figma back.");
    uma.get(&format!("/licenses?on={yesterday}")).await.is(200).hides("Figma");
    app.sign_in(Audrey).await.get("/licenses").await.is(200).shows("Olivia Owens").hides("Assign seats");
    app.sign_in(Gus).await.get("/licenses").await.is(200).shows("No seats yet").hides("Figma");
}

#[actix_web::test]
async fn what_is_used_unused_and_unknown_is_said_and_goes_with_its_holder() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(9));
    let adam = app.sign_in(Adam).await;
    for person in [Uma, Audrey, Olivia] {
        assign(&adam, &figma, person.email()).await.goes_to(&figma.path());
    }
    adam.get(&figma.licenses()).await.shows("Unknown").hides("Unused");
    let used = |person: Cast, days: i64| {
        app.sql(&format!(
            "UPDATE licenses l SET last_used_at = now() - interval '{days} days', last_used_source = 'usage'
             FROM assignments a WHERE a.license_id = l.id AND a.member_id = '{}' AND a.ended_at IS NULL",
            person.member_uuid()
        ));
    };
    used(Uma, 3);
    used(Audrey, 83);
    for path in [figma.licenses(), "/licenses".to_owned()] {
        adam.get(&path).await.shows("Used 3 days ago").shows("Unused 83 days").shows("Unknown");
    }
    let page = adam.get(&figma.path()).await;
    assert!(page.attribute(".seats svg", "aria-label").unwrap().ends_with("1 used in the last 60 days"));
    let seat = format!("/licenses/{}", license_of(&app, &figma, Uma));
    adam.get(&seat).await.shows("Used 3 days ago").shows("reported by a program");
    people(&app, 1);
    adam.post(&format!("{seat}/reassign"), &[("member", "p0@acme.example")]).await.goes_to(&seat);
    adam.get(&seat).await.hides("Used 3 days ago").shows("Unknown");
}

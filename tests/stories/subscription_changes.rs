//! Subscriptions as time goes by: corrected, priced anew, removed and restored; found again in a long list.

use chrono::{Days, NaiveDate};

use crate::support::{Adam, Browser, Cast, Olivia, Shown, TestApp, Uma};

const FIGMA: [(&str, &str); 6] = [
    ("service", "Figma"),
    ("cost", "480"),
    ("cost_model", "per_seat"),
    ("cycle_unit", "year"),
    ("renews_on", "2199-06-15"),
    ("seats", "2"),
];

fn in_days(app: &TestApp, days: u64) -> NaiveDate {
    app.clock.now().date_naive().checked_add_days(Days::new(days)).unwrap()
}

async fn figma(browser: &Browser) -> String {
    let answer = browser.post("/subscriptions", &FIGMA).await;
    answer.is(303);
    answer.location().to_owned()
}

async fn price(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Shown {
    browser.post(&format!("{path}/prices"), fields).await
}

#[actix_web::test]
async fn a_new_price_counts_from_its_day_and_the_history_tells_the_growth() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = figma(&adam).await;
    let from = in_days(&app, 30);
    price(&adam, &path, &[("from", &from.to_string()), ("cost", "540"), ("seats", "3")]).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.shows("The new price of Figma counts from").shows("+12.5 %").shows("not yet").shows("€540.00").shows("0 / 2").shows("€960.00");
    app.days_pass(31);
    adam.get(&path).await.shows("0 / 3").shows("€1,620.00");
    app.trail_holds(Adam, &format!("Adam Adler set a new price of Figma from {from}"));
    let same = price(&adam, &path, &[("from", &from.to_string()), ("cost", "540"), ("seats", "3")]).await;
    same.goes_to(&path);
    adam.get(&path).await.shows("Nothing was changed.");
    app.trail_holds(Adam, &format!("Adam Adler set a new price of Figma from {from}"));
}

#[actix_web::test]
async fn a_wrong_price_is_told_on_the_page_of_the_subscription() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = figma(&adam).await;
    price(&adam, &path, &[("from", "2026-13-01"), ("cost", "-1")]).await.is(422).shows("Write 0 or more.").shows("Write the date as year");
    price(&adam, &path, &[("from", "1900-01-01"), ("cost", "1")]).await.is(422).shows("Choose a date from 1990-01-01");
    price(&adam, &path, &[("cost", "1"), ("currency", "USD")]).await.is(422).shows("no field “currency”");
    price(&adam, &path, &[("cost", "100000000000"), ("seats", "1000000")]).await.is(422).shows("too large");
}

#[actix_web::test]
async fn a_price_is_corrected_within_a_day_and_is_new_after_it() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = figma(&adam).await;
    adam.post(&path, &[("cost", "500")]).await.is(422).shows("say whether this corrects the price or is a new one");
    adam.post(&path, &[("cost", "500"), ("change", "correct")]).await.goes_to(&path);
    assert_eq!(adam.get(&path).await.texts("table.ledger tbody tr th time").len(), 1);
    app.days_pass(2);
    adam.post(&path, &[("cost", "520"), ("change", "correct")]).await.is(422).shows("more than 24 hours ago");
    adam.post(&path, &[("cost", "520"), ("change", "new"), ("from", &in_days(&app, 0).to_string())]).await.goes_to(&path);
    adam.get(&path).await.shows("+4 %").shows("€520.00").shows("€500.00");
    let corrected = app.trail(Adam).iter().filter(|said| said.contains("corrected the price of Figma")).count();
    assert_eq!(corrected, 1);
}

#[actix_web::test]
async fn another_currency_is_a_correction_or_another_subscription() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = figma(&adam).await;
    adam.post(&path, &[("currency", "USD")]).await.is(422).shows("The prices on record are in EUR.");
    adam.post(&path, &[("currency", "USD"), ("change", "correct")]).await.goes_to(&path);
    adam.get(&path).await.shows("US$480.00");
}

#[actix_web::test]
async fn a_field_that_is_not_sent_stays_and_an_empty_one_is_emptied() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = figma(&adam).await;
    let olivia = Olivia.member_id();
    adam.post(&path, &[("owner", &olivia), ("category", "Design"), ("tags", "ux, Board")]).await.goes_to(&path);
    adam.get(&path).await.shows("Saved Figma.").shows("Design · owned by Olivia Owens").shows("ux, Board");
    adam.post(&path, &[("category", "")]).await.goes_to(&path);
    adam.get(&path).await.hides("Design ·").shows("ux, Board").shows("Olivia Owens");
    adam.post(&path, &[("category", "")]).await.goes_to(&path);
    let changes = app.trail(Adam).iter().filter(|said| said.as_str() == "Adam Adler changed Figma").count();
    assert_eq!(changes, 2, "saving the same again is no change");
    let form = adam.get(&format!("{path}/edit")).await;
    form.is(200).shows("Edit Figma");
    assert_eq!(form.attribute("#renews_on", "value").as_deref(), Some("2199-06-15"));
    assert_eq!(form.attribute("#cost", "value").as_deref(), Some("480.00"));
}

#[actix_web::test]
async fn saving_again_does_not_move_a_renewal_that_was_clamped() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let answer = adam.post("/subscriptions", &[("service", "Slack"), ("cost", "9"), ("renews_on", "2025-01-31")]).await;
    let path = answer.location().to_owned();
    let form = adam.get(&format!("{path}/edit")).await;
    let coming = form.attribute("#renews_on", "value").unwrap();
    adam.post(&path, &[("renews_on", &coming), ("notes", "Saved again")]).await.goes_to(&path);
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions WHERE anchor_on = '2025-01-31'"), 1);
}

#[actix_web::test]
async fn a_rename_into_another_one_is_refused() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = figma(&adam).await;
    let other = adam.post("/subscriptions", &[&FIGMA[..], &[("name", "Figma B"), ("confirm_duplicate", "1")]].concat()).await;
    let other = other.location().to_owned();
    adam.post(&other, &[("name", "FIGMA")]).await.is(409).shows("is here already");
    adam.post(&other, &[("name", "Figma C")]).await.is(409).shows("Add it all the same");
    adam.post(&other, &[("name", "Figma C"), ("confirm_duplicate", "1")]).await.goes_to(&other);
    adam.post(&path, &[("status", "canceled")]).await.goes_to(&path);
    adam.get(&path).await.shows("Canceled").shows("Ends").hides("Cancel by");
    adam.post(&other, &[("name", "Figma"), ("confirm_duplicate", "1")]).await.goes_to(&other);
    adam.post(&path, &[("status", "active"), ("confirm_duplicate", "1")]).await.is(409).shows("is here already");
}

/// Gives a seat on the page.
async fn give(browser: &Browser, path: &str, person: Cast) {
    browser.post(&format!("{path}/licenses"), &[("member", &person.member_id())]).await.is(303);
}

#[actix_web::test]
async fn fewer_seats_than_held_wait_for_the_renewal() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = figma(&adam).await;
    give(&adam, &path, Uma).await;
    give(&adam, &path, Olivia).await;
    price(&adam, &path, &[("cost", "480"), ("seats", "1")]).await.goes_to(&path);
    adam.get(&path).await.shows("counts from the renewal on 15 Jun 2199").shows("2 / 2").shows("not yet");
    let once = [("service", "Sketch"), ("cost", "99"), ("cycle_unit", "once"), ("starts_on", "2026-01-10"), ("seats", "1")];
    let sketch = adam.post("/subscriptions", &once).await.location().to_owned();
    give(&adam, &sketch, Uma).await;
    price(&adam, &sketch, &[("cost", "99"), ("seats", "0")]).await.is(409).shows("no renewal comes. Revoke 1 first");
}

#[actix_web::test]
async fn what_is_held_is_not_removed_and_what_was_removed_comes_back() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = figma(&adam).await;
    give(&adam, &path, Uma).await;
    adam.post(&format!("{path}/remove"), &[]).await.is(409).shows("One seat is held. Revoke it first");
    app.sql("UPDATE assignments SET ended_at = given_at");
    adam.post(&format!("{path}/remove"), &[]).await.goes_to(&path);
    adam.get(&path).await.is(200).shows("Removed Figma.").shows("Restore");
    adam.get("/subscriptions").await.shows("No subscriptions yet");
    adam.get("/subscriptions?status=removed").await.shows("Figma");
    adam.get(&format!("{path}/edit")).await.is(404);
    adam.post(&format!("{path}/remove"), &[]).await.is(404);
    price(&adam, &path, &FIGMA[1..2]).await.is(404);
    adam.post(&format!("{path}/restore"), &[]).await.goes_to(&path);
    adam.get("/subscriptions").await.shows("Figma");
    adam.post(&format!("{path}/restore"), &[]).await.is(404);
    app.trail_holds(Adam, "Adam Adler removed Figma");
    app.trail_holds(Adam, "Adam Adler restored Figma");
    adam.post(&format!("{path}/remove"), &[]).await.is(303);
    figma(&adam).await;
    adam.post(&format!("{path}/restore"), &[]).await.is(409).shows("is here already");
}

#[actix_web::test]
async fn the_list_is_narrowed_by_words_status_category_and_owner() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    figma(&adam).await;
    let olivia = Olivia.member_id();
    for more in [
        [("service", "Slack"), ("category", "Talk"), ("owner", &olivia), ("tags", "chat_1")],
        [("service", "Miro"), ("category", "Design"), ("status", "trial"), ("tags", "board")],
        [("service", "Xing"), ("category", "Design"), ("status", "canceled"), ("tags", "chatx1")],
    ] {
        adam.post("/subscriptions", &[&FIGMA[1..], &more].concat()).await.is(303);
    }
    for (query, names) in [
        ("", vec!["Figma", "Slack", "Miro", "Xing"]),
        ("?q=SLA", vec!["Slack"]),
        ("?q=board", vec!["Miro"]),
        ("?q=chat_1", vec!["Slack"]),
        ("?q=olivia", vec!["Slack"]),
        ("?status=canceled", vec!["Xing"]),
        ("?category=Design&sort=name", vec!["Miro", "Xing"]),
        (&format!("?owner={olivia}"), vec!["Slack"]),
        ("?q=%25", vec![]),
    ] {
        let page = adam.get(&format!("/subscriptions{query}")).await;
        assert_eq!(page.is(200).texts("tbody th a"), names, "{query}");
    }
    adam.get("/subscriptions?q=nothing").await.shows("Nothing matches");
    for wrong in ["?owner=x", "?after=x", "?before=.x", "?sort=name&after=figma"] {
        adam.get(&format!("/subscriptions{wrong}")).await.is(404);
    }
}

#[actix_web::test]
async fn a_long_list_is_turned_page_by_page_and_back() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    for number in 1..=53 {
        let (name, date) = (format!("Tool {number:02}"), format!("2199-{:02}-15", number % 12 + 1));
        let once = [("service", name.as_str()), ("cost", "1"), ("cycle_unit", "once"), ("starts_on", "2026-01-10")];
        let yearly = [("service", name.as_str()), ("cost", "1"), ("cycle_unit", "year"), ("renews_on", &date)];
        let fields = if number % 4 == 0 { once } else { yearly };
        adam.post("/subscriptions", &fields).await.is(303);
    }
    for sort in ["cancel_by", "name", "renewal"] {
        let first = adam.get(&format!("/subscriptions?sort={sort}")).await;
        first.shows("50 of 53");
        let next = first.attribute("nav[aria-label='Pages'] a", "href").unwrap();
        let second = adam.get(&next).await;
        let (mut names, rest) = (first.texts("tbody th a"), second.texts("tbody th a"));
        assert_eq!((names.len(), rest.len()), (50, 3), "{sort}");
        let back = second.attribute("nav[aria-label='Pages'] a", "href").unwrap();
        assert_eq!(adam.get(&back).await.texts("tbody th a"), names, "{sort}");
        names.extend(rest);
        let is_in_order = sort != "name" || names.is_sorted();
        names.sort();
        names.dedup();
        assert!(is_in_order && names.len() == 53, "{sort}");
    }
}

#[actix_web::test]
async fn a_page_takes_as_many_statements_however_long_it_is() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    figma(&adam).await;
    adam.get("/subscriptions").await.is(200);
    let counted = async || {
        let before = app.app.db.statements();
        adam.get("/subscriptions").await.is(200);
        app.app.db.statements() - before
    };
    let few = counted().await;
    for service in ["A", "B", "C", "D", "E"] {
        adam.post("/subscriptions", &[&FIGMA[1..], &[("service", service)]].concat()).await.is(303);
    }
    assert_eq!(counted().await, few);
}

//! Entering what the business pays for, and being told what is wrong.

use super::*;
use crate::support::{Adam, Gus};

#[actix_web::test]
async fn adam_adds_figma_with_six_answers_and_sees_what_comes_next() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    adam.get("/subscriptions").await.is(200).shows("No subscriptions yet");
    let path = added(&adam, &[("notice_count", "30")]).await;
    let page = adam.get(&path).await;
    page.is(200).shows("Figma stands.").shows("owned by Adam Adler").shows("$16,200.00").shows("$1,350.00 a month");
    page.shows("15 May 2199")
        .shows("15 Jun 2199")
        .shows("by itself, for another year")
        .shows("0 / 30")
        .shows("30 days’ notice");
    page.shows("Last day to cancel").shows("Renews, $16,200.00");
    let row = adam.get("/subscriptions").await;
    row.shows("1 subscription,")
        .shows("Figma")
        .shows("every year")
        .shows("0 / 30")
        .shows("15 May 2199")
        .shows("Active");
    app.trail_holds(Adam, "Adam Adler added Figma");
}

#[actix_web::test]
async fn a_preview_saves_nothing() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let preview =
        add(&adam, &[("preview", "1"), ("notice_count", "2"), ("notice_unit", "month"), ("cycle_unit", "quarter")])
            .await;
    preview.is(200).shows("What comes next").shows("14 Apr 2199").shows("15 Jun 2199").shows("15 Sep 2199");
    preview.shows("$64,800.00");
    assert_eq!(preview.attribute("#cost", "value").as_deref(), Some("16200"));
    add(&adam, &[("preview", "1"), ("cost", "12OO")])
        .await
        .is(200)
        .shows("The year is shown as soon as the cost is a number.");
    add(&adam, &[("preview", "1"), ("starts_on", "2026-01-15"), ("cycle_unit", "month"), ("renews_on", "2190-03-20")])
        .await
        .is(200)
        .shows("With this start and cycle the nearest renewal is 2190-03-15");
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions"), 0);
    assert_eq!(app.number("SELECT count(*) AS number FROM services"), 0);
}

#[actix_web::test]
async fn every_wrong_answer_is_told_beside_its_field_and_the_others_are_kept() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let member = Gus.member_id();
    for (field, value, message) in [
        ("service", "", "Write the name of the service."),
        ("cost", "-5", "Write 0 or more."),
        ("cost", "12.345", "Write at most 2 decimals for USD."),
        ("cost", "1000000000000", "The amount is too large: write a smaller one."),
        ("cost", "12OO", "Write the amount as a number, such as 1,200.00."),
        ("cost", "", "Write an amount, such as 1,200.00."),
        ("currency", "ABC", "Write the currency as its three-letter code, such as USD or EUR."),
        ("seats", "-1", "Write a whole number from 0 to 1,000,000."),
        ("seats", "9999999", "Write a whole number from 0 to 1,000,000."),
        ("cycle_count", "0", "Write a whole number from 1 to 1200"),
        ("cycle_unit", "fortnight", "Choose day, week, month, quarter or year."),
        ("renews_on", "9999-01-01", "Choose a date from 1990-01-01 to 2200-12-31."),
        ("renews_on", "27 Nov 2026", "Write the date as year, month and day, such as 2026-11-27."),
        ("renews_on", "", "Write the date of the next renewal, or the date it started."),
        ("notice_count", "400", "The notice is longer than the term"),
        ("cost_model", "pack", "Write how many seats a pack has."),
        ("status", "paused", "Choose where it stands"),
        ("auto_renew", "maybe", "Choose what happens at the end of the term."),
        ("url", "javascript:alert(1)", "Write the whole address of a web page"),
        ("owner", "nobody", "Nobody in People has the address or name “nobody”."),
        ("owner", member.as_str(), "Choose somebody of this business as the owner."),
    ] {
        let page = add(&adam, &[(field, value)]).await;
        page.is(422).shows(message);
        assert!(page.texts("title")[0].starts_with("Error: "), "{field}={value}");
        assert!(
            page.texts(".wrong").iter().any(|wrong| wrong.contains(message)),
            "{field}={value} is told beside its field"
        );
        let other = if field == "seats" { "#cost" } else { "#seats" };
        assert!(page.attribute(other, "value").is_some_and(|kept| !kept.is_empty()), "{field}={value} keeps the rest");
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions"), 0);
    add(&adam, &[("role", "owner")]).await.is(422).shows("This form has no field “role”.");
}

#[actix_web::test]
async fn dates_that_disagree_name_the_nearest() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let disagree = [("starts_on", "2026-01-15"), ("cycle_unit", "month"), ("renews_on", "2190-03-20")];
    add(&adam, &disagree).await.is(422).shows("With this start and cycle the nearest renewal is 2190-03-15");
    added(&adam, &with(&disagree, &[("renews_on", "2190-03-15")])).await;
}

#[actix_web::test]
async fn a_past_renewal_rolls_on_from_its_anchor() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let past = in_days(&app, 0).checked_sub_days(Days::new(10)).unwrap();
    let next = past.checked_add_months(chrono::Months::new(12)).unwrap();
    let path = added(&adam, &[("renews_on", &past.to_string())]).await;
    let page = adam.get(&path).await;
    assert_eq!(
        page.attribute(".figures time", "datetime").as_deref(),
        Some(next.pred_opt().unwrap().to_string().as_str())
    );
    assert!(page.body.contains(&format!("datetime=\"{next}\"")));
    let over = add(&adam, &[("service", "Sketch"), ("renews_on", &past.to_string()), ("auto_renew", "never")]).await;
    over.is(422).shows("choose Expired, or correct the dates");
}

#[actix_web::test]
async fn a_one_time_purchase_and_a_price_for_each_seat() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let once = [("service", "Sketch"), ("cycle_unit", "once"), ("renews_on", ""), ("starts_on", "2026-01-10")];
    let sketch = added(&adam, &once).await;
    adam.get(&sketch).await.shows("$16,200.00").shows("once").hides("Cancel by");
    add(&adam, &with(&once, &[("renews_on", "2190-01-10"), ("service", "Other")]))
        .await
        .is(422)
        .shows("A one-time purchase does not renew");
    let slack =
        added(&adam, &[("service", "Slack"), ("cost", "15"), ("cost_model", "per_seat"), ("cycle_unit", "month")])
            .await;
    adam.get(&slack).await.shows("$5,400.00").shows("$450.00 a month").shows("One cycle, a seat");
}

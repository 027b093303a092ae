//! Subscriptions: entering what the business pays for, changing it, removing and restoring it, and who may.

use chrono::{Days, NaiveDate};

use crate::support::{Adam, Audrey, Browser, Gus, Olivia, Shown, TestApp, Uma};

/// Figma, paid yearly, renewing on a day no test will reach.
const FIGMA: [(&str, &str); 6] = [
    ("service", "Figma"),
    ("cost", "16200"),
    ("currency", "USD"),
    ("cycle_unit", "year"),
    ("renews_on", "2199-06-15"),
    ("seats", "30"),
];

fn today(app: &TestApp) -> NaiveDate {
    app.clock.now().date_naive()
}

/// Fields with some of them instead.
fn with<'a>(fields: &[(&'a str, &'a str)], instead: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| !instead.iter().any(|(other, _)| other == name));
    kept.chain(instead).copied().collect()
}

async fn add(browser: &Browser, instead: &[(&str, &str)]) -> Shown {
    browser.post("/subscriptions", &with(&FIGMA, instead)).await
}

async fn added(browser: &Browser, instead: &[(&str, &str)]) -> String {
    let answer = add(browser, instead).await;
    answer.is(303);
    answer.location().to_owned()
}

#[actix_web::test]
async fn adam_adds_figma_with_six_answers_and_sees_what_comes_next() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    adam.get("/subscriptions").await.is(200).shows("No subscriptions yet");
    let path = added(&adam, &[("notice_count", "30")]).await;
    let page = adam.get(&path).await;
    page.is(200).shows("Figma stands.").shows("owned by Adam Adler").shows("US$16,200.00").shows("US$1,350.00 a month");
    page.shows("15 May 2199").shows("15 Jun 2199").shows("by itself, for another year").shows("0 / 30").shows("30 days’ notice");
    page.shows("Last day to cancel").shows("Renews, US$16,200.00");
    let row = adam.get("/subscriptions").await;
    row.shows("1 subscription,").shows("Figma").shows("every year").shows("0 / 30").shows("15 May 2199").shows("Active");
    app.trail_holds(Adam, "Adam Adler added Figma");
}

#[actix_web::test]
async fn a_preview_saves_nothing() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let preview = add(&adam, &[("preview", "1"), ("notice_count", "2"), ("notice_unit", "month"), ("cycle_unit", "quarter")]).await;
    preview.is(200).shows("What comes next").shows("14 Apr 2199").shows("15 Jun 2199").shows("15 Sep 2199");
    preview.shows("US$64,800.00");
    assert_eq!(preview.attribute("#cost", "value").as_deref(), Some("16200"));
    add(&adam, &[("preview", "1"), ("cost", "12OO")]).await.is(200).shows("The year is shown as soon as the cost is a number.");
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
        ("owner", "nobody", "Choose somebody of this business as the owner."),
        ("owner", &member, "Choose somebody of this business as the owner."),
    ] {
        let page = add(&adam, &[(field, value)]).await;
        page.is(422).shows(message);
        assert!(page.texts("title")[0].starts_with("Error: "), "{field}={value}");
        assert!(page.texts(".wrong").iter().any(|wrong| wrong.contains(message)), "{field}={value} is told beside its field");
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
    let past = today(&app).checked_sub_days(Days::new(10)).unwrap();
    let next = past.checked_add_months(chrono::Months::new(12)).unwrap();
    let path = added(&adam, &[("renews_on", &past.to_string())]).await;
    let page = adam.get(&path).await;
    assert_eq!(page.attribute(".figures time[datetime]:not(.cancel-by time)", "datetime").as_deref(), Some(next.pred_opt().unwrap().to_string().as_str()));
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
    adam.get(&sketch).await.shows("US$16,200.00").shows("once").hides("Cancel by");
    add(&adam, &with(&once, &[("renews_on", "2190-01-10"), ("service", "Other")])).await.is(422).shows("A one-time purchase does not renew");
    let slack = added(&adam, &[("service", "Slack"), ("cost", "15"), ("cost_model", "per_seat"), ("cycle_unit", "month")]).await;
    adam.get(&slack).await.shows("US$5,400.00").shows("US$450.00 a month").shows("One cycle, a seat");
}

#[actix_web::test]
async fn the_same_one_twice_is_refused_and_another_of_the_service_asks_first() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = added(&adam, &[]).await;
    let twin = add(&adam, &[("service", " figma ")]).await;
    twin.is(409).shows("is here already. Open it, or give this one another name.");
    assert_eq!(twin.attribute(".note a", "href").as_deref(), Some(path.as_str()));
    let other = [("name", "Figma Marketing")];
    let asks = add(&adam, &other).await;
    asks.is(409).shows("There is a subscription to Figma already.").shows("Add it all the same");
    assert_eq!(asks.attribute(".note a", "href").as_deref(), Some(path.as_str()));
    added(&adam, &with(&other, &[("confirm_duplicate", "1")])).await;
    assert_eq!(app.number("SELECT count(*) AS number FROM services"), 1);
    // What has ended is in nobody's way.
    added(&adam, &[("status", "expired"), ("renews_on", "2020-01-01")]).await;
    let uma = app.sign_in(Uma).await;
    add(&uma, &[]).await.is(409).hides(&path);
}

#[actix_web::test]
async fn a_form_posted_twice_adds_one() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let first = adam.post_once("/subscriptions", "twice", &FIGMA).await;
    let second = adam.post_once("/subscriptions", "twice", &FIGMA).await;
    first.is(303);
    second.goes_to(first.location());
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions"), 1);
    app.trail_holds(Adam, "Adam Adler added Figma");
}

#[actix_web::test]
async fn uma_adds_and_changes_what_she_owns_and_sees_no_other() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    let figma = added(&adam, &[]).await;
    let miro = added(&uma, &[("service", "Miro")]).await;
    let olivia = Olivia.member_id();
    add(&uma, &[("service", "Notion"), ("owner", &olivia)]).await.is(422).shows("You can answer only for what you own yourself.");
    uma.get("/subscriptions").await.shows("Miro").hides("Figma");
    uma.get(&figma).await.is(404);
    uma.get(&format!("{figma}/edit")).await.is(404);
    uma.post(&format!("{figma}/remove"), &[]).await.is(404);
    uma.post(&miro, &[("notes", "For the workshop")]).await.goes_to(&miro);
    uma.post(&miro, &[("owner", &olivia)]).await.is(422);
    uma.get(&miro).await.shows("For the workshop");
    app.trail_holds(Adam, "Uma Usher changed Miro");
    hold(&app, &figma);
    uma.get(&figma).await.is(200).shows("Figma").hides("Price set");
    assert!(uma.get(&figma).await.texts("form[action$='/remove']").is_empty());
    uma.get(&format!("{figma}/edit")).await.is(403);
    for path in [figma.clone(), format!("{figma}/prices"), format!("{figma}/remove")] {
        uma.post(&path, &[]).await.is(403);
    }
}

/// Lets Uma hold a seat of it.
fn hold(app: &TestApp, path: &str) {
    let id = path.rsplit('/').next().unwrap();
    let uuid = subledger::kernel::ids::from_text(id).unwrap();
    let (business, member, license) = (Uma.business_uuid(), Uma.member_uuid(), uuid::Uuid::now_v7());
    app.sql(&format!(
        "INSERT INTO licenses (business_id, id, parse_id, subscription_id, state, created_at)
         VALUES ('{business}', '{license}', 'held000001', '{uuid}', 'open', now())"
    ));
    app.sql(&format!(
        "INSERT INTO assignments (business_id, id, license_id, subscription_id, member_id, given_at)
         VALUES ('{business}', '{}', '{license}', '{uuid}', '{member}', now())",
        uuid::Uuid::now_v7()
    ));
}

#[actix_web::test]
async fn audrey_reads_everything_and_changes_nothing() {
    let app = TestApp::start().await;
    let (adam, audrey) = (app.sign_in(Adam).await, app.sign_in(Audrey).await);
    let figma = added(&adam, &[]).await;
    assert!(audrey.get("/subscriptions").await.is(200).texts("a[href='/subscriptions/new']").is_empty());
    let page = audrey.get(&figma).await;
    page.is(200).shows("US$16,200.00");
    assert!(page.texts("form[action^='/subscriptions/']").is_empty());
    audrey.get("/subscriptions/new").await.is(403);
    audrey.get(&format!("{figma}/edit")).await.is(403);
    add(&audrey, &[("service", "Miro")]).await.is(403);
    for path in [figma.clone(), format!("{figma}/prices"), format!("{figma}/remove"), format!("{figma}/restore")] {
        audrey.post(&path, &[]).await.is(403);
    }
}

#[actix_web::test]
async fn to_gus_of_globex_it_is_not_there() {
    let app = TestApp::start().await;
    let (adam, gus) = (app.sign_in(Adam).await, app.sign_in(Gus).await);
    let figma = added(&adam, &[]).await;
    for path in [figma.clone(), format!("{figma}/edit"), "/subscriptions/unknown".to_owned()] {
        gus.get(&path).await.is(404);
    }
    for verb in ["", "/prices", "/remove", "/restore"] {
        gus.post(&format!("{figma}{verb}"), &FIGMA).await.is(404);
    }
    gus.get("/subscriptions").await.is(200).hides("Figma");
    added(&gus, &[]).await;
}

#[actix_web::test]
async fn after_the_plan_has_ended_nothing_is_added_and_the_rest_goes_on() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = added(&adam, &[]).await;
    let miro = added(&adam, &[("service", "Miro"), ("status", "canceled")]).await;
    app.sql("UPDATE plan_subscriptions SET ended_at = cycle_starts_at");
    add(&adam, &[("service", "Notion")]).await.is(409).shows("The plan of this business has ended.");
    adam.post(&miro, &[("status", "active")]).await.is(409);
    adam.post(&figma, &[("notes", "Corrected")]).await.goes_to(&figma);
    adam.post(&format!("{figma}/remove"), &[]).await.goes_to(&figma);
    adam.post(&format!("{figma}/restore"), &[]).await.is(409);
}

#[actix_web::test]
async fn a_full_plan_says_how_much_it_allows() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    app.sql("UPDATE plan_limits SET allowance = 1 WHERE meter = 'subscriptions'");
    added(&adam, &[]).await;
    add(&adam, &[("service", "Miro")]).await.is(409).shows("allows 1 subscriptions, and 1 are in use");
    added(&adam, &[("service", "Old"), ("status", "expired")]).await;
}

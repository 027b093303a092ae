//! Subscriptions: what the business pays for, told by those who enter, change, price and read them.

mod adding;
mod changing;
mod listing;
mod prices;
mod roles;
mod rolling;
mod services;

use chrono::{Days, NaiveDate};

use crate::support::{Browser, Cast, Shown, TestApp};

/// Figma, paid yearly, renewing on a day no test will reach.
const FIGMA: [(&str, &str); 6] = [
    ("service", "Figma"),
    ("cost", "16200"),
    ("currency", "USD"),
    ("cycle_unit", "year"),
    ("renews_on", "2199-06-15"),
    ("seats", "30"),
];

/// Figma, each of two seats paid yearly.
const TWO_SEATS: [(&str, &str); 6] = [
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

/// Fields with some of them instead.
fn with<'a>(fields: &[(&'a str, &'a str)], instead: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| !instead.iter().any(|(other, _)| other == name));
    kept.chain(instead).copied().collect()
}

/// Posts Figma with some answers instead.
async fn add(browser: &Browser, instead: &[(&str, &str)]) -> Shown {
    browser.post("/subscriptions", &with(&FIGMA, instead)).await
}

/// The same, and where its page is.
async fn added(browser: &Browser, instead: &[(&str, &str)]) -> String {
    let answer = add(browser, instead).await;
    answer.is(303);
    answer.location().to_owned()
}

/// Figma with two seats, and where its page is.
async fn two_seats(browser: &Browser) -> String {
    let answer = browser.post("/subscriptions", &TWO_SEATS).await;
    answer.is(303);
    answer.location().to_owned()
}

async fn price(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Shown {
    browser.post(&format!("{path}/prices"), fields).await
}

/// Gives a seat on the page.
async fn give(browser: &Browser, path: &str, person: Cast) {
    browser.post(&format!("{path}/licenses"), &[("member", &person.member_id())]).await.is(303);
}

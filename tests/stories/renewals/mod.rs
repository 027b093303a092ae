//! Renewals: what comes up, told by those who decide on it, look at its month and have it in their calendars.

mod agenda;
mod calendar;
mod deciding;
mod feed;
mod over_the_date;

use chrono::{Days, NaiveDate};

use crate::support::{Browser, Shown, TestApp};

fn in_days(app: &TestApp, days: u64) -> NaiveDate {
    app.clock.now().date_naive().checked_add_days(Days::new(days)).unwrap()
}

/// As the cast reads a day.
fn written(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// Slack, which costs 12 a month and renews in so many days, with these answers instead; and where its page is.
async fn monthly(browser: &Browser, app: &TestApp, days: u64, instead: &[(&str, &str)]) -> String {
    let day = in_days(app, days).to_string();
    let fields =
        [("service", "Slack"), ("cost", "12"), ("currency", "EUR"), ("cycle_unit", "month"), ("renews_on", &day)];
    let kept = fields.iter().filter(|(name, _)| !instead.iter().any(|(other, _)| other == name));
    let fields: Vec<(&str, &str)> = kept.chain(instead).copied().collect();
    let answer = browser.post("/subscriptions", &fields).await;
    answer.is(303);
    answer.location().to_owned()
}

/// Decides on the coming renewal of what this page is about.
async fn decide(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Shown {
    browser.post(&format!("{}/decision", path.replace("/subscriptions/", "/renewals/")), fields).await
}

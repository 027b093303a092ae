//! Reminders: whoever answers for a subscription is told in time, once, and somebody else when they are gone.

mod ladder;
mod readers;
mod renewed;

use chrono::{Days, NaiveDate};
use subledger::domain::subscriptions::reminders::remind::RemindOfRenewals;
use subledger::kernel::due;

use crate::support::{Browser, Cast, TestApp};

fn in_days(app: &TestApp, days: u64) -> NaiveDate {
    app.clock.now().date_naive().checked_add_days(Days::new(days)).unwrap()
}

/// Enters a subscription that costs 1200 a year and renews in so many days, with a month's notice; where its page is.
async fn yearly(browser: &Browser, app: &TestApp, name: &str, in_so_many: u64, more: &[(&str, &str)]) -> String {
    let day = in_days(app, in_so_many).to_string();
    let mut fields = vec![
        ("service", name),
        ("cost", "1200"),
        ("currency", "EUR"),
        ("cycle_unit", "year"),
        ("renews_on", &day),
        ("notice_count", "30"),
        ("notice_unit", "day"),
    ];
    fields.retain(|(field, _)| !more.iter().any(|(other, _)| other == field));
    fields.extend_from_slice(more);
    let answer = browser.post("/subscriptions", &fields).await;
    answer.is(303);
    answer.location().to_owned()
}

/// Looks at every subscription there is anything to look at; letters stay in the outbox.
async fn remind(app: &TestApp) {
    let rounds = subledger::domain::access::for_rounds();
    while due::run(&app.app.db, &rounds, RemindOfRenewals).await.unwrap() > 0 {}
}

/// The letters about renewals that wait for somebody: "renewal_reminder cancel_by 15".
fn told(app: &TestApp, person: Cast) -> Vec<String> {
    let letters = app.letters_to(person.email()).into_iter().filter(|letter| letter.kind.starts_with("renew"));
    let words = |details: &serde_json::Value| match details["near"].as_object() {
        Some(near) => format!(" {} {}", near.keys().next().unwrap(), details["days"]),
        None => String::new(),
    };
    letters.map(|letter| format!("{}{}", letter.kind, words(&letter.details))).collect()
}

/// Decides on every renewal that comes, as the page of renewals does.
fn decide(app: &TestApp, decision: &str) {
    app.sql(&format!(
        "INSERT INTO renewal_decisions SELECT business_id, gen_random_uuid(), id, renews_on, '{decision}', NULL, '', owner_id, created_at
         FROM subscriptions WHERE renews_on IS NOT NULL"
    ));
}

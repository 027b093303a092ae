//! A subscription as texts, field by field: what its form begins with, what a file of them says, what an undo puts back.

use chrono::NaiveDate;

use super::every::Every;
use super::price_line::Price;
use super::subscription::Subscription;

/// The fields, in the order of the form.
pub const FIELDS: [&str; 27] = [
    "service",
    "name",
    "owner",
    "status",
    "cost",
    "currency",
    "cost_model",
    "pack_size",
    "cycle_unit",
    "cycle_count",
    "starts_on",
    "renews_on",
    "term_count",
    "term_unit",
    "renewal_term_count",
    "renewal_term_unit",
    "auto_renew",
    "notice_count",
    "notice_unit",
    "trial_ends_on",
    "seats",
    "department",
    "category",
    "tags",
    "payment_method",
    "url",
    "notes",
];

/// The texts of a subscription, each beside the name of its field. A start is what its renewals are counted from, so the
/// renewal stays empty beside it.
pub fn of(subscription: &Subscription, price: Option<Price>) -> Vec<(&'static str, String)> {
    let renewal = match subscription.details.dates.starts_on() {
        Some(_) => None,
        None => subscription.coming.renews_on,
    };
    texts(subscription, price, renewal)
}

/// The same with the renewal it is counted from, which stays the same when the next one comes.
pub fn lasting(subscription: &Subscription, price: Option<Price>) -> Vec<(&'static str, String)> {
    let dates = &subscription.details.dates;
    let renewal = match dates.starts_on() {
        Some(_) => None,
        None => Some(dates.anchor.date()),
    };
    texts(subscription, price, renewal)
}

fn texts(subscription: &Subscription, price: Option<Price>, renewal: Option<NaiveDate>) -> Vec<(&'static str, String)> {
    let (details, dates) = (&subscription.details, &subscription.details.dates);
    let day = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let count = |every: Option<Every>| every.map(|every| every.count().to_string()).unwrap_or_default();
    let unit = |every: Option<Every>, none: &str| every.map_or(none, |every| every.unit().code()).to_owned();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        ("service", details.service.clone()),
        ("name", details.name.clone()),
        ("owner", details.owner.to_string()),
        ("status", details.status.code().to_owned()),
        ("cost", price.map(|price| price.cost.to_decimal_string()).unwrap_or_default()),
        ("currency", details.currency.code().to_owned()),
        ("cost_model", details.cost_model.code().to_owned()),
        ("pack_size", number(details.cost_model.pack_size())),
        ("cycle_unit", unit(dates.cycle, "once")),
        ("cycle_count", dates.cycle.map_or_else(|| "1".to_owned(), |cycle| cycle.count().to_string())),
        ("starts_on", day(dates.starts_on())),
        ("renews_on", day(renewal)),
        ("term_count", count(dates.first_term)),
        ("term_unit", unit(dates.first_term, "month")),
        ("renewal_term_count", count(dates.next_term)),
        ("renewal_term_unit", unit(dates.next_term, "month")),
        ("auto_renew", dates.auto_renew.code().to_owned()),
        ("notice_count", if dates.notice.count() == 0 { String::new() } else { dates.notice.count().to_string() }),
        ("notice_unit", dates.notice.unit().to_owned()),
        ("trial_ends_on", day(dates.trial_ends_on)),
        ("seats", number(price.and_then(|price| price.seats))),
        ("department", details.department.clone()),
        ("category", details.category.clone()),
        ("tags", details.tags.join(", ")),
        ("payment_method", details.payment_method.clone()),
        ("url", details.url.clone()),
        ("notes", details.notes.clone()),
    ]
}

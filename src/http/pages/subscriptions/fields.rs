//! The fields of the form: their names, what stands in them at first, what they offer.

use crate::domain::subscriptions::every::Every;
use crate::domain::subscriptions::price_line::PriceLine;
use crate::domain::subscriptions::subscription::Subscription;
use crate::http::pages::form::FormState;
use crate::kernel::access::Access;

use chrono::NaiveDate;

/// Every field of the form of a new one.
pub const NEW: [&str; 29] = [
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
    "confirm_duplicate",
    "preview",
];
/// What the form of a change has on top.
pub const CHANGE: [&str; 2] = ["change", "from"];

/// Currencies to choose from; any other code of ISO 4217 is taken too.
const CURRENCIES: [&str; 25] = [
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR", "JPY", "KRW", "MXN",
    "NOK", "NZD", "PLN", "RON", "SEK", "SGD", "TRY", "USD", "ZAR",
];

/// Rows of a select: value and words.
pub type Options = Vec<(String, String)>;

/// What a new form begins with.
pub fn fresh(access: &Access) -> Vec<(String, String)> {
    let owner = access.member().map(|member| member.to_string()).unwrap_or_default();
    let currency = access.house().currency;
    values(&[
        ("owner", &owner),
        ("currency", currency.code()),
        ("status", "active"),
        ("cost_model", "flat"),
        ("cycle_unit", "month"),
        ("cycle_count", "1"),
        ("auto_renew", "auto"),
        ("term_unit", "month"),
        ("renewal_term_unit", "month"),
        ("notice_unit", "day"),
    ])
}

/// What the form of a subscription begins with. A start is what its renewals are counted from, so the renewal stays
/// empty beside it.
pub fn of(subscription: &Subscription, current: Option<&PriceLine>, today: NaiveDate) -> Vec<(String, String)> {
    let (details, dates) = (&subscription.details, &subscription.details.dates);
    let day = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let count = |every: Option<Every>| every.map(|every| every.count().to_string()).unwrap_or_default();
    let unit = |every: Option<Every>, none: &'static str| every.map_or(none, |every| every.unit().code());
    let renewal = match dates.starts_on() {
        Some(_) => None,
        None => subscription.coming.renews_on,
    };
    let price = current.map(|line| line.price);
    values(&[
        ("service", &details.service),
        ("name", &details.name),
        ("owner", &details.owner.to_string()),
        ("status", details.status.code()),
        ("cost", &price.map(|price| price.cost.to_decimal_string()).unwrap_or_default()),
        ("currency", details.currency.code()),
        ("cost_model", details.cost_model.code()),
        ("pack_size", &details.cost_model.pack_size().map(|size| size.to_string()).unwrap_or_default()),
        ("cycle_unit", unit(dates.cycle, "once")),
        ("cycle_count", &dates.cycle.map_or_else(|| "1".to_owned(), |cycle| cycle.count().to_string())),
        ("starts_on", &day(dates.starts_on())),
        ("renews_on", &day(renewal)),
        ("term_count", &count(dates.first_term)),
        ("term_unit", unit(dates.first_term, "month")),
        ("renewal_term_count", &count(dates.next_term)),
        ("renewal_term_unit", unit(dates.next_term, "month")),
        ("auto_renew", dates.auto_renew.code()),
        ("notice_count", &(if dates.notice.count() == 0 { String::new() } else { dates.notice.count().to_string() })),
        ("notice_unit", dates.notice.unit()),
        ("trial_ends_on", &day(dates.trial_ends_on)),
        ("seats", &price.and_then(|price| price.seats).map(|seats| seats.to_string()).unwrap_or_default()),
        ("department", &details.department),
        ("category", &details.category),
        ("tags", &details.tags.join(", ")),
        ("payment_method", &details.payment_method),
        ("url", &details.url),
        ("notes", &details.notes),
        ("from", &today.to_string()),
    ])
}

/// The currencies of the select, with the one that stands in the form.
pub fn currencies(form: &FormState, access: &Access) -> Options {
    let own = [form.value("currency"), access.house().currency.code()];
    let mut codes: Vec<String> = CURRENCIES.iter().chain(&own).map(|code| (*code).to_owned()).collect();
    codes.retain(|code| !code.is_empty());
    codes.sort();
    codes.dedup();
    codes.into_iter().map(|code| (code.clone(), code)).collect()
}

fn values(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

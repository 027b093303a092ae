//! The fields of the form: their names, what stands in them at first, what they offer.

use crate::http::pages::form::FormState;
use crate::kernel::access::Access;

/// What the form sends beside the fields of a subscription.
pub const BESIDE: [&str; 2] = ["confirm_duplicate", "preview"];
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

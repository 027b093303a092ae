//! From texts, of a form or of a row of a file, to a subscription and its price, with everything that is wrong at once.

use chrono::NaiveDate;

use crate::kernel::calendar::IntervalError;
use crate::kernel::currency::Currency;
use crate::kernel::ids::MemberId;
use crate::kernel::money::Money;
use crate::kernel::refusal::{Refusal, Refusals};

use super::add::Twins;
use super::change::HowPriced;
use super::dates::{Dates, GivenDates};
use super::every::Every;
use super::notice::Notice;
use super::price_line::{MOST_SEATS, Price};
use super::schedule::{AutoRenew, require_in_range};
use super::subscription::{CostModel, Details, Status};
use super::text;

/// The fields of the form as texts, wherever they were written.
pub trait Texts {
    /// What stands in a field; empty when there is none of the name.
    fn text(&self, field: &str) -> &str;
}

/// The subscription and its price, as of a day.
pub fn subscription(form: &impl Texts, today: NaiveDate, errors: &mut Refusals) -> Option<(Details, Price)> {
    let service = errors.take(text::required_line("service", form.text("service"), "Write the name of the service."));
    let name = errors.take(text::line("name", form.text("name")));
    let owner = errors.take(owner(form));
    let status = errors.take(status(form));
    let cost_model = errors.take(cost_model(form));
    let currency = errors.take(currency(form));
    let price = currency.and_then(|currency| price(form, currency, errors));
    let dates = dates(form, errors);
    let department = errors.take(text::line("department", form.text("department")));
    let category = errors.take(text::line("category", form.text("category")));
    let tags = errors.take(text::tags(form.text("tags")));
    let payment_method = errors.take(text::line("payment_method", form.text("payment_method")));
    let url = errors.take(text::web_address("url", form.text("url")));
    let notes = errors.take(text::notes(form.text("notes")));
    let (service, name) = (service?, name?);
    let details = Details {
        name: if name.is_empty() { service.clone() } else { name },
        service,
        owner: owner?,
        status: status?,
        cost_model: cost_model?,
        currency: currency?,
        dates: dates?,
        department: department?,
        category: category?,
        tags: tags?,
        payment_method: payment_method?,
        url: url?,
        notes: notes?,
    };
    let price = price?;
    errors.take(price.require_countable(details.cost_model));
    // The same rule decides when it is written; here it finds its place among the other errors.
    errors.take(details.dates.coming(details.status, today));
    Some((details, price))
}

/// Whether the person has seen that there is one of this service already.
pub fn twins(form: &impl Texts) -> Twins {
    match form.text("confirm_duplicate") {
        "1" => Twins::Allow,
        _ => Twins::Ask,
    }
}

/// How another price is meant.
pub fn how_priced(form: &impl Texts, today: NaiveDate) -> Result<HowPriced, Refusal> {
    match form.text("change") {
        "" => Ok(HowPriced::Unsaid),
        "correct" => Ok(HowPriced::Correct),
        "new" => Ok(HowPriced::NewFrom(date("from", form.text("from"))?.unwrap_or(today))),
        _ => Err(Refusal::invalid("change", "Choose whether this corrects the price or is a new one.")),
    }
}

/// Where it stands; active unless said.
pub fn status(form: &impl Texts) -> Result<Status, Refusal> {
    match form.text("status").trim() {
        "" => Ok(Status::Active),
        code => Status::parse(code)
            .ok_or_else(|| Refusal::invalid("status", "Choose where it stands: trial, active, canceled or expired.")),
    }
}

/// What the cost is for.
pub fn cost_model(form: &impl Texts) -> Result<CostModel, Refusal> {
    let code = Some(form.text("cost_model").trim()).filter(|code| !code.is_empty()).unwrap_or("flat");
    // A size left over from another choice is of no account.
    let size = if code == "pack" { count("pack_size", form.text("pack_size"), MOST_SEATS)? } else { None };
    CostModel::parse(code, size)
}

/// The currency of the cost.
pub fn currency(form: &impl Texts) -> Result<Currency, Refusal> {
    Currency::parse(form.text("currency")).map_err(|error| Refusal::invalid("currency", error.to_string()))
}

/// Cost and seats.
pub fn price(form: &impl Texts, currency: Currency, errors: &mut Refusals) -> Option<Price> {
    let cost = Money::parse_price(form.text("cost"), currency);
    let cost = errors.take(cost.map_err(|error| Refusal::invalid("cost", error.to_string())));
    let seats = errors.take(count("seats", form.text("seats"), MOST_SEATS));
    Some(Price { cost: cost?, seats: seats? })
}

/// The dates, once they agree.
pub fn dates(form: &impl Texts, errors: &mut Refusals) -> Option<Dates> {
    let cycle = errors.take(cycle(form));
    let starts_on = errors.take(date("starts_on", form.text("starts_on")));
    let renews_on = errors.take(date("renews_on", form.text("renews_on")));
    let first_term = errors.take(every(form, "term_count", "term_unit"));
    let next_term = errors.take(every(form, "renewal_term_count", "renewal_term_unit"));
    let auto_renew = errors.take(auto_renew(form));
    let notice = errors.take(notice(form));
    let trial_ends_on = errors.take(date("trial_ends_on", form.text("trial_ends_on")));
    let given = GivenDates {
        cycle: cycle?,
        starts_on: starts_on?,
        renews_on: renews_on?,
        first_term: first_term?,
        next_term: next_term?,
        auto_renew: auto_renew?,
        notice: notice?,
        trial_ends_on: trial_ends_on?,
    };
    errors.take(given.settle())
}

/// A date as a browser sends it; empty is none.
pub fn date(field: &'static str, text: &str) -> Result<Option<NaiveDate>, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let is_iso = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = text.parse::<NaiveDate>().ok().filter(|_| is_iso);
    let date =
        date.ok_or_else(|| Refusal::invalid(field, "Write the date as year, month and day, such as 2026-11-27."))?;
    require_in_range(date).map_err(|error| Refusal::invalid(field, error.to_string()))?;
    Ok(Some(date))
}

fn owner(form: &impl Texts) -> Result<MemberId, Refusal> {
    MemberId::parse(form.text("owner").trim())
        .ok_or_else(|| Refusal::invalid("owner", "Choose somebody of this business as the owner."))
}

/// None for a one-time purchase.
fn cycle(form: &impl Texts) -> Result<Option<Every>, Refusal> {
    match form.text("cycle_unit").trim() {
        "once" => Ok(None),
        unit => {
            let unit = if unit.is_empty() { "month" } else { unit };
            let count = count("cycle_count", form.text("cycle_count"), u32::MAX)?.unwrap_or(1);
            read_every(unit, count, "cycle_unit", "cycle_count").map(Some)
        }
    }
}

fn every(form: &impl Texts, count_field: &'static str, unit_field: &'static str) -> Result<Option<Every>, Refusal> {
    let Some(count) = count(count_field, form.text(count_field), u32::MAX)? else {
        return Ok(None);
    };
    let unit = Some(form.text(unit_field).trim()).filter(|unit| !unit.is_empty()).unwrap_or("month");
    read_every(unit, count, unit_field, count_field).map(Some)
}

fn read_every(unit: &str, count: u32, unit_field: &'static str, count_field: &'static str) -> Result<Every, Refusal> {
    Every::parse(unit, count).map_err(|error| match error {
        IntervalError::UnknownUnit => Refusal::invalid(unit_field, error.to_string()),
        IntervalError::CountOutOfRange => Refusal::invalid(count_field, error.to_string()),
    })
}

fn auto_renew(form: &impl Texts) -> Result<AutoRenew, Refusal> {
    match form.text("auto_renew").trim() {
        "" => Ok(AutoRenew::Auto),
        code => AutoRenew::ALL
            .into_iter()
            .find(|known| known.code() == code)
            .ok_or_else(|| Refusal::invalid("auto_renew", "Choose what happens at the end of the term.")),
    }
}

fn notice(form: &impl Texts) -> Result<Notice, Refusal> {
    let count = count("notice_count", form.text("notice_count"), u32::MAX)?.unwrap_or(0);
    let unit = Some(form.text("notice_unit").trim()).filter(|unit| !unit.is_empty()).unwrap_or("day");
    Notice::parse(unit, count).map_err(|error| Refusal::invalid("notice_count", error.to_string()))
}

/// A whole number; empty is none.
fn count(field: &'static str, text: &str, most: u32) -> Result<Option<u32>, Refusal> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (text, text.parse::<u32>()) {
        ("", _) => Ok(None),
        (_, Ok(number)) if is_number && number <= most => Ok(Some(number)),
        _ if most == MOST_SEATS => Err(Refusal::invalid(field, "Write a whole number from 0 to 1,000,000.")),
        _ => Err(Refusal::invalid(field, "Write a whole number, such as 12.")),
    }
}

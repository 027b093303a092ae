//! What people write into the cells of a list of subscriptions, as the fields of the form have it.

use crate::domain::imports::columns::Columns;
use crate::domain::imports::fields::{SUBSCRIPTION, label_of};
use crate::domain::imports::reading::parse_date;
use crate::domain::subscriptions::subscription::Status;

/// Fields of the form and their texts.
pub(super) type Texts = Vec<(&'static str, String)>;

/// The fields that the cells of a row fill in, without the owner; or what is wrong, in words.
pub(super) fn texts(columns: &Columns, cells: &[String]) -> Result<Texts, String> {
    let cell = |code: &'static str| columns.cell(code, cells);
    let mut texts = Texts::new();
    for code in ["service", "name", "cost", "currency", "pack_size", "department", "category", "tags"] {
        texts.extend(cell(code).map(|text| (code, text.to_owned())));
    }
    for code in ["payment_method", "url", "notes"] {
        texts.extend(cell(code).map(|text| (code, text.to_owned())));
    }
    texts.extend(cell("seats").map(|text| ("seats", text.replace([',', '\u{a0}'], ""))));
    texts.extend(cell("status").map(|text| ("status", status(text))));
    texts.extend(cell("cost_model").map(|text| ("cost_model", cost_model(text))));
    texts.extend(cell("auto_renew").map(|text| ("auto_renew", at_the_end(text))));
    for code in ["starts_on", "renews_on", "trial_ends_on"] {
        texts.extend(cell(code).map(|text| date(code, text)).transpose()?.map(|day| (code, day)));
    }
    for (code, count_field, unit_field) in [
        ("every", "cycle_count", "cycle_unit"),
        ("term", "term_count", "term_unit"),
        ("renewal_term", "renewal_term_count", "renewal_term_unit"),
    ] {
        let Some(text) = cell(code) else { continue };
        let (count, unit) = every(text).filter(|(_, unit)| code == "every" || *unit != "once").ok_or_else(|| {
            format!("{}: “{text}” is no cycle we can read. Write it as 1 month, 3 months or 1 year.", label(code))
        })?;
        texts.extend([(count_field, count), (unit_field, unit.to_owned())]);
    }
    if let Some(text) = cell("notice") {
        let (count, unit) = notice(text)
            .ok_or_else(|| format!("{}: “{text}” is no notice we can read. Write it as 30 days.", label("notice")))?;
        texts.push(("notice_count", count));
        texts.extend(unit.map(|unit| ("notice_unit", unit.to_owned())));
    }
    Ok(texts)
}

/// The label of the column that a field of the form is read from.
pub(super) fn label(field: &str) -> &'static str {
    let code = match field {
        "cycle_unit" | "cycle_count" => "every",
        "term_unit" | "term_count" => "term",
        "renewal_term_unit" | "renewal_term_count" => "renewal_term",
        "notice_unit" | "notice_count" => "notice",
        other => other,
    };
    label_of(&SUBSCRIPTION, code)
}

fn date(code: &'static str, text: &str) -> Result<String, String> {
    let unreadable =
        |_| format!("{}: “{text}” is no date we can read. Write it as 2026-11-27 or 11/27/2026.", label(code));
    parse_date(text).map(|day| day.to_string()).map_err(unreadable)
}

/// The code of a status; what is none of ours is left to the form to refuse.
fn status(text: &str) -> String {
    let said = text.to_lowercase();
    let known = Status::ALL.into_iter().find(|status| said == status.code() || said == status.label().to_lowercase());
    match (known, said.as_str()) {
        (Some(status), _) => status.code().to_owned(),
        (None, "cancelled" | "cancelling" | "canceling") => Status::Canceled.code().to_owned(),
        (None, "ended" | "inactive") => Status::Expired.code().to_owned(),
        (None, "trialing" | "on trial") => Status::Trial.code().to_owned(),
        (None, _) => said,
    }
}

fn cost_model(text: &str) -> String {
    match text.to_lowercase().replace(['-', '_'], " ").as_str() {
        "everything" | "flat" | "flat rate" | "fixed" | "total" => "flat",
        "each seat" | "per seat" | "seat" | "per user" | "per license" => "per_seat",
        "each pack" | "each pack of seats" | "pack" | "per pack" => "pack",
        _ => return text.to_owned(),
    }
    .to_owned()
}

fn at_the_end(text: &str) -> String {
    match text.to_lowercase().as_str() {
        "renews by itself" | "auto" | "automatic" | "auto-renew" | "yes" | "true" | "1" => "auto",
        "somebody must renew it" | "manual" | "manually" => "manual",
        "ends" | "never" | "no" | "false" | "0" => "never",
        _ => return text.to_owned(),
    }
    .to_owned()
}

/// "monthly", "every 3 months", "1 year", "once": a count and the code of a unit.
pub(super) fn every(text: &str) -> Option<(String, &'static str)> {
    let said = text.trim().to_lowercase();
    let said = ["every ", "each ", "per ", "a "].iter().find_map(|word| said.strip_prefix(word)).unwrap_or(&said);
    let known = |count: &str, unit| Some((count.to_owned(), unit));
    match said {
        "once" | "one-time" | "one time" | "onetime" | "lifetime" => known("1", "once"),
        "daily" => known("1", "day"),
        "weekly" => known("1", "week"),
        "biweekly" | "bi-weekly" | "fortnightly" => known("2", "week"),
        "monthly" => known("1", "month"),
        "quarterly" => known("1", "quarter"),
        "half-yearly" | "semiannually" | "semi-annually" | "semiannual" => known("6", "month"),
        "yearly" | "annually" | "annual" => known("1", "year"),
        _ => counted(said),
    }
}

/// "3 months", "3-month", "month".
fn counted(said: &str) -> Option<(String, &'static str)> {
    let digits = said.chars().take_while(char::is_ascii_digit).count();
    let (count, unit) = said.split_at_checked(digits)?;
    let unit = match unit.trim_matches([' ', '-', '\u{a0}']) {
        "day" | "days" | "d" => "day",
        "week" | "weeks" | "wk" | "wks" | "w" => "week",
        "month" | "months" | "mo" | "mos" | "m" => "month",
        "quarter" | "quarters" | "q" => "quarter",
        "year" | "years" | "yr" | "yrs" | "y" => "year",
        _ => return None,
    };
    Some((if count.is_empty() { "1" } else { count }.to_owned(), unit))
}

/// "30 days", "30", "2 weeks", "1 month"; "none" is none of any unit.
fn notice(text: &str) -> Option<(String, Option<&'static str>)> {
    let said = text.trim().to_lowercase();
    if matches!(said.as_str(), "none" | "no") {
        return Some(("0".to_owned(), None));
    }
    if said.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((said, Some("day")));
    }
    let (count, unit) = counted(&said)?;
    let times = |factor: u64| Some(count.parse::<u64>().ok()?.checked_mul(factor)?.to_string());
    match unit {
        "week" => Some((times(7)?, Some("day"))),
        "quarter" => Some((times(3)?, Some("month"))),
        "year" => Some((times(12)?, Some("month"))),
        unit => Some((count, Some(unit))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_read_as_people_write_them() {
        for (text, count, unit) in [
            ("Monthly", "1", "month"),
            ("every 3 months", "3", "month"),
            ("1 year", "1", "year"),
            ("year", "1", "year"),
            ("Annually", "1", "year"),
            ("2-week", "2", "week"),
            ("2 quarters", "2", "quarter"),
            ("0 months", "0", "month"),
            ("one-time", "1", "once"),
        ] {
            assert_eq!(every(text), Some((count.to_owned(), unit)), "{text}");
        }
        for wrong in ["", "-1 months", "sometimes", "3", "1.5 months", "month 3"] {
            assert_eq!(every(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_notice_is_days_or_months() {
        for (text, count, unit) in
            [("30", "30", "day"), ("30 days", "30", "day"), ("2 weeks", "14", "day"), ("1 month", "1", "month")]
        {
            assert_eq!(notice(text), Some((count.to_owned(), Some(unit))), "{text}");
        }
        assert_eq!(notice("None"), Some(("0".to_owned(), None)));
        assert_eq!(notice("soon"), None);
    }

    #[test]
    fn words_of_other_programs_are_ours() {
        assert_eq!(
            (status("Cancelled"), status("ACTIVE"), status("on hold")),
            ("canceled".to_owned(), "active".to_owned(), "on hold".to_owned())
        );
        assert_eq!((cost_model("Per user"), cost_model("each pack")), ("per_seat".to_owned(), "pack".to_owned()));
        assert_eq!((at_the_end("Yes"), at_the_end("ends")), ("auto".to_owned(), "never".to_owned()));
    }
}

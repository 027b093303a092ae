//! Reading the form that gives a seat.

use chrono::{Datelike, NaiveDate};

use crate::domain::identity::user::parse_name;
use crate::domain::licenses::assign::{Assign, Receiver, Tell};
use crate::http::pages::form::{FormErrors, Posted};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;

const FIELDS: [&str; 6] = ["member", "add_person", "name", "expires_on", "key", "tell"];

/// What is asked for, or all that is wrong with it.
pub fn read(posted: &Posted, subscription: SubscriptionId) -> Result<Assign, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&FIELDS));
    errors.take(no_key(posted));
    let to = errors.take(receiver(posted));
    let expires_on = errors.take(day(posted, "expires_on"));
    let tell = errors.take(tell(posted));
    let read =
        to.zip(expires_on).zip(tell).map(|((to, expires_on), tell)| Assign { subscription, to, expires_on, tell });
    errors.or(read)
}

/// A key is never dropped quietly.
fn no_key(posted: &Posted) -> Result<(), Refusal> {
    match posted.get("key") {
        "" => Ok(()),
        _ => Err(Refusal::invalid("key", "License keys cannot be kept yet. Leave this empty.")),
    }
}

fn receiver(posted: &Posted) -> Result<Receiver, Refusal> {
    let given = posted.get("member");
    if given.is_empty() {
        return Err(Refusal::invalid("member", "Choose a person, or write an address."));
    }
    if let Some(member) = MemberId::parse(given) {
        return Ok(Receiver::Member(member));
    }
    let address = EmailAddress::parse(given).map_err(|_| {
        Refusal::invalid("member", "Choose a person of the list, or write an address such as name@company.com.")
    })?;
    match (posted.get("add_person"), posted.get("name")) {
        // Without a name nobody can be added; whoever is in People already needs none.
        ("", _) | ("1", "") => Ok(Receiver::Address(address)),
        ("1", name) => Ok(Receiver::AddressOrNew { address, name: parse_name(name)? }),
        _ => Err(Refusal::invalid("add_person", "Choose whether to add the person to People.")),
    }
}

fn tell(posted: &Posted) -> Result<Tell, Refusal> {
    match posted.get("tell") {
        "" => Ok(Tell::ThoseWhoSignIn),
        "1" => Ok(Tell::Always),
        "0" => Ok(Tell::Never),
        _ => Err(Refusal::invalid("tell", "Choose whether a letter tells them.")),
    }
}

fn day(posted: &Posted, field: &'static str) -> Result<Option<NaiveDate>, Refusal> {
    let given = posted.get(field);
    if given.is_empty() {
        return Ok(None);
    }
    let day = NaiveDate::parse_from_str(given, "%Y-%m-%d").ok();
    day.filter(|day| (1990..=2200).contains(&day.year()) && given.len() == 10)
        .map(Some)
        .ok_or_else(|| Refusal::invalid(field, "Write the date as year-month-day, such as 2026-11-27."))
}

//! Reading the form that gives many seats.

use std::collections::BTreeSet;

use crate::domain::licenses::assign_many::{AssignMany, MOST, People};
use crate::http::pages::form::{FormErrors, Posted};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;

use super::form::tell;

/// How many names that cannot be read a message repeats, and how much of each.
const REPEATED: usize = 5;
const LONGEST_REPEATED: usize = 40;

/// What is asked for, or all that is wrong with it.
pub fn read(posted: &Posted) -> Result<AssignMany, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["subscription", "members", "tell"]));
    let subscriptions = errors.take(subscriptions(posted));
    let people = errors.take(people(posted.all("members")));
    let tell = errors.take(tell(posted));
    let read = subscriptions.zip(people).zip(tell);
    if let Some(((subscriptions, people), _)) = &read {
        errors.take(require_one_side(subscriptions.len(), people.count()));
    }
    errors.or(read.map(|((subscriptions, people), tell)| AssignMany { subscriptions, people, tell }))
}

fn require_one_side(subscriptions: usize, people: usize) -> Result<(), Refusal> {
    match subscriptions > 1 && people > 1 {
        true => Err(Refusal::invalid(
            "subscription",
            "Give many people seats of one subscription, or one person seats of many: not both at once.",
        )),
        false => Ok(()),
    }
}

fn subscriptions(posted: &Posted) -> Result<BTreeSet<SubscriptionId>, Refusal> {
    let chosen = posted.all("subscription").map(str::trim).filter(|id| !id.is_empty());
    let read: Option<BTreeSet<SubscriptionId>> = chosen.map(SubscriptionId::parse).collect();
    match read {
        Some(ids) if !ids.is_empty() && ids.len() <= MOST => Ok(ids),
        _ => Err(Refusal::invalid("subscription", "Choose what to give seats of.")),
    }
}

/// People by id or address, one per line or ticked one by one; each once.
fn people<'a>(given: impl Iterator<Item = &'a str>) -> Result<People, Refusal> {
    let (mut people, mut unreadable) = (People::default(), Vec::new());
    for name in names(given) {
        match (MemberId::parse(name), EmailAddress::parse(name)) {
            (Some(id), _) => drop(people.ids.insert(id)),
            (None, Ok(address)) => people.add_address(address),
            (None, Err(_)) => unreadable.push(shortened(name)),
        }
        if people.count() > MOST {
            return Err(Refusal::invalid("members", "Name at most 500 people at once."));
        }
    }
    if !unreadable.is_empty() {
        let more = unreadable.len().saturating_sub(REPEATED);
        unreadable.truncate(REPEATED);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!(
            "Write one address per line, such as name@company.com. No address: {}{rest}.",
            unreadable.join(", ")
        );
        return Err(Refusal::invalid("members", message));
    }
    match people.count() {
        0 => Err(Refusal::invalid("members", "Choose who gets a seat, or write addresses.")),
        _ => Ok(people),
    }
}

/// The names in a list: one per line, or with commas between them.
pub fn names<'a>(given: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    given.flat_map(|text| text.split(['\n', '\r', ',', ';'])).map(str::trim).filter(|name| !name.is_empty())
}

fn shortened(name: &str) -> String {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_REPEATED).collect();
    match name.chars().count() > LONGEST_REPEATED {
        true => format!("“{shown}…”"),
        false => format!("“{shown}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_once_whatever_the_spelling() {
        let text = "uma@acme.example\r\n UMA@Acme.example ,\n\nadam@acme.example; adam@acme.example";
        let read = people([text, "uma@ACME.example"].into_iter()).unwrap();
        let addresses: Vec<&str> = read.addresses.iter().map(EmailAddress::as_str).collect();
        assert_eq!(addresses, ["uma@acme.example", "adam@acme.example"]);
    }

    #[test]
    fn what_is_no_address_is_repeated_but_not_at_any_length() {
        let long = "x".repeat(20_000);
        let said = people([long.as_str(), "uma", "a@b.example"].into_iter()).unwrap_err().message;
        assert!(said.contains("“uma”") && said.len() < 300, "{said}");
        assert!(people(["", " \n"].into_iter()).is_err());
        let many = (0..501).map(|n| format!("p{n}@acme.example")).collect::<Vec<_>>().join("\n");
        assert!(people([many.as_str()].into_iter()).unwrap_err().message.contains("500"));
    }

    #[test]
    fn many_and_many_is_too_much() {
        assert!(require_one_side(1, 9).is_ok() && require_one_side(9, 1).is_ok());
        assert!(require_one_side(2, 2).is_err());
    }
}

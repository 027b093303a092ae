//! What can happen to a subscription, as the trail tells it.

use chrono::NaiveDate;

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::SubscriptionId;

use super::price_line::Price;
use super::schedule::AutoRenew;
use super::subscription::{CostModel, Details};

/// One fact about one subscription.
pub struct SubscriptionFact {
    /// Which.
    pub id: SubscriptionId,
    /// Its name then.
    pub name: String,
    /// What happened.
    pub what: Happened,
}

/// What happened.
pub enum Happened {
    /// It was entered.
    Added(Vec<Change>),
    /// What is known of it was changed.
    Changed(Vec<Change>),
    /// A price counts from a day on.
    Priced(NaiveDate, Vec<Change>),
    /// A price entered wrongly was put right.
    PriceCorrected(NaiveDate, Vec<Change>),
    /// The seats that were to go at the renewal stay.
    SeatsKept(Vec<Change>),
    /// A cycle began within the term.
    CycleBegan(NaiveDate, Vec<Change>),
    /// The next term began, as somebody decided.
    Renewed(NaiveDate, Vec<Change>),
    /// The next term began because nobody decided otherwise.
    RenewedByDefault(NaiveDate, Vec<Change>),
    /// The trial ended and it goes on.
    TrialOver(Vec<Change>),
    /// Nothing followed.
    Expired(Vec<Change>),
    /// It ended, as somebody decided.
    Canceled(Vec<Change>),
    /// It was taken off the list.
    Removed,
    /// It was put back.
    Restored,
}

impl Fact for SubscriptionFact {
    fn code(&self) -> &'static str {
        match self.what {
            Happened::Added(_) => "subscription.added",
            Happened::Changed(_) => "subscription.changed",
            Happened::Priced(..) => "subscription.priced",
            Happened::PriceCorrected(..) => "subscription.price_corrected",
            Happened::SeatsKept(_) => "subscription.seats_kept",
            Happened::CycleBegan(..) => "subscription.cycle_began",
            Happened::Renewed(..) => "subscription.renewed",
            Happened::RenewedByDefault(..) => "subscription.renewed_by_default",
            Happened::TrialOver(_) => "subscription.trial_over",
            Happened::Expired(_) => "subscription.expired",
            Happened::Canceled(_) => "subscription.canceled",
            Happened::Removed => "subscription.removed",
            Happened::Restored => "subscription.restored",
        }
    }

    fn object(&self) -> Object {
        Object::new("subscription", self.id, &self.name)
    }

    fn said(&self) -> String {
        let name = &self.name;
        match &self.what {
            Happened::Added(_) => format!("added {name}"),
            Happened::Changed(_) => format!("changed {name}"),
            Happened::Priced(from, _) => format!("set a new price of {name} from {from}"),
            Happened::PriceCorrected(from, _) => format!("corrected the price of {name} from {from}"),
            Happened::SeatsKept(_) => format!("kept the seats of {name}"),
            Happened::CycleBegan(on, _) => format!("began the next cycle of {name} on {on}"),
            Happened::Renewed(on, _) => format!("renewed {name} on {on}, as decided"),
            Happened::RenewedByDefault(on, _) => format!("renewed {name} by default on {on}"),
            Happened::TrialOver(_) => format!("moved {name} from trial to active"),
            Happened::Expired(_) => format!("let {name} expire"),
            Happened::Canceled(_) => format!("ended {name}, as decided"),
            Happened::Removed => format!("removed {name}"),
            Happened::Restored => format!("restored {name}"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        match &self.what {
            Happened::Added(changes)
            | Happened::Changed(changes)
            | Happened::SeatsKept(changes)
            | Happened::TrialOver(changes)
            | Happened::Expired(changes)
            | Happened::Canceled(changes) => changes.clone(),
            Happened::Priced(_, changes)
            | Happened::PriceCorrected(_, changes)
            | Happened::CycleBegan(_, changes)
            | Happened::Renewed(_, changes)
            | Happened::RenewedByDefault(_, changes) => changes.clone(),
            Happened::Removed | Happened::Restored => Vec::new(),
        }
    }
}

/// What differs between two states of the same form; `None` before: everything that was filled in.
pub fn details_changes(before: Option<(&Details, &str)>, after: (&Details, &str)) -> Vec<Change> {
    let before = before.map(|(details, owner)| texts(details, owner));
    let after = texts(after.0, after.1);
    after
        .into_iter()
        .enumerate()
        .filter_map(|(place, (field, value))| {
            let had = before.as_ref().and_then(|before| before.get(place)).and_then(|(_, had)| had.clone());
            Change::between(field, had, value)
        })
        .collect()
}

/// What differs between two prices.
pub fn price_changes(before: Option<Price>, after: Price) -> Vec<Change> {
    let cost = |price: Price| Some(price.cost.to_string());
    let seats = |price: Price| price.seats.map(|seats| seats.to_string());
    [
        Change::between("Cost", before.and_then(cost), cost(after)),
        Change::between("Seats", before.and_then(seats), seats(after)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Every field as a screen names it, with its value in words.
fn texts(details: &Details, owner: &str) -> Vec<(&'static str, Option<String>)> {
    let dates = &details.dates;
    let term = dates.first_term.map(|term| term.to_string());
    let next_term = dates.next_term.map(|term| term.to_string());
    let (anchor, other) = match dates.starts_on() {
        Some(start) => (None, Some(start)),
        None => (Some(dates.anchor.date()), None),
    };
    let day = |date: Option<NaiveDate>| date.map(|date| date.to_string());
    vec![
        ("Service", filled(&details.service)),
        ("Name", filled(&details.name)),
        ("Owner", filled(owner)),
        ("Status", filled(details.status.label())),
        ("Counted", Some(counted(details.cost_model))),
        ("Currency", filled(details.currency.code())),
        ("Paid", Some(dates.cycle.map_or_else(|| "once".to_owned(), |cycle| format!("every {cycle}")))),
        ("Started on", day(other)),
        ("Renews on", day(anchor)),
        ("First term", term),
        ("Later terms", next_term),
        ("At the end of the term", filled(at_the_end(dates.auto_renew))),
        ("Notice", Some(dates.notice.to_string())),
        ("Trial ends on", day(dates.trial_ends_on)),
        ("Department", filled(&details.department)),
        ("Category", filled(&details.category)),
        ("Tags", filled(&details.tags.join(", "))),
        ("Payment method", filled(&details.payment_method)),
        ("Link", filled(&details.url)),
        ("Notes", filled(&details.notes)),
    ]
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn counted(model: CostModel) -> String {
    match model {
        CostModel::Flat => "for everything".to_owned(),
        CostModel::PerSeat => "for each seat".to_owned(),
        CostModel::Pack(size) => format!("for each pack of {size}"),
    }
}

fn at_the_end(auto_renew: AutoRenew) -> &'static str {
    match auto_renew {
        AutoRenew::Auto => "renews by itself",
        AutoRenew::Manual => "somebody must renew it",
        AutoRenew::Never => "ends",
    }
}

//! A row laid over what is known of a subscription, and read as its form is.

use chrono::NaiveDate;

use crate::domain::subscriptions::list::Listed;
use crate::domain::subscriptions::price_line::Price;
use crate::domain::subscriptions::schedule::{AutoRenew, term_end};
use crate::domain::subscriptions::subscription::Details;
use crate::domain::subscriptions::{read, written};
use crate::kernel::currency::Currency;
use crate::kernel::ids::MemberId;
use crate::kernel::refusal::{Refusal, Refusals};

use super::cells::{Texts, label};

/// What a subscription will be.
pub(super) struct Read {
    pub(super) details: Details,
    pub(super) price: Price,
}

/// The fields of a form as texts, later ones over earlier ones.
struct Overlay(Texts);

impl read::Texts for Overlay {
    fn text(&self, field: &str) -> &str {
        self.0.iter().rev().find(|(name, _)| *name == field).map_or("", |(_, text)| text.as_str())
    }
}

/// A new subscription, with what a new form begins with where the row says nothing.
pub(super) fn new(
    texts: Texts,
    (owner, currency): (Option<MemberId>, Currency),
    today: NaiveDate,
) -> Result<Read, String> {
    let currency = currency_of(&texts, currency);
    let owner = owner.map(|owner| owner.to_string()).unwrap_or_default();
    let fresh = [("owner", owner), ("currency", currency.code().to_owned())];
    whole(fresh.into_iter().chain(texts).collect(), today)
}

/// A known subscription, with what is known where the row says nothing.
pub(super) fn over(
    known: &Listed,
    mut texts: Texts,
    owner: Option<MemberId>,
    today: NaiveDate,
) -> Result<Read, String> {
    texts.retain(|(field, text)| *field != "renews_on" || !is_known_renewal(known, text));
    let owner = owner.map(|owner| ("owner", owner.to_string()));
    let before = written::of(&known.subscription, known.price);
    let read = whole(before.into_iter().chain(texts).chain(owner).collect(), today)?;
    let (details, coming) = (&known.subscription.details, known.subscription.coming.renews_on);
    let dates = read.details.dates.anchored_as(&details.dates, coming);
    Ok(Read { details: Details { dates, ..read.details }, ..read })
}

/// A subscription as an earlier import found it.
pub(super) fn as_before(texts: Texts, today: NaiveDate) -> Result<Read, String> {
    whole(texts, today)
}

fn whole(texts: Texts, today: NaiveDate) -> Result<Read, String> {
    let mut wrong = Refusals::default();
    let read = read::subscription(&Overlay(texts), today, &mut wrong);
    let (details, price) = wrong.or(read).map_err(|refusals| said(&refusals))?;
    Ok(Read { details, price })
}

/// What is wrong with a row, each with the column it is about.
fn said(refusals: &[Refusal]) -> String {
    let one = |refusal: &Refusal| match refusal.field.map(label) {
        None | Some("") => refusal.message.clone().into_owned(),
        Some(label) => format!("{label}: {}", refusal.message),
    };
    refusals.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Whether a renewal is the coming one, or one that has been: a file that was taken some time ago moves no dates.
fn is_known_renewal(known: &Listed, text: &str) -> bool {
    let (Ok(given), Some(coming)) = (text.parse::<NaiveDate>(), known.subscription.coming.renews_on) else {
        return false;
    };
    let dates = &known.subscription.details.dates;
    let has_been =
        || dates.terms().is_some_and(|terms| term_end(dates.anchor, terms, AutoRenew::Auto, given) == Ok(given));
    given == coming || given < coming && has_been()
}

/// The currency that stands beside the cost, when the row has no column for it; else the one of the business.
fn currency_of(texts: &Texts, home: Currency) -> Currency {
    let cost = texts.iter().find(|(field, _)| *field == "cost").map_or("", |(_, text)| text.as_str());
    let mark = cost.trim_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || ".,'’-−".contains(c));
    Currency::of_mark(mark, home).unwrap_or(home)
}

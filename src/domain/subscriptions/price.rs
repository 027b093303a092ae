//! A new price, or new seats, from a day on.

use chrono::NaiveDate;

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::fact::{Happened, SubscriptionFact, price_changes};
use super::price_line::{Price, Settled, settle};
use super::roll::Fewer;
use super::schedule::{AutoRenew, term_end};
use super::store;
use super::subscription::{Details, Subscription};
use super::surplus;

/// A price that counts from a day on.
pub struct SetPrice {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// The first day it counts.
    pub from_on: NaiveDate,
    /// What is paid from then on.
    pub price: Price,
}

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Priced {
    /// It counts from that day.
    From(NaiveDate),
    /// The seats go down at the renewal, because people hold them.
    SeatsAtRenewal(NaiveDate),
    /// It was so already.
    AsBefore,
}

impl Operation for SetPrice {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Priced;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Priced>, Refusal> {
        store::lock(work, self.subscription)?.require_changeable(work)?;
        let subscription = store::find(work, self.subscription)?;
        let (priced, fact) = set_price(work, &subscription, self.from_on, self.price)?;
        match fact {
            None => Ok(work.nothing_changed(priced)),
            Some(changes) => {
                let name = subscription.details.name;
                let what = Happened::Priced(self.from_on, changes);
                work.record(&SubscriptionFact { id: self.subscription, name, what }, priced)
            }
        }
    }
}

type Changes = Vec<crate::kernel::fact::Change>;

/// Writes the lines of a price under the row lock, and says what to record; nothing when it was so already.
pub(super) fn set_price(
    work: &mut Work<'_>,
    subscription: &Subscription,
    from_on: NaiveDate,
    price: Price,
) -> Result<(Priced, Option<Changes>), Refusal> {
    price.require_countable(subscription.details.cost_model)?;
    if price.cost.currency != subscription.details.currency {
        return Err(Refusal::invalid(
            "cost",
            format!("This is paid in {}: write the cost in it.", subscription.details.currency),
        ));
    }
    let list = store::price_list(work, subscription.id)?;
    let before = list.on(from_on).filter(|line| line.from_on <= from_on).map(|line| line.price);
    if before == Some(price) {
        return Ok((Priced::AsBefore, None));
    }
    let held = store::seats_held(work, subscription.id)?;
    let renewal = renewal_from(subscription, from_on);
    let priced = match settle(price, before, held, renewal.is_some())? {
        Settled::Counts(price) => {
            store::insert_price(work, subscription.id, from_on, price)?;
            // Other seats than until then say what is wanted from now on.
            if before.is_none_or(|before| before.seats != price.seats) {
                store::set_fewer(work, subscription.id, None)?;
            }
            Priced::From(from_on)
        }
        Settled::SeatsWait(meanwhile) => {
            let fewer = price.seats.map(|seats| Fewer { seats, from_on });
            if meanwhile.is_none() && fewer == subscription.fewer {
                return Ok((Priced::AsBefore, None));
            }
            if let Some(price) = meanwhile {
                store::insert_price(work, subscription.id, from_on, price)?;
            }
            store::set_fewer(work, subscription.id, fewer)?;
            Priced::SeatsAtRenewal(renewal.unwrap_or(from_on))
        }
    };
    surplus::retire(work, subscription.id, &subscription.details.name)?;
    recount(work, subscription.id, &subscription.details, from_on)?;
    let mut changes = price_changes(before, price);
    if let Priced::SeatsAtRenewal(date) = priced {
        changes.push(crate::kernel::fact::Change::set("Seats count from", date.to_string()));
    }
    Ok((priced, Some(changes)))
}

/// The first renewal on or after a day; none when nothing renews.
fn renewal_from(subscription: &Subscription, day: NaiveDate) -> Option<NaiveDate> {
    let coming = subscription.coming.renews_on.filter(|_| subscription.goes_on())?;
    let dates = &subscription.details.dates;
    match coming >= day {
        true => Some(coming),
        false => term_end(dates.anchor, dates.terms()?, AutoRenew::Auto, day).ok(),
    }
}

/// Reads what was due for the cycles from a day on anew: prices are the only truth.
pub(super) fn recount(
    work: &mut Work<'_>,
    id: SubscriptionId,
    details: &Details,
    from_on: NaiveDate,
) -> Result<(), Refusal> {
    let (list, charges) = (store::price_list(work, id)?, store::charges_of(work, id, from_on, i64::MAX)?);
    for charge in charges {
        let due = list.on(charge.starts_on).and_then(|line| line.price.due(details.cost_model).ok().flatten());
        if let Some(due) = due.filter(|due| *due != charge.due) {
            store::update_charge(work, id, charge.starts_on, due)?;
        }
    }
    Ok(())
}

//! A new price, or new seats, from a day on.

use chrono::NaiveDate;

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::fact::{Happened, SubscriptionFact, price_changes};
use super::price_line::{Price, lines_of};
use super::store;
use super::subscription::Subscription;
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
    let renewal = subscription.coming(work.today()).renews_on;
    let lines = lines_of(from_on, price, before, held, renewal)?;
    for (date, price) in &lines {
        store::insert_price(work, subscription.id, *date, *price)?;
    }
    surplus::retire(work, subscription.id, &subscription.details.name)?;
    let priced = match lines.last() {
        Some((date, _)) if *date != from_on => Priced::SeatsAtRenewal(*date),
        _ => Priced::From(from_on),
    };
    let mut changes = price_changes(before, price);
    if let Priced::SeatsAtRenewal(date) = priced {
        changes.push(crate::kernel::fact::Change::set("Seats count from", date.to_string()));
    }
    Ok((priced, Some(changes)))
}

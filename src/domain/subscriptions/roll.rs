//! What happens to a subscription at its dates: pure, one step at a time, so that every missed cycle is written, and
//! whoever looks before it was written sees the same.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::charge::Charge;
use super::dates::{Coming, Dates};
use super::decision::Decided;
use super::price_line::{Price, PriceList};
use super::schedule::{AutoRenew, term_end};
use super::subscription::{CostModel, Status};

/// What the dates of a subscription move.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Where it stands.
    pub status: Status,
    /// What stands next.
    pub coming: Coming,
    /// The day of the next step; none: nothing more will happen.
    pub next_on: Option<NaiveDate>,
    /// Seats that are to go at a renewal.
    pub fewer: Option<Fewer>,
}

/// Fewer seats than people hold, wanted from a renewal on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fewer {
    /// How many are wanted.
    pub seats: u32,
    /// The first day of a renewal at which they may go.
    pub from_on: NaiveDate,
}

/// A subscription with all that decides what happens at its dates.
#[derive(Clone, Debug)]
pub struct Rolling {
    /// Its dates.
    pub dates: Dates,
    /// What its price is for.
    pub cost_model: CostModel,
    /// How it stands.
    pub standing: Standing,
    /// What was decided, by renewal.
    pub decisions: BTreeMap<NaiveDate, Decided>,
    /// Its prices.
    pub prices: PriceList,
    /// Seats that people hold.
    pub held: i64,
}

/// What happens on one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A cycle begins within the term.
    CycleBegan,
    /// The next term begins, as somebody decided.
    Renewed,
    /// The next term begins because nobody decided otherwise.
    RenewedByDefault,
    /// The trial is over and it goes on.
    TrialOver,
    /// Nothing follows.
    Expired,
    /// It ends, as somebody decided.
    Canceled,
}

/// One step to be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// On which day.
    pub on: NaiveDate,
    /// What happens.
    pub what: What,
    /// How it stands afterwards.
    pub standing: Standing,
    /// Money that is due from that day on.
    pub charge: Option<Charge>,
    /// Other seats from that day on.
    pub price: Option<Price>,
}

/// How many steps are looked through at most: fourteen years of days. What is further behind is shown as far as that.
const MOST: usize = 5_200;

impl Standing {
    /// How a subscription stands that is entered, or whose dates are corrected, today.
    pub fn entered(dates: &Dates, status: Status, coming: Coming, fewer: Option<Fewer>, today: NaiveDate) -> Self {
        let next_on = match status {
            Status::Trial => trial_over_on(dates, coming),
            Status::Active => earlier(dates.cycle_from(today), coming.renews_on),
            Status::Canceled | Status::Expired => None,
        };
        Self { status, coming, next_on, fewer }
    }

    /// Whether a step of it is due.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.status.is_live() && self.next_on.is_some_and(|next| next <= today)
    }
}

impl Rolling {
    /// The next step that is due.
    pub fn next(&self, today: NaiveDate) -> Option<Step> {
        let on = self.standing.next_on.filter(|_| self.standing.is_late(today))?;
        Some(match self.standing.status {
            Status::Trial => self.trial_over(on),
            _ if self.standing.coming.renews_on.is_some_and(|renewal| renewal <= on) => self.term_over(on),
            _ => self.cycle_began(on),
        })
    }

    /// Takes a step.
    pub fn take(&mut self, step: &Step) {
        self.standing = step.standing;
        if let Some(price) = step.price {
            self.prices = std::mem::take(&mut self.prices).with(step.on, price);
        }
    }

    /// Takes every step that is due today, and tells them; nothing is written.
    pub fn catch_up(&mut self, today: NaiveDate) -> Vec<Step> {
        let mut steps = Vec::new();
        while let Some(step) = self.next(today).filter(|_| steps.len() < MOST) {
            self.take(&step);
            steps.push(step);
        }
        steps
    }

    fn trial_over(&self, on: NaiveDate) -> Step {
        let decided = self.standing.coming.renews_on.and_then(|renewal| self.decisions.get(&renewal));
        match (decided, self.dates.auto_renew) {
            (Some(Decided::Cancel), _) => self.ends(on, What::Canceled),
            (Some(Decided::Renew | Decided::Resize(_)), _) | (None, AutoRenew::Auto) => {
                let standing = self.paid_from(on);
                Step { on, what: What::TrialOver, standing, charge: None, price: None }
            }
            (None, AutoRenew::Manual | AutoRenew::Never) => self.ends(on, What::Expired),
        }
    }

    /// Active from a day on: what was free until then is due from the first cycle that begins.
    fn paid_from(&self, on: NaiveDate) -> Standing {
        let renews_on = match self.standing.coming.renews_on {
            Some(past) if past < on => self.term_end_from(on).or(Some(past)),
            coming => coming,
        };
        let coming = self.dates.before(Status::Active, renews_on);
        let next_on = earlier(self.dates.cycle_from(on), renews_on);
        Standing { status: Status::Active, coming, next_on, ..self.standing }
    }

    fn term_over(&self, on: NaiveDate) -> Step {
        let decided = self.decisions.get(&on).copied();
        let next = on.succ_opt().and_then(|day| self.term_end_from(day));
        match (decided, self.dates.auto_renew, next) {
            (Some(Decided::Cancel), ..) => self.ends(on, What::Canceled),
            (_, AutoRenew::Never, _) | (None, AutoRenew::Manual, _) | (_, _, None) => self.ends(on, What::Expired),
            (Some(_), _, Some(next)) => self.renews(on, next, decided, What::Renewed),
            (None, AutoRenew::Auto, Some(next)) => self.renews(on, next, decided, What::RenewedByDefault),
        }
    }

    fn renews(&self, on: NaiveDate, next: NaiveDate, decided: Option<Decided>, what: What) -> Step {
        let (price, fewer) = self.seats_at(on, decided);
        let coming = self.dates.before(Status::Active, Some(next));
        let next_on = earlier(on.succ_opt().and_then(|day| self.dates.cycle_from(day)), Some(next));
        let prices = price.map_or_else(|| self.prices.clone(), |price| self.prices.clone().with(on, price));
        let standing = Standing { status: Status::Active, coming, next_on, fewer };
        Step { on, what, standing, charge: self.charge(on, &prices), price }
    }

    fn cycle_began(&self, on: NaiveDate) -> Step {
        let following = on.succ_opt().and_then(|day| self.dates.cycle_from(day));
        let next_on = earlier(following, self.standing.coming.renews_on);
        let standing = Standing { next_on, ..self.standing };
        Step { on, what: What::CycleBegan, standing, charge: self.charge(on, &self.prices), price: None }
    }

    fn ends(&self, on: NaiveDate, what: What) -> Step {
        let status = if what == What::Canceled { Status::Canceled } else { Status::Expired };
        let coming = Coming { renews_on: Some(on), cancel_by: None };
        let standing = Standing { status, coming, next_on: None, fewer: None };
        Step { on, what, standing, charge: None, price: None }
    }

    /// Other seats at a renewal: what was decided, or else what waits. Held seats stay; what could not go waits on.
    fn seats_at(&self, on: NaiveDate, decided: Option<Decided>) -> (Option<Price>, Option<Fewer>) {
        let waiting = self.standing.fewer;
        let wanted = match decided {
            Some(Decided::Resize(seats)) => Some(seats),
            _ => waiting.filter(|fewer| fewer.from_on <= on).map(|fewer| fewer.seats),
        };
        let (Some(wanted), Some(line)) = (wanted, self.prices.on(on)) else {
            return (None, waiting);
        };
        let had = line.price.seats;
        let seats = seats_left(wanted, had, self.held);
        let is_short = i64::from(wanted) < self.held && had.is_some();
        let price = (had != Some(seats)).then_some(Price { seats: Some(seats), ..line.price });
        (price, is_short.then_some(Fewer { seats: wanted, from_on: on }))
    }

    fn charge(&self, on: NaiveDate, prices: &PriceList) -> Option<Charge> {
        let is_due = self.dates.cycle_from(on) == Some(on);
        Charge::of_cycle(&self.dates, self.cost_model, prices, on).filter(|_| is_due)
    }

    fn term_end_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        term_end(self.dates.anchor, self.dates.terms()?, AutoRenew::Auto, day).ok()
    }
}

/// How many seats there are from a renewal on: those that are held stay, as far as they were paid for before.
pub(super) fn seats_left(wanted: u32, had: Option<u32>, held: i64) -> u32 {
    let held = u32::try_from(held).unwrap_or(u32::MAX);
    match had {
        Some(had) if wanted < held => wanted.max(held.min(had)),
        _ => wanted,
    }
}

/// The day after the trial; a trial without a last day ends with its first term.
fn trial_over_on(dates: &Dates, coming: Coming) -> Option<NaiveDate> {
    dates.trial_ends_on.and_then(|last| last.succ_opt()).or(coming.renews_on)
}

fn earlier(one: Option<NaiveDate>, other: Option<NaiveDate>) -> Option<NaiveDate> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests;

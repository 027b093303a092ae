//! Charges: money due for one cycle, known by the day the cycle starts. What was due is read from the price of that day.

use chrono::NaiveDate;

use crate::kernel::money::Money;

use super::dates::{Coming, Dates};
use super::price_line::PriceList;
use super::schedule::past_charges;
use super::subscription::{CostModel, Status};

/// Money due for one cycle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Charge {
    /// The first day of the cycle.
    pub starts_on: NaiveDate,
    /// Its last day; none for a one-time purchase.
    pub covers_to: Option<NaiveDate>,
    /// What is due.
    pub due: Money,
    /// Whether it lay in the past when the subscription was entered.
    pub estimated: bool,
}

impl Charge {
    /// The charge of the cycle that starts on this day; none while its seats are not counted, for then nobody knows.
    pub fn of_cycle(dates: &Dates, model: CostModel, prices: &PriceList, starts_on: NaiveDate) -> Option<Self> {
        let due = prices.on(starts_on)?.price.due(model).ok().flatten()?;
        let next = starts_on.succ_opt().and_then(|day| dates.cycle_from(day));
        let covers_to = next.filter(|_| dates.cycle.is_some()).and_then(|day| day.pred_opt());
        Some(Self { starts_on, covers_to, due, estimated: false })
    }

    /// The charges before today that a known start tells of: of 24 months at most, and none of a trial.
    pub fn of_the_past(
        dates: &Dates,
        status: Status,
        coming: Coming,
        (model, prices): (CostModel, &PriceList),
        today: NaiveDate,
    ) -> Vec<Self> {
        let (Some(start), false) = (dates.starts_on(), status == Status::Trial) else {
            return Vec::new();
        };
        let days = match dates.cycle {
            Some(cycle) => past_charges(start, cycle.interval(), today),
            None => vec![start],
        };
        let first_paid = dates.trial_ends_on.and_then(|last| last.succ_opt()).unwrap_or(start);
        days.into_iter()
            .filter(|day| *day < today && *day >= first_paid && coming.renews_on.is_none_or(|end| *day < end))
            .filter_map(|day| Self::of_cycle(dates, model, prices, day))
            .map(|charge| Self { estimated: true, ..charge })
            .collect()
    }
}

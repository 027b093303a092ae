//! Price and seats from a date on: the only truth of both. Of one date, the newest line counts.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::kernel::calendar::Interval;
use crate::kernel::ids::PriceLineId;
use crate::kernel::money::{Money, MoneyError, divide_half_even};
use crate::kernel::refusal::Refusal;
use crate::kernel::run_rate;

use super::subscription::{CostModel, SubscriptionError};

/// The most seats one subscription can have.
pub const MOST_SEATS: u32 = 1_000_000;
/// How long after its entry a price can be corrected without a new date.
const CORRECTION: TimeDelta = TimeDelta::hours(24);

/// What is paid for one cycle, and for how many seats.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Price {
    /// For everything, one seat or one pack.
    pub cost: Money,
    /// Seats paid for; none: not counted.
    pub seats: Option<u32>,
}

impl Price {
    /// What one cycle comes to; none when seats are paid for and not counted.
    pub fn due(self, model: CostModel) -> Result<Option<Money>, MoneyError> {
        let quantity = match model {
            CostModel::Flat => Some(1),
            CostModel::PerSeat => self.seats,
            CostModel::Pack(size) => self.seats.map(|seats| seats.div_ceil(size.max(1))),
        };
        quantity.map(|quantity| self.cost.times(quantity)).transpose()
    }

    /// What a year comes to at this price; none for a one-time purchase, or when a cycle's cost is unknown.
    pub fn a_year(self, model: CostModel, cycle: Option<Interval>) -> Option<Money> {
        let due = self.due(model).ok()??;
        run_rate::shown(run_rate::per_year(due.minor, cycle?), due.currency).ok()
    }

    /// What a month comes to at this price: a twelfth of the year.
    pub fn a_month(self, model: CostModel, cycle: Option<Interval>) -> Option<Money> {
        let due = self.due(model).ok()??;
        run_rate::shown(run_rate::per_month(due.minor, cycle?), due.currency).ok()
    }

    /// Refuses what cannot be counted.
    pub fn require_countable(self, model: CostModel) -> Result<(), Refusal> {
        self.due(model).map(drop).map_err(|error| Refusal::invalid("cost", error.to_string()))
    }
}

/// One line of the price list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PriceLine {
    /// The id; later ones are newer.
    pub id: PriceLineId,
    /// From when it counts.
    pub from_on: NaiveDate,
    /// What is paid from then on.
    pub price: Price,
    /// When it was entered.
    pub entered_at: DateTime<Utc>,
}

impl PriceLine {
    /// Whether it was entered so lately that it can be corrected.
    pub fn is_correctable(&self, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(self.entered_at) <= CORRECTION
    }
}

/// The prices of one subscription.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PriceList(Vec<PriceLine>);

impl PriceList {
    /// Of all lines ever entered: the newest of each date, latest date first.
    pub fn of(mut lines: Vec<PriceLine>) -> Self {
        lines.sort_by_key(|line| std::cmp::Reverse((line.from_on, line.id)));
        lines.dedup_by_key(|line| line.from_on);
        Self(lines)
    }

    /// The same with one more line, as if it had just been entered.
    pub fn with(self, from_on: NaiveDate, price: Price) -> Self {
        let id = PriceLineId(uuid::Uuid::max());
        let entered_at = DateTime::<Utc>::MIN_UTC;
        let mut lines: Vec<PriceLine> = self.0.into_iter().filter(|line| line.from_on != from_on).collect();
        lines.push(PriceLine { id, from_on, price, entered_at });
        Self::of(lines)
    }

    /// The lines, latest date first.
    pub fn lines(&self) -> &[PriceLine] {
        &self.0
    }

    /// The line that counts on a day; before the first one, the first.
    pub fn on(&self, day: NaiveDate) -> Option<&PriceLine> {
        self.0.iter().find(|line| line.from_on <= day).or(self.0.last())
    }

    /// The lines still to come on a day, earliest first.
    pub fn after(&self, day: NaiveDate) -> impl Iterator<Item = &PriceLine> {
        self.0.iter().rev().filter(move |line| line.from_on > day)
    }

    /// Each line with what became of the cost since the line before, in tenths of a per cent.
    pub fn history(&self) -> impl Iterator<Item = (&PriceLine, Option<i64>)> {
        let before = self.0.iter().skip(1).map(Some).chain(std::iter::once(None));
        self.0
            .iter()
            .zip(before)
            .map(|(line, before)| (line, before.and_then(|before| growth(before.price.cost, line.price.cost))))
    }
}

/// From one amount to the next in tenths of a per cent, rounded half to even; nothing from nothing.
fn growth(before: Money, after: Money) -> Option<i64> {
    let more = i128::from(after.minor) - i128::from(before.minor);
    let tenths = divide_half_even(more * 1000, i128::from(before.minor))?;
    i64::try_from(tenths).ok()
}

/// What becomes of a new price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settled {
    /// It counts from its day.
    Counts(Price),
    /// People hold more seats than that: the seats wait for a renewal, and until then counts what else is new, if it is.
    SeatsWait(Option<Price>),
}

/// Settles a new price. Fewer seats than are held wait for the renewal: until then the cost changes alone.
pub fn settle(price: Price, until_then: Option<Price>, held: i64, renews: bool) -> Result<Settled, Refusal> {
    let too_few = price.seats.filter(|seats| i64::from(*seats) < held);
    let had_more =
        until_then.filter(|until| until.seats.is_none_or(|had| price.seats.is_some_and(|seats| seats < had)));
    match (too_few, had_more) {
        (Some(_), Some(until)) if renews => {
            let meanwhile = Price { seats: until.seats, ..price };
            Ok(Settled::SeatsWait((meanwhile != until).then_some(meanwhile)))
        }
        (Some(seats), Some(_)) => Err(SubscriptionError::FewerThanHeld { held, seats }.into()),
        // Enough, or over already and not made worse.
        (None, _) | (_, None) => Ok(Settled::Counts(price)),
    }
}

#[cfg(test)]
mod tests;

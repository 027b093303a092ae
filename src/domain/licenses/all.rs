//! Every seat of the business as it stood at the end of a day: who held it, how it stood, what it cost. Seats that were
//! retired or expired since stand there as they were.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::domain::subscriptions::every::Every;
use crate::domain::subscriptions::price_line::Price;
use crate::domain::subscriptions::subscription::CostModel;
use crate::kernel::calendar::local_midnight;
use crate::kernel::ids::{LicenseId, SubscriptionId};
use crate::kernel::money::{Money, divide_half_even};
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::last_use::LastUse;
use super::license::{Holder, Status};
use super::license_key::KeyHint;
use super::store::{self, Counted};

/// Seats on one page.
pub const PAGE: usize = 50;

/// Which seats a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words of the subscription's or the holder's name, or of the holder's address; empty: any.
    pub words: String,
    /// How they stand.
    pub status: Option<Status>,
}

/// One page of the seats that may be seen.
pub struct AllSeats {
    /// Which.
    pub filter: Filter,
    /// As of which day; none: today.
    pub on: Option<NaiveDate>,
    /// After which seat the page begins.
    pub after: Option<LicenseId>,
}

/// One seat as it stood on the day.
#[derive(Clone, Debug)]
pub struct AnySeat {
    /// The seat.
    pub license: LicenseId,
    /// Of what.
    pub subscription: SubscriptionId,
    /// Its name.
    pub subscription_name: String,
    /// The name of its service.
    pub service_name: String,
    /// Who held it, since when.
    pub holder: Option<(Holder, DateTime<Utc>)>,
    /// The last day, which still counts.
    pub expires_on: Option<NaiveDate>,
    /// How it stood.
    pub status: Status,
    /// The end of its license key.
    pub key: Option<KeyHint>,
    /// When its holder last used it; none: unknown, or not asked of today.
    pub last_use: Option<LastUse>,
    /// What it cost a cycle, and how long a cycle is; none when that cannot be told.
    pub cost: Option<(Money, Option<Every>)>,
}

/// One page of seats.
pub struct SeatsPage {
    /// The day they are shown of.
    pub on: NaiveDate,
    /// Whether that is today.
    pub is_today: bool,
    /// The seats, by the name of what they are seats of.
    pub seats: Vec<AnySeat>,
    /// How many there are of each status, whatever the status asked for.
    pub counted: Counted,
    /// After which seat the next page begins.
    pub next: Option<LicenseId>,
}

/// A day, and the instant at which it is over.
#[derive(Clone, Copy, Debug)]
pub struct EndOfDay {
    /// The day.
    pub day: NaiveDate,
    /// The midnight after it.
    pub over_at: DateTime<Utc>,
}

impl EndOfDay {
    /// Of this day, or of today.
    pub fn of(view: &View<'_>, on: Option<NaiveDate>) -> Result<Self, Refusal> {
        let day = on.unwrap_or_else(|| view.today());
        let next_day = day.checked_add_days(Days::new(1)).ok_or_else(Refusal::not_found)?;
        Ok(Self { day, over_at: local_midnight(next_day, view.house().zone) })
    }
}

impl Question for AllSeats {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = SeatsPage;

    fn find(&self, view: &mut View<'_>) -> Result<SeatsPage, Refusal> {
        let end = EndOfDay::of(view, self.on)?;
        let on = end.day;
        let limit = i64::try_from(PAGE).map_err(Refusal::fault)? + 1;
        let mut seats = store::all(view, &self.filter, end, self.after, limit)?;
        let has_more = seats.len() > PAGE;
        seats.truncate(PAGE);
        let next = seats.last().filter(|_| has_more).map(|seat| seat.license);
        let counted = store::counts(view, &self.filter, end)?;
        Ok(SeatsPage { on, is_today: on == view.today(), seats, counted, next })
    }
}

/// What one seat of a subscription costs a cycle: its price, or its share of what is paid for all of them.
pub(super) fn cost_of_seat(price: Price, model: CostModel) -> Option<Money> {
    match (model, price.seats) {
        (CostModel::PerSeat, _) => Some(price.cost),
        (_, Some(seats @ 1..)) => {
            let due = price.due(model).ok()??;
            let share = divide_half_even(i128::from(due.minor), i128::from(seats))?;
            Some(Money::new(i64::try_from(share).ok()?, due.currency))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::currency::Currency;

    use super::*;

    #[test]
    fn a_seat_costs_its_price_or_its_share() {
        let price = |minor, seats| Price { cost: Money::new(minor, Currency::EUR), seats };
        let minor = |price, model| cost_of_seat(price, model).map(|money| money.minor);
        assert_eq!(minor(price(1_500, None), CostModel::PerSeat), Some(1_500));
        assert_eq!(minor(price(25_000, Some(13)), CostModel::Flat), Some(1_923));
        assert_eq!(minor(price(10_000, Some(20)), CostModel::Pack(10)), Some(1_000));
        assert_eq!(minor(price(25_000, None), CostModel::Flat), None);
        assert_eq!(minor(price(25_000, Some(0)), CostModel::Flat), None);
    }
}

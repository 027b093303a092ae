//! Home of owners and admins: what everything costs, what must be decided next, what renews soon, what is left to set up.

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::price_line::Price;
use crate::domain::subscriptions::subscription::CostModel;
use crate::kernel::calendar::{Interval, next_on_or_after};
use crate::kernel::ids::SubscriptionId;
use crate::kernel::money::{Money, Totals};
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::run_rate::{Rational, per_year, shown};
use crate::kernel::work::{Scope, View};

use super::store;

/// How many rows of what must be decided next are shown.
const NEXT: usize = 6;
/// How many months ahead the chart looks, this one included.
const AHEAD: u32 = 12;

/// A live subscription, as far as home needs it.
#[derive(Clone, Debug)]
pub struct Live {
    /// The id.
    pub id: SubscriptionId,
    /// What the business calls it.
    pub name: String,
    /// Who answers for it.
    pub owner: String,
    /// Whether they were deactivated or have left.
    pub is_orphan: bool,
    /// How often it comes due; none: once.
    pub cycle: Option<Interval>,
    /// What the price is for.
    pub cost_model: CostModel,
    /// The price of today; none before the first line.
    pub price: Option<Price>,
    /// The coming renewal.
    pub renews_on: Option<NaiveDate>,
    /// The last day to cancel.
    pub cancel_by: Option<NaiveDate>,
    /// What was decided about the coming renewal.
    pub decided: Option<Decided>,
    /// Seats held by people.
    pub held: i64,
    /// Those of them whose holder was deactivated or has left.
    pub held_by_gone: i64,
}

impl Live {
    /// Whether somebody still has something to do before its last day to cancel: decide, or cancel it.
    fn is_open(&self) -> bool {
        matches!(self.decided, None | Some(Decided::Cancel))
    }

    /// What its next renewal comes to.
    pub fn due(&self) -> Option<Money> {
        self.price?.due(self.cost_model).ok().flatten()
    }
}

/// What is due in one month, of one currency.
#[derive(Clone, Copy, Debug)]
pub struct Month {
    /// Its first day.
    pub first: NaiveDate,
    /// What comes due in it.
    pub due: Money,
}

/// Which first steps have been taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Steps {
    /// Somebody looked over currency and time zone.
    pub has_checked: bool,
    /// A subscription stands.
    pub has_subscription: bool,
    /// Somebody but the founder is in the list.
    pub has_people: bool,
    /// Somebody else can sign in, or has been invited.
    pub has_team: bool,
    /// A seat has a holder.
    pub has_seat: bool,
    /// A program can report usage.
    pub has_key: bool,
}

/// Everything home shows.
pub struct Overview {
    /// The civil date in the business's zone.
    pub today: NaiveDate,
    /// How many subscriptions are in trial or active.
    pub count: usize,
    /// The run rate of a year, by currency.
    pub a_year: Vec<Money>,
    /// A twelfth of it, rounded once.
    pub a_month: Vec<Money>,
    /// Live subscriptions that are to be decided or cancelled and whose last day for it is not past, soonest first.
    pub next: Vec<Live>,
    /// How many of those have that day within a week.
    pub urgent: usize,
    /// How many renewals ahead nobody has decided.
    pub undecided: usize,
    /// What renews within 30, 60 and 90 days: how many, and what it comes to by currency.
    pub soon: [(i64, usize, Totals); 3],
    /// Seats paid for and seats held, of subscriptions that count seats.
    pub seats: (i64, i64),
    /// Seats held and subscriptions owned by people who were deactivated or have left.
    pub left_behind: (i64, i64),
    /// What comes due in the twelve months from this one, in the currency most of it is in.
    pub months: Vec<Month>,
    /// What is left to set up.
    pub steps: Steps,
}

/// The overview of the business.
pub struct OverviewOf;

impl Question for OverviewOf {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = Overview;

    fn find(&self, view: &mut View<'_>) -> Result<Overview, Refusal> {
        let today = view.today();
        let live = store::live(view)?;
        let steps = store::steps(view, &live)?;
        let rates = rates(&live);
        let to_money = |divisor: i64| {
            let part = rates.iter().filter_map(|(currency, rate)| shown(rate.divided_by(divisor)?, *currency).ok());
            part.collect::<Vec<Money>>()
        };
        Ok(Overview {
            today,
            count: live.len(),
            a_year: to_money(1),
            a_month: to_money(12),
            next: decide_next(&live, today),
            urgent: urgent(&live, today),
            undecided: live.iter().filter(|one| one.cancel_by.is_some() && one.decided.is_none()).count(),
            soon: [soon(&live, today, 30)?, soon(&live, today, 60)?, soon(&live, today, 90)?],
            seats: seats(&live),
            left_behind: left_behind(&live),
            months: rates.first().map_or_else(Vec::new, |(currency, _)| months(&live, today, *currency)),
            steps,
        })
    }
}

/// The exact run rate of each currency, the largest count of subscriptions first.
fn rates(live: &[Live]) -> Vec<(crate::kernel::currency::Currency, Rational)> {
    let mut rates: Vec<(crate::kernel::currency::Currency, Rational, usize)> = Vec::new();
    for (due, cycle) in live.iter().filter_map(|one| Some((one.due()?, one.cycle?))) {
        let rate = per_year(due.minor, cycle);
        match rates.iter_mut().find(|(currency, ..)| *currency == due.currency) {
            Some((_, sum, count)) => (*sum, *count) = (sum.plus(rate), *count + 1),
            None => rates.push((due.currency, rate, 1)),
        }
    }
    rates.sort_by_key(|(currency, _, count)| (std::cmp::Reverse(*count), *currency));
    rates.into_iter().map(|(currency, rate, _)| (currency, rate)).collect()
}

fn decide_next(live: &[Live], today: NaiveDate) -> Vec<Live> {
    let is_ahead = |one: &&Live| one.is_open() && one.cancel_by.is_some_and(|day| day >= today);
    let mut open: Vec<&Live> = live.iter().filter(is_ahead).collect();
    open.sort_by(|a, b| (a.cancel_by, &a.name).cmp(&(b.cancel_by, &b.name)));
    open.into_iter().take(NEXT).cloned().collect()
}

fn urgent(live: &[Live], today: NaiveDate) -> usize {
    let week = today..=today + TimeDelta::days(7);
    live.iter().filter(|one| one.is_open() && one.cancel_by.is_some_and(|day| week.contains(&day))).count()
}

fn soon(live: &[Live], today: NaiveDate, days: i64) -> Result<(i64, usize, Totals), Refusal> {
    let until = today + TimeDelta::days(days);
    let due: Vec<&Live> =
        live.iter().filter(|one| one.renews_on.is_some_and(|day| day >= today && day <= until)).collect();
    let totals = Totals::of(due.iter().filter_map(|one| one.due())).map_err(Refusal::fault)?;
    Ok((days, due.len(), totals))
}

fn seats(live: &[Live]) -> (i64, i64) {
    let counted = live.iter().filter_map(|one| Some((i64::from(one.price?.seats?), one.held)));
    counted.fold((0, 0), |(bought, held), (more, taken)| (bought + more, held + taken))
}

fn left_behind(live: &[Live]) -> (i64, i64) {
    let owned = live.iter().map(|one| i64::from(one.is_orphan)).sum();
    (live.iter().map(|one| one.held_by_gone).sum(), owned)
}

/// Every occurrence counts whole in its month; nothing is spread.
fn months(live: &[Live], today: NaiveDate, currency: crate::kernel::currency::Currency) -> Vec<Month> {
    let first = today.with_day(1).unwrap_or(today);
    let starts: Vec<NaiveDate> = (0..=AHEAD).filter_map(|n| first.checked_add_months(Months::new(n))).collect();
    let mut months: Vec<Month> =
        starts.iter().take(12).map(|first| Month { first: *first, due: Money::zero(currency) }).collect();
    let end = starts.last().copied().unwrap_or(first);
    for one in live {
        let (Some(due), Some(renews_on)) = (one.due().filter(|due| due.currency == currency), one.renews_on) else {
            continue;
        };
        for day in occurrences(renews_on, one.cycle, end) {
            let month = months.iter_mut().rev().find(|month| month.first <= day);
            if let Some((month, sum)) = month.and_then(|month| Some((due.checked_add(month.due).ok()?, month))) {
                sum.due = month;
            }
        }
    }
    months
}

fn occurrences(renews_on: NaiveDate, cycle: Option<Interval>, end: NaiveDate) -> Vec<NaiveDate> {
    let Some(cycle) = cycle else {
        return vec![renews_on];
    };
    let mut days = Vec::new();
    let mut day = Some(renews_on);
    // A daily cycle has 366 days in a year; nothing comes more often.
    while let Some(at) = day.filter(|at| *at < end && days.len() < 400) {
        days.push(at);
        day = at.succ_opt().and_then(|after| next_on_or_after(renews_on, cycle, after)).map(|(_, next)| next);
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::calendar::Unit;
    use crate::kernel::currency::Currency;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn live(name: &str, cost: i64, unit: Unit, renews: &str, notice: i64) -> Live {
        let renews_on = day(renews);
        Live {
            id: SubscriptionId(uuid::Uuid::nil()),
            name: name.to_owned(),
            owner: String::new(),
            is_orphan: false,
            cycle: Some(Interval::new(unit, 1).unwrap()),
            cost_model: CostModel::PerSeat,
            price: Some(Price { cost: Money::new(cost, Currency::EUR), seats: Some(10) }),
            renews_on: Some(renews_on),
            cancel_by: Some(renews_on - TimeDelta::days(notice + 1)),
            decided: None,
            held: 4,
            held_by_gone: 0,
        }
    }

    #[test]
    fn a_year_and_a_month_come_from_one_exact_rate() {
        let rates =
            rates(&[live("A", 1_000, Unit::Month, "2027-01-01", 0), live("B", 100, Unit::Year, "2027-01-01", 0)]);
        let (currency, rate) = rates[0];
        assert_eq!(shown(rate, currency).unwrap().minor, 121_000);
        assert_eq!(shown(rate.divided_by(12).unwrap(), currency).unwrap().minor, 10_083);
    }

    #[test]
    fn the_soonest_last_day_comes_first_and_a_past_one_not_at_all() {
        let all = [
            live("Late", 1, Unit::Year, "2027-03-01", 10),
            live("Soon", 1, Unit::Year, "2027-02-01", 10),
            live("Past", 1, Unit::Year, "2027-01-05", 10),
        ];
        let next = decide_next(&all, day("2027-01-02"));
        assert_eq!(next.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Soon", "Late"]);
        let decided = |decided| Live { decided: Some(decided), ..live("Soon", 1, Unit::Year, "2027-02-01", 10) };
        let both = [decided(Decided::Renew), decided(Decided::Cancel)];
        assert_eq!(decide_next(&both, day("2027-01-02")).len(), 1, "what is to be cancelled still must be");
        // The last days are 25 December, 21 January and 18 February.
        let counts = ["2026-12-25", "2026-12-26", "2027-01-14", "2027-02-19"].map(|today| urgent(&all, day(today)));
        assert_eq!(counts, [1, 0, 1, 0]);
    }

    #[test]
    fn months_hold_whole_occurrences_counted_from_the_anchor() {
        let months = months(&[live("A", 100, Unit::Month, "2027-01-31", 0)], day("2027-01-15"), Currency::EUR);
        assert_eq!(months.len(), 12);
        assert!(months.iter().all(|month| month.due.minor == 1_000), "{months:?}");
    }

    #[test]
    fn soon_counts_the_day_itself_and_the_last_day() {
        let all = [live("A", 1, Unit::Year, "2027-01-01", 0), live("B", 1, Unit::Year, "2027-01-31", 0)];
        assert_eq!(soon(&all, day("2027-01-01"), 30).unwrap().1, 2);
        assert_eq!(soon(&all, day("2027-01-02"), 28).unwrap().1, 0);
    }
}

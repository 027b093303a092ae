//! What choosing a plan would do: one pure function behind the preview and the act, so that both say the same.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::kernel::calendar::{Unit, days_between};
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;

use super::plan::{Meter, Plan};
use super::plan_subscription::{PlanSubscription, civil_day, cycle};

/// What a choice comes to.
#[derive(Clone, Debug)]
pub enum Quote {
    /// It is the present plan, and nothing else was chosen.
    Nothing,
    /// Another plan was chosen for the end of the cycle; the present one stays.
    TakeBack { other: String },
    /// It begins at the end of the cycle.
    AtTheEnd { from: NaiveDate },
    /// It begins now, in the open cycle: the rest of the cycle is due at its price.
    UpgradeNow { due: Money, credit: Money, days: i64, until: NaiveDate },
    /// It begins now with a cycle of its own that starts today.
    StartNow { due: Money, until: NaiveDate },
}

impl Quote {
    /// Plan, boundary and amounts in one line: what a preview shows, for the act to compare.
    pub fn seen(&self, wanted: &Plan) -> String {
        let (id, price) = (wanted.id, wanted.price.minor);
        match self {
            Self::Nothing => format!("{id} nothing"),
            Self::TakeBack { other } => format!("{id} instead of {other}"),
            Self::AtTheEnd { from } => format!("{id} from {from} at {price}"),
            Self::UpgradeNow { due, credit, until, .. } => {
                format!("{id} until {until} for {} less {}", due.minor, credit.minor)
            }
            Self::StartNow { due, until } => format!("{id} until {until} for {}", due.minor),
        }
    }
}

/// More in use than the chosen plan allows.
#[derive(Clone, Copy, Debug)]
pub struct Over {
    /// Of what.
    pub meter: Meter,
    /// In use.
    pub used: i64,
    /// Allowed.
    pub allowance: i64,
}

/// What choosing `wanted` would do now.
pub fn quote(current: &PlanSubscription, wanted: &Plan, zone: Tz, now: DateTime<Utc>) -> Result<Quote, Refusal> {
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    if !wanted.renews && (current.plan.code != wanted.code || current.is_ended(now)) {
        return Err(Refusal::invalid("plan", "A trial is for the beginning only. Choose one of the other plans."));
    }
    if current.plan.code == wanted.code && !current.is_ended(now) {
        return Ok(match &current.next_plan {
            Some(next) => Quote::TakeBack { other: next.name.clone() },
            None => Quote::Nothing,
        });
    }
    if current.is_ended(now) || !current.plan.renews {
        return start_now(wanted, day(now), zone);
    }
    match (compare_by_day(wanted, &current.plan), wanted.cycle == current.plan.cycle) {
        (std::cmp::Ordering::Less, _) => Ok(Quote::AtTheEnd { from: day(current.period_ends_at) }),
        (_, false) => start_now(wanted, day(now), zone),
        (_, true) => upgrade(current, wanted, zone, day(now)),
    }
}

/// What giving `wanted` would do, which never waits for the end of the cycle.
pub(super) fn quote_at_once(
    current: &PlanSubscription,
    wanted: &Plan,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<Quote, Refusal> {
    let today = now.with_timezone(&zone).date_naive();
    match quote(current, wanted, zone, now)? {
        Quote::AtTheEnd { .. } if wanted.cycle == current.plan.cycle => upgrade(current, wanted, zone, today),
        Quote::AtTheEnd { .. } => start_now(wanted, today, zone),
        other => Ok(other),
    }
}

fn start_now(wanted: &Plan, today: NaiveDate, zone: Tz) -> Result<Quote, Refusal> {
    let first = cycle(wanted, today, 0, zone)?;
    let until = last_day(first.ends_at.with_timezone(&zone).date_naive());
    Ok(Quote::StartNow { due: wanted.price, until })
}

/// The rest of the cycle at the new price, less the rest at the old one; days of the whole cycle, one rounding each.
fn upgrade(current: &PlanSubscription, wanted: &Plan, zone: Tz, today: NaiveDate) -> Result<Quote, Refusal> {
    let ends = civil_day(current.period_ends_at, zone);
    let (left, all) = (days_between(today, ends), current.days_of_cycle(zone)?);
    let part = |price: Money| price.pro_rata(left, all).map_err(Refusal::fault);
    Ok(Quote::UpgradeNow {
        due: part(wanted.price)?,
        credit: part(current.plan.price)?,
        days: left,
        until: last_day(ends),
    })
}

/// What the choice would leave over its limits: nothing is deleted, but nothing more can be added.
pub fn over(wanted: &Plan, used: &[(Meter, i64)]) -> Vec<Over> {
    used.iter()
        .filter_map(|(meter, used)| {
            let allowance = wanted.allowance(*meter).filter(|allowance| used > allowance)?;
            Some(Over { meter: *meter, used: *used, allowance })
        })
        .collect()
}

fn last_day(end: NaiveDate) -> NaiveDate {
    end.pred_opt().unwrap_or(end)
}

/// Prices by the day, compared without dividing: a month counts as a twelfth of 365.25 days.
fn compare_by_day(one: &Plan, other: &Plan) -> std::cmp::Ordering {
    let cost = |plan: &Plan, with: &Plan| i128::from(plan.price.minor) * parts_of_days(with);
    cost(one, other).cmp(&cost(other, one))
}

/// The length of a plan's cycle in forty-eighths of a day, so that a month is a whole number of them.
fn parts_of_days(plan: &Plan) -> i128 {
    let count = i128::from(plan.cycle.count());
    count
        * match plan.cycle.unit() {
            Unit::Day => 48,
            Unit::Week => 336,
            Unit::Month => 1_461,
            Unit::Year => 17_532,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::calendar::Interval;
    use crate::kernel::currency::Currency;
    use crate::kernel::ids::PlanId;

    fn plan(code: &str, price: i64, unit: Unit, renews: bool) -> Plan {
        Plan {
            id: PlanId(uuid::Uuid::nil()),
            code: code.to_owned(),
            name: code.to_owned(),
            price: Money::new(price, Currency::USD),
            cycle: Interval::new(unit, 1).unwrap(),
            renews,
            audit_days: None,
            limits: Vec::new(),
        }
    }

    fn on(plan: Plan, anchor: &str) -> PlanSubscription {
        let anchor_on = anchor.parse().unwrap();
        let open = cycle(&plan, anchor_on, 0, Tz::UTC).unwrap();
        PlanSubscription {
            plan,
            anchor_on,
            cycle_index: 0,
            cycle_starts_at: open.starts_at,
            period_starts_at: open.starts_at,
            period_ends_at: open.ends_at,
            next_plan: None,
            ended_at: None,
            overrides: Vec::new(),
        }
    }

    fn quoted(current: &PlanSubscription, wanted: &Plan, now: &str) -> String {
        match quote(current, wanted, Tz::UTC, now.parse().unwrap()).unwrap() {
            Quote::Nothing => "nothing".to_owned(),
            Quote::TakeBack { other } => format!("keep instead of {other}"),
            Quote::AtTheEnd { from } => format!("from {from}"),
            Quote::UpgradeNow { due, credit, days, until } => {
                format!("{} less {} for {days} days until {until}", due.minor, credit.minor)
            }
            Quote::StartNow { due, until } => format!("{} until {until}", due.minor),
        }
    }

    #[test]
    fn each_choice_comes_to_what_the_rules_say() {
        let trial = on(plan("trial", 0, Unit::Day, false), "2026-11-01");
        let team = on(plan("team", 4_900, Unit::Month, true), "2026-11-01");
        let (free, business) = (plan("free", 0, Unit::Month, true), plan("business", 19_900, Unit::Month, true));
        let yearly = plan("yearly", 100_000, Unit::Year, true);
        let now = "2026-11-16T10:00:00Z";
        assert_eq!(quoted(&trial, &team.plan, "2026-11-01T10:00:00Z"), "4900 until 2026-11-30");
        assert_eq!(quoted(&trial, &team.plan, now), "4900 until 2026-12-15");
        assert_eq!(quoted(&team, &business, now), "9950 less 2450 for 15 days until 2026-11-30");
        assert_eq!(quoted(&team, &free, now), "from 2026-12-01");
        assert_eq!(quoted(&team, &yearly, now), "100000 until 2027-11-15");
        assert_eq!(quoted(&team, &team.plan, now), "nothing");
        let mut leaving = team.clone();
        leaving.next_plan = Some(free);
        assert_eq!(quoted(&leaving, &team.plan, now), "keep instead of free");
        assert!(quote(&team, &trial.plan, Tz::UTC, now.parse().unwrap()).is_err());
        assert!(quote(&trial, &trial.plan, Tz::UTC, "2026-11-17T00:00:00Z".parse().unwrap()).is_err(), "not twice");
    }
}

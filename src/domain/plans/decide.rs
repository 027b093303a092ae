//! What happens to a plan subscription at the end of its period: pure, one period at a time, so that every missed one
//! is written.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::kernel::calendar::days_between;
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;

use super::plan::Plan;
use super::plan_subscription::{Cycle, PlanSubscription, civil_day, cycle};

/// What is to be done now.
#[derive(Clone, Debug)]
pub enum Decision {
    /// The open period is not over.
    NotDue,
    /// The next period of the same plan begins.
    Renew(Step),
    /// The plan that was chosen for this boundary begins.
    MoveTo(Plan, Step),
    /// Nothing follows.
    End,
}

/// One period to be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// Boundaries are counted from here.
    pub anchor_on: NaiveDate,
    /// The number of the cycle.
    pub cycle_index: i64,
    /// From when to when; starts where the last period ended.
    pub cycle: Cycle,
    /// What is due for it: less than the price when a longer cycle before it has left less than a whole one.
    pub due: Money,
}

/// Decides for one subscription. A clock that was set back finds nothing due.
pub fn decide(current: &PlanSubscription, zone: Tz, now: DateTime<Utc>) -> Result<Decision, Refusal> {
    if now < current.period_ends_at || current.ended_at.is_some() {
        return Ok(Decision::NotDue);
    }
    match &current.next_plan {
        Some(next) if next.cycle == current.plan.cycle && next.renews => {
            Ok(Decision::MoveTo(next.clone(), following(next, current, zone)?))
        }
        Some(next) => Ok(Decision::MoveTo(next.clone(), anew(next, current, zone)?)),
        None if current.plan.renews => Ok(Decision::Renew(following(&current.plan, current, zone)?)),
        None => Ok(Decision::End),
    }
}

/// How many periods are looked through at most: a century of weeks. What is further behind is answered by the last of
/// them, for its limits hold whatever its number.
const MOST: usize = 5_200;

/// How the subscription stands at this instant, also if no worker ever ran: what the sweep will write, by the same
/// decisions. Nothing is written.
pub fn as_of(current: PlanSubscription, zone: Tz, now: DateTime<Utc>) -> Result<PlanSubscription, Refusal> {
    follow(current, zone, now, |_, _| {})
}

/// A period that the sweep has still to write.
pub struct Unwritten {
    /// The plan's name.
    pub plan: String,
    /// From when to when.
    pub period: Cycle,
    /// What is due for it.
    pub due: Money,
}

/// As [`as_of`], with the periods that the sweep has still to write, oldest first.
pub fn as_of_with_periods(
    current: PlanSubscription,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<(PlanSubscription, Vec<Unwritten>), Refusal> {
    let mut unwritten = Vec::new();
    let stands = follow(current, zone, now, |begun, step| {
        unwritten.push(Unwritten { plan: begun.plan.name.clone(), period: step.cycle, due: step.due });
    })?;
    Ok((stands, unwritten))
}

fn follow(
    mut current: PlanSubscription,
    zone: Tz,
    now: DateTime<Utc>,
    mut begins: impl FnMut(&PlanSubscription, Step),
) -> Result<PlanSubscription, Refusal> {
    for _ in 0..MOST {
        let (plan, step) = match decide(&current, zone, now)? {
            Decision::NotDue => return Ok(current),
            Decision::Renew(step) => (None, step),
            Decision::MoveTo(plan, step) => (Some(plan), step),
            Decision::End => return Ok(PlanSubscription { ended_at: Some(current.period_ends_at), ..current }),
        };
        current = current.stepped(plan, step);
        begins(&current, step);
    }
    Ok(current)
}

impl PlanSubscription {
    /// The same after this step, on another plan when one is given.
    fn stepped(self, plan: Option<Plan>, step: Step) -> Self {
        Self {
            plan: plan.unwrap_or(self.plan),
            anchor_on: step.anchor_on,
            cycle_index: step.cycle_index,
            cycle_starts_at: step.cycle.starts_at,
            period_starts_at: step.cycle.starts_at,
            period_ends_at: step.cycle.ends_at,
            next_plan: None,
            ended_at: None,
            overrides: self.overrides,
        }
    }
}

/// The next cycle from the same anchor. It starts where the last period ended, also after a change of zone.
fn following(plan: &Plan, current: &PlanSubscription, zone: Tz) -> Result<Step, Refusal> {
    let mut index = current.cycle_index + 1;
    let mut next = cycle(plan, current.anchor_on, index, zone)?;
    while next.ends_at <= current.period_ends_at {
        index += 1;
        next = cycle(plan, current.anchor_on, index, zone)?;
    }
    let cycle = Cycle { starts_at: current.period_ends_at, ends_at: next.ends_at };
    let due = due(plan, cycle, next, zone)?;
    Ok(Step { anchor_on: current.anchor_on, cycle_index: index, cycle, due })
}

/// The first cycle of another interval: its anchor is the day the last period ended.
fn anew(plan: &Plan, current: &PlanSubscription, zone: Tz) -> Result<Step, Refusal> {
    let anchor_on = civil_day(current.period_ends_at, zone);
    let first = cycle(plan, anchor_on, 0, zone)?;
    let cycle = Cycle { starts_at: current.period_ends_at, ends_at: first.ends_at };
    Ok(Step { anchor_on, cycle_index: 0, cycle, due: plan.price })
}

/// The price by the days that are left of the whole cycle, rounded once. Hours that a change of zone took or gave are
/// no matter.
fn due(plan: &Plan, left: Cycle, whole: Cycle, zone: Tz) -> Result<Money, Refusal> {
    let days = |cycle: Cycle| days_between(civil_day(cycle.starts_at, zone), civil_day(cycle.ends_at, zone));
    let all = days(whole);
    plan.price.pro_rata(days(left).min(all), all).map_err(Refusal::fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::calendar::{Interval, Unit};
    use crate::kernel::currency::Currency;
    use crate::kernel::ids::PlanId;
    use crate::kernel::money::Money;

    fn plan(code: &str, unit: Unit, count: u32, renews: bool) -> Plan {
        Plan {
            id: PlanId(uuid::Uuid::nil()),
            code: code.to_owned(),
            name: code.to_owned(),
            price: Money::new(4_900, Currency::USD),
            cycle: Interval::new(unit, count).unwrap(),
            renews,
            audit_days: None,
            limits: Vec::new(),
        }
    }

    fn subscription(plan: Plan, anchor: &str, index: i64, zone: Tz) -> PlanSubscription {
        let anchor_on: NaiveDate = anchor.parse().unwrap();
        let open = cycle(&plan, anchor_on, index, zone).unwrap();
        PlanSubscription {
            plan,
            anchor_on,
            cycle_index: index,
            cycle_starts_at: open.starts_at,
            period_starts_at: open.starts_at,
            period_ends_at: open.ends_at,
            next_plan: None,
            ended_at: None,
            overrides: Vec::new(),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Writes every missed period, as the worker does, and tells the ends of each.
    fn catch_up(mut current: PlanSubscription, zone: Tz, now: &str) -> Vec<String> {
        let mut ends = Vec::new();
        loop {
            let (plan, step) = match decide(&current, zone, at(now)).unwrap() {
                Decision::NotDue => return ends,
                Decision::End => {
                    ends.push("end".to_owned());
                    current.ended_at = Some(current.period_ends_at);
                    continue;
                }
                Decision::Renew(step) => (current.plan.clone(), step),
                Decision::MoveTo(plan, step) => (plan, step),
            };
            assert_eq!(step.cycle.starts_at, current.period_ends_at);
            ends.push(step.cycle.ends_at.with_timezone(&zone).date_naive().to_string());
            current = current.stepped(Some(plan), step);
        }
    }

    #[test]
    fn each_missed_period_is_one_step_and_none_drifts() {
        let cases: [(&str, i64, Tz, &str, &[&str]); 9] = [
            ("2026-01-31", 0, Tz::UTC, "2026-02-27T23:59:59Z", &[]),
            ("2026-01-31", 0, Tz::UTC, "2026-02-28T00:00:00Z", &["2026-03-31"]),
            (
                "2026-01-31",
                0,
                Tz::UTC,
                "2026-06-01T00:00:00Z",
                &["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"],
            ),
            ("2028-02-29", 11, Tz::UTC, "2029-02-28T00:00:00Z", &["2029-03-29"]),
            ("2026-03-29", 0, Tz::Europe__Lisbon, "2026-04-28T23:00:00Z", &["2026-05-29"]),
            // Clocks go back in the night with which the cycle begins.
            ("2026-09-25", 0, Tz::Europe__Lisbon, "2026-10-24T22:59:59Z", &[]),
            ("2026-09-25", 0, Tz::Europe__Lisbon, "2026-10-24T23:00:00Z", &["2026-11-25"]),
            // Clocks go forward at midnight, and the day begins at one.
            ("2026-01-29", 1, Tz::Asia__Beirut, "2026-03-28T21:59:59Z", &[]),
            ("2026-01-29", 1, Tz::Asia__Beirut, "2026-03-28T22:00:00Z", &["2026-04-29"]),
        ];
        for (anchor, index, zone, now, ends) in cases {
            let current = subscription(plan("team", Unit::Month, 1, true), anchor, index, zone);
            assert_eq!(catch_up(current, zone, now), ends, "{anchor} at {now}");
        }
    }

    #[test]
    fn a_trial_ends_once_and_a_clock_set_back_finds_nothing_due() {
        let trial = subscription(plan("trial", Unit::Day, 15, false), "2026-11-01", 0, Tz::UTC);
        assert!(catch_up(trial.clone(), Tz::UTC, "2026-11-15T23:59:59Z").is_empty());
        assert_eq!(catch_up(trial.clone(), Tz::UTC, "2027-06-01T00:00:00Z"), ["end"]);
        assert!(catch_up(trial, Tz::UTC, "2020-01-01T00:00:00Z").is_empty());
    }

    #[test]
    fn a_plan_chosen_for_the_end_begins_there_with_an_anchor_of_its_own_when_the_interval_differs() {
        let mut current = subscription(plan("business", Unit::Month, 1, true), "2026-01-31", 0, Tz::UTC);
        current.next_plan = Some(plan("team", Unit::Month, 1, true));
        assert_eq!(catch_up(current.clone(), Tz::UTC, "2026-02-28T00:00:00Z"), ["2026-03-31"]);
        current.next_plan = Some(plan("weekly", Unit::Week, 1, true));
        assert_eq!(catch_up(current, Tz::UTC, "2026-02-28T00:00:00Z"), ["2026-03-07"]);
    }

    #[test]
    fn after_a_longer_cycle_the_rest_of_the_next_is_due() {
        let mut longer = subscription(plan("team", Unit::Month, 1, true), "2026-10-01", 0, Tz::UTC);
        longer.period_ends_at = at("2026-11-11T00:00:00Z");
        let (_, unwritten) = as_of_with_periods(longer, Tz::UTC, at("2026-12-01T00:00:00Z")).unwrap();
        let due = |one: &Unwritten| (one.period.starts_at, one.due.minor);
        // Twenty of November's thirty days.
        let expected = [(at("2026-11-11T00:00:00Z"), 3_267), (at("2026-12-01T00:00:00Z"), 4_900)];
        assert_eq!(unwritten.iter().map(due).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_change_of_zone_changes_nothing_of_what_is_due() {
        for (before, after) in [
            (Tz::UTC, Tz::America__New_York),
            (Tz::America__New_York, Tz::Pacific__Kiritimati),
            (Tz::Pacific__Kiritimati, Tz::Pacific__Pago_Pago),
        ] {
            let moved = subscription(plan("team", Unit::Month, 1, true), "2026-10-01", 0, before);
            let (_, unwritten) = as_of_with_periods(moved, after, at("2026-11-20T00:00:00Z")).unwrap();
            assert_eq!(unwritten.iter().map(|one| one.due.minor).collect::<Vec<_>>(), [4_900], "{before} {after}");
        }
    }

    #[test]
    fn who_looks_late_sees_what_the_worker_would_have_written() {
        let now = at("2026-06-10T12:00:00Z");
        let mut business = subscription(plan("business", Unit::Month, 1, true), "2026-01-31", 0, Tz::UTC);
        business.next_plan = Some(plan("free", Unit::Month, 1, true));
        let seen = as_of(business.clone(), Tz::UTC, now).unwrap();
        assert_eq!((seen.plan.code.as_str(), seen.cycle_index), ("free", 4));
        assert_eq!(
            (seen.period_starts_at, seen.period_ends_at),
            (at("2026-05-31T00:00:00Z"), at("2026-06-30T00:00:00Z"))
        );
        assert!(seen.next_plan.is_none());
        let (_, unwritten) = as_of_with_periods(business.clone(), Tz::UTC, now).unwrap();
        let starts = unwritten.iter().map(|one| format!("{} {}", one.plan, one.period.starts_at.date_naive()));
        let missed = ["free 2026-02-28", "free 2026-03-31", "free 2026-04-30", "free 2026-05-31"];
        assert_eq!(starts.collect::<Vec<_>>(), missed);
        let early = as_of(business, Tz::UTC, at("2026-02-01T00:00:00Z")).unwrap();
        assert_eq!((early.plan.code.as_str(), early.cycle_index), ("business", 0));

        let trial = subscription(plan("trial", Unit::Day, 15, false), "2026-01-01", 0, Tz::UTC);
        assert_eq!(as_of(trial, Tz::UTC, now).unwrap().ended_at, Some(at("2026-01-16T00:00:00Z")));
        let daily = subscription(plan("daily", Unit::Day, 1, true), "1900-01-01", 0, Tz::UTC);
        assert!(as_of(daily, Tz::UTC, now).unwrap().ended_at.is_none());
    }
}

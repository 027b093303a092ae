//! What staff gave a business beyond its plan: another plan, a raised limit, extra usage, a longer cycle. It counts
//! before the plan does, and until its last day, also when no worker ever ran.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::kernel::calendar::local_midnight;
use crate::kernel::ids::OverrideId;
use crate::kernel::refusal::Refusal;

use super::plan::{Meter, Plan};
use super::plan_subscription::{PlanSubscription, cycle};

/// One thing that was given.
#[derive(Clone, Debug)]
pub struct Override {
    /// The id.
    pub id: OverrideId,
    /// What.
    pub what: Given,
    /// The last day, which still counts.
    pub expires_on: NaiveDate,
    /// Why, in the words of whoever gave it.
    pub reason: String,
    /// Since when.
    pub given_at: DateTime<Utc>,
    /// When staff took it back.
    pub taken_back_at: Option<DateTime<Utc>>,
}

/// What can be given.
#[derive(Clone, Debug)]
pub enum Given {
    /// The limits of another plan.
    Plan(Box<Plan>),
    /// A limit above the plan's.
    Limit { meter: Meter, limit: i64 },
    /// More within one cycle, spent before what the plan allows.
    Extra { meter: Meter, extra: i64, spent: i64, cycle_starts_at: DateTime<Utc> },
    /// A later end of one cycle, written into the plan subscription when it was given.
    LongerCycle { cycle_starts_at: DateTime<Utc> },
}

impl Override {
    /// Whether it was not taken back, and its last day has not passed.
    pub fn holds(&self, today: NaiveDate) -> bool {
        self.taken_back_at.is_none() && self.expires_on >= today
    }
}

impl PlanSubscription {
    /// Whether nothing may be added: the plan has ended, and no other was given meanwhile.
    pub fn is_closed(&self, now: DateTime<Utc>, today: NaiveDate) -> bool {
        self.is_ended(now) && self.given_plan(today).is_none()
    }

    /// The plan that was given in place of its own, and until when.
    pub fn given_plan(&self, today: NaiveDate) -> Option<(&Plan, NaiveDate)> {
        let holding = self.overrides.iter().filter(|one| one.holds(today));
        let plans = holding.filter_map(|one| match &one.what {
            Given::Plan(plan) => Some((one.given_at, plan.as_ref(), one.expires_on)),
            _ => None,
        });
        plans.max_by_key(|(given_at, ..)| *given_at).map(|(_, plan, until)| (plan, until))
    }

    /// What is allowed of a meter on this day, all that was given included; `None` is unlimited.
    pub fn allowance(&self, meter: Meter, today: NaiveDate) -> Option<i64> {
        let plan = self.given_plan(today).map_or(&self.plan, |(plan, _)| plan);
        let own = plan.allowance(meter)?;
        let raised = self.overrides.iter().filter(|one| one.holds(today)).filter_map(|one| match one.what {
            Given::Limit { meter: of, limit } if of == meter => Some(limit),
            _ => None,
        });
        let extra = self.overrides.iter().filter_map(|one| match one.what {
            Given::Extra { meter: of, extra, spent, cycle_starts_at }
                if of == meter && cycle_starts_at == self.cycle_starts_at =>
            {
                // What was spent of it does not become the plan's once the rest has expired.
                Some(if one.holds(today) { extra } else { spent })
            }
            _ => None,
        });
        Some(raised.fold(own, i64::max).saturating_add(extra.fold(0, i64::saturating_add)))
    }

    /// Whether anything extra of this meter is left in this cycle: a first look, for the counter decides.
    pub fn has_extra(&self, meter: Meter) -> bool {
        let of_now = |one: &Override| match one.what {
            Given::Extra { meter: of, cycle_starts_at, .. } => of == meter && cycle_starts_at == self.cycle_starts_at,
            _ => false,
        };
        self.overrides.iter().any(of_now)
    }

    /// The instant at which the open cycle ends without this longer cycle: where the last other one ends it, or where
    /// it would by itself.
    pub fn end_without(&self, longer: OverrideId, zone: Tz) -> Result<DateTime<Utc>, Refusal> {
        let others = self.overrides.iter().filter(|one| one.id != longer && one.taken_back_at.is_none());
        let ends = others.filter_map(|one| match one.what {
            Given::LongerCycle { cycle_starts_at } if cycle_starts_at == self.cycle_starts_at => {
                one.expires_on.succ_opt()
            }
            _ => None,
        });
        match ends.max() {
            Some(next) => Ok(local_midnight(next, zone)),
            None => Ok(cycle(&self.plan, self.anchor_on, self.cycle_index, zone)?.ends_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plans::plan::Limit;
    use crate::kernel::calendar::{Interval, Unit};
    use crate::kernel::currency::Currency;
    use crate::kernel::ids::PlanId;
    use crate::kernel::money::Money;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plan(allowance: Option<i64>) -> Plan {
        Plan {
            id: PlanId(uuid::Uuid::nil()),
            code: "free".to_owned(),
            name: "Free".to_owned(),
            price: Money::zero(Currency::USD),
            cycle: Interval::new(Unit::Month, 1).unwrap(),
            renews: false,
            audit_days: None,
            limits: vec![Limit { meter: "usage_events".to_owned(), allowance }],
        }
    }

    fn with(given: &[(Given, &str)]) -> PlanSubscription {
        let plan = plan(Some(50));
        let open = cycle(&plan, day("2026-11-01"), 0, Tz::UTC).unwrap();
        let given = given.iter().zip(1..).map(|((what, until), n)| Override {
            id: OverrideId(uuid::Uuid::from_u128(n)),
            what: what.clone(),
            expires_on: day(until),
            reason: "Ticket 118".to_owned(),
            given_at: open.starts_at,
            taken_back_at: None,
        });
        PlanSubscription {
            overrides: given.collect(),
            anchor_on: day("2026-11-01"),
            cycle_index: 0,
            cycle_starts_at: open.starts_at,
            period_starts_at: open.starts_at,
            period_ends_at: open.ends_at,
            next_plan: None,
            ended_at: None,
            plan,
        }
    }

    fn allowed(current: &PlanSubscription, on: &str) -> Option<i64> {
        current.allowance(Meter::UsageEvents, day(on))
    }

    #[test]
    fn what_was_given_counts_before_the_plan_and_until_its_last_day() {
        let raised = with(&[(Given::Limit { meter: Meter::UsageEvents, limit: 80 }, "2026-11-20")]);
        assert_eq!((allowed(&raised, "2026-11-20"), allowed(&raised, "2026-11-21")), (Some(80), Some(50)));
        let lower = with(&[(Given::Limit { meter: Meter::UsageEvents, limit: 10 }, "2026-11-20")]);
        assert_eq!(allowed(&lower, "2026-11-20"), Some(50), "a larger plan has overtaken it");
        let other = with(&[(Given::Limit { meter: Meter::Seats, limit: 80 }, "2026-11-20")]);
        assert_eq!(allowed(&other, "2026-11-20"), Some(50));
        let unlimited = with(&[(Given::Plan(Box::new(plan(None))), "2026-11-20")]);
        assert_eq!((allowed(&unlimited, "2026-11-20"), allowed(&unlimited, "2026-11-21")), (None, Some(50)));
    }

    #[test]
    fn what_was_taken_back_holds_no_more_but_stays_spent() {
        let cycle_starts_at = "2026-11-01T00:00:00Z".parse().unwrap();
        let extra = Given::Extra { meter: Meter::UsageEvents, extra: 30, spent: 7, cycle_starts_at };
        let limit = Given::Limit { meter: Meter::UsageEvents, limit: 80 };
        let mut current = with(&[(extra, "2026-11-30"), (limit, "2026-11-30")]);
        assert_eq!(allowed(&current, "2026-11-20"), Some(110));
        for one in &mut current.overrides {
            one.taken_back_at = Some(cycle_starts_at);
        }
        assert_eq!(allowed(&current, "2026-11-20"), Some(57));
    }

    #[test]
    fn without_a_longer_cycle_the_one_before_it_ends() {
        let cycle_starts_at = "2026-11-01T00:00:00Z".parse().unwrap();
        let longer = Given::LongerCycle { cycle_starts_at };
        let mut current = with(&[(longer.clone(), "2026-12-05"), (longer, "2026-12-20")]);
        let ids: Vec<OverrideId> = current.overrides.iter().map(|one| one.id).collect();
        let end = |current: &PlanSubscription, id| current.end_without(id, Tz::UTC).unwrap().date_naive();
        assert_eq!(ids.iter().map(|id| end(&current, *id)).collect::<Vec<_>>(), [day("2026-12-21"), day("2026-12-06")]);
        current.overrides.pop();
        assert_eq!(end(&current, ids[0]), day("2026-12-01"));
    }

    #[test]
    fn a_plan_that_was_given_opens_what_had_ended() {
        let given = with(&[(Given::Plan(Box::new(plan(Some(9)))), "2026-12-20")]);
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert!(!given.is_closed(at("2026-12-20T12:00:00Z"), day("2026-12-20")));
        assert!(given.is_closed(at("2026-12-21T12:00:00Z"), day("2026-12-21")));
        assert_eq!(allowed(&given, "2026-12-20"), Some(9));
    }

    #[test]
    fn extra_usage_is_for_its_cycle_and_what_was_spent_of_it_stays_spent() {
        let cycle_starts_at = "2026-11-01T00:00:00Z".parse().unwrap();
        let extra = |spent| Given::Extra { meter: Meter::UsageEvents, extra: 30, spent, cycle_starts_at };
        let current = with(&[(extra(0), "2026-11-30"), (extra(12), "2026-11-20"), (extra(30), "2026-11-25")]);
        assert_eq!(allowed(&current, "2026-11-20"), Some(140));
        assert_eq!(allowed(&current, "2026-11-21"), Some(122), "12 of the second were spent");
        let earlier = "2026-10-01T00:00:00Z".parse().unwrap();
        let stale = Given::Extra { meter: Meter::UsageEvents, extra: 30, spent: 5, cycle_starts_at: earlier };
        assert_eq!(allowed(&with(&[(stale, "2026-11-30")]), "2026-11-20"), Some(50));
    }
}

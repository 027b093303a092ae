//! A business's one subscription to a plan, and the pure rules of its cycles.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::kernel::calendar::{boundary, days_between, local_midnight};
use crate::kernel::refusal::Refusal;

use super::overrides::Override;
use super::plan::Plan;

/// Where a business stands with its plan.
#[derive(Clone, Debug)]
pub struct PlanSubscription {
    /// The plan of the open period.
    pub plan: Plan,
    /// Boundaries are counted from here.
    pub anchor_on: NaiveDate,
    /// The number of the open cycle.
    pub cycle_index: i64,
    /// When the open cycle began.
    pub cycle_starts_at: DateTime<Utc>,
    /// When the open period began: after an upgrade later than the cycle.
    pub period_starts_at: DateTime<Utc>,
    /// The first instant not covered.
    pub period_ends_at: DateTime<Utc>,
    /// Chosen for the next boundary.
    pub next_plan: Option<Plan>,
    /// Written by the worker once the end was reached.
    pub ended_at: Option<DateTime<Utc>>,
    /// What staff gave beyond the plan.
    pub overrides: Vec<Override>,
}

impl PlanSubscription {
    /// Whether nothing may be added any more. Does not wait for the worker: what does not renew has ended at the end
    /// of its period.
    pub fn is_ended(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_some() || (now >= self.period_ends_at && !self.goes_on())
    }

    /// How many days the price of the open cycle is for: those of the whole cycle, and all of a longer one.
    pub fn days_of_cycle(&self, zone: Tz) -> Result<i64, Refusal> {
        let whole = cycle(&self.plan, self.anchor_on, self.cycle_index, zone)?;
        let days = |from, to| days_between(civil_day(from, zone), civil_day(to, zone));
        Ok(days(whole.starts_at, whole.ends_at).max(days(self.cycle_starts_at, self.period_ends_at)))
    }

    /// Whether another period follows the open one.
    pub fn goes_on(&self) -> bool {
        self.plan.renews || self.next_plan.is_some()
    }
}

/// One cycle: half-open, from local midnight to local midnight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cycle {
    /// The first instant covered.
    pub starts_at: DateTime<Utc>,
    /// The first instant not covered.
    pub ends_at: DateTime<Utc>,
}

/// The day of an instant in a zone.
pub fn civil_day(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The cycle of this number, counted from the anchor.
pub fn cycle(plan: &Plan, anchor_on: NaiveDate, index: i64, zone: Tz) -> Result<Cycle, Refusal> {
    let at = |n| {
        let day = boundary(anchor_on, plan.cycle, n).ok_or_else(|| Refusal::fault("a cycle beyond the calendar"))?;
        Ok::<_, Refusal>(local_midnight(day, zone))
    };
    Ok(Cycle { starts_at: at(index)?, ends_at: at(index + 1)? })
}

//! The periods of plan subscriptions: what was covered from when to when, and what is due for it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::kernel::currency::Currency;
use crate::kernel::ids::{BusinessId, PlanId};
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{plan_periods, plans};
use crate::kernel::work::{Scope, Work};

use super::overview::Period;
use super::plan::Plan;
use super::plan_subscription::Cycle;

/// A period to be written, at most once by its business and start.
#[derive(Insertable)]
#[diesel(table_name = plan_periods)]
pub(super) struct NewPeriod {
    business_id: BusinessId,
    starts_at: DateTime<Utc>,
    cycle_starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    plan_id: PlanId,
    due_minor: i64,
    currency: &'static str,
    recorded_at: DateTime<Utc>,
}

impl NewPeriod {
    /// This cycle of the plan, whole, at its price.
    pub(super) fn whole(business: BusinessId, plan: &Plan, cycle: Cycle, now: DateTime<Utc>) -> Self {
        Self::of(business, plan, cycle, plan.price, now)
    }

    /// This cycle of the plan, with this due for it.
    pub(super) fn of(business: BusinessId, plan: &Plan, cycle: Cycle, due: Money, now: DateTime<Utc>) -> Self {
        Self {
            business_id: business,
            starts_at: cycle.starts_at,
            cycle_starts_at: cycle.starts_at,
            ends_at: cycle.ends_at,
            plan_id: plan.id,
            due_minor: due.minor,
            currency: due.currency.code(),
            recorded_at: now,
        }
    }

    /// The same, but only this part of the cycle, with this due for it.
    pub(super) fn part(self, period: Cycle, due_minor: i64) -> Self {
        Self { starts_at: period.starts_at, ends_at: period.ends_at, due_minor, ..self }
    }
}

/// Writes these, in one statement.
pub(super) fn insert(conn: &mut PgConnection, periods: &[NewPeriod]) -> Result<(), Refusal> {
    diesel::insert_into(plan_periods::table).values(periods).execute(conn)?;
    Ok(())
}

/// Writes the first period of the business.
pub(super) fn begin(work: &mut Work<'_>, plan: &Plan, cycle: Cycle) -> Result<(), Refusal> {
    let first = NewPeriod::whole(work.business(), plan, cycle, work.now());
    insert(work.conn(), &[first])
}

/// The newest periods, at most this many.
pub(super) fn newest(scope: &mut impl Scope, at_most: i64) -> Result<Vec<Period>, Refusal> {
    let business = scope.business();
    type Row = (DateTime<Utc>, DateTime<Utc>, String, i64, String);
    let rows: Vec<Row> = plan_periods::table
        .inner_join(plans::table)
        .filter(plan_periods::business_id.eq(business))
        .order(plan_periods::starts_at.desc())
        .limit(at_most)
        .select((
            plan_periods::starts_at,
            plan_periods::ends_at,
            plans::name,
            plan_periods::due_minor,
            plan_periods::currency,
        ))
        .load(scope.conn())?;
    rows.into_iter()
        .map(|(starts_at, ends_at, plan, minor, currency)| {
            let currency = Currency::parse(&currency).map_err(Refusal::fault)?;
            Ok(Period { starts_at, ends_at, plan, due: Money::new(minor, currency) })
        })
        .collect()
}

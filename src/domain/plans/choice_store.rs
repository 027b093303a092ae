//! What choosing a plan writes.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::PlanId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, plan_periods, plan_subscriptions};
use crate::kernel::work::{Scope, Work};

use super::choose::closing;
use super::period_store::{self, NewPeriod};
use super::plan::Plan;
use super::plan_subscription::{Cycle, PlanSubscription};

/// Closes the open period at this instant and begins another, of this plan, within this cycle.
pub(super) fn start(
    work: &mut Work<'_>,
    current: &PlanSubscription,
    wanted: &Plan,
    (anchor_on, cycle_index): (NaiveDate, i64),
    cycle: Cycle,
    period: Cycle,
    due_minor: i64,
) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    if let Some(at) = closing(current, now) {
        let open = plan_periods::table.find((business, current.period_starts_at));
        diesel::update(open).set(plan_periods::ends_at.eq(at)).execute(work.conn())?;
    }
    let new = NewPeriod::whole(business, wanted, cycle, now).part(period, due_minor);
    period_store::insert(work.conn(), &[new])?;
    diesel::update(plan_subscriptions::table.find(business))
        .set((
            plan_subscriptions::plan_id.eq(wanted.id),
            plan_subscriptions::anchor_on.eq(anchor_on),
            plan_subscriptions::cycle_index.eq(i32::try_from(cycle_index).map_err(Refusal::fault)?),
            plan_subscriptions::cycle_starts_at.eq(cycle.starts_at),
            plan_subscriptions::period_starts_at.eq(period.starts_at),
            plan_subscriptions::period_ends_at.eq(period.ends_at),
            plan_subscriptions::next_plan_id.eq(None::<PlanId>),
            plan_subscriptions::ended_at.eq(None::<chrono::DateTime<chrono::Utc>>),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// Takes the unused part of the open period off what is due for it.
pub(super) fn credit(work: &mut Work<'_>, current: &PlanSubscription, credit_minor: i64) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(plan_periods::table.find((business, current.period_starts_at)))
        .set(plan_periods::due_minor.eq(plan_periods::due_minor - credit_minor))
        .execute(work.conn())?;
    Ok(())
}

/// What begins at the end of the cycle.
pub(super) fn set_next(work: &mut Work<'_>, plan: Option<PlanId>) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(plan_subscriptions::table.find(business))
        .set(plan_subscriptions::next_plan_id.eq(plan))
        .execute(work.conn())?;
    Ok(())
}

/// The business's name.
pub(super) fn name_of_business(work: &mut Work<'_>) -> Result<String, Refusal> {
    let business = work.business();
    Ok(businesses::table.find(business).select(businesses::name).first(work.conn())?)
}

//! What was given beyond a plan, in the database.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

use crate::kernel::ids::{OverrideId, PlanId, UserId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{plan_overrides, plan_periods, plan_subscriptions};
use crate::kernel::work::{Scope, Work};

use super::overrides::{Given, Override};
use super::plan::{Meter, Plan};
use super::plan_subscription::PlanSubscription;

/// More than a business is ever given at once.
const MOST: i64 = 200;

/// One row, its plan still to be found.
#[derive(Queryable, Selectable)]
#[diesel(table_name = plan_overrides, check_for_backend(Pg))]
pub(super) struct Row {
    id: OverrideId,
    kind: String,
    plan_id: Option<PlanId>,
    meter: Option<String>,
    amount: Option<i64>,
    spent: i64,
    cycle_starts_at: Option<DateTime<Utc>>,
    expires_on: NaiveDate,
    reason: String,
    given_at: DateTime<Utc>,
    taken_back_at: Option<DateTime<Utc>>,
}

impl Row {
    /// The plan it names.
    pub(super) fn plan(&self) -> Option<PlanId> {
        self.plan_id
    }

    /// With its plan, which is among these.
    pub(super) fn read(self, plans: &[Plan]) -> Result<Override, Refusal> {
        let broken = || Refusal::fault("an override is broken");
        let meter = || self.meter.as_deref().and_then(Meter::parse).ok_or_else(broken);
        let amount = || self.amount.ok_or_else(broken);
        let cycle = || self.cycle_starts_at.ok_or_else(broken);
        let what = match self.kind.as_str() {
            "plan" => {
                let plan = plans.iter().find(|plan| Some(plan.id) == self.plan_id).ok_or_else(broken)?;
                Given::Plan(Box::new(plan.clone()))
            }
            "limit" => Given::Limit { meter: meter()?, limit: amount()? },
            "extra" => Given::Extra { meter: meter()?, extra: amount()?, spent: self.spent, cycle_starts_at: cycle()? },
            _ => Given::LongerCycle { cycle_starts_at: cycle()? },
        };
        Ok(Override {
            id: self.id,
            what,
            expires_on: self.expires_on,
            reason: self.reason,
            given_at: self.given_at,
            taken_back_at: self.taken_back_at,
        })
    }
}

/// What holds today, and what was extra in this cycle or a later one, newest first.
pub(super) fn rows(scope: &mut impl Scope, cycle_from: DateTime<Utc>) -> Result<Vec<Row>, Refusal> {
    let (business, today) = (scope.business(), scope.today());
    let holds = plan_overrides::expires_on.ge(today).and(plan_overrides::taken_back_at.is_null());
    let of_the_cycle = plan_overrides::kind.eq("extra").and(plan_overrides::cycle_starts_at.ge(cycle_from));
    Ok(plan_overrides::table
        .filter(plan_overrides::business_id.eq(business))
        .filter(holds.or(of_the_cycle.assume_not_null()))
        .order(plan_overrides::id.desc())
        .limit(MOST)
        .select(Row::as_select())
        .load(scope.conn())?)
}

/// Writes what is given to the business.
pub(super) fn insert(work: &mut Work<'_>, one: &Override, staff: UserId) -> Result<(), Refusal> {
    let (kind, plan, meter, amount, cycle) = match &one.what {
        Given::Plan(plan) => ("plan", Some(plan.id), None, None, None),
        Given::Limit { meter, limit } => ("limit", None, Some(meter.code()), Some(*limit), None),
        Given::Extra { meter, extra, cycle_starts_at, .. } => {
            ("extra", None, Some(meter.code()), Some(*extra), Some(*cycle_starts_at))
        }
        Given::LongerCycle { cycle_starts_at } => ("cycle", None, None, None, Some(*cycle_starts_at)),
    };
    diesel::insert_into(plan_overrides::table)
        .values((
            plan_overrides::business_id.eq(work.business()),
            plan_overrides::id.eq(one.id),
            plan_overrides::kind.eq(kind),
            plan_overrides::plan_id.eq(plan),
            plan_overrides::meter.eq(meter),
            plan_overrides::amount.eq(amount),
            plan_overrides::cycle_starts_at.eq(cycle),
            plan_overrides::expires_on.eq(one.expires_on),
            plan_overrides::reason.eq(&one.reason),
            plan_overrides::staff_id.eq(staff),
            plan_overrides::given_at.eq(one.given_at),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// Takes one back; what expired or was taken back before is left as it is.
pub(super) fn take_back(work: &mut Work<'_>, id: OverrideId) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    diesel::update(plan_overrides::table.find((business, id)))
        .set(plan_overrides::taken_back_at.eq(now))
        .execute(work.conn())?;
    Ok(())
}

/// Moves the end of the open period to this instant; what had ended goes on.
pub(super) fn move_end(work: &mut Work<'_>, current: &PlanSubscription, ends_at: DateTime<Utc>) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(plan_periods::table.find((business, current.period_starts_at)))
        .set(plan_periods::ends_at.eq(ends_at))
        .execute(work.conn())?;
    diesel::update(plan_subscriptions::table.find(business))
        .set((plan_subscriptions::period_ends_at.eq(ends_at), plan_subscriptions::ended_at.eq(None::<DateTime<Utc>>)))
        .execute(work.conn())?;
    Ok(())
}

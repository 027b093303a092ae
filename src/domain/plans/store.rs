//! Plans and plan subscriptions in the database.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::dsl::AsSelect;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};

use crate::kernel::calendar::Interval;
use crate::kernel::currency::Currency;
use crate::kernel::ids::{BusinessId, MemberId, PlanId};
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, members, plan_limits, plan_subscriptions, plans};
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, Work};

use super::decide::as_of;
use super::plan::{Limit, Meter, Plan};
use super::plan_subscription::{PlanSubscription, cycle};
use super::{override_store, period_store};

/// A plan as it is written, its limits aside.
#[derive(Queryable, Selectable)]
#[diesel(table_name = plans, check_for_backend(Pg))]
pub struct PlanRow {
    id: PlanId,
    code: String,
    name: String,
    price_minor: i64,
    currency: String,
    cycle_unit: String,
    cycle_count: i32,
    renews: bool,
    audit_days: Option<i32>,
}

/// A plan subscription as it is written, with its plan and the one chosen for the next boundary.
pub type Written = (PlanSubscriptionRow, PlanRow, Option<PlanRow>);

/// How a plan subscription stands now, for whoever has joined it with its plans; limits are left out.
pub fn standing_of(written: Written, zone: Tz, now: DateTime<Utc>) -> Result<PlanSubscription, Refusal> {
    let (row, plan, next) = written;
    let plans = std::iter::once(plan).chain(next).map(|plan| plan_of(plan, Vec::new()));
    as_of(row.plan_subscription(&plans.collect::<Result<Vec<_>, _>>()?)?, zone, now)
}

/// A plan subscription as it is written.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = plan_subscriptions, check_for_backend(Pg))]
pub struct PlanSubscriptionRow {
    plan_id: PlanId,
    anchor_on: NaiveDate,
    cycle_index: i32,
    cycle_starts_at: DateTime<Utc>,
    period_starts_at: DateTime<Utc>,
    period_ends_at: DateTime<Utc>,
    next_plan_id: Option<PlanId>,
    ended_at: Option<DateTime<Utc>>,
}

impl PlanSubscriptionRow {
    /// The plans it names.
    pub(super) fn plans(&self) -> Vec<PlanId> {
        std::iter::once(self.plan_id).chain(self.next_plan_id).collect()
    }

    /// With its plans, which are among these.
    pub(super) fn plan_subscription(&self, plans: &[Plan]) -> Result<PlanSubscription, Refusal> {
        let of = |id: PlanId| plans.iter().find(|plan| plan.id == id).cloned();
        Ok(PlanSubscription {
            plan: of(self.plan_id).ok_or_else(|| Refusal::fault("a plan subscription without its plan"))?,
            anchor_on: self.anchor_on,
            cycle_index: i64::from(self.cycle_index),
            cycle_starts_at: self.cycle_starts_at,
            period_starts_at: self.period_starts_at,
            period_ends_at: self.period_ends_at,
            next_plan: self.next_plan_id.and_then(of),
            ended_at: self.ended_at,
            overrides: Vec::new(),
        })
    }
}

/// The current versions of the public plans, cheapest first.
pub fn public_plans(conn: &mut PgConnection) -> Result<Vec<Plan>, Refusal> {
    let public = versions().filter(plans::current.and(plans::public));
    with_limits(public.order((plans::renews, plans::price_minor, plans::id)).load(conn)?)
}

/// The current version of the public plan of this code.
pub fn public_plan(conn: &mut PgConnection, code: &str) -> Result<Option<Plan>, Refusal> {
    let found = versions().filter(plans::code.eq(code).and(plans::current).and(plans::public));
    Ok(with_limits(found.load(conn)?)?.pop())
}

/// Code and name of every plan that can be given, public or not.
pub fn current_plans(conn: &mut PgConnection) -> Result<Vec<(String, String)>, Refusal> {
    Ok(plans::table
        .filter(plans::current)
        .order((plans::renews, plans::price_minor, plans::id))
        .select((plans::code, plans::name))
        .load(conn)?)
}

/// The current version of the plan of this code, public or not.
pub(super) fn current_plan(conn: &mut PgConnection, code: &str) -> Result<Option<Plan>, Refusal> {
    let found = versions().filter(plans::code.eq(code).and(plans::current));
    Ok(with_limits(found.load(conn)?)?.pop())
}

/// These versions, with their limits.
pub fn plans_of(conn: &mut PgConnection, ids: &[PlanId]) -> Result<Vec<Plan>, Refusal> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    with_limits(versions().filter(plans::id.eq_any(ids)).load(conn)?)
}

/// One limit of a plan: its meter and what is allowed.
type LimitRow = Option<(String, Option<i64>)>;
type LimitColumns = (plan_limits::meter, plan_limits::allowance);
const LIMIT: LimitColumns = (plan_limits::meter, plan_limits::allowance);

/// Versions of plans, each as often as it has limits.
#[diesel::dsl::auto_type(no_type_alias)]
fn versions() -> _ {
    let version: AsSelect<PlanRow, Pg> = PlanRow::as_select();
    let limit: LimitColumns = LIMIT;
    plans::table.left_join(plan_limits::table).select((version, limit.nullable()))
}

/// Plans of rows that each hold one of their limits.
fn with_limits(rows: Vec<(PlanRow, LimitRow)>) -> Result<Vec<Plan>, Refusal> {
    let mut found: Vec<Plan> = Vec::new();
    for (row, limit) in rows {
        let limit = limit.map(|(meter, allowance)| Limit { meter, allowance });
        match found.iter_mut().find(|plan| plan.id == row.id) {
            Some(plan) => plan.limits.extend(limit),
            None => found.push(plan_of(row, limit.into_iter().collect())?),
        }
    }
    Ok(found)
}

fn plan_of(row: PlanRow, limits: Vec<Limit>) -> Result<Plan, Refusal> {
    let count = u32::try_from(row.cycle_count).map_err(Refusal::fault)?;
    let currency = Currency::parse(&row.currency).map_err(Refusal::fault)?;
    Ok(Plan {
        id: row.id,
        code: row.code,
        name: row.name,
        price: Money::new(row.price_minor, currency),
        cycle: Interval::parse(&row.cycle_unit, count).map_err(Refusal::fault)?,
        renews: row.renews,
        audit_days: row.audit_days,
        limits,
    })
}

/// Puts the business on this plan from today on: its first cycle begins at the last local midnight.
pub fn begin(work: &mut Work<'_>, plan: &Plan) -> Result<(), Refusal> {
    let (business, today, zone) = (work.business(), work.today(), work.house().zone);
    let first = cycle(plan, today, 0, zone)?;
    diesel::insert_into(plan_subscriptions::table)
        .values((
            plan_subscriptions::business_id.eq(business),
            plan_subscriptions::plan_id.eq(plan.id),
            plan_subscriptions::anchor_on.eq(today),
            plan_subscriptions::cycle_index.eq(0),
            plan_subscriptions::cycle_starts_at.eq(first.starts_at),
            plan_subscriptions::period_starts_at.eq(first.starts_at),
            plan_subscriptions::period_ends_at.eq(first.ends_at),
        ))
        .execute(work.conn())?;
    period_store::begin(work, plan, first)
}

/// How the plan subscription of the business stands now, locked: the lock of the business, taken before any other.
/// What the worker has not written yet is seen as if it had.
pub fn lock(work: &mut Work<'_>) -> Result<PlanSubscription, Refusal> {
    let written = lock_written(work)?;
    as_of(written, work.house().zone, work.now())
}

/// The same as it is written: for whoever writes what follows.
pub(super) fn lock_written(work: &mut Work<'_>) -> Result<PlanSubscription, Refusal> {
    let business = work.business();
    let row = plan_subscriptions::table
        .find(business)
        .select(PlanSubscriptionRow::as_select())
        .for_update()
        .first(work.conn())?;
    let plans = plans_of(work.conn(), &row.plans())?;
    with_overrides(work, row, plans)
}

/// With its plans, which are these, and what was given beyond them.
fn with_overrides(
    scope: &mut impl Scope,
    row: PlanSubscriptionRow,
    mut plans: Vec<Plan>,
) -> Result<PlanSubscription, Refusal> {
    let given = override_store::rows(scope, row.cycle_starts_at)?;
    let lent = given.iter().filter_map(|one| one.plan()).filter(|id| plans.iter().all(|plan| plan.id != *id));
    let lent: Vec<PlanId> = lent.collect();
    plans.extend(plans_of(scope.conn(), &lent)?);
    let overrides = given.into_iter().map(|one| one.read(&plans)).collect::<Result<Vec<_>, Refusal>>()?;
    Ok(PlanSubscription { overrides, ..row.plan_subscription(&plans)? })
}

/// Whether the business is being closed.
pub(super) fn is_closing(work: &mut Work<'_>) -> Result<bool, Refusal> {
    let business = work.business();
    let closing = businesses::table.find(business).filter(businesses::status.eq("closing"));
    Ok(diesel::select(diesel::dsl::exists(closing)).get_result(work.conn())?)
}

/// How the plan subscription of the business stands now, also if no worker ever ran.
pub fn current(scope: &mut impl Scope) -> Result<PlanSubscription, Refusal> {
    as_of(written(scope)?, scope.house().zone, scope.now())
}

/// The same as it is written, for whoever follows it from there. In one statement with its plans: every report of usage
/// asks this.
pub(super) fn written(scope: &mut impl Scope) -> Result<PlanSubscription, Refusal> {
    let is_next = plans::id.nullable().eq(plan_subscriptions::next_plan_id).assume_not_null();
    let is_of_it = plans::id.eq(plan_subscriptions::plan_id).or(is_next);
    let business = scope.business();
    let rows: Vec<(PlanSubscriptionRow, PlanRow, LimitRow)> = plan_subscriptions::table
        .inner_join(plans::table.on(is_of_it))
        .left_join(plan_limits::table.on(plan_limits::plan_id.eq(plans::id)))
        .filter(plan_subscriptions::business_id.eq(business))
        .select((PlanSubscriptionRow::as_select(), PlanRow::as_select(), LIMIT.nullable()))
        .load(scope.conn())?;
    let (mut written, rows): (Vec<_>, Vec<_>) =
        rows.into_iter().map(|(written, plan, limit)| (written, (plan, limit))).unzip();
    let row = written.pop().ok_or_else(|| Refusal::fault("a business without a plan subscription"))?;
    with_overrides(scope, row, with_limits(rows)?)
}

/// An owner who is told.
#[derive(Queryable)]
pub struct Owner {
    /// Of which business.
    pub business: BusinessId,
    /// Who.
    pub member: MemberId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
}

/// The active owners of these businesses, in one statement.
pub fn owners(conn: &mut PgConnection, businesses: &[BusinessId]) -> Result<Vec<Owner>, Refusal> {
    Ok(members::table
        .filter(members::business_id.eq_any(businesses))
        .filter(members::role.eq("owner").and(members::status.eq("active")))
        .order((members::business_id, members::id))
        .select((members::business_id, members::id, members::email, members::name))
        .load(conn)?)
}

#[derive(QueryableByName)]
struct UsedRow {
    #[diesel(sql_type = BigInt)]
    sign_ins: i64,
    #[diesel(sql_type = BigInt)]
    subscriptions: i64,
    #[diesel(sql_type = BigInt)]
    seats: i64,
    #[diesel(sql_type = BigInt)]
    usage_events: i64,
}

const USED: &str = "
SELECT (SELECT count(*) FROM members WHERE business_id = $1 AND status = 'active')
     + (SELECT count(*) FROM invitations WHERE business_id = $1 AND state = 'pending' AND expires_at > $2) AS sign_ins,
       (SELECT count(*) FROM subscriptions
        WHERE business_id = $1 AND removed_at IS NULL AND status IN ('trial', 'active')) AS subscriptions,
       (SELECT count(*) FROM licenses WHERE business_id = $1 AND state = 'open') AS seats,
       coalesce((SELECT used FROM usage_counters
                 WHERE business_id = $1 AND meter = 'usage_events' AND cycle_starts_at = $3), 0) AS usage_events";

/// How much of each meter the business uses now, in one statement: of what begins anew with each cycle, in the one
/// that began then.
pub fn used_of_all(scope: &mut impl Scope, cycle: DateTime<Utc>) -> Result<Vec<(Meter, i64)>, Refusal> {
    let (business, now) = (scope.business(), scope.now());
    let row: UsedRow = Statement::new(USED)
        .bind::<SqlUuid, _>(business)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(cycle)
        .get_result(scope.conn())?;
    Ok(vec![
        (Meter::SignIns, row.sign_ins),
        (Meter::Subscriptions, row.subscriptions),
        (Meter::Seats, row.seats),
        (Meter::UsageEvents, row.usage_events),
    ])
}

/// How much of a meter the business uses now, in the cycle that began then.
pub fn used(scope: &mut impl Scope, meter: Meter, cycle: DateTime<Utc>) -> Result<i64, Refusal> {
    let used = used_of_all(scope, cycle)?;
    Ok(used.iter().find(|(of, _)| *of == meter).map_or(0, |(_, count)| *count))
}

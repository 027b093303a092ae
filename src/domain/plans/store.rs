//! Plans and plan subscriptions in the database.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};

use crate::kernel::calendar::Interval;
use crate::kernel::currency::Currency;
use crate::kernel::ids::PlanId;
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, plan_limits, plan_periods, plan_subscriptions, plans};
use crate::kernel::work::{Scope, Work};

use super::overview::Period;
use super::plan::{Limit, Meter, Plan};
use super::plan_subscription::{Cycle, PlanSubscription, cycle};

#[derive(Queryable, Selectable)]
#[diesel(table_name = plans, check_for_backend(diesel::pg::Pg))]
struct PlanRow {
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

#[derive(Queryable, Selectable)]
#[diesel(table_name = plan_subscriptions, check_for_backend(diesel::pg::Pg))]
struct PlanSubscriptionRow {
    plan_id: PlanId,
    anchor_on: NaiveDate,
    cycle_index: i32,
    cycle_starts_at: DateTime<Utc>,
    period_starts_at: DateTime<Utc>,
    period_ends_at: DateTime<Utc>,
    next_plan_id: Option<PlanId>,
    ended_at: Option<DateTime<Utc>>,
}

/// The current versions of the public plans, cheapest first.
pub fn public_plans(conn: &mut PgConnection) -> Result<Vec<Plan>, Refusal> {
    let rows = plans::table
        .filter(plans::current.and(plans::public))
        .order((plans::renews, plans::price_minor, plans::id))
        .select(PlanRow::as_select())
        .load(conn)?;
    with_limits(conn, rows)
}

/// The current version of the public plan of this code.
pub fn public_plan(conn: &mut PgConnection, code: &str) -> Result<Option<Plan>, Refusal> {
    let row = plans::table
        .filter(plans::code.eq(code).and(plans::current).and(plans::public))
        .select(PlanRow::as_select())
        .first(conn)
        .optional()?;
    Ok(with_limits(conn, row.into_iter().collect())?.pop())
}

/// These versions, with their limits.
pub fn plans_of(conn: &mut PgConnection, ids: &[PlanId]) -> Result<Vec<Plan>, Refusal> {
    let rows = plans::table.filter(plans::id.eq_any(ids)).select(PlanRow::as_select()).load(conn)?;
    with_limits(conn, rows)
}

fn with_limits(conn: &mut PgConnection, rows: Vec<PlanRow>) -> Result<Vec<Plan>, Refusal> {
    let ids: Vec<PlanId> = rows.iter().map(|row| row.id).collect();
    let limits: Vec<(PlanId, String, Option<i64>)> = plan_limits::table
        .filter(plan_limits::plan_id.eq_any(ids))
        .select((plan_limits::plan_id, plan_limits::meter, plan_limits::allowance))
        .load(conn)?;
    rows.into_iter()
        .map(|row| {
            let own = limits.iter().filter(|(plan, ..)| *plan == row.id);
            let limits =
                own.map(|(_, meter, allowance)| Limit { meter: meter.clone(), allowance: *allowance }).collect();
            plan_of(row, limits)
        })
        .collect()
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
    insert_period(work, plan, first)
}

fn insert_period(work: &mut Work<'_>, plan: &Plan, cycle: Cycle) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    diesel::insert_into(plan_periods::table)
        .values((
            plan_periods::business_id.eq(business),
            plan_periods::starts_at.eq(cycle.starts_at),
            plan_periods::cycle_starts_at.eq(cycle.starts_at),
            plan_periods::ends_at.eq(cycle.ends_at),
            plan_periods::plan_id.eq(plan.id),
            plan_periods::due_minor.eq(plan.price.minor),
            plan_periods::currency.eq(plan.price.currency.code()),
            plan_periods::recorded_at.eq(now),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// The plan subscription of the business, locked: the lock of the business, taken before any other.
pub fn lock(work: &mut Work<'_>) -> Result<PlanSubscription, Refusal> {
    let business = work.business();
    let row = plan_subscriptions::table
        .find(business)
        .select(PlanSubscriptionRow::as_select())
        .for_update()
        .first(work.conn())?;
    plan_subscription_of(work, row)
}

/// Whether the business is being closed.
pub(super) fn is_closing(work: &mut Work<'_>) -> Result<bool, Refusal> {
    let business = work.business();
    let closing = businesses::table.find(business).filter(businesses::status.eq("closing"));
    Ok(diesel::select(diesel::dsl::exists(closing)).get_result(work.conn())?)
}

/// The plan subscription of the business.
pub fn current(scope: &mut impl Scope) -> Result<PlanSubscription, Refusal> {
    let business = scope.business();
    let row = plan_subscriptions::table.find(business).select(PlanSubscriptionRow::as_select()).first(scope.conn())?;
    plan_subscription_of(scope, row)
}

fn plan_subscription_of(scope: &mut impl Scope, row: PlanSubscriptionRow) -> Result<PlanSubscription, Refusal> {
    let wanted: Vec<PlanId> = std::iter::once(row.plan_id).chain(row.next_plan_id).collect();
    let found = plans_of(scope.conn(), &wanted)?;
    let plan_of = |id: PlanId| found.iter().find(|plan| plan.id == id).cloned();
    Ok(PlanSubscription {
        plan: plan_of(row.plan_id).ok_or_else(|| Refusal::fault("a plan subscription without its plan"))?,
        anchor_on: row.anchor_on,
        cycle_index: i64::from(row.cycle_index),
        cycle_starts_at: row.cycle_starts_at,
        period_starts_at: row.period_starts_at,
        period_ends_at: row.period_ends_at,
        next_plan: row.next_plan_id.and_then(plan_of),
        ended_at: row.ended_at,
    })
}

#[derive(QueryableByName)]
struct UsedRow {
    #[diesel(sql_type = BigInt)]
    sign_ins: i64,
    #[diesel(sql_type = BigInt)]
    subscriptions: i64,
    #[diesel(sql_type = BigInt)]
    seats: i64,
}

const USED: &str = "
SELECT (SELECT count(*) FROM members WHERE business_id = $1 AND status = 'active')
     + (SELECT count(*) FROM invitations WHERE business_id = $1 AND state = 'pending' AND expires_at > $2) AS sign_ins,
       (SELECT count(*) FROM subscriptions
        WHERE business_id = $1 AND removed_at IS NULL AND status IN ('trial', 'active')) AS subscriptions,
       (SELECT count(*) FROM licenses WHERE business_id = $1 AND state = 'open') AS seats";

/// How much of each meter the business uses now, in one statement.
pub fn used_of_all(scope: &mut impl Scope) -> Result<Vec<(Meter, i64)>, Refusal> {
    let (business, now) = (scope.business(), scope.now());
    let row: UsedRow =
        diesel::sql_query(USED).bind::<SqlUuid, _>(business).bind::<Timestamptz, _>(now).get_result(scope.conn())?;
    Ok(vec![
        (Meter::SignIns, row.sign_ins),
        (Meter::Subscriptions, row.subscriptions),
        (Meter::Seats, row.seats),
        // Programs do not report usage yet, so there is nothing to count.
        (Meter::UsageEvents, 0),
    ])
}

/// How much of a meter the business uses now.
pub fn used(scope: &mut impl Scope, meter: Meter) -> Result<i64, Refusal> {
    let used = used_of_all(scope)?;
    Ok(used.iter().find(|(of, _)| *of == meter).map_or(0, |(_, count)| *count))
}

/// The newest periods, at most this many.
pub(super) fn periods(scope: &mut impl Scope, at_most: i64) -> Result<Vec<Period>, Refusal> {
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

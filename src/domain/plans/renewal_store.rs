//! The sweep's statements, each over a whole batch of businesses.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use crate::kernel::ids::{BusinessId, PlanId};
use crate::kernel::locale::Locale;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{members, plan_periods, worker_failures};
use crate::kernel::work::SweepWork;

use super::plan_subscription::PlanSubscription;
use super::renew::{Due, Taken, pause};
use super::store::plans_of;

/// The name under which failures of this job are kept.
const JOB: &str = "plan_periods";

#[derive(QueryableByName)]
struct DueRow {
    #[diesel(sql_type = SqlUuid)]
    business_id: BusinessId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    zone: String,
    #[diesel(sql_type = Text)]
    locale: String,
    #[diesel(sql_type = SqlUuid)]
    plan_id: PlanId,
    #[diesel(sql_type = Date)]
    anchor_on: NaiveDate,
    #[diesel(sql_type = Integer)]
    cycle_index: i32,
    #[diesel(sql_type = Timestamptz)]
    cycle_starts_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    period_starts_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    period_ends_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    next_plan_id: Option<PlanId>,
}

/// Oldest first; rows that another worker holds are left to it.
const CLAIM: &str = "
SELECT s.business_id, b.name, b.zone, b.locale, s.plan_id, s.anchor_on, s.cycle_index, s.cycle_starts_at,
       s.period_starts_at, s.period_ends_at, s.next_plan_id
FROM plan_subscriptions s JOIN businesses b ON b.id = s.business_id
WHERE s.ended_at IS NULL AND s.period_ends_at <= $1
  AND NOT EXISTS (SELECT FROM worker_failures f
                  WHERE f.job = 'plan_periods' AND f.business_id = s.business_id AND f.next_attempt_at > $1)
ORDER BY s.period_ends_at, s.business_id
LIMIT $2
FOR UPDATE OF s SKIP LOCKED";

pub(super) fn claim(work: &mut SweepWork<'_>, batch: i64) -> Result<Vec<Due>, Refusal> {
    let now = work.now();
    let conn = work.conn_of_all_businesses();
    let rows: Vec<DueRow> = diesel::sql_query(CLAIM).bind::<Timestamptz, _>(now).bind::<BigInt, _>(batch).load(conn)?;
    let mut ids: Vec<PlanId> =
        rows.iter().flat_map(|row| std::iter::once(row.plan_id).chain(row.next_plan_id)).collect();
    ids.sort();
    ids.dedup();
    let plans = plans_of(conn, &ids)?;
    let plan_of = |id: PlanId| plans.iter().find(|plan| plan.id == id).cloned();
    rows.into_iter()
        .map(|row| {
            let plan = plan_of(row.plan_id).ok_or_else(|| Refusal::fault("a plan subscription without its plan"))?;
            Ok(Due {
                business: row.business_id,
                name: row.name,
                zone: row.zone.parse().map_err(Refusal::fault)?,
                locale: Locale::parse(&row.locale).unwrap_or_default(),
                current: PlanSubscription {
                    plan,
                    anchor_on: row.anchor_on,
                    cycle_index: i64::from(row.cycle_index),
                    cycle_starts_at: row.cycle_starts_at,
                    period_starts_at: row.period_starts_at,
                    period_ends_at: row.period_ends_at,
                    next_plan: row.next_plan_id.and_then(plan_of),
                    ended_at: None,
                },
            })
        })
        .collect()
}

const MOVE_ON: &str = "
UPDATE plan_subscriptions s
SET plan_id = v.plan_id, anchor_on = v.anchor_on, cycle_index = v.cycle_index, cycle_starts_at = v.starts_at,
    period_starts_at = v.starts_at, period_ends_at = v.ends_at, next_plan_id = NULL
FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::int[], $5::timestamptz[], $6::timestamptz[])
  AS v (business_id, plan_id, anchor_on, cycle_index, starts_at, ends_at)
WHERE s.business_id = v.business_id";

/// Writes the new periods, each at most once by its key, and moves the subscriptions on.
pub(super) fn write_steps(work: &mut SweepWork<'_>, taken: &[Taken]) -> Result<(), Refusal> {
    if taken.is_empty() {
        return Ok(());
    }
    let now = work.now();
    let periods: Vec<_> = taken
        .iter()
        .map(|one| {
            (
                plan_periods::business_id.eq(one.business),
                plan_periods::starts_at.eq(one.step.cycle.starts_at),
                plan_periods::cycle_starts_at.eq(one.step.cycle.starts_at),
                plan_periods::ends_at.eq(one.step.cycle.ends_at),
                plan_periods::plan_id.eq(one.plan.id),
                plan_periods::due_minor.eq(one.plan.price.minor),
                plan_periods::currency.eq(one.plan.price.currency.code()),
                plan_periods::recorded_at.eq(now),
            )
        })
        .collect();
    let conn = work.conn_of_all_businesses();
    diesel::insert_into(plan_periods::table).values(periods).execute(conn)?;
    let index = |one: &Taken| i32::try_from(one.step.cycle_index).map_err(Refusal::fault);
    let indexes = taken.iter().map(index).collect::<Result<Vec<i32>, Refusal>>()?;
    let column = |of: fn(&Taken) -> DateTime<Utc>| taken.iter().map(of).collect::<Vec<_>>();
    let moved = diesel::sql_query(MOVE_ON)
        .bind::<Array<SqlUuid>, _>(taken.iter().map(|one| one.business).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(taken.iter().map(|one| one.plan.id).collect::<Vec<_>>())
        .bind::<Array<Date>, _>(taken.iter().map(|one| one.step.anchor_on).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(indexes)
        .bind::<Array<Timestamptz>, _>(column(|one| one.step.cycle.starts_at))
        .bind::<Array<Timestamptz>, _>(column(|one| one.step.cycle.ends_at))
        .execute(conn)?;
    match moved == taken.len() {
        true => Ok(()),
        false => Err(Refusal::fault(format!("{moved} of {} plan subscriptions moved on", taken.len()))),
    }
}

const END: &str = "UPDATE plan_subscriptions SET ended_at = period_ends_at WHERE business_id = ANY($1)";

/// Writes that these have ended.
pub(super) fn write_ends(work: &mut SweepWork<'_>, ended: &[BusinessId]) -> Result<(), Refusal> {
    if ended.is_empty() {
        return Ok(());
    }
    diesel::sql_query(END).bind::<Array<SqlUuid>, _>(ended.to_vec()).execute(work.conn_of_all_businesses())?;
    Ok(())
}

/// Forgets earlier failures of what has now been done.
pub(super) fn forgive(work: &mut SweepWork<'_>, done: &[Due]) -> Result<(), Refusal> {
    let businesses: Vec<BusinessId> = done.iter().map(|one| one.business).collect();
    let failed = worker_failures::table.filter(worker_failures::job.eq(JOB));
    diesel::delete(failed.filter(worker_failures::business_id.eq_any(businesses)))
        .execute(work.conn_of_all_businesses())?;
    Ok(())
}

/// An owner who is told.
pub(super) struct OwnerRow {
    pub(super) business: BusinessId,
    pub(super) email: String,
    pub(super) name: String,
}

/// The active owners of these businesses, in one statement.
pub(super) fn owners(work: &mut SweepWork<'_>, businesses: &[BusinessId]) -> Result<Vec<OwnerRow>, Refusal> {
    let rows: Vec<(BusinessId, String, String)> = members::table
        .filter(members::business_id.eq_any(businesses))
        .filter(members::role.eq("owner").and(members::status.eq("active")))
        .order((members::business_id, members::id))
        .select((members::business_id, members::email, members::name))
        .load(work.conn_of_all_businesses())?;
    Ok(rows.into_iter().map(|(business, email, name)| OwnerRow { business, email, name }).collect())
}

/// Sets the first of what is due aside; `false` when nothing is due any more.
pub(super) fn set_first_aside(work: &mut SweepWork<'_>, error: &str) -> Result<bool, Refusal> {
    let now = work.now();
    let first: Vec<DueRow> = diesel::sql_query(CLAIM)
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(1)
        .load(work.conn_of_all_businesses())?;
    let Some(culprit) = first.first().map(|row| row.business_id) else {
        return Ok(false);
    };
    let conn = work.conn_of_all_businesses();
    let failures: Option<i32> =
        worker_failures::table.find((JOB, culprit)).select(worker_failures::failures).first(conn).optional()?;
    let failures = failures.unwrap_or(0) + 1;
    let shown: String = error.chars().take(500).collect();
    let next = now + pause(failures);
    diesel::insert_into(worker_failures::table)
        .values((
            worker_failures::job.eq(JOB),
            worker_failures::business_id.eq(culprit),
            worker_failures::failures.eq(failures),
            worker_failures::first_failed_at.eq(now),
            worker_failures::next_attempt_at.eq(next),
            worker_failures::error.eq(&shown),
        ))
        .on_conflict((worker_failures::job, worker_failures::business_id))
        .do_update()
        .set((
            worker_failures::failures.eq(failures),
            worker_failures::next_attempt_at.eq(next),
            worker_failures::error.eq(&shown),
        ))
        .execute(conn)?;
    Ok(true)
}

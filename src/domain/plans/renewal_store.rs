//! The sweep's statements, each over a whole batch of businesses.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use crate::kernel::due::Which;
use crate::kernel::ids::{BusinessId, PlanId};
use crate::kernel::locale::Locale;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::SweepWork;

use super::period_store::{self, NewPeriod};
use super::renew::{Due, Taken};
use super::store::{PlanSubscriptionRow, plans_of};

/// The name under which failures of this job are kept.
pub(super) const JOB: &str = "plan_periods";

/// A plan subscription that is due, as it is written.
#[derive(QueryableByName)]
pub struct DueRow {
    #[diesel(sql_type = SqlUuid)]
    pub(super) business_id: BusinessId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    zone: String,
    #[diesel(sql_type = Text)]
    locale: String,
    #[diesel(embed)]
    written: PlanSubscriptionRow,
}

/// Oldest first; rows that another worker holds are left to it.
const CLAIM: &str = "
SELECT s.business_id, b.name, b.zone, b.locale, s.plan_id, s.anchor_on, s.cycle_index, s.cycle_starts_at,
       s.period_starts_at, s.period_ends_at, s.next_plan_id, s.ended_at
FROM plan_subscriptions s JOIN businesses b ON b.id = s.business_id
WHERE s.ended_at IS NULL AND s.period_ends_at <= $1 AND ($3::uuid[] IS NULL OR s.business_id = ANY($3))
  AND NOT EXISTS (SELECT FROM worker_failures f
                  WHERE f.job = 'plan_periods' AND f.business_id = s.business_id AND f.next_attempt_at > $1)
ORDER BY s.period_ends_at, s.business_id
LIMIT $2
FOR UPDATE OF s SKIP LOCKED";

/// Claims what is due, locked: at most so many, or those of these businesses.
pub(super) fn claim(work: &mut SweepWork<'_>, which: &Which<BusinessId>) -> Result<Vec<DueRow>, Refusal> {
    let now = work.now();
    Ok(diesel::sql_query(CLAIM)
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(which.at_most()?)
        .bind::<Nullable<Array<SqlUuid>>, _>(which.only(|business| *business))
        .load(work.conn_of_all_businesses())?)
}

/// What was claimed, with what is needed to decide.
pub(super) fn read(work: &mut SweepWork<'_>, rows: Vec<DueRow>) -> Result<Vec<Due>, Refusal> {
    let mut ids: Vec<PlanId> = rows.iter().flat_map(|row| row.written.plans()).collect();
    ids.sort();
    ids.dedup();
    let plans = plans_of(work.conn_of_all_businesses(), &ids)?;
    let due = rows.into_iter().map(|row| {
        Ok(Due {
            business: row.business_id,
            name: row.name,
            zone: row.zone.parse().map_err(Refusal::fault)?,
            locale: Locale::parse(&row.locale).unwrap_or_default(),
            current: row.written.plan_subscription(&plans)?,
        })
    });
    due.collect()
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
    let period = |one: &Taken| NewPeriod::of(one.business, &one.plan, one.step.cycle, one.step.due, now);
    let periods: Vec<NewPeriod> = taken.iter().map(period).collect();
    let conn = work.conn_of_all_businesses();
    period_store::insert(conn, &periods)?;
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

//! Counters in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use crate::domain::plans::plan::Meter;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::usage_counters;
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, Work};

#[derive(QueryableByName)]
struct UsedRow {
    #[diesel(sql_type = BigInt)]
    used: i64,
}

const ADD: &str = "
UPDATE usage_counters SET used = used + $1
WHERE business_id = $2 AND meter = $3 AND cycle_starts_at = $4 AND ($5 IS NULL OR used + $1 <= $5)
RETURNING used";

/// Adds so many if they fit, and says how many there are then; none: they do not fit. The first of a cycle makes the
/// counter, so that no worker is waited for.
pub(super) fn add(
    work: &mut Work<'_>,
    meter: Meter,
    cycle: DateTime<Utc>,
    more: i64,
    limit: Option<i64>,
) -> Result<Option<i64>, Refusal> {
    if let Some(used) = try_add(work, meter, cycle, more, limit)? {
        return Ok(Some(used));
    }
    let business = work.business();
    let made = diesel::insert_into(usage_counters::table)
        .values((
            usage_counters::business_id.eq(business),
            usage_counters::meter.eq(meter.code()),
            usage_counters::cycle_starts_at.eq(cycle),
            usage_counters::used.eq(0),
        ))
        .on_conflict_do_nothing()
        .execute(work.conn())?;
    // Somebody else may have made it meanwhile, with room left in it.
    match made {
        0 if is_full(work, meter, cycle, more, limit)? => Ok(None),
        _ => try_add(work, meter, cycle, more, limit),
    }
}

fn is_full(
    work: &mut Work<'_>,
    meter: Meter,
    cycle: DateTime<Utc>,
    more: i64,
    limit: Option<i64>,
) -> Result<bool, Refusal> {
    let used = used(work, meter, cycle)?;
    Ok(limit.is_some_and(|limit| used + more > limit))
}

fn try_add(
    work: &mut Work<'_>,
    meter: Meter,
    cycle: DateTime<Utc>,
    more: i64,
    limit: Option<i64>,
) -> Result<Option<i64>, Refusal> {
    let row: Option<UsedRow> = Statement::new(ADD)
        .bind::<BigInt, _>(more)
        .bind::<SqlUuid, _>(work.business())
        .bind::<Text, _>(meter.code())
        .bind::<Timestamptz, _>(cycle)
        .bind::<Nullable<BigInt>, _>(limit)
        .get_result(work.conn())
        .optional()?;
    Ok(row.map(|row| row.used))
}

/// How many there are.
pub(super) fn used(work: &mut Work<'_>, meter: Meter, cycle: DateTime<Utc>) -> Result<i64, Refusal> {
    let business = work.business();
    let counter = usage_counters::table.find((business, meter.code(), cycle));
    Ok(counter.select(usage_counters::used).first(work.conn()).optional()?.unwrap_or(0))
}

/// What expires first goes first. The lock of the counter, which this one holds, keeps two from taking the same; the
/// statement sees what the one before has taken.
const SPEND: &str = "
UPDATE plan_overrides o SET spent = o.spent + share.part
FROM (SELECT id, least(amount - spent,
                       $1 - coalesce(sum(amount - spent) OVER (ORDER BY expires_on, id
                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS part
      FROM plan_overrides
      WHERE business_id = $2 AND kind = 'extra' AND meter = $3 AND cycle_starts_at = $4 AND expires_on >= $5
        AND taken_back_at IS NULL AND spent < amount) AS share
WHERE o.business_id = $2 AND o.id = share.id AND share.part > 0";

/// Takes so many from what is extra in this cycle, as far as it goes: it is used before what the plan allows, and is not
/// taken from the plan once it has expired.
pub(super) fn spend(work: &mut Work<'_>, meter: Meter, cycle: DateTime<Utc>, count: i64) -> Result<(), Refusal> {
    let today = work.today();
    Statement::new(SPEND)
        .bind::<BigInt, _>(count)
        .bind::<SqlUuid, _>(work.business())
        .bind::<Text, _>(meter.code())
        .bind::<Timestamptz, _>(cycle)
        .bind::<Date, _>(today)
        .execute(work.conn())?;
    Ok(())
}

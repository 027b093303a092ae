//! Counts in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Bool, Integer, Timestamptz};

use crate::kernel::refusal::Refusal;
use crate::kernel::schema::attempts;
use crate::kernel::statement::Statement;

use super::Count;
use super::pace::{PAUSES, Pace};

/// Counts one more if it is free now; a count that had its time begins anew. A paused one moves its window along with
/// each try. The commit does not wait for the disk: whatever crashes forgets the tries of a last moment, no more, and
/// nothing but counts is ever written in this transaction.
const TAKE: &str = "
INSERT INTO attempts AS a (key_hash, tries, since, until) VALUES ($1, 1, $2, $3)
ON CONFLICT (key_hash) DO UPDATE SET
  tries = CASE WHEN a.until <= $2 THEN 1 ELSE a.tries + 1 END,
  since = CASE WHEN $5 OR a.until <= $2 THEN $2 ELSE a.since END,
  until = CASE WHEN $5 OR a.until <= $2 THEN $3 ELSE a.until END
WHERE a.until <= $2 OR a.tries < $4
   OR ($5 AND a.since + ($6)[least(a.tries - $4 + 1, cardinality($6))] * interval '1 second' <= $2)
RETURNING set_config('synchronous_commit', 'off', true)";

/// Takes one of every count, or none of any; says of the first that has none free when it has.
pub(super) fn take_all(
    conn: &mut PgConnection,
    counts: &[Count],
    now: DateTime<Utc>,
    refuse: impl Fn(&Count, DateTime<Utc>) -> Refusal,
) -> Result<(), Refusal> {
    let take_each = |conn: &mut PgConnection| {
        for count in counts {
            if !take(conn, count, now)? {
                return Err(refuse(count, free_at(conn, count, now)?));
            }
        }
        Ok(())
    };
    match counts {
        // One statement is all or nothing by itself.
        [_] => take_each(conn),
        _ => conn.transaction(take_each),
    }
}

fn take(conn: &mut PgConnection, count: &Count, now: DateTime<Utc>) -> Result<bool, Refusal> {
    let taken = Statement::new(TAKE)
        .bind::<Binary, _>(count.key.clone())
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(count.pace.until(now))
        .bind::<Integer, _>(count.pace.tries())
        .bind::<Bool, _>(matches!(count.pace, Pace::Pausing(..)))
        .bind::<Array<Integer>, _>(PAUSES.to_vec())
        .execute(conn)?;
    Ok(taken == 1)
}

fn free_at(conn: &mut PgConnection, count: &Count, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let found: Option<(i32, DateTime<Utc>, DateTime<Utc>)> = attempts::table
        .find(&count.key)
        .select((attempts::tries, attempts::since, attempts::until))
        .first(conn)
        .optional()?;
    Ok(found.map_or(now, |(tries, since, until)| count.pace.free_at(tries, since, until)))
}

/// Takes one back from each of these.
pub(super) fn give_back(conn: &mut PgConnection, keys: &[Vec<u8>]) -> Result<(), Refusal> {
    // One by one, so that two who give back at once never wait for each other in a ring.
    for key in keys {
        let row = attempts::table.filter(attempts::key_hash.eq(key));
        if diesel::delete(row.filter(attempts::tries.eq(1))).execute(conn)? == 0 {
            diesel::update(row.filter(attempts::tries.gt(1)))
                .set(attempts::tries.eq(attempts::tries - 1))
                .execute(conn)?;
        }
    }
    Ok(())
}

/// Begins these anew.
pub(super) fn forget(conn: &mut PgConnection, keys: &[Vec<u8>]) -> Result<(), Refusal> {
    diesel::delete(attempts::table.filter(attempts::key_hash.eq_any(keys))).execute(conn)?;
    Ok(())
}

/// Deletes the counts that are of no more use; says how many.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<usize, Refusal> {
    Ok(diesel::delete(attempts::table.filter(attempts::until.le(now))).execute(conn)?)
}

//! When each job last ran, in the database.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::kernel::refusal::Refusal;
use crate::kernel::schema::worker_rounds;

/// A round that ended like the one before it is written no more often than this.
const EVERY: TimeDelta = TimeDelta::minutes(1);

/// Notes that the job ran, and with which code it failed, if it did.
pub(super) fn note(
    conn: &mut PgConnection,
    job: &str,
    now: DateTime<Utc>,
    failed: Option<&'static str>,
) -> Result<(), Refusal> {
    let error = failed.map(|code| format!("The last round failed: {code}."));
    let worked_at = failed.is_none().then_some(now);
    let is_news = worker_rounds::error.is_distinct_from(&error).or(worker_rounds::ran_at.le(now - EVERY));
    let known = worker_rounds::table.find(job);
    let written = match worked_at {
        Some(at) => diesel::update(known.filter(is_news))
            .set((
                worker_rounds::ran_at.eq(now),
                worker_rounds::worked_at.eq(at),
                worker_rounds::error.eq(None::<String>),
            ))
            .execute(conn)?,
        None => diesel::update(known.filter(is_news))
            .set((worker_rounds::ran_at.eq(now), worker_rounds::error.eq(&error)))
            .execute(conn)?,
    };
    if written == 0 {
        diesel::insert_into(worker_rounds::table)
            .values((
                worker_rounds::job.eq(job),
                worker_rounds::ran_at.eq(now),
                worker_rounds::worked_at.eq(worked_at),
                worker_rounds::error.eq(&error),
            ))
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    Ok(())
}

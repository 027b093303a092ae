//! What the worker leaves to be seen.

use chrono::{DateTime, Utc};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;

use crate::domain::support::worker::{Round, SetAside, Waiting};
use crate::kernel::ids::BusinessId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, letters, plan_subscriptions, worker_failures, worker_rounds};
use crate::kernel::work::{Scope, Work};

/// Each job and its last round.
pub(in crate::domain::support) fn rounds(conn: &mut PgConnection) -> Result<Vec<Round>, Refusal> {
    type Row = (String, DateTime<Utc>, Option<DateTime<Utc>>, Option<String>);
    let rows: Vec<Row> = worker_rounds::table
        .order(worker_rounds::job)
        .select((worker_rounds::job, worker_rounds::ran_at, worker_rounds::worked_at, worker_rounds::error))
        .load(conn)?;
    Ok(rows.into_iter().map(|(job, ran_at, worked_at, error)| Round { job, ran_at, worked_at, error }).collect())
}

/// What is due by now and not done.
pub(in crate::domain::support) fn waiting(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<Waiting>, Refusal> {
    let (periods, oldest_period): (i64, Option<DateTime<Utc>>) = plan_subscriptions::table
        .filter(plan_subscriptions::ended_at.is_null().and(plan_subscriptions::period_ends_at.le(now)))
        .select((count_star(), min(plan_subscriptions::period_ends_at)))
        .first(conn)?;
    let (letters, oldest_letter): (i64, Option<DateTime<Utc>>) = letters::table
        .filter(letters::state.eq("waiting").and(letters::due_at.le(now)))
        .select((count_star(), min(letters::due_at)))
        .first(conn)?;
    Ok(vec![
        Waiting { what: "Plan periods", code: "plan_periods", count: periods, oldest: oldest_period },
        Waiting { what: "Letters", code: "letters", count: letters, oldest: oldest_letter },
    ])
}

/// How much was set aside.
pub(in crate::domain::support) fn failing(conn: &mut PgConnection) -> Result<i64, Refusal> {
    Ok(worker_failures::table.count().get_result(conn)?)
}

/// What was set aside, oldest first.
pub(in crate::domain::support) fn set_aside(conn: &mut PgConnection, at_most: i64) -> Result<Vec<SetAside>, Refusal> {
    type Row = (String, BusinessId, String, i32, DateTime<Utc>, DateTime<Utc>, String);
    let rows: Vec<Row> = worker_failures::table
        .inner_join(businesses::table)
        .order((worker_failures::first_failed_at, worker_failures::business_id))
        .limit(at_most)
        .select((
            worker_failures::job,
            worker_failures::business_id,
            businesses::name,
            worker_failures::failures,
            worker_failures::first_failed_at,
            worker_failures::next_attempt_at,
            worker_failures::error,
        ))
        .load(conn)?;
    let one = |(job, business, name, count, since, next, error): Row| SetAside {
        job,
        business,
        name,
        count,
        since,
        next,
        error,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Makes it due now; none: it is not set aside.
pub(in crate::domain::support) fn retry(work: &mut Work<'_>, job: &str) -> Result<Option<String>, Refusal> {
    let (business, now) = (work.business(), work.now());
    let row = worker_failures::table.find((job, business));
    let done = diesel::update(row)
        .set(worker_failures::next_attempt_at.eq(now))
        .returning(worker_failures::job)
        .get_result(work.conn())
        .optional()?;
    Ok(done)
}

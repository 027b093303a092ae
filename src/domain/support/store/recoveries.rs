//! Recoveries of access in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::domain::identity::session_store::end_all;
use crate::domain::identity::two_factor_store;
use crate::domain::support::recovery::{Outcome, Recovery, RecoveryKind};
use crate::kernel::due::Which;
use crate::kernel::ids::{BusinessId, RecoveryId, UserId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, members, plan_subscriptions, recoveries, users, worker_failures};
use crate::kernel::work::{Scope, SweepWork, Work};

/// Under this name it is noted that one could not be carried out.
pub(in crate::domain::support) const JOB: &str = "recoveries";

type Row =
    (RecoveryId, (String, UserId, UserId, String), DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>, Option<String>);
type Columns = (
    recoveries::id,
    (recoveries::kind, recoveries::user_id, recoveries::staff_id, recoveries::reason),
    recoveries::asked_at,
    recoveries::due_at,
    recoveries::ended_at,
    recoveries::outcome,
);
const COLUMNS: Columns = (
    recoveries::id,
    (recoveries::kind, recoveries::user_id, recoveries::staff_id, recoveries::reason),
    recoveries::asked_at,
    recoveries::due_at,
    recoveries::ended_at,
    recoveries::outcome,
);

fn recovery_of(conn: &mut PgConnection, row: Row) -> Result<Recovery, Refusal> {
    let (id, (kind, user, staff, reason), asked_at, due_at, ended_at, outcome) = row;
    let unknown = || Refusal::fault(format!("the recovery {id} has an unknown code"));
    let outcome = outcome.as_deref().map(|code| Outcome::parse(code).ok_or_else(unknown)).transpose()?;
    let (name, email): (String, String) = users::table.find(user).select((users::name, users::email)).first(conn)?;
    let staff_name = users::table.find(staff).select(users::name).first(conn)?;
    let kind = RecoveryKind::parse(&kind).ok_or_else(unknown)?;
    let ended = ended_at.zip(outcome);
    Ok(Recovery { id, kind, user, name, email, staff, staff_name, reason, asked_at, due_at, ended })
}

/// The newest recoveries of the business, at most so many.
pub(in crate::domain::support) fn newest(scope: &mut impl Scope, at_most: i64) -> Result<Vec<Recovery>, Refusal> {
    let rows: Vec<Row> = recoveries::table
        .filter(recoveries::business_id.eq(scope.business()))
        .order(recoveries::id.desc())
        .limit(at_most)
        .select(COLUMNS)
        .load(scope.conn())?;
    rows.into_iter().map(|row| recovery_of(scope.conn(), row)).collect()
}

/// The recovery of this id.
pub(in crate::domain::support) fn one(scope: &mut impl Scope, id: RecoveryId) -> Result<Recovery, Refusal> {
    let business = scope.business();
    let row: Row = recoveries::table.find((business, id)).select(COLUMNS).first(scope.conn())?;
    recovery_of(scope.conn(), row)
}

/// To which business a recovery belongs.
pub(in crate::domain::support) fn business_of(conn: &mut PgConnection, id: RecoveryId) -> Result<BusinessId, Refusal> {
    Ok(recoveries::table.filter(recoveries::id.eq(id)).select(recoveries::business_id).first(conn)?)
}

/// Writes a recovery that begins now; `false` when another one is open.
pub(in crate::domain::support) fn insert(work: &mut Work<'_>, recovery: &Recovery) -> Result<bool, Refusal> {
    let inserted = diesel::insert_into(recoveries::table)
        .values((
            recoveries::business_id.eq(work.business()),
            recoveries::id.eq(recovery.id),
            recoveries::staff_id.eq(recovery.staff),
            recoveries::kind.eq(recovery.kind.code()),
            recoveries::user_id.eq(recovery.user),
            recoveries::reason.eq(&recovery.reason),
            recoveries::asked_at.eq(recovery.asked_at),
            recoveries::due_at.eq(recovery.due_at),
        ))
        .on_conflict_do_nothing()
        .execute(work.conn())?;
    Ok(inserted == 1)
}

/// Ends an open recovery by one conditional update; `false` when somebody was faster.
pub(in crate::domain::support) fn end(
    conn: &mut PgConnection,
    (business, id): (BusinessId, RecoveryId),
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let open = recoveries::table.find((business, id)).filter(recoveries::ended_at.is_null());
    let ended = diesel::update(open)
        .set((recoveries::ended_at.eq(now), recoveries::outcome.eq(outcome.code())))
        .execute(conn)?;
    forgive(conn, business)?;
    Ok(ended == 1)
}

/// Ends the failures that were noted while it could not be carried out.
pub(in crate::domain::support) fn forgive(conn: &mut PgConnection, business: BusinessId) -> Result<(), Refusal> {
    diesel::delete(worker_failures::table.find((JOB, business))).execute(conn)?;
    Ok(())
}

/// The recoveries that are due, locked, without those that failed a short while ago.
pub(in crate::domain::support) fn claim(
    work: &mut SweepWork<'_>,
    which: &Which<(BusinessId, RecoveryId)>,
) -> Result<Vec<(BusinessId, RecoveryId)>, Refusal> {
    let now = work.now();
    let waits = worker_failures::table
        .filter(worker_failures::job.eq(JOB).and(worker_failures::business_id.eq(recoveries::business_id)))
        .filter(worker_failures::next_attempt_at.gt(now));
    let only = which.only(|(_, id)| *id);
    let wanted = only.is_none().into_sql::<Bool>().or(recoveries::id.eq_any(only.unwrap_or_default()));
    Ok(recoveries::table
        .filter(recoveries::ended_at.is_null().and(recoveries::due_at.le(now)))
        .filter(wanted)
        .filter(diesel::dsl::not(diesel::dsl::exists(waits)))
        .order((recoveries::due_at, recoveries::id))
        .select((recoveries::business_id, recoveries::id))
        .limit(which.at_most()?)
        .for_update()
        .skip_locked()
        .load(work.conn_of_all_businesses())?)
}

/// A claimed recovery, with the name of its business, which is locked from here on.
pub(in crate::domain::support) fn claimed(
    conn: &mut PgConnection,
    business: BusinessId,
    id: RecoveryId,
) -> Result<(String, Recovery), Refusal> {
    let lock = plan_subscriptions::table.find(business).select(plan_subscriptions::business_id);
    lock.for_update().first::<BusinessId>(conn)?;
    let name = businesses::table.find(business).select(businesses::name).first(conn)?;
    let row: Row = recoveries::table.find((business, id)).select(COLUMNS).first(conn)?;
    Ok((name, recovery_of(conn, row)?))
}

/// Switches a person's second factor off and signs them out everywhere; says in which businesses they are active.
pub(in crate::domain::support) fn switch_second_factor_off(
    conn: &mut PgConnection,
    user: UserId,
) -> Result<Vec<BusinessId>, Refusal> {
    two_factor_store::turn_off(conn, user)?;
    end_all(conn, user)?;
    Ok(members::table
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .select(members::business_id)
        .load(conn)?)
}

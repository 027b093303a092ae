//! Support sessions in the database.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::count_star;
use diesel::pg::Pg;
use diesel::prelude::*;

use crate::domain::support::session::{HowEnded, SupportSession};
use crate::kernel::ids::{self, BusinessId, MemberId, SupportSessionId, UserId};
use crate::kernel::permission::SupportMode;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{audit_entries, businesses, members, sessions, support_sessions, users};
use crate::kernel::work::{Scope, SweepWork, Work};

#[derive(Queryable, Selectable)]
#[diesel(table_name = support_sessions, check_for_backend(Pg))]
struct Row {
    business_id: BusinessId,
    id: SupportSessionId,
    staff_id: UserId,
    member_id: Option<MemberId>,
    mode: String,
    reason: String,
    began_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    how_ended: Option<String>,
}

/// The session of this id in this business.
pub fn session(
    conn: &mut PgConnection,
    business: BusinessId,
    id: SupportSessionId,
) -> Result<Option<SupportSession>, Refusal> {
    let row = support_sessions::table.find((business, id)).select(Row::as_select()).first(conn).optional()?;
    Ok(named(conn, row.into_iter().collect())?.pop())
}

/// The same, which does not end before this transaction does.
pub fn lock_session(
    conn: &mut PgConnection,
    business: BusinessId,
    id: SupportSessionId,
) -> Result<Option<SupportSession>, Refusal> {
    let row = support_sessions::table.find((business, id)).for_share().select(Row::as_select());
    let row = row.first(conn).optional()?;
    Ok(named(conn, row.into_iter().collect())?.pop())
}

/// The newest sessions of the business, at most so many.
pub(in crate::domain::support) fn of_business(
    scope: &mut impl Scope,
    at_most: i64,
) -> Result<Vec<SupportSession>, Refusal> {
    let rows = support_sessions::table
        .filter(support_sessions::business_id.eq(scope.business()))
        .order(support_sessions::id.desc())
        .limit(at_most)
        .select(Row::as_select())
        .load(scope.conn())?;
    named(scope.conn(), rows)
}

/// The newest sessions of all businesses before this one, at most so many.
pub(in crate::domain::support) fn of_all(
    conn: &mut PgConnection,
    before: Option<SupportSessionId>,
    at_most: i64,
) -> Result<Vec<SupportSession>, Refusal> {
    let all = support_sessions::table.order(support_sessions::id.desc()).limit(at_most).into_boxed();
    let older = match before {
        Some(id) => all.filter(support_sessions::id.lt(id)),
        None => all,
    };
    let rows = older.select(Row::as_select()).load(conn)?;
    named(conn, rows)
}

/// The sessions of this staff member whose time is not over and which nobody has ended.
pub(in crate::domain::support) fn open_of(
    conn: &mut PgConnection,
    staff: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<SupportSession>, Refusal> {
    let rows = support_sessions::table
        .filter(support_sessions::staff_id.eq(staff).and(support_sessions::ended_at.is_null()))
        .filter(support_sessions::ends_at.gt(now))
        .select(Row::as_select())
        .load(conn)?;
    named(conn, rows)
}

fn named(conn: &mut PgConnection, rows: Vec<Row>) -> Result<Vec<SupportSession>, Refusal> {
    let business_ids: Vec<BusinessId> = rows.iter().map(|row| row.business_id).collect();
    let staff_ids: Vec<UserId> = rows.iter().map(|row| row.staff_id).collect();
    let member_ids: Vec<MemberId> = rows.iter().filter_map(|row| row.member_id).collect();
    let places: HashMap<BusinessId, String> = businesses::table
        .filter(businesses::id.eq_any(&business_ids))
        .select((businesses::id, businesses::name))
        .load::<(BusinessId, String)>(conn)?
        .into_iter()
        .collect();
    let staff: HashMap<UserId, String> = users::table
        .filter(users::id.eq_any(staff_ids))
        .select((users::id, users::name))
        .load::<(UserId, String)>(conn)?
        .into_iter()
        .collect();
    let people: HashMap<MemberId, String> = members::table
        .filter(members::business_id.eq_any(&business_ids).and(members::id.eq_any(member_ids)))
        .select((members::id, members::name))
        .load::<(MemberId, String)>(conn)?
        .into_iter()
        .collect();
    rows.into_iter().map(|row| session_of(row, &places, &staff, &people)).collect()
}

fn session_of(
    row: Row,
    places: &HashMap<BusinessId, String>,
    staff: &HashMap<UserId, String>,
    people: &HashMap<MemberId, String>,
) -> Result<SupportSession, Refusal> {
    let unknown = || Refusal::fault(format!("the support session {} has an unknown code", row.id));
    let how = row.how_ended.as_deref().map(|code| HowEnded::parse(code).ok_or_else(unknown)).transpose()?;
    let seen_as = row.member_id.map(|id| (id, people.get(&id).cloned().unwrap_or_default()));
    Ok(SupportSession {
        mode: SupportMode::parse(&row.mode).ok_or_else(unknown)?,
        id: row.id,
        business: row.business_id,
        business_name: places.get(&row.business_id).cloned().unwrap_or_default(),
        staff: row.staff_id,
        staff_name: staff.get(&row.staff_id).cloned().unwrap_or_default(),
        seen_as,
        reason: row.reason,
        began_at: row.began_at,
        ends_at: row.ends_at,
        ended: row.ended_at.zip(how),
    })
}

/// Writes a session that begins now; its id is taken from it.
pub(in crate::domain::support) fn insert(work: &mut Work<'_>, session: &SupportSession) -> Result<(), Refusal> {
    diesel::insert_into(support_sessions::table)
        .values((
            support_sessions::business_id.eq(session.business),
            support_sessions::id.eq(session.id),
            support_sessions::staff_id.eq(session.staff),
            support_sessions::member_id.eq(session.seen_as.as_ref().map(|(member, _)| *member)),
            support_sessions::mode.eq(session.mode.code()),
            support_sessions::reason.eq(&session.reason),
            support_sessions::began_at.eq(session.began_at),
            support_sessions::ends_at.eq(session.ends_at),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// Ends a session by one conditional update; `false` when somebody was faster. What ended on its own ended in time.
pub(in crate::domain::support) fn end(
    conn: &mut PgConnection,
    session: &SupportSession,
    how: HowEnded,
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let open =
        support_sessions::table.find((session.business, session.id)).filter(support_sessions::ended_at.is_null());
    let ended = diesel::update(open)
        .set((support_sessions::ended_at.eq(now.min(session.ends_at)), support_sessions::how_ended.eq(how.code())))
        .execute(conn)?;
    Ok(ended == 1)
}

/// Sessions whose time is over and that nobody has ended, locked for this batch.
pub(in crate::domain::support) fn overdue(
    work: &mut SweepWork<'_>,
    at_most: i64,
) -> Result<Vec<SupportSession>, Refusal> {
    let now = work.now();
    let rows = support_sessions::table
        .filter(support_sessions::ended_at.is_null().and(support_sessions::ends_at.le(now)))
        .order(support_sessions::ends_at)
        .limit(at_most)
        .select(Row::as_select())
        .for_update()
        .skip_locked()
        .load(work.conn_of_all_businesses())?;
    named(work.conn_of_all_businesses(), rows)
}

/// Sessions whose sign-in was ended elsewhere, locked for this batch. One that has just begun may not have reached its
/// sign-in yet.
pub(in crate::domain::support) fn abandoned(
    work: &mut SweepWork<'_>,
    at_most: i64,
) -> Result<Vec<SupportSession>, Refusal> {
    let now = work.now();
    let signed_in = sessions::table
        .inner_join(users::table)
        .filter(sessions::support_session_id.eq(support_sessions::id.nullable()))
        .filter(sessions::expires_at.gt(now).and(sessions::epoch.eq(users::session_epoch)));
    let rows = support_sessions::table
        .filter(support_sessions::ended_at.is_null().and(support_sessions::ends_at.gt(now)))
        .filter(support_sessions::began_at.lt(now - TimeDelta::minutes(1)))
        .filter(diesel::dsl::not(diesel::dsl::exists(signed_in)))
        .order(support_sessions::began_at)
        .limit(at_most)
        .select(Row::as_select())
        .for_update()
        .skip_locked()
        .load(work.conn_of_all_businesses())?;
    named(work.conn_of_all_businesses(), rows)
}

/// How many entries of the trail were written within a session.
pub(in crate::domain::support) fn changes(conn: &mut PgConnection, session: &SupportSession) -> Result<i64, Refusal> {
    Ok(audit_entries::table
        .filter(audit_entries::business_id.eq(session.business))
        .filter(audit_entries::id.ge(crate::kernel::ids::AuditEntryId(ids::floor(session.began_at))))
        .filter(audit_entries::support_session_id.eq(session.id.0).and(audit_entries::outcome.eq("done")))
        .select(count_star())
        .first(conn)?)
}

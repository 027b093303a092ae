//! Recoveries of access in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::domain::support::recovery::{Outcome, Recovery, RecoveryKind};
use crate::kernel::ids::{self, BusinessId, MemberId, RecoveryId, UserId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{
    businesses, devices, invitations, members, plan_subscriptions, recoveries, recovery_codes, sessions, users,
};
use crate::kernel::work::{Scope, SweepWork, Work};

/// Somebody as a recovery needs to know them.
pub(in crate::domain::support) struct Person {
    pub(in crate::domain::support) user: UserId,
    pub(in crate::domain::support) name: String,
    pub(in crate::domain::support) email: String,
    pub(in crate::domain::support) is_staff: bool,
    pub(in crate::domain::support) is_verified: bool,
    pub(in crate::domain::support) has_second_factor: bool,
    pub(in crate::domain::support) is_owner: bool,
}

/// Who signs in with this address.
pub(in crate::domain::support) fn person_of(
    conn: &mut PgConnection,
    business: BusinessId,
    email_folded: &str,
) -> Result<Option<Person>, Refusal> {
    let user: Option<UserId> =
        users::table.filter(users::email_folded.eq(email_folded)).select(users::id).first(conn).optional()?;
    user.map(|user| person(conn, business, user)).transpose()
}

/// This person.
pub(in crate::domain::support) fn person(
    conn: &mut PgConnection,
    business: BusinessId,
    user: UserId,
) -> Result<Person, Refusal> {
    type Row = (String, String, bool, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let (name, email, is_staff, verified_at, two_factor_at): Row = users::table
        .find(user)
        .select((users::name, users::email, users::is_staff, users::email_verified_at, users::two_factor_at))
        .first(conn)?;
    let owned = members::table
        .filter(members::business_id.eq(business).and(members::user_id.eq(user)))
        .filter(members::role.eq("owner").and(members::status.eq("active")));
    Ok(Person {
        user,
        name,
        email,
        is_staff,
        is_verified: verified_at.is_some(),
        has_second_factor: two_factor_at.is_some(),
        is_owner: diesel::select(diesel::dsl::exists(owned)).get_result(conn)?,
    })
}

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
    Ok(Recovery { id, kind, user, name, email, staff_name, reason, asked_at, due_at, ended: ended_at.zip(outcome) })
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
pub(in crate::domain::support) fn insert(
    work: &mut Work<'_>,
    recovery: &Recovery,
    staff: UserId,
) -> Result<bool, Refusal> {
    let inserted = diesel::insert_into(recoveries::table)
        .values((
            recoveries::business_id.eq(work.business()),
            recoveries::id.eq(recovery.id),
            recoveries::staff_id.eq(staff),
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
    Ok(ended == 1)
}

/// The recovery that is due for the longest time, locked, with its business and that business's name.
pub(in crate::domain::support) fn claim_due(
    work: &mut SweepWork<'_>,
) -> Result<Option<(BusinessId, String, Recovery)>, Refusal> {
    let now = work.now();
    let conn = work.conn_of_all_businesses();
    let found: Option<(BusinessId, Row)> = recoveries::table
        .filter(recoveries::ended_at.is_null().and(recoveries::due_at.le(now)))
        .order((recoveries::due_at, recoveries::id))
        .select((recoveries::business_id, COLUMNS))
        .for_update()
        .skip_locked()
        .first(conn)
        .optional()?;
    let Some((business, row)) = found else { return Ok(None) };
    let name = businesses::table.find(business).select(businesses::name).first(conn)?;
    Ok(Some((business, name, recovery_of(conn, row)?)))
}

/// Switches a person's second factor off and signs them out everywhere; says in which businesses they are active.
pub(in crate::domain::support) fn switch_second_factor_off(
    conn: &mut PgConnection,
    user: UserId,
) -> Result<Vec<BusinessId>, Refusal> {
    diesel::update(users::table.find(user))
        .set((
            users::two_factor_at.eq(None::<DateTime<Utc>>),
            users::totp_sealed.eq(None::<Vec<u8>>),
            users::totp_last_step.eq(None::<i64>),
        ))
        .execute(conn)?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(conn)?;
    diesel::delete(sessions::table.filter(sessions::user_id.eq(user))).execute(conn)?;
    diesel::delete(devices::table.filter(devices::user_id.eq(user))).execute(conn)?;
    Ok(members::table
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .select(members::business_id)
        .load(conn)?)
}

/// Makes a person an active owner, under the lock of the business: as the member they are, as the one with their
/// address whom nobody signs in as, or as a new one.
pub(in crate::domain::support) fn make_owner(
    work: &mut SweepWork<'_>,
    business: BusinessId,
    person: &Person,
) -> Result<(), Refusal> {
    let now = work.now();
    let conn = work.conn_of_all_businesses();
    let lock = plan_subscriptions::table.find(business).select(plan_subscriptions::business_id);
    lock.for_update().first::<BusinessId>(conn)?;
    let folded = person.email.to_lowercase();
    let known: Option<MemberId> = members::table
        .filter(members::business_id.eq(business))
        .filter(
            members::user_id
                .eq(person.user)
                .assume_not_null()
                .or(members::user_id.is_null().and(members::email_folded.eq(&folded))),
        )
        .order(members::user_id.asc())
        .select(members::id)
        .first(conn)
        .optional()?;
    let Some(member) = known else {
        diesel::insert_into(members::table)
            .values((
                members::business_id.eq(business),
                members::id.eq(MemberId::mint(now)),
                members::parse_id.eq(ids::parse_id()),
                members::user_id.eq(person.user),
                members::name.eq(&person.name),
                members::name_folded.eq(person.name.to_lowercase()),
                members::email.eq(&person.email),
                members::email_folded.eq(folded),
                members::role.eq("owner"),
                members::status.eq("active"),
                members::department.eq(""),
                members::created_at.eq(now),
            ))
            .execute(conn)?;
        return Ok(());
    };
    let pending = invitations::table
        .filter(invitations::business_id.eq(business).and(invitations::member_id.eq(member)))
        .filter(invitations::state.eq("pending"));
    diesel::update(pending).set((invitations::state.eq("withdrawn"), invitations::ended_at.eq(now))).execute(conn)?;
    diesel::update(members::table.find((business, member)))
        .set((
            members::user_id.eq(person.user),
            members::role.eq("owner"),
            members::status.eq("active"),
            members::left_on.eq(None::<chrono::NaiveDate>),
        ))
        .execute(conn)?;
    Ok(())
}

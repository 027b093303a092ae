//! Second factors in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::kernel::ids::UserId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, members, recovery_codes, users};

use super::two_factor::Standing;

/// Whether a person must have a second factor: because they run the installation, or because a business they can sign
/// in to wants it of everybody.
#[diesel::dsl::auto_type]
fn needs_one() -> _ {
    let of_business = members::business_id.eq(businesses::id).and(businesses::require_two_factor);
    let theirs = members::user_id.eq(users::id.nullable()).and(members::status.eq("active"));
    users::is_staff.or(diesel::dsl::exists(members::table.inner_join(businesses::table.on(of_business)).filter(theirs)))
}

/// Whether a person must have a second factor and has none.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn must_enrol() -> _ {
    users::two_factor_at.is_null().and(needs_one())
}

/// Whether this person must have a second factor.
pub fn is_required(conn: &mut PgConnection, user: UserId) -> Result<bool, Refusal> {
    Ok(users::table.find(user).select(needs_one()).first(conn)?)
}

/// Whether it is on, may be turned off, and how many recovery codes are left.
pub(super) fn standing(conn: &mut PgConnection, user: UserId) -> Result<Standing, Refusal> {
    let (since, is_required): (Option<DateTime<Utc>>, bool) =
        users::table.find(user).select((users::two_factor_at, needs_one())).first(conn)?;
    Ok(Standing { since, is_required, codes_left: codes_left(conn, user)? })
}

pub(super) fn codes_left(conn: &mut PgConnection, user: UserId) -> Result<i64, Refusal> {
    Ok(recovery_codes::table.filter(recovery_codes::user_id.eq(user)).count().get_result(conn)?)
}

/// Turns it on with this secret and the step of the code that showed it; says the person's name, or nothing when it is
/// on already.
pub(super) fn turn_on(
    conn: &mut PgConnection,
    user: UserId,
    (sealed, step): (&[u8], i64),
    now: DateTime<Utc>,
) -> Result<Option<String>, Refusal> {
    Ok(diesel::update(users::table.find(user).filter(users::two_factor_at.is_null()))
        .set((users::totp_sealed.eq(sealed), users::totp_last_step.eq(step), users::two_factor_at.eq(now)))
        .returning(users::name)
        .get_result(conn)
        .optional()?)
}

/// Turns it off, codes included; says the person's name, or nothing when it is off already.
pub fn turn_off(conn: &mut PgConnection, user: UserId) -> Result<Option<String>, Refusal> {
    let none = (
        users::two_factor_at.eq(None::<DateTime<Utc>>),
        users::totp_sealed.eq(None::<Vec<u8>>),
        users::totp_last_step.eq(None::<i64>),
    );
    let name: Option<String> = diesel::update(users::table.find(user).filter(users::two_factor_at.is_not_null()))
        .set(none)
        .returning(users::name)
        .get_result(conn)
        .optional()?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(conn)?;
    Ok(name)
}

/// The name of a person whose second factor is on; their row stays locked.
pub(super) fn lock_if_on(conn: &mut PgConnection, user: UserId) -> Result<Option<String>, Refusal> {
    Ok(users::table
        .find(user)
        .filter(users::two_factor_at.is_not_null())
        .select(users::name)
        .for_update()
        .first(conn)
        .optional()?)
}

/// These recovery codes instead of whatever was there.
pub(super) fn replace_codes(conn: &mut PgConnection, user: UserId, hashes: &[Vec<u8>]) -> Result<(), Refusal> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(conn)?;
    let rows: Vec<_> =
        hashes.iter().map(|hash| (recovery_codes::user_id.eq(user), recovery_codes::code_hash.eq(hash))).collect();
    diesel::insert_into(recovery_codes::table).values(rows).execute(conn)?;
    Ok(())
}

/// The sealed secret of a person whose second factor is on.
pub(super) fn sealed_secret(conn: &mut PgConnection, user: UserId) -> Result<Option<Vec<u8>>, Refusal> {
    let found: Option<Option<Vec<u8>>> = users::table
        .find(user)
        .filter(users::two_factor_at.is_not_null())
        .select(users::totp_sealed)
        .first(conn)
        .optional()?;
    Ok(found.flatten())
}

/// Accepts the code of this step, unless one of it or of a later one was accepted before.
pub(super) fn accept_step(conn: &mut PgConnection, user: UserId, step: i64) -> Result<bool, Refusal> {
    let is_fresh = users::totp_last_step.is_null().or(users::totp_last_step.lt(step));
    let accepted = diesel::update(users::table.find(user).filter(users::two_factor_at.is_not_null()))
        .filter(is_fresh)
        .set(users::totp_last_step.eq(step))
        .execute(conn)?;
    Ok(accepted == 1)
}

/// Uses a recovery code up; whoever comes second finds it gone.
pub(super) fn use_code(conn: &mut PgConnection, user: UserId, hash: &[u8]) -> Result<bool, Refusal> {
    Ok(diesel::delete(recovery_codes::table.find((user, hash))).execute(conn)? == 1)
}

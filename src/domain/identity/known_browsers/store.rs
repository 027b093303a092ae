//! Known browsers in the database, by the hash of what their cookie holds.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::kernel::ids::UserId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{devices, users};
use crate::kernel::secret::Key;

use super::KEPT;

pub(super) fn is_known(conn: &mut PgConnection, key: &Key, user: UserId, now: DateTime<Utc>) -> Result<bool, Refusal> {
    let living = devices::table.filter(devices::token_hash.eq(key.hash()).and(devices::expires_at.gt(now)));
    Ok(diesel::select(exists(living.filter(devices::user_id.eq(user)))).get_result(conn)?)
}

/// Whether whoever has this folded address has signed in with this browser.
pub fn is_known_to(
    conn: &mut PgConnection,
    key: &Key,
    email_folded: &str,
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let living = devices::table
        .inner_join(users::table)
        .filter(devices::token_hash.eq(key.hash()).and(devices::expires_at.gt(now)))
        .filter(users::email_folded.eq(email_folded));
    Ok(diesel::select(exists(living)).get_result(conn)?)
}

pub(super) fn insert(conn: &mut PgConnection, key: &Key, user: UserId, now: DateTime<Utc>) -> Result<(), Refusal> {
    diesel::insert_into(devices::table)
        .values((
            devices::token_hash.eq(key.hash()),
            devices::user_id.eq(user),
            devices::created_at.eq(now),
            devices::expires_at.eq(now + KEPT),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut PgConnection, key: &Key) -> Result<(), Refusal> {
    diesel::delete(devices::table.filter(devices::token_hash.eq(key.hash()))).execute(conn)?;
    Ok(())
}

/// No browser is known to this person any more.
pub fn forget_all(conn: &mut PgConnection, user: UserId) -> Result<(), Refusal> {
    diesel::delete(devices::table.filter(devices::user_id.eq(user))).execute(conn)?;
    Ok(())
}

/// Deletes the browsers that have not signed in for long; says how many.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<usize, Refusal> {
    Ok(diesel::delete(devices::table.filter(devices::expires_at.le(now))).execute(conn)?)
}

//! Requests for a new password and their keys in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::kernel::ids::{ResetRequestId, UserId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{password_resets, reset_requests, users};
use crate::kernel::secret::Key;

use super::{Reset, VALID};
use crate::domain::identity::profile_store::drop_keys;
use crate::domain::identity::session_store::end_all;
use crate::domain::identity::store::{USER, UserRow, user_of as read_user};
use crate::domain::identity::user::User;

pub(super) fn insert_request(conn: &mut PgConnection, email_folded: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    diesel::insert_into(reset_requests::table)
        .values((
            reset_requests::id.eq(ResetRequestId::mint(now)),
            reset_requests::email_folded.eq(email_folded),
            reset_requests::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Asked {
    #[diesel(sql_type = Text)]
    email_folded: String,
}

/// Takes the oldest requests out; other workers take others.
pub(super) fn take_requests(conn: &mut PgConnection, batch: i64) -> Result<Vec<String>, Refusal> {
    let sql = "DELETE FROM reset_requests WHERE id IN (
                 SELECT id FROM reset_requests ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
               ) RETURNING email_folded";
    let taken: Vec<Asked> = diesel::sql_query(sql).bind::<BigInt, _>(batch).load(conn)?;
    Ok(taken.into_iter().map(|asked| asked.email_folded).collect())
}

pub(super) fn user_of(conn: &mut PgConnection, email_folded: &str) -> Result<Option<User>, Refusal> {
    let found: Option<UserRow> =
        users::table.filter(users::email_folded.eq(email_folded)).select(USER).first(conn).optional()?;
    Ok(found.map(read_user))
}

/// Makes this key the only one of the person that works.
pub(super) fn replace_keys(
    conn: &mut PgConnection,
    user: UserId,
    key: &Key,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    diesel::delete(password_resets::table.filter(password_resets::user_id.eq(user))).execute(conn)?;
    diesel::insert_into(password_resets::table)
        .values((
            password_resets::key_hash.eq(key.hash()),
            password_resets::user_id.eq(user),
            password_resets::created_at.eq(now),
            password_resets::expires_at.eq(now + VALID),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn reset(conn: &mut PgConnection, key_hash: &[u8]) -> Result<Option<Reset>, Refusal> {
    let found: Option<(UserRow, DateTime<Utc>, Option<DateTime<Utc>>)> = password_resets::table
        .inner_join(users::table)
        .filter(password_resets::key_hash.eq(key_hash))
        .select((USER, password_resets::expires_at, password_resets::used_at))
        .first(conn)
        .optional()?;
    Ok(found.map(|(row, expires_at, used_at)| Reset { user: read_user(row), expires_at, is_used: used_at.is_some() }))
}

/// Uses a key by one conditional update; `false` when somebody was faster or it has expired.
pub(super) fn use_key(
    conn: &mut PgConnection,
    key_hash: &[u8],
    user: UserId,
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let unused = password_resets::table
        .filter(password_resets::key_hash.eq(key_hash).and(password_resets::user_id.eq(user)))
        .filter(password_resets::used_at.is_null().and(password_resets::expires_at.gt(now)));
    Ok(diesel::update(unused).set(password_resets::used_at.eq(now)).execute(conn)? == 1)
}

pub(super) fn set_password(conn: &mut PgConnection, user: UserId, hash: &str) -> Result<(), Refusal> {
    diesel::update(users::table.find(user)).set(users::password_hash.eq(hash)).execute(conn)?;
    Ok(())
}

/// Ends the person's sessions, forgets their browsers, and deletes every key that lets somebody set their password or
/// address.
pub(super) fn end_everything(conn: &mut PgConnection, user: UserId) -> Result<(), Refusal> {
    end_all(conn, user)?;
    drop_keys(conn, user)
}

/// Deletes the keys that have expired; says how many.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<usize, Refusal> {
    Ok(diesel::delete(password_resets::table.filter(password_resets::expires_at.le(now))).execute(conn)?)
}

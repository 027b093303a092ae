//! Users, sessions and verification keys in the database. None of them belongs to a business.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::kernel::ids::UserId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{sessions, users, verification_keys};
use crate::kernel::secret::Key;

use super::sessions::Epoch;
use super::user::{NewUser, User};
use super::verify::{VALID, Verification};

pub(super) type UserRow = (UserId, String, String, Option<DateTime<Utc>>);
pub(super) type UserColumns = (users::id, users::name, users::email, users::email_verified_at);
pub(super) const USER: UserColumns = (users::id, users::name, users::email, users::email_verified_at);

pub(super) fn user_of((id, name, email, verified_at): UserRow) -> User {
    User { id, name, email, is_verified: verified_at.is_some() }
}

/// The user of this id.
pub fn user(conn: &mut PgConnection, id: UserId) -> Result<User, Refusal> {
    Ok(users::table.find(id).select(USER).first(conn).map(user_of)?)
}

/// The user of this folded address, with the stored hash of their password.
pub fn credentials(conn: &mut PgConnection, email_folded: &str) -> Result<Option<(User, String)>, Refusal> {
    let found: Option<(UserRow, String)> = users::table
        .filter(users::email_folded.eq(email_folded))
        .select((USER, users::password_hash))
        .first(conn)
        .optional()?;
    Ok(found.map(|(row, hash)| (user_of(row), hash)))
}

/// The user of this id, with the stored hash of their password.
pub(super) fn with_password(conn: &mut PgConnection, id: UserId) -> Result<(User, String), Refusal> {
    let (row, hash): (UserRow, String) = users::table.find(id).select((USER, users::password_hash)).first(conn)?;
    Ok((user_of(row), hash))
}

/// The stored hash of this person's password and whether they have a second factor, with their row locked.
pub(super) fn lock_credentials(conn: &mut PgConnection, id: UserId) -> Result<Option<(String, bool)>, Refusal> {
    Ok(users::table
        .find(id)
        .select((users::password_hash, users::two_factor_at.is_not_null()))
        .for_no_key_update()
        .first(conn)
        .optional()?)
}

/// Whether somebody else signs in with this folded address.
pub(super) fn is_somebody_elses(conn: &mut PgConnection, id: UserId, email_folded: &str) -> Result<bool, Refusal> {
    let others = users::table.filter(users::email_folded.eq(email_folded).and(users::id.ne(id)));
    Ok(diesel::select(diesel::dsl::exists(others)).get_result(conn)?)
}

/// Whether anybody at all can sign in on this installation.
pub fn anybody(conn: &mut PgConnection) -> Result<bool, Refusal> {
    Ok(diesel::select(diesel::dsl::exists(users::table.select(users::id))).get_result(conn)?)
}

/// Inserts a user whose address is verified already or not; `None` when the address is taken.
pub fn insert_user(
    conn: &mut PgConnection,
    new: &NewUser,
    verified_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Option<UserId>, Refusal> {
    let id = UserId::mint(now);
    let inserted = diesel::insert_into(users::table)
        .values((
            users::id.eq(id),
            users::email.eq(new.email.as_str()),
            users::email_folded.eq(new.email.folded()),
            users::name.eq(&new.name),
            users::password_hash.eq(&new.password_hash),
            users::email_verified_at.eq(verified_at),
            users::created_at.eq(now),
        ))
        .on_conflict(users::email_folded)
        .do_nothing()
        .execute(conn)?;
    Ok((inserted == 1).then_some(id))
}

/// Notes that this person signs in; says their name, and how often their sign-ins were ended so far.
pub(super) fn note_sign_in(
    conn: &mut PgConnection,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<(String, Epoch), Refusal> {
    let (name, epoch) = diesel::update(users::table.find(id))
        .set(users::last_sign_in_at.eq(now))
        .returning((users::name, users::session_epoch))
        .get_result(conn)?;
    Ok((name, Epoch(epoch)))
}

/// Makes a verification key for the user's present address.
pub fn insert_verification(
    conn: &mut PgConnection,
    key: &Key,
    user: UserId,
    email_folded: &str,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    diesel::insert_into(verification_keys::table)
        .values((
            verification_keys::key_hash.eq(key.hash()),
            verification_keys::user_id.eq(user),
            verification_keys::email_folded.eq(email_folded),
            verification_keys::created_at.eq(now),
            verification_keys::expires_at.eq(now + VALID),
        ))
        .execute(conn)?;
    Ok(())
}

/// Lets no verification key of before work any more.
pub(super) fn void_verifications(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> Result<(), Refusal> {
    let unused =
        verification_keys::table.filter(verification_keys::user_id.eq(user).and(verification_keys::used_at.is_null()));
    diesel::update(unused).set(verification_keys::used_at.eq(now)).execute(conn)?;
    Ok(())
}

pub(super) fn verification(conn: &mut PgConnection, key_hash: &[u8]) -> Result<Option<Verification>, Refusal> {
    let found: Option<(UserRow, DateTime<Utc>, Option<DateTime<Utc>>)> = verification_keys::table
        .inner_join(users::table)
        .filter(verification_keys::key_hash.eq(key_hash))
        .filter(verification_keys::email_folded.eq(users::email_folded))
        .select((USER, verification_keys::expires_at, verification_keys::used_at))
        .first(conn)
        .optional()?;
    Ok(found.map(|(row, expires_at, used_at)| Verification {
        user: user_of(row),
        expires_at,
        is_used: used_at.is_some(),
    }))
}

/// Uses a key by one conditional update; `None` when somebody was faster or it has expired.
pub(super) fn use_verification(
    conn: &mut PgConnection,
    key_hash: &[u8],
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Option<User>, Refusal> {
    let unused = verification_keys::table
        .filter(verification_keys::key_hash.eq(key_hash).and(verification_keys::user_id.eq(user)))
        .filter(verification_keys::used_at.is_null().and(verification_keys::expires_at.gt(now)));
    if diesel::update(unused).set(verification_keys::used_at.eq(now)).execute(conn)? == 0 {
        return Ok(None);
    }
    diesel::update(users::table.find(user)).set(users::email_verified_at.eq(now)).execute(conn)?;
    self::user(conn, user).map(Some)
}

/// Deletes the sessions that have ended; says how many.
pub fn sweep_sessions(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<usize, Refusal> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(conn)?)
}

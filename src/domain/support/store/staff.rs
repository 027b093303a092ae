//! Staff and their keys in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::domain::identity::session_store::end_all;
use crate::domain::support::staff::{Activation, VALID};
use crate::kernel::ids::UserId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{staff_keys, users};
use crate::kernel::secret::Key;

/// Whether somebody may open the console.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StaffStanding {
    /// They do not run this installation.
    Nobody,
    /// They do, but sign in with a password alone.
    WithoutSecondFactor,
    /// They may.
    Staff,
}

/// How this person stands.
pub fn standing(conn: &mut PgConnection, user: UserId) -> Result<StaffStanding, Refusal> {
    let found: Option<(bool, Option<DateTime<Utc>>)> =
        users::table.find(user).select((users::is_staff, users::two_factor_at)).first(conn).optional()?;
    Ok(match found {
        Some((true, Some(_))) => StaffStanding::Staff,
        Some((true, None)) => StaffStanding::WithoutSecondFactor,
        _ => StaffStanding::Nobody,
    })
}

/// As [`standing`], with the person's row locked: one staff member begins one session at a time.
pub(in crate::domain::support) fn lock(conn: &mut PgConnection, user: UserId) -> Result<StaffStanding, Refusal> {
    users::table.find(user).select(users::id).for_update().first::<UserId>(conn)?;
    standing(conn, user)
}

/// Somebody who may become staff.
pub(in crate::domain::support) struct Candidate {
    pub(in crate::domain::support) user: UserId,
    pub(in crate::domain::support) name: String,
    pub(in crate::domain::support) is_staff: bool,
    pub(in crate::domain::support) is_verified: bool,
}

/// The person of this folded address, with their row locked.
pub(in crate::domain::support) fn find(
    conn: &mut PgConnection,
    email_folded: &str,
) -> Result<Option<Candidate>, Refusal> {
    let found: Option<(UserId, String, bool, bool)> = users::table
        .filter(users::email_folded.eq(email_folded))
        .select((users::id, users::name, users::is_staff, users::email_verified_at.is_not_null()))
        .for_no_key_update()
        .first(conn)
        .optional()?;
    Ok(found.map(|(user, name, is_staff, is_verified)| Candidate { user, name, is_staff, is_verified }))
}

/// Makes somebody a member of staff.
pub(in crate::domain::support) fn flag(conn: &mut PgConnection, user: UserId) -> Result<(), Refusal> {
    diesel::update(users::table.find(user)).set(users::is_staff.eq(true)).execute(conn)?;
    Ok(())
}

/// Whether this person was made by a command and has not chosen a password yet: neither with their key nor otherwise.
pub(in crate::domain::support) fn waits(conn: &mut PgConnection, user: UserId) -> Result<bool, Refusal> {
    let signed_in: Option<DateTime<Utc>> = users::table.find(user).select(users::last_sign_in_at).first(conn)?;
    if signed_in.is_some() {
        return Ok(false);
    }
    let keys: Vec<Option<DateTime<Utc>>> =
        staff_keys::table.filter(staff_keys::user_id.eq(user)).select(staff_keys::used_at).load(conn)?;
    Ok(!keys.is_empty() && keys.iter().all(Option::is_none))
}

/// Makes a key for this person; an older one works no more.
pub(in crate::domain::support) fn insert_key(
    conn: &mut PgConnection,
    user: UserId,
    key: &Key,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    diesel::delete(staff_keys::table.filter(staff_keys::user_id.eq(user))).execute(conn)?;
    diesel::insert_into(staff_keys::table)
        .values((
            staff_keys::key_hash.eq(key.hash()),
            staff_keys::user_id.eq(user),
            staff_keys::created_at.eq(now),
            staff_keys::expires_at.eq(now + VALID),
        ))
        .execute(conn)?;
    Ok(())
}

/// What a key stands for while it works.
pub(in crate::domain::support) fn activation(
    conn: &mut PgConnection,
    key_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Activation>, Refusal> {
    let found: Option<(UserId, String)> = staff_keys::table
        .inner_join(users::table)
        .filter(staff_keys::key_hash.eq(key_hash).and(staff_keys::used_at.is_null()))
        .filter(staff_keys::expires_at.gt(now))
        .select((users::id, users::email))
        .first(conn)
        .optional()?;
    Ok(found.map(|(user, email)| Activation { user, email }))
}

/// Uses a key by one conditional update, and sets what was chosen with it; `false` when somebody was faster. Whoever
/// was signed in as this person is no longer.
pub(in crate::domain::support) fn activate(
    conn: &mut PgConnection,
    (key, user): (&Key, UserId),
    (name, password_hash): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let unused = staff_keys::table
        .filter(staff_keys::key_hash.eq(key.hash()).and(staff_keys::user_id.eq(user)))
        .filter(staff_keys::used_at.is_null().and(staff_keys::expires_at.gt(now)));
    if diesel::update(unused).set(staff_keys::used_at.eq(now)).execute(conn)? == 0 {
        return Ok(false);
    }
    diesel::update(users::table.find(user))
        .set((users::name.eq(name), users::password_hash.eq(password_hash)))
        .execute(conn)?;
    end_all(conn, user)?;
    Ok(true)
}

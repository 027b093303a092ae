//! Sessions in the database: of one cookie, and all those of one person.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::kernel::ids::{self, UserId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{sessions, users};

use super::devices::Device;
use super::known_browsers;
use super::look::{Look, Theme};
use super::sessions::{Epoch, Found, SeenFrom, Session, UNWRITTEN, expiry};
use super::two_factor_store::must_enrol;

/// What a browser says of itself is kept up to here.
const LONGEST_AGENT: usize = 300;

/// Whether a session belongs to nobody, or to somebody who was not signed out everywhere since it began.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_of_this_epoch() -> _ {
    sessions::user_id.is_null().or(sessions::epoch.nullable().eq(users::session_epoch.nullable()))
}

type LookRow = (Option<String>, Option<bool>);
type FoundRow = (String, serde_json::Value, Option<DateTime<Utc>>, DateTime<Utc>, Option<bool>, LookRow);

pub(super) fn load(conn: &mut PgConnection, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Found>, Refusal> {
    let found: Option<FoundRow> = sessions::table
        .left_join(users::table)
        .filter(sessions::token_hash.eq(hash).and(sessions::expires_at.gt(now)))
        .filter(is_of_this_epoch())
        .select((
            sessions::parse_id,
            sessions::state,
            sessions::proved_at,
            sessions::last_seen_at,
            must_enrol().nullable(),
            (users::theme.nullable(), users::shortcuts.nullable()),
        ))
        .first(conn)
        .optional()?;
    let Some((id, state, proved_at, seen, must_enrol, look)) = found else {
        return Ok(None);
    };
    let state = serde_json::from_value(state).map_err(Refusal::fault)?;
    let is_stale = now - seen >= UNWRITTEN;
    Ok(Some(Found { id, state, proved_at, is_stale, must_enrol: must_enrol == Some(true), look: look_of(look) }))
}

/// Nobody's session looks as usual.
fn look_of((theme, shortcuts): LookRow) -> Look {
    Look { theme: theme.as_deref().and_then(Theme::parse), has_shortcuts: shortcuts != Some(false) }
}

pub(super) fn is_alive(
    conn: &mut PgConnection,
    (user, id): (UserId, &str),
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let living = sessions::table
        .inner_join(users::table)
        .filter(sessions::user_id.eq(user).and(sessions::parse_id.eq(id)))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::epoch.eq(users::session_epoch));
    Ok(diesel::select(diesel::dsl::exists(living)).get_result(conn)?)
}

pub(super) fn insert(
    conn: &mut PgConnection,
    hash: Vec<u8>,
    session: Session,
    (epoch, now): (Epoch, DateTime<Utc>),
) -> Result<(), Refusal> {
    if let Some(user) = session.user
        && epoch_of(conn, user)? != Some(epoch)
    {
        return Ok(());
    }
    let (address, agent) = written(session.seen_from);
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(hash),
            sessions::parse_id.eq(ids::parse_id()),
            sessions::user_id.eq(session.user),
            sessions::state.eq(serde_json::to_value(session.state).map_err(Refusal::fault)?),
            sessions::created_at.eq(now),
            sessions::last_seen_at.eq(now),
            sessions::expires_at.eq(expiry(now, now)),
            sessions::address.eq(address),
            sessions::user_agent.eq(agent.unwrap_or_default()),
            sessions::proved_at.eq(session.proved_at),
            sessions::epoch.eq(epoch.0),
            sessions::support_session_id.eq(session.support),
        ))
        .execute(conn)?;
    Ok(())
}

fn epoch_of(conn: &mut PgConnection, user: UserId) -> Result<Option<Epoch>, Refusal> {
    let found: Option<i32> = users::table.find(user).select(users::session_epoch).first(conn).optional()?;
    Ok(found.map(Epoch))
}

pub(super) fn update(
    conn: &mut PgConnection,
    (hash, hash_from_now_on): (&[u8], Vec<u8>),
    session: Session,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let living = sessions::table.filter(sessions::token_hash.eq(hash).and(sessions::expires_at.gt(now)));
    let created: Option<DateTime<Utc>> = living.select(sessions::created_at).first(conn).optional()?;
    let Some(created) = created else { return Ok(()) };
    let (address, agent) = written(session.seen_from);
    diesel::update(living)
        .set((
            sessions::token_hash.eq(hash_from_now_on),
            sessions::user_id.eq(session.user),
            sessions::state.eq(serde_json::to_value(session.state).map_err(Refusal::fault)?),
            sessions::last_seen_at.eq(now),
            sessions::expires_at.eq(expiry(created, now)),
            sessions::proved_at.eq(session.proved_at),
            sessions::support_session_id.eq(session.support),
            address.map(|address| sessions::address.eq(address)),
            agent.map(|agent| sessions::user_agent.eq(agent)),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut PgConnection, hash: &[u8]) -> Result<(), Refusal> {
    diesel::delete(sessions::table.filter(sessions::token_hash.eq(hash))).execute(conn)?;
    Ok(())
}

fn written(seen_from: Option<SeenFrom>) -> (Option<String>, Option<String>) {
    let Some(from) = seen_from else { return (None, None) };
    (from.address, Some(from.user_agent.chars().take(LONGEST_AGENT).collect()))
}

type DeviceRow = (String, Option<String>, String, DateTime<Utc>, DateTime<Utc>);
type DeviceColumns =
    (sessions::parse_id, sessions::address, sessions::user_agent, sessions::created_at, sessions::last_seen_at);
const DEVICE: DeviceColumns =
    (sessions::parse_id, sessions::address, sessions::user_agent, sessions::created_at, sessions::last_seen_at);

/// Where this person is signed in, the last used first.
pub(super) fn of_user(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> Result<Vec<Device>, Refusal> {
    let rows: Vec<DeviceRow> = sessions::table
        .inner_join(users::table)
        .filter(sessions::user_id.eq(user).and(sessions::expires_at.gt(now)))
        .filter(sessions::epoch.eq(users::session_epoch))
        .order((sessions::last_seen_at.desc(), sessions::parse_id))
        .limit(100)
        .select(DEVICE)
        .load(conn)?;
    Ok(rows.into_iter().map(device_of).collect())
}

fn device_of((id, address, user_agent, created_at, seen_at): DeviceRow) -> Device {
    Device { id, from: SeenFrom { address, user_agent }, created_at, seen_at }
}

/// Ends one session of this person; says where it was used, or that it is not there.
pub(super) fn end_one(conn: &mut PgConnection, user: UserId, id: &str) -> Result<Option<Device>, Refusal> {
    let theirs = sessions::table.filter(sessions::user_id.eq(user).and(sessions::parse_id.eq(id)));
    let ended: Option<DeviceRow> = diesel::delete(theirs).returning(DEVICE).get_result(conn).optional()?;
    Ok(ended.map(device_of))
}

/// Ends every session of this person but one, those included that are about to be written; says how many.
pub(super) fn end_others(conn: &mut PgConnection, user: UserId, keep: &str) -> Result<usize, Refusal> {
    let epoch: i32 = diesel::update(users::table.find(user))
        .set(users::session_epoch.eq(users::session_epoch + 1))
        .returning(users::session_epoch)
        .get_result(conn)?;
    let theirs = sessions::table.filter(sessions::user_id.eq(user));
    let ended = diesel::delete(theirs.filter(sessions::parse_id.ne(keep))).execute(conn)?;
    // Only that one: another may have been written between these statements, and has ended like the rest.
    diesel::update(theirs.filter(sessions::parse_id.eq(keep))).set(sessions::epoch.eq(epoch)).execute(conn)?;
    Ok(ended)
}

/// Ends every session of this person, and no browser is known to them any more.
pub fn end_all(conn: &mut PgConnection, user: UserId) -> Result<(), Refusal> {
    end_others(conn, user, "")?;
    known_browsers::store::forget_all(conn, user)
}

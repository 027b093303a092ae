//! Sessions at rest: what a cookie stands for. Kept by the hash of the cookie's value, so that a copy of the database
//! signs nobody in.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::kernel::db::Db;
use crate::kernel::ids::{SupportSessionId, UserId};
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::sha256;

use super::look::Look;
use super::session_store as store;

/// How long a session lives without being used.
pub const IDLE: TimeDelta = TimeDelta::days(14);
/// How long a session lives at most.
pub const AT_MOST: TimeDelta = TimeDelta::days(30);
/// How long a use of a session goes unwritten, so that reading a page does not write a row.
pub const UNWRITTEN: TimeDelta = TimeDelta::hours(1);

/// How often all sign-ins of a person were ended at once, when one of them began: one of an earlier count opens nothing,
/// also when it is written a moment too late.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Epoch(pub(super) i32);

impl Epoch {
    /// That of somebody who has just come here.
    pub const FIRST: Self = Self(0);
}

/// What a session remembers: names and JSON texts, as the session layer of the pages keeps them.
pub type State = HashMap<String, String>;

/// Where a session is used from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SeenFrom {
    /// The network address, as far as it can be believed.
    pub address: Option<String>,
    /// What the browser says it is.
    pub user_agent: String,
}

/// A session as written.
pub struct Session {
    /// Who is signed in.
    pub user: Option<UserId>,
    /// What it remembers.
    pub state: State,
    /// When its person last showed that it is them.
    pub proved_at: Option<DateTime<Utc>>,
    /// Where it is used from; none leaves what was written before.
    pub seen_from: Option<SeenFrom>,
    /// In which support session its person is.
    pub support: Option<SupportSessionId>,
}

/// A session as found.
pub struct Found {
    /// The id by which its person may name it.
    pub id: String,
    /// What it remembers.
    pub state: State,
    /// When its person last showed that it is them.
    pub proved_at: Option<DateTime<Utc>>,
    /// Whether its last use was written so long ago that this one should be.
    pub is_stale: bool,
    /// Whether its person must set up a second factor before anything else.
    pub must_enrol: bool,
    /// How pages look for its person.
    pub look: Look,
}

/// The session of this token, if it still lives.
pub async fn load(db: &Db, token: &str) -> Result<Option<Found>, Refusal> {
    let (hash, now) = (hash_of(token), db.clock().now());
    db.before_tenant(move |conn| store::load(conn, &hash, now)).await
}

/// Writes a new session under this token, begun when the person's count stood there. Nothing is written once they were
/// signed out everywhere since.
pub async fn begin(db: &Db, token: &str, session: Session, epoch: Epoch) -> Result<(), Refusal> {
    let (hash, now) = (hash_of(token), db.clock().now());
    db.before_tenant(move |conn| store::insert(conn, hash, session, (epoch, now))).await
}

/// Writes what the session of this token remembers now, unless it lives no more.
pub async fn update(db: &Db, token: &str, session: Session) -> Result<(), Refusal> {
    renew(db, token, token, session).await
}

/// As [`update`], and from then on it is the session of the other token only. One that was ended meanwhile stays ended.
pub async fn renew(db: &Db, token: &str, other: &str, session: Session) -> Result<(), Refusal> {
    let (hash, other, now) = (hash_of(token), hash_of(other), db.clock().now());
    db.before_tenant(move |conn| store::update(conn, (&hash, other), session, now)).await
}

/// Whether the session that this person names so lives still.
pub async fn is_alive(db: &Db, user: UserId, id: String) -> Result<bool, Refusal> {
    let now = db.clock().now();
    db.before_tenant(move |conn| store::is_alive(conn, (user, &id), now)).await
}

/// Ends the session of this token on the server.
pub async fn end(db: &Db, token: &str) -> Result<(), Refusal> {
    let hash = hash_of(token);
    db.before_tenant(move |conn| store::delete(conn, &hash)).await
}

/// When a session made at `created` and used at `now` ends.
pub fn expiry(created: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    (now + IDLE).min(created + AT_MOST)
}

fn hash_of(token: &str) -> Vec<u8> {
    sha256(&[token.as_bytes()])
}

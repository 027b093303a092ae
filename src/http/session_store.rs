//! actix-session on our own table: a session can be ended on the server, and its row holds only a hash of the cookie.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;

use crate::domain::identity::sessions::{self, Found, SeenFrom, Session, State};
use crate::kernel::db::Db;
use crate::kernel::ids::UserId;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;

/// Sessions in PostgreSQL.
pub struct PgSessions {
    /// Where.
    pub db: Db,
}

/// Under this name a session says that it could not be loaded.
pub const AWAY: &str = "away";

/// Under this name the session layer keeps who is signed in; also a column, so that sessions can be listed and ended.
pub const USER: &str = "user";

/// Under these names stands what is a column and not part of the state: found with the session, or to be written.
pub const ID: &str = "id";
/// See [`ID`]: when the person last showed that it is them.
pub const PROVED: &str = "proved";
/// See [`ID`]: from where it is used, set when that should be written.
pub const FROM: &str = "from";
/// See [`ID`]: whether this use should be written.
pub const STALE: &str = "stale";
/// See [`ID`]: whether the person must set up a second factor.
pub const MUST_ENROL: &str = "must_enrol";

impl SessionStore for PgSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let found = sessions::load(&self.db, key.as_ref()).await;
        // An error here would end the request without a page. So the session says that the database is away, and
        // whoever asks it for the person gets the refusal.
        Ok(found.map(|found| found.map(state_of)).unwrap_or_else(|refusal| {
            tracing::warn!(cause = refusal.cause, "a session could not be loaded");
            Some(HashMap::from([(AWAY.to_owned(), "true".to_owned())]))
        }))
    }

    async fn save(&self, state: HashMap<String, String>, _ttl: &Duration) -> Result<SessionKey, SaveError> {
        let token = Key::random().to_text();
        sessions::create(&self.db, &token, session_of(state))
            .await
            .map_err(|refusal| SaveError::Other(refusal.into()))?;
        token.try_into().map_err(|_| SaveError::Other(Refusal::fault("a session key that is none").into()))
    }

    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        _ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        // A session that was ended meanwhile stays ended: nothing is written anew under its key.
        sessions::update(&self.db, key.as_ref(), session_of(state))
            .await
            .map_err(|refusal| UpdateError::Other(refusal.into()))?;
        Ok(key)
    }

    async fn update_ttl(&self, _key: &SessionKey, _ttl: &Duration) -> anyhow::Result<()> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        Ok(sessions::end(&self.db, key.as_ref()).await?)
    }
}

/// What was found, all of it under names.
fn state_of(found: Found) -> State {
    let columns = [
        (ID, serde_json::to_string(&found.id)),
        (PROVED, serde_json::to_string(&found.proved_at)),
        (STALE, serde_json::to_string(&found.is_stale)),
        (MUST_ENROL, serde_json::to_string(&found.must_enrol)),
    ];
    let written = columns.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.ok()?)));
    let mut state = found.state;
    state.extend(written);
    state
}

/// What is to be written, columns and state apart.
fn session_of(mut state: State) -> Session {
    let user = state.get(USER).and_then(|text| serde_json::from_str::<UserId>(text).ok());
    let proved_at = take::<Option<DateTime<Utc>>>(&mut state, PROVED).flatten();
    let seen_from = take::<SeenFrom>(&mut state, FROM);
    for name in [ID, STALE, MUST_ENROL] {
        state.remove(name);
    }
    Session { user, state, proved_at, seen_from }
}

fn take<T: DeserializeOwned>(state: &mut State, name: &str) -> Option<T> {
    state.remove(name).and_then(|text| serde_json::from_str(&text).ok())
}

//! actix-session on our own table: a session can be ended on the server, and its row holds only a hash of the cookie.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::domain::identity::sessions::{self, Epoch, Found, SeenFrom, Session, State};
use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, SupportSessionId, UserId};
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

/// Under this name it keeps in which support session they are; a column too, so that it ends with the sign-in.
pub const SUPPORT: &str = "support";

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
/// See [`ID`]: how pages look for the person.
pub const LOOK: &str = "look";

/// See [`ID`]: how often all sign-ins of the person had been ended when this one began.
pub const EPOCH: &str = "epoch";
/// See [`ID`]: what becomes of the session's key.
pub const KEY: &str = "key";

/// What becomes of the key of a session. The session layer itself deletes a session and writes another where it should
/// go on under a new key, and so would bring one back that was ended in between.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub enum Keyed {
    /// It stays.
    #[default]
    Same,
    /// The session goes on under another one.
    Renewed,
    /// The session ends, and another begins.
    Begun,
}

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
        self.begin(session_of(state)).await.map_err(|refusal| SaveError::Other(refusal.into()))
    }

    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        _ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        self.write(key, state).await.map_err(|refusal| UpdateError::Other(refusal.into()))
    }

    async fn update_ttl(&self, _key: &SessionKey, _ttl: &Duration) -> anyhow::Result<()> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        Ok(sessions::end(&self.db, key.as_ref()).await?)
    }
}

impl PgSessions {
    async fn begin(&self, written: Written) -> Result<SessionKey, Refusal> {
        let (token, key) = new_key()?;
        sessions::begin(&self.db, &token, written.session, written.epoch).await?;
        Ok(key)
    }

    /// A session that was ended meanwhile stays ended: then nothing is written, and its key, old or new, opens nothing.
    async fn write(&self, key: SessionKey, state: State) -> Result<SessionKey, Refusal> {
        if state.contains_key(AWAY) {
            // What could not be read is not written over.
            return Ok(key);
        }
        let written = session_of(state);
        match written.keyed {
            Keyed::Same => {
                sessions::update(&self.db, key.as_ref(), written.session).await?;
                Ok(key)
            }
            Keyed::Renewed => {
                let (token, new) = new_key()?;
                sessions::renew(&self.db, key.as_ref(), &token, written.session).await?;
                Ok(new)
            }
            Keyed::Begun => {
                sessions::end(&self.db, key.as_ref()).await?;
                self.begin(written).await
            }
        }
    }
}

fn new_key() -> Result<(String, SessionKey), Refusal> {
    let token = Key::random().to_text();
    let key = token.clone().try_into().map_err(|_| Refusal::fault("a session key that is none"))?;
    Ok((token, key))
}

/// What was found, all of it under names.
fn state_of(found: Found) -> State {
    let columns = [
        (ID, serde_json::to_string(&found.id)),
        (PROVED, serde_json::to_string(&found.proved_at)),
        (STALE, serde_json::to_string(&found.is_stale)),
        (MUST_ENROL, serde_json::to_string(&found.must_enrol)),
        (LOOK, serde_json::to_string(&found.look)),
    ];
    let written = columns.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.ok()?)));
    let mut state = found.state;
    state.extend(written);
    state
}

/// What is to be written, columns and state apart.
struct Written {
    session: Session,
    epoch: Epoch,
    keyed: Keyed,
}

fn session_of(mut state: State) -> Written {
    let user = read::<UserId>(&state, USER);
    let support = read::<(BusinessId, SupportSessionId)>(&state, SUPPORT).map(|(_, session)| session);
    let proved_at = take::<Option<DateTime<Utc>>>(&mut state, PROVED).flatten();
    let seen_from = take::<SeenFrom>(&mut state, FROM);
    let epoch = take::<Epoch>(&mut state, EPOCH).unwrap_or(Epoch::FIRST);
    let keyed = take::<Keyed>(&mut state, KEY).unwrap_or_default();
    for name in [ID, STALE, MUST_ENROL, LOOK] {
        state.remove(name);
    }
    Written { session: Session { user, state, proved_at, seen_from, support }, epoch, keyed }
}

fn read<T: DeserializeOwned>(state: &State, name: &str) -> Option<T> {
    state.get(name).and_then(|text| serde_json::from_str(text).ok())
}

fn take<T: DeserializeOwned>(state: &mut State, name: &str) -> Option<T> {
    state.remove(name).and_then(|text| serde_json::from_str(&text).ok())
}

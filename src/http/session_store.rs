//! actix-session on our own table: a session can be ended on the server, and its row holds only a hash of the cookie.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;

use crate::domain::identity::sessions::{self, Session};
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

impl SessionStore for PgSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let found = sessions::load(&self.db, key.as_ref()).await;
        // An error here would end the request without a page. So the session says that the database is away, and
        // whoever asks it for the person gets the refusal.
        Ok(found.unwrap_or_else(|refusal| {
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

fn session_of(state: HashMap<String, String>) -> Session {
    let user = state.get(USER).and_then(|text| serde_json::from_str::<UserId>(text).ok());
    Session { user, state }
}

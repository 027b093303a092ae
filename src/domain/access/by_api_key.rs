//! From the text of a key to the access of its program, looked up anew at every request.

use crate::domain::api_keys::api_key::{KeyKind, KeyStatus, from_text, permissions};
use crate::domain::api_keys::note_use::EVERY;
use crate::domain::api_keys::store as api_keys;
use crate::kernel::access::{Access, Actor, Sees, Source};
use crate::kernel::db::Db;
use crate::kernel::ids::ApiKeyId;
use crate::kernel::refusal::{Kind, Refusal};

/// A program that came in.
#[derive(Clone, Copy)]
pub struct Program {
    /// What it may do.
    pub access: Access,
    /// With which key.
    pub key: ApiKeyId,
    /// Of which kind.
    pub kind: KeyKind,
    /// Whether its coming should be noted.
    pub is_stale: bool,
}

/// The access of whoever shows this key. Unknown, revoked and expired ones are refused alike.
pub async fn by_api_key(db: &Db, text: &str, source: Source) -> Result<Program, Refusal> {
    let Some(key) = from_text(text) else {
        return Err(no_key());
    };
    let now = db.clock().now();
    let found = db.before_tenant(move |conn| api_keys::of_hash(conn, &key.hash())).await?;
    let (house, key) = found.ok_or_else(no_key)?;
    let today = now.with_timezone(&house.zone).date_naive();
    if KeyStatus::of(key.expires_on, key.revoked_at, today) != KeyStatus::Live {
        return Err(no_key());
    }
    let sees = match key.kind {
        KeyKind::Service => Sees::All,
        KeyKind::Sdk => Sees::Nothing,
    };
    Ok(Program {
        access: Access::prove(Actor::ApiKey { key: key.id }, house, sees, permissions(&key.scopes), source),
        key: key.id,
        kind: key.kind,
        is_stale: key.last_used_at.is_none_or(|at| at + EVERY <= now),
    })
}

fn no_key() -> Refusal {
    Refusal::new(
        Kind::SignIn,
        "unknown_key",
        "This key is not known here, was revoked, or has expired. An owner or admin makes a new one.",
    )
}

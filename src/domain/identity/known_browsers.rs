//! Browsers that a person has signed in with before. Strangers' guesses elsewhere do not keep them out, and a sign-in
//! from another one is worth a letter. Being known never stands in for a password or a code.

pub(super) mod store;

use chrono::TimeDelta;

use crate::kernel::db::Db;
use crate::kernel::ids::UserId;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;

pub use store::sweep;

/// How long a browser is known after its last sign-in.
pub const KEPT: TimeDelta = TimeDelta::days(180);

/// Whether this person has signed in with the browser that shows this key.
pub async fn is_known(db: &Db, user: UserId, shown: Option<&Key>) -> Result<bool, Refusal> {
    let Some(key) = shown.cloned() else {
        return Ok(false);
    };
    let now = db.clock().now();
    db.before_tenant(move |conn| store::is_known(conn, &key, user, now)).await
}

/// Makes the browser known to this person, under a new key that takes the place of the one it showed.
pub async fn remember(db: &Db, user: UserId, shown: Option<Key>) -> Result<Key, Refusal> {
    let now = db.clock().now();
    db.before_tenant(move |conn| {
        if let Some(shown) = shown {
            store::delete(conn, &shown)?;
        }
        let key = Key::random();
        store::insert(conn, &key, user, now)?;
        Ok(key)
    })
    .await
}

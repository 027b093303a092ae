//! Showing again, while signed in, that it is still the same person: by the password, before what cannot be undone.

use chrono::TimeDelta;

use crate::kernel::db::Db;
use crate::kernel::ids::UserId;
use crate::kernel::refusal::Refusal;

use super::limits::{Client, Proof, guess};
use super::password::Passwords;
use super::store;

/// How long it counts.
pub const VALID: TimeDelta = TimeDelta::minutes(10);

/// The stored hash that this password fits; refused at `field` when it does not, and 429 after too many of those.
pub async fn by_password(
    db: &Db,
    passwords: &Passwords,
    (user, client): (UserId, &Client),
    password: String,
    field: &'static str,
) -> Result<String, Refusal> {
    let (user, stored) = db.before_tenant(move |conn| store::with_password(conn, user)).await?;
    let taken = guess(db, Proof::PasswordAgain, &user.email.to_lowercase(), client).await?;
    match passwords.fits(password, Some(stored.clone())).await {
        Ok(true) => {
            taken.fitted(db).await?;
            Ok(stored)
        }
        Ok(false) => Err(Refusal::invalid(field, "That is not your password. Check it and try again.")),
        Err(refusal) => {
            taken.give_back(db).await?;
            Err(refusal)
        }
    }
}

//! The running program's parts, put together once; used by the commands and by the tests.

use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::domain::identity::password::Passwords;
use crate::kernel::clock::Clock;
use crate::kernel::db::{Db, DbSettings};
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Keyring;
use crate::mail;

/// Many who sign in at once wait for each other rather than being sent away.
const SIGNING_IN: Duration = Duration::from_secs(5);

/// A form is small: whoever sends one byte now and then holds the connection open and means no good.
const ARRIVAL: Duration = Duration::from_secs(30);

/// What every handler and every job of the worker is given. Clones share everything.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The settings.
    pub config: Arc<Config>,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Encrypts what rests encrypted.
    pub keyring: Keyring,
    /// So long a form may take to arrive.
    pub arrival: Duration,
}

impl App {
    /// Puts the parts together; opens no connection yet. Refuses settings with which no letter could be sent.
    pub fn build(config: Config, database: &DbSettings, secret: [u8; 32], clock: Clock) -> Result<Self, Refusal> {
        mail::check(&config)?;
        let old = config.secret_old.as_ref().map(|old| *old.expose());
        let keyring = Keyring::new(secret, old);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            db: Db::open(database, clock, keyring.clone()),
            config: Arc::new(config),
            passwords: Passwords::new(cores, database.patience.max(SIGNING_IN))?,
            keyring,
            arrival: ARRIVAL,
        })
    }
}

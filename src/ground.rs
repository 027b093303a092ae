//! The ground a command stands on: the database it was given or a private one, and the secret that belongs to it.

use std::time::Duration;

use chrono::TimeDelta;

use crate::config::{Config, ConfigError, Database, SecretBytes, private_secret};
use crate::kernel::db::DbSettings;
use crate::kernel::migrations::{self, MigrationError};
use crate::postgres::{PostgresError, PrivatePostgres};

const CONNECTIONS: u32 = 8;
/// A page that has not begun within this time is better asked for again, and one that is refused is told within two
/// seconds.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Why there is no ground.
#[derive(Debug, thiserror::Error)]
pub enum GroundError {
    /// The secret.
    #[error(transparent)]
    Secret(#[from] ConfigError),
    /// The private PostgreSQL.
    #[error(transparent)]
    Postgres(#[from] PostgresError),
}

/// Database, secret and clock of this process. Found on the main thread, because a private PostgreSQL ends with the
/// thread that started it.
pub struct Ground {
    settings: DbSettings,
    owner_url: String,
    secret: SecretBytes,
    private: Option<PrivatePostgres>,
    clock_offset: TimeDelta,
}

impl Ground {
    /// Finds or makes it.
    pub fn find(config: &Config) -> Result<Self, GroundError> {
        // The secret comes first: a cluster whose secret is lost must not be started as if nothing were missing.
        let secret = match &config.secret {
            Some(secret) => secret.clone(),
            None => own_secret(config)?,
        };
        let (private, url, read_url, owner_url) = match &config.database {
            Database::Private => {
                let private = PrivatePostgres::start(&config.data)?;
                let (url, owner_url) = (private.application_url(), private.owner_url());
                (Some(private), url, None, owner_url)
            }
            Database::Url { url, read, migrate } => {
                let read_url = read.as_ref().map(|read| read.expose().to_owned());
                (None, url.expose().to_owned(), read_url, migrate.expose().to_owned())
            }
        };
        let settings = DbSettings { url, read_url, connections: CONNECTIONS, patience: PATIENCE, connecting: PATIENCE };
        Ok(Self { settings, owner_url, secret, private, clock_offset: config.clock_offset })
    }

    /// Where the serving role connects.
    pub fn settings(&self) -> &DbSettings {
        &self.settings
    }

    /// The installation's secret.
    pub fn secret(&self) -> [u8; 32] {
        *self.secret.expose()
    }

    /// How far the product's clock is moved.
    pub fn clock_offset(&self) -> TimeDelta {
        self.clock_offset
    }

    /// Brings the schema up to date, as the owner; says how many migrations ran.
    pub fn migrate(&self) -> Result<usize, MigrationError> {
        migrations::migrate(&self.owner_url)
    }

    /// Refuses a schema that is older than this program.
    pub fn expect_current(&self) -> Result<(), MigrationError> {
        migrations::expect_current(&self.settings.url)
    }

    /// Stops the private PostgreSQL, if this process started it.
    pub fn leave(self) -> Result<(), GroundError> {
        match self.private {
            Some(private) => Ok(private.stop()?),
            None => Ok(()),
        }
    }
}

fn own_secret(config: &Config) -> Result<SecretBytes, GroundError> {
    let (secret, is_new) = private_secret(&config.data)?;
    if is_new {
        tracing::warn!(
            path = %config.data.join("secret").display(),
            "made the installation's secret; keep a copy of it with your backups: without it license keys cannot be read"
        );
    }
    Ok(secret)
}

//! The settings, typed, read once from the environment.
//!
//! A bad or missing setting stops the program with one sentence that names it. No setting is ever guessed, and no
//! secret or password is ever printed.

mod base_url;
mod error;
mod names;
mod parse;
mod secret;

#[cfg(test)]
mod refusals;
#[cfg(test)]
mod tests;

use std::env::{self, VarError};
use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::TimeDelta;
use ipnet::IpNet;

pub use base_url::BaseUrl;
pub use error::ConfigError;
pub use secret::{SecretBytes, private_secret};

/// Everything the environment decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which PostgreSQL holds the books.
    pub database: Database,
    /// The directory of the secret, the private PostgreSQL and the letters that are not sent.
    pub data: PathBuf,
    /// The address to listen on.
    pub addr: SocketAddr,
    /// The address people and programs use; every link starts with it.
    pub base_url: BaseUrl,
    /// The installation's secret; none means the one in the data directory (`private_secret`).
    pub secret: Option<SecretBytes>,
    /// The secret before this one, while it is being replaced.
    pub secret_old: Option<SecretBytes>,
    /// Where letters go.
    pub mail: Mail,
    /// The sender of letters.
    pub mail_from: String,
    /// Who may sign up.
    pub sign_up: SignUp,
    /// Whether owners change their plan themselves.
    pub plan_changes: PlanChanges,
    /// The hash of the key that opens the figures; none: there are none.
    pub metrics_key: Option<Vec<u8>>,
    /// Whether `serve` also does the worker's work.
    pub worker: bool,
    /// The proxies whose word about the client's address counts.
    pub trusted_proxies: Vec<IpNet>,
    /// What is logged, as a level or as directives `target=level`.
    pub log: String,
    /// How far the product's clock is moved; zero except on loopback.
    pub clock_offset: TimeDelta,
}

/// Which PostgreSQL holds the books.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Database {
    /// A private one below the data directory.
    Private,
    /// One that is already there.
    Url {
        /// Serves and writes.
        url: ServerUrl,
        /// Answers reads, when there is a replica.
        read: Option<ServerUrl>,
        /// Migrates; the same as `url` unless set.
        migrate: ServerUrl,
    },
}

/// Where letters go.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Mail {
    /// Into files below the data directory.
    Folder,
    /// To this mail server.
    Smtp(ServerUrl),
}

/// Who may sign up. The first person on an empty installation always can.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignUp {
    /// Anyone.
    Open,
    /// Those who were invited.
    Invite,
    /// Nobody.
    Closed,
}

/// How an owner moves to a paid plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PlanChanges {
    /// At once, by the owner's own choice: `self`.
    ByOwners,
    /// When staff have agreed: `request`.
    OnRequest,
}

/// The address of another server, which may hold a password and so is never printed.
#[derive(Clone, Eq, PartialEq)]
pub struct ServerUrl(String);

impl Config {
    /// The settings of this process.
    pub fn load() -> Result<Self, ConfigError> {
        names::require_known(env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()))?;
        for name in names::all() {
            if let Err(VarError::NotUnicode(_)) = env::var(name) {
                return Err(ConfigError::hidden(name, "is not text", "it must be written in UTF-8"));
            }
        }
        Self::from_env(|name| env::var(name).ok())
    }

    /// The settings that `read` knows by their names; an empty one counts as not set.
    pub fn from_env(read: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let get = |name: &'static str| {
            let value = read(name)?.trim().to_owned();
            (!value.is_empty()).then_some((name, value))
        };
        let database = parse::database(get("DATABASE_URL"), get("DATABASE_READ_URL"), get("SUBLEDGER_MIGRATE_URL"))?;
        let addr = parse::addr(get("SUBLEDGER_ADDR"))?;
        let base_url = BaseUrl::read(get("SUBLEDGER_BASE_URL"), addr)?;
        let (secret, secret_old) = secret::pair(get("SUBLEDGER_SECRET"), get("SUBLEDGER_SECRET_OLD"), &database)?;
        let mail = parse::mail(get("SUBLEDGER_SMTP_URL"))?;
        Ok(Self {
            database,
            data: get("SUBLEDGER_DATA").map_or_else(|| PathBuf::from("./data"), |(_, path)| path.into()),
            addr,
            secret,
            secret_old,
            mail_from: parse::mail_from(get("SUBLEDGER_MAIL_FROM"), &mail)?,
            mail,
            sign_up: parse::sign_up(get("SUBLEDGER_SIGN_UP"))?,
            plan_changes: parse::plan_changes(get("SUBLEDGER_PLAN_CHANGES"))?,
            metrics_key: parse::metrics_key(get("SUBLEDGER_METRICS_KEY"))?,
            worker: parse::worker(get("SUBLEDGER_WORKER"))?,
            trusted_proxies: parse::trusted_proxies(get("SUBLEDGER_TRUSTED_PROXIES"))?,
            log: parse::log(get("SUBLEDGER_LOG"))?,
            clock_offset: parse::clock_offset(get("SUBLEDGER_CLOCK_OFFSET"), &base_url)?,
            base_url,
        })
    }
}

impl ServerUrl {
    /// The address, with its password.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for ServerUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl std::fmt::Debug for ServerUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ServerUrl(…)")
    }
}

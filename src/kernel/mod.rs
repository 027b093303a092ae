//! Floor 1: what every feature stands on. It knows no feature.

pub mod access;
pub mod amount;
pub mod blocking;
pub mod calendar;
pub mod clock;
pub mod currency;
pub mod db;
pub mod due;
pub mod email_address;
pub mod fact;
pub mod guard;
pub mod ids;
pub mod locale;
pub mod migrations;
pub mod money;
pub mod once;
pub mod operation;
pub mod outbox;
pub mod permission;
mod pool;
pub mod refusal;
pub mod run_rate;
#[rustfmt::skip]
pub mod schema;
pub mod secret;
pub mod statement;
mod trail;
pub mod work;
pub mod zones;

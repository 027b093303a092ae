//! Bringing the schema up to date, by the owner's role, and granting the serving role what it needs and no more.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

/// All migrations, in order, as built into the program.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// No connection.
    #[error("The database cannot be reached for migrating: {0}")]
    Away(#[from] diesel::ConnectionError),
    /// A statement outside the migrations failed.
    #[error("The database refused to prepare for migrating: {0}")]
    Refused(#[from] diesel::result::Error),
    /// Some of ours have not run.
    #[error("The database is not made for this version of Subledger yet: run `subledger migrate` first.")]
    Behind,
    /// A migration failed.
    #[error("A migration failed and was rolled back: {0}")]
    Failed(String),
}

/// One process migrates at a time; the number is arbitrary and ours.
const LOCK: &str = "SELECT pg_advisory_lock(5078213490217)";

/// What the group role of serving processes may do: everything but change the trail or the list of migrations, and let
/// go of a business whose days of grace are over. Where the owner may not make roles, one role does both, and the
/// triggers alone guard the trail.
const GRANTS: &str = "
DO $$
DECLARE relation regclass;
BEGIN
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'subledger_app') THEN CREATE ROLE subledger_app NOLOGIN; END IF;
  EXCEPTION WHEN insufficient_privilege THEN RETURN; WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  GRANT USAGE ON SCHEMA public TO subledger_app;
  FOR relation IN SELECT oid::regclass FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition LOOP
    EXECUTE CASE
      WHEN relation = 'audit_entries'::regclass THEN format('GRANT SELECT, INSERT ON %s TO subledger_app', relation)
      WHEN relation = '__diesel_schema_migrations'::regclass THEN format('GRANT SELECT ON %s TO subledger_app', relation)
      ELSE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO subledger_app', relation)
    END;
  END LOOP;
  GRANT EXECUTE ON FUNCTION forget_closed_business TO subledger_app;
END $$";

/// Runs what is pending and says how many migrations that were.
pub fn migrate(owner_url: &str) -> Result<usize, MigrationError> {
    let mut conn = PgConnection::establish(owner_url)?;
    conn.batch_execute("SET client_min_messages = warning")?;
    conn.batch_execute(LOCK)?;
    let ran = conn.run_pending_migrations(MIGRATIONS).map_err(|error| MigrationError::Failed(error.to_string()))?.len();
    conn.batch_execute(GRANTS)?;
    Ok(ran)
}

#[derive(QueryableByName)]
struct Ran {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Refuses a schema that lacks a migration of ours, asked as any role. A database that is away says nothing of its schema,
/// and whoever needs it will wait for it.
pub fn expect_current(url: &str) -> Result<(), MigrationError> {
    let Ok(mut conn) = PgConnection::establish(url) else {
        return Ok(());
    };
    // Where there is no such list, nothing has run.
    let ran = diesel::sql_query("SELECT version FROM __diesel_schema_migrations").load(&mut conn).unwrap_or_default();
    let ran: BTreeSet<String> = ran.into_iter().map(|Ran { version }| version).collect();
    let ours =
        MigrationSource::<Pg>::migrations(&MIGRATIONS).map_err(|error| MigrationError::Failed(error.to_string()))?;
    match ours.iter().all(|migration| ran.contains(&migration.name().version().to_string())) {
        true => Ok(()),
        false => Err(MigrationError::Behind),
    }
}

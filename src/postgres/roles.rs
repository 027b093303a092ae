//! The roles and the database inside the private PostgreSQL.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::PostgresError;
use super::sockets::Sockets;

/// The superuser the cluster is made with: it owns the database and migrates.
pub(super) const OWNER: &str = "subledger_owner";
/// The role that serves.
pub(super) const APPLICATION: &str = "subledger";
/// The database.
pub(super) const DATABASE: &str = "subledger";

/// The migrations grant to `subledger_app`, and whoever serves is a member of it.
const ROLES: &str = "
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'subledger_app') THEN
            CREATE ROLE subledger_app NOLOGIN;
        END IF;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'subledger') THEN
            CREATE ROLE subledger LOGIN IN ROLE subledger_app;
        END IF;
    END $$;
    ALTER ROLE subledger LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
    ALTER ROLE subledger_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Makes the roles and the database where they are missing; changes nothing where they stand.
pub(super) fn ensure(sockets: &Sockets) -> Result<(), PostgresError> {
    let failed = |error: String| PostgresError::Roles(super::error::last_words(&error));
    let url = sockets.url(OWNER, "postgres");
    let mut connection = PgConnection::establish(&url).map_err(|error| failed(error.to_string()))?;
    connection.batch_execute(ROLES).map_err(|error| failed(error.to_string()))?;

    let databases = diesel::sql_query("SELECT count(*) FROM pg_database WHERE datname = 'subledger'");
    let databases: Count = databases.get_result(&mut connection).map_err(|error| failed(error.to_string()))?;
    if databases.count == 0 {
        let create = "CREATE DATABASE subledger OWNER subledger_owner";
        connection.batch_execute(create).map_err(|error| failed(error.to_string()))?;
    }
    Ok(())
}

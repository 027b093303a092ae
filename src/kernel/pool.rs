//! The pools of connections: one that writes, one that can only read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, InstrumentationEvent, SimpleConnection, TransactionManager};
use diesel::{Connection, ConnectionError, PgConnection};

use super::refusal::{Kind, Refusal};

/// Where the database is, and how many connections each pool may hold.
#[derive(Clone, Debug)]
pub struct DbSettings {
    /// Of the serving role.
    pub url: String,
    /// Of a replica; none: the same database.
    pub read_url: Option<String>,
    /// Connections in each pool.
    pub connections: u32,
    /// How long a request waits for a connection before it is told to come back later.
    pub patience: Duration,
    /// How long the database may take to open a connection before it counts as away.
    pub connecting: Duration,
}

impl DbSettings {
    pub(super) fn width(&self) -> usize {
        usize::try_from(self.connections).unwrap_or(1)
    }
}

const GREETING: &str = "SET TIME ZONE 'UTC';
    SET plan_cache_mode = force_generic_plan;
    SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '60s';
    DO $$ BEGIN PERFORM set_config('lc_messages', 'C', false); EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;";
const GREETING_WRITER: &str = "SET statement_timeout = '30s'";
const GREETING_READER: &str = "SET statement_timeout = '10s'; SET default_transaction_read_only = on;
    SET default_transaction_isolation = 'repeatable read'";

/// No columns of no table: the least that is a query. An empty text is none, and diesel answers it with an error.
const NOTHING: &str = "SELECT";

/// One pool of connections of one kind.
pub(super) struct Pool {
    pool: r2d2::Pool<Manager>,
    statements: Arc<AtomicU64>,
    size: u32,
}

impl Pool {
    pub(super) fn writing(settings: &DbSettings) -> Self {
        Self::new(settings.url.clone(), GREETING_WRITER, settings)
    }

    pub(super) fn reading(settings: &DbSettings) -> Self {
        let url = settings.read_url.clone().unwrap_or_else(|| settings.url.clone());
        Self::new(url, GREETING_READER, settings)
    }

    fn new(url: String, greeting: &'static str, settings: &DbSettings) -> Self {
        let size = settings.connections;
        let statements = Arc::new(AtomicU64::new(0));
        let manager = Manager { url, greeting, statements: Arc::clone(&statements) };
        let pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            .connection_timeout(settings.connecting)
            .test_on_check_out(false)
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build_unchecked(manager);
        Self { pool, statements, size }
    }

    pub(super) fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Asks whether the connection lives; not counted among the statements.
    fn ping(&self, conn: &mut PgConnection) -> diesel::QueryResult<()> {
        let alive = conn.batch_execute(NOTHING);
        self.statements.fetch_sub(1, Ordering::Relaxed);
        alive
    }

    /// Gives the body a connection, in a transaction begun with `begin`. Connections that a restart of the database
    /// has killed are found out at BEGIN and replaced; without BEGIN the body's own loss is reported.
    pub(super) fn with_line<T>(
        &self,
        begin: Option<&str>,
        body: impl FnOnce(&mut Line) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut line = self.pool.get().map_err(Refusal::busy)?;
        for _ in 0..=self.size {
            let opened = match begin {
                Some(sql) => AnsiTransactionManager::begin_transaction_sql(&mut line.conn, sql),
                None if line.is_fresh() => Ok(()),
                None => self.ping(&mut line.conn),
            };
            match opened.map_err(Refusal::from) {
                Ok(()) => {
                    let done = body(&mut line);
                    line.note(&done);
                    return done;
                }
                Err(refusal) => {
                    line.dead = true;
                    tracing::debug!(cause = refusal.cause, "dropped a dead connection");
                    drop(line);
                    line = self.pool.get().map_err(Refusal::busy)?;
                }
            }
        }
        Err(Refusal::busy("every connection of the pool was dead"))
    }
}

/// One connection, and whether it is still good.
pub(super) struct Line {
    pub(super) conn: PgConnection,
    dead: bool,
    last_used: std::time::Instant,
}

impl Line {
    /// Used a moment ago: dead connections are rare enough then to be met by the body itself.
    fn is_fresh(&self) -> bool {
        self.last_used.elapsed() < Duration::from_millis(5)
    }

    fn note<T>(&mut self, done: &Result<T, Refusal>) {
        self.last_used = std::time::Instant::now();
        if let Err(refusal) = done {
            self.dead |= matches!(refusal.kind, Kind::Busy | Kind::Fault);
        }
    }

    /// Rolls back; a connection on which even that fails is dropped.
    pub(super) fn roll_back(&mut self) {
        if AnsiTransactionManager::rollback_transaction(&mut self.conn).is_err() {
            self.dead = true;
        }
    }
}

struct Manager {
    url: String,
    greeting: &'static str,
    statements: Arc<AtomicU64>,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Line;
    type Error = ConnectionError;

    fn connect(&self) -> Result<Line, ConnectionError> {
        let mut conn = PgConnection::establish(&self.url)?;
        for part in [GREETING, self.greeting] {
            conn.batch_execute(part).map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        let statements = Arc::clone(&self.statements);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                statements.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(Line { conn, dead: false, last_used: std::time::Instant::now() })
    }

    fn is_valid(&self, line: &mut Line) -> Result<(), ConnectionError> {
        line.conn.batch_execute(NOTHING).map_err(ConnectionError::CouldntSetupConfiguration)
    }

    fn has_broken(&self, line: &mut Line) -> bool {
        line.dead || std::thread::panicking()
    }
}

//! Db: the only maker of transactions. Lock order, obeyed everywhere: plan subscription (the lock of the business),
//! invitation, subscription, license, member. Only an import that the worker carries out is locked before all of them.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::PgConnection;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use rand::RngExt;

use super::access::{Access, Actor};
use super::blocking::Lane;
use super::clock::Clock;
use super::once::{self, Answer, Once};
use super::operation::{Operation, Question, Reads, Sweep};
use super::permission::Permission;
use super::pool::{Line, Pool};
use super::refusal::{Kind, Refusal};
use super::secret::Keyring;
use super::trail;
use super::work::{Audited, SweepWork, View, Work};

pub use super::pool::DbSettings;

const TRIES: u32 = 4;

/// The database, to everybody above: clones share pools, clock and keyring.
#[derive(Clone)]
pub struct Db {
    writer: Arc<Pool>,
    reader: Arc<Pool>,
    writers: Lane,
    readers: Lane,
    clock: Clock,
    keyring: Keyring,
}

/// The right to sweep over many businesses; made by `domain/access` for the worker.
pub struct Rounds(());

impl Rounds {
    /// States that the worker asks. Callers outside `domain/access` fail the architecture test.
    pub fn prove() -> Self {
        Self(())
    }
}

impl Db {
    /// Opens the pools; connections are made when first needed, so a database that is away is no error here.
    pub fn open(settings: &DbSettings, clock: Clock, keyring: Keyring) -> Self {
        let patience = settings.patience;
        Self {
            writer: Arc::new(Pool::writing(settings)),
            reader: Arc::new(Pool::reading(settings)),
            writers: Lane::new(settings.width(), patience),
            readers: Lane::new(settings.width(), patience),
            clock,
            keyring,
        }
    }

    /// The clock that every transaction reads once.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How many statements this process has sent, BEGIN and COMMIT included.
    pub fn statements(&self) -> u64 {
        self.writer.statements() + self.reader.statements()
    }

    /// Makes a change, in one transaction, if the access allows it. Commits only with an entry in the trail.
    pub async fn perform<O: Operation>(&self, access: &Access, operation: O) -> Result<O::Output, Refusal> {
        self.guarded::<O, _>(access, move |work| operation.run(work)).await
    }

    /// As [`Db::perform`], once: the same act again does nothing and gives the first answer.
    pub async fn perform_once<O: Operation>(
        &self,
        access: &Access,
        once: Once,
        operation: O,
        tell: impl Fn(&O::Output) -> Answer + Send + Sync + 'static,
    ) -> Result<Answer, Refusal> {
        self.guarded::<O, _>(access, move |work| {
            if let Some(first) = once::claim(work, &once)? {
                return Ok(work.nothing_changed(first));
            }
            let Audited { value, written } = operation.run(work)?;
            let answer = tell(&value);
            if written {
                once::keep(work, &once, &answer)?;
            }
            Ok(Audited { value: answer, written })
        })
        .await
    }

    async fn guarded<O: Operation, T: Send + 'static>(
        &self,
        access: &Access,
        run: impl Fn(&mut Work<'_>) -> Result<Audited<T>, Refusal> + Send + Sync + 'static,
    ) -> Result<T, Refusal> {
        let done = match require(access, O::NEEDS).and_then(|()| require_open(access, O::NEEDS)) {
            Ok(()) => self.operate(*access, run).await,
            Err(refusal) => Err(refusal),
        };
        if let (Err(refusal), Some(attempt)) = (&done, O::SENSITIVE)
            && !matches!(refusal.kind, Kind::Invalid | Kind::Busy | Kind::Fault)
        {
            let (access, refusal, now) = (*access, refusal.clone(), self.clock.now());
            self.before_tenant(move |conn| trail::write_attempt(conn, &access, now, attempt, &refusal)).await?;
        }
        done
    }

    async fn operate<T: Send + 'static>(
        &self,
        access: Access,
        run: impl Fn(&mut Work<'_>) -> Result<Audited<T>, Refusal> + Send + Sync + 'static,
    ) -> Result<T, Refusal> {
        self.write(move |conn, keyring, now| {
            access.require_standing(conn, now)?;
            let mut work = Work { conn, access, keyring, now, facts: 0, caught_up: 0 };
            let audited = run(&mut work)?;
            match work.facts > work.caught_up && !audited.written {
                true => Err(Refusal::fault("facts were recorded, but the operation says nothing changed")),
                false => Ok(audited),
            }
        })
        .await
    }

    /// Makes one batch of a change over many businesses.
    pub async fn sweep<S: Sweep>(&self, _rounds: &Rounds, sweep: S) -> Result<S::Output, Refusal> {
        self.write(move |conn, keyring, now| sweep.run(&mut SweepWork { conn, keyring, now })).await
    }

    /// Finds something out, if the access allows it; writes are refused by PostgreSQL.
    pub async fn answer<Q: Question>(&self, access: &Access, question: Q) -> Result<Q::Output, Refusal> {
        require(access, Q::NEEDS)?;
        let (access, now, pool) = (*access, self.clock.now(), Arc::clone(&self.reader));
        let keyring = self.keyring.clone();
        let begin = (Q::READS == Reads::Snapshot).then_some("BEGIN");
        self.readers
            .run(move || {
                pool.with_line(begin, |line| {
                    let ask = |conn: &mut PgConnection| {
                        let mut view = View { conn, access, keyring: &keyring, now, reads: Q::READS, taken: 0 };
                        question.find(&mut view)
                    };
                    match Q::READS {
                        Reads::One => ask(&mut line.conn),
                        Reads::Snapshot => end_with_rollback(line, ask),
                    }
                })
            })
            .await
    }

    /// For the listed doors without a tenant: sign-in, session and key look-ups, the worker's sweep of who is due.
    pub(crate) async fn before_tenant<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut PgConnection) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let pool = Arc::clone(&self.writer);
        self.writers.run(move || pool.with_line(None, |line| job(&mut line.conn))).await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Refusal> {
        use diesel::RunQueryDsl;
        self.before_tenant(|conn| Ok(diesel::sql_query("SELECT 1").execute(conn).map(drop)?)).await
    }

    /// Has PostgreSQL look over all tables, for whoever has just written very much. Its own housekeeping comes round
    /// within a minute; until then it plans as if it knew nothing, and pages take seconds.
    pub async fn refresh_statistics(&self) -> Result<(), Refusal> {
        use diesel::{Connection, RunQueryDsl};
        self.before_tenant(|conn| {
            conn.transaction(|conn| {
                // A page must not wait this long, but nobody waits for this.
                diesel::sql_query("SET LOCAL statement_timeout = 0").execute(conn)?;
                Ok(diesel::sql_query("SELECT refresh_statistics()").execute(conn).map(drop)?)
            })
        })
        .await
    }

    async fn write<T: Send + 'static>(
        &self,
        job: impl Fn(&mut PgConnection, &Keyring, DateTime<Utc>) -> Result<Audited<T>, Refusal> + Send + Sync + 'static,
    ) -> Result<T, Refusal> {
        let job = Arc::new(job);
        for attempt in 1.. {
            let (job, pool, keyring, now) =
                (Arc::clone(&job), Arc::clone(&self.writer), self.keyring.clone(), self.clock.now());
            let done = self
                .writers
                .run(move || {
                    pool.with_line(Some("BEGIN READ WRITE"), |line| {
                        commit_if_written(line, |conn| job(conn, &keyring, now))
                    })
                })
                .await;
            match done {
                Err(refusal) if refusal.kind == Kind::Again && attempt < TRIES => {
                    // A deadlock retried at once deadlocks again: let the winner wake first.
                    let pause = rand::rng().random_range(10..50);
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                }
                Err(refusal) if refusal.kind == Kind::Again => {
                    return Err(Refusal { kind: Kind::Busy, ..refusal });
                }
                other => return other,
            }
        }
        Err(Refusal::busy("no try was left"))
    }
}

fn require(access: &Access, permission: Permission) -> Result<(), Refusal> {
    match access.may(permission) {
        true => Ok(()),
        false if matches!(access.actor(), Actor::Support { .. }) => Err(Refusal::new(
            Kind::NotAllowed,
            "not_in_support",
            "A support session may not do this. Ask the business to do it, or leave the session first.",
        )),
        false => Err(Refusal::not_allowed()),
    }
}

/// One door for every change: nobody has to think of suspended businesses anywhere else.
fn require_open(access: &Access, permission: Permission) -> Result<(), Refusal> {
    match access.may_change_now(permission) {
        true => Ok(()),
        false => Err(Refusal::conflict(
            "business_suspended",
            "This business is suspended: everything can be read and exported, and nothing can be changed until whoever \
             runs this installation restores it.",
        )),
    }
}

fn commit_if_written<T>(
    line: &mut Line,
    body: impl FnOnce(&mut PgConnection) -> Result<Audited<T>, Refusal>,
) -> Result<T, Refusal> {
    match body(&mut line.conn) {
        Ok(Audited { value, written: true }) => {
            AnsiTransactionManager::commit_transaction(&mut line.conn)?;
            Ok(value)
        }
        Ok(Audited { value, written: false }) => {
            AnsiTransactionManager::rollback_transaction(&mut line.conn)?;
            Ok(value)
        }
        Err(refusal) => {
            line.roll_back();
            Err(refusal)
        }
    }
}

fn end_with_rollback<T>(
    line: &mut Line,
    body: impl FnOnce(&mut PgConnection) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let found = body(&mut line.conn);
    line.roll_back();
    found
}

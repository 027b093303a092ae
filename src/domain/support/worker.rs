//! How the worker does, over the whole installation: when each job last ran, what waits too long, what was set aside.

use chrono::{DateTime, Utc};
use diesel::PgConnection;

use crate::kernel::db::Db;
use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::BusinessId;
use crate::kernel::operation::{Operation, Question};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, View, Work};

use super::store;

/// How many of what was set aside are shown.
const SHOWN: i64 = 100;

/// How the worker does.
pub struct WorkerHealth;

/// What there is to know of the worker.
pub struct Health {
    /// Each job and when it last ran.
    pub rounds: Vec<Round>,
    /// What should have been done by now, by kind.
    pub waiting: Vec<Waiting>,
    /// How much failed and is tried again later.
    pub failing: i64,
    /// Some of that, oldest first.
    pub set_aside: Vec<SetAside>,
}

/// One job.
pub struct Round {
    /// Its name.
    pub job: String,
    /// When it last ran.
    pub ran_at: DateTime<Utc>,
    /// When it last ended well.
    pub worked_at: Option<DateTime<Utc>>,
    /// What went wrong the last time, if anything.
    pub error: Option<String>,
}

/// What is due and not done.
pub struct Waiting {
    /// Of what, as a screen says it.
    pub what: &'static str,
    /// The stable code.
    pub code: &'static str,
    /// How many.
    pub count: i64,
    /// Since when the oldest is due; none: nothing waits.
    pub oldest: Option<DateTime<Utc>>,
}

/// One job for one business that failed.
pub struct SetAside {
    /// Which job.
    pub job: String,
    /// For whom.
    pub business: BusinessId,
    /// Its name.
    pub name: String,
    /// How often.
    pub count: i32,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it is tried again.
    pub next: DateTime<Utc>,
    /// What went wrong.
    pub error: String,
}

impl Question for WorkerHealth {
    const NEEDS: Permission = Permission::TendWorker;
    type Output = Health;

    fn find(&self, view: &mut View<'_>) -> Result<Health, Refusal> {
        let now = view.now();
        health(view.conn(), now, SHOWN)
    }
}

/// The same for a program that watches the installation, and tells no business apart.
pub async fn health_of(db: &Db) -> Result<Health, Refusal> {
    let now = db.clock().now();
    db.before_tenant(move |conn| health(conn, now, 0)).await
}

fn health(conn: &mut PgConnection, now: DateTime<Utc>, shown: i64) -> Result<Health, Refusal> {
    Ok(Health {
        rounds: store::worker::rounds(conn)?,
        waiting: store::worker::waiting(conn, now)?,
        failing: store::worker::failing(conn)?,
        set_aside: store::worker::set_aside(conn, shown)?,
    })
}

/// Lets the worker try again at once what it set aside for the business of the access.
pub struct RetryNow {
    /// Which job.
    pub job: String,
}

impl Operation for RetryNow {
    const NEEDS: Permission = Permission::TendWorker;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let (business, name) = (work.business(), store::business_name(work)?);
        let job = store::worker::retry(work, &self.job)?.ok_or_else(|| {
            Refusal::conflict("not_set_aside", "Nothing of this business waits there any more: it was done meanwhile.")
        })?;
        work.record(&Retried { business, name: name.clone(), job }, name)
    }
}

struct Retried {
    business: BusinessId,
    name: String,
    job: String,
}

impl Fact for Retried {
    fn code(&self) -> &'static str {
        "worker.retried"
    }

    fn object(&self) -> Object {
        Object::new("business", self.business, &self.name)
    }

    fn said(&self) -> String {
        format!("let the worker try again for {}", self.name)
    }

    fn changes(&self) -> Vec<Change> {
        vec![Change::set("Job", &self.job)]
    }
}

//! Work that falls due row by row: claimed in batches, the oldest first, each batch one transaction. A failing batch is
//! halved down to the rows that fail alone; those are set aside with a growing pause and shown to staff, and stop no
//! other.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::db::{Db, Rounds};
use super::fact::Unrecorded;
use super::ids::BusinessId;
use super::operation::Sweep;
use super::refusal::{Kind, Refusal};
use super::schema::worker_failures;
use super::work::{Audited, SweepWork};

/// One kind of work that falls due.
pub trait DueWork: Clone + Send + Sync + 'static {
    /// Names a row for ever.
    type Key: Copy + Send + Sync + 'static;
    /// A row that is due and locked.
    type Row;
    /// At most so many are done in one transaction.
    const BATCH: i64;
    /// The name under which failures of this row are kept, and whose it is.
    fn job(key: Self::Key) -> (String, BusinessId);
    /// Which row it is.
    fn key(row: &Self::Row) -> Self::Key;
    /// Locks rows that are due, the oldest first, without those that wait after a failure; what another worker holds is
    /// left to it.
    fn claim(&self, work: &mut SweepWork<'_>, which: &Which<Self::Key>) -> Result<Vec<Self::Row>, Refusal>;
    /// Does what is due of the claimed rows and says how much that was.
    fn work_off(&self, work: &mut SweepWork<'_>, rows: Vec<Self::Row>) -> Result<Audited<usize>, Refusal>;
}

/// Which of what is due.
#[derive(Clone, Debug)]
pub enum Which<Key> {
    /// The oldest, at most so many.
    Oldest(i64),
    /// These.
    Only(Vec<Key>),
}

impl<Key> Which<Key> {
    /// At most how many.
    pub fn at_most(&self) -> Result<i64, Refusal> {
        match self {
            Self::Oldest(at_most) => Ok(*at_most),
            Self::Only(keys) => i64::try_from(keys.len()).map_err(Refusal::fault),
        }
    }

    /// A column of the keys asked for; none: whichever are the oldest.
    pub fn only<Column>(&self, column: impl Fn(&Key) -> Column) -> Option<Vec<Column>> {
        match self {
            Self::Oldest(_) => None,
            Self::Only(keys) => Some(keys.iter().map(column).collect()),
        }
    }
}

/// Works one batch off and says how much was done; 0 is "nothing is left".
pub async fn run<W: DueWork>(db: &Db, rounds: &Rounds, of: W) -> Result<usize, Refusal> {
    run_at_most(db, rounds, of, W::BATCH).await
}

/// The same with a batch of at most so many, to compare their sizes.
pub async fn run_at_most<W: DueWork>(db: &Db, rounds: &Rounds, of: W, at_most: i64) -> Result<usize, Refusal> {
    let claimed = Arc::default();
    let batch = Batch { of: of.clone(), which: Which::Oldest(at_most), claimed: Arc::clone(&claimed) };
    match db.sweep(rounds, batch).await {
        Err(refusal) if refusal.kind != Kind::Busy => {
            let suspects = std::mem::take(&mut *claimed.lock().map_err(Refusal::fault)?);
            match suspects.is_empty() {
                // It failed before anything was claimed, so that no row is to blame.
                true => Err(refusal),
                false => find_culprits(db, rounds, of, (suspects, refusal)).await,
            }
        }
        done => done,
    }
}

/// Halves the rows of a failed batch until each one that fails stands alone. Rows that another worker has taken up
/// meanwhile are its own, and nobody is blamed for them.
async fn find_culprits<W: DueWork>(
    db: &Db,
    rounds: &Rounds,
    of: W,
    failed: (Vec<W::Key>, Refusal),
) -> Result<usize, Refusal> {
    let (mut done, mut open) = (0, vec![failed]);
    while let Some((mut suspects, refusal)) = open.pop() {
        if let [key] = suspects[..] {
            let (job, business) = W::job(key);
            tracing::error!(cause = refusal.cause, %business, job, "what is due is set aside");
            let error = refusal.cause.unwrap_or_else(|| refusal.message.into_owned());
            done += usize::from(db.sweep(rounds, SetAside { of: of.clone(), key, error }).await?);
            continue;
        }
        tracing::warn!(cause = refusal.cause, rows = suspects.len(), "a batch of what is due failed and is halved");
        let rest = suspects.split_off(suspects.len() / 2);
        for half in [suspects, rest] {
            let batch = Batch { of: of.clone(), which: Which::Only(half.clone()), claimed: Arc::default() };
            match db.sweep(rounds, batch).await {
                Ok(more) => done += more,
                Err(cause) if cause.kind != Kind::Busy => open.push((half, cause)),
                Err(busy) => return Err(busy),
            }
        }
    }
    Ok(done)
}

/// One batch. What was claimed is noted also when it fails: the culprit is one of them.
struct Batch<W: DueWork> {
    of: W,
    which: Which<W::Key>,
    claimed: Arc<Mutex<Vec<W::Key>>>,
}

impl<W: DueWork> Sweep for Batch<W> {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let rows = self.of.claim(work, &self.which)?;
        let keys: Vec<W::Key> = rows.iter().map(W::key).collect();
        self.claimed.lock().map_err(Refusal::fault)?.clone_from(&keys);
        forgive::<W>(work, &keys)?;
        self.of.work_off(work, rows)
    }
}

/// Sets one failing row aside, to be tried again later and shown to staff.
struct SetAside<W: DueWork> {
    of: W,
    key: W::Key,
    error: String,
}

impl<W: DueWork> Sweep for SetAside<W> {
    type Output = bool;

    /// Says whether it did: not when it is no longer due, or another worker has it or has noted it meanwhile.
    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<bool>, Refusal> {
        let is_due = !self.of.claim(work, &Which::Only(vec![self.key]))?.is_empty();
        let noted = is_due && note_failure(work, W::job(self.key), &self.error)?;
        Ok(work.unrecorded(Unrecorded::Progress, noted))
    }
}

/// Forgets earlier failures of what is now done.
fn forgive<W: DueWork>(work: &mut SweepWork<'_>, keys: &[W::Key]) -> Result<(), Refusal> {
    let (jobs, businesses): (Vec<_>, Vec<_>) = keys.iter().copied().map(W::job).unzip();
    let failed = worker_failures::table.filter(worker_failures::job.eq_any(jobs));
    diesel::delete(failed.filter(worker_failures::business_id.eq_any(businesses)))
        .execute(work.conn_of_all_businesses())?;
    Ok(())
}

/// Notes that this failed and waits, ever longer; not when another worker has noted it meanwhile.
pub fn note_failure(
    work: &mut SweepWork<'_>,
    (job, business): (String, BusinessId),
    error: &str,
) -> Result<bool, Refusal> {
    let now = work.now();
    let conn = work.conn_of_all_businesses();
    let known: Option<(i32, DateTime<Utc>)> = worker_failures::table
        .find((&job, business))
        .select((worker_failures::failures, worker_failures::next_attempt_at))
        .first(conn)
        .optional()?;
    // A claim sees what was committed when it began: another worker may have set the row aside since.
    if known.is_some_and(|(_, next)| next > now) {
        return Ok(false);
    }
    let failures = known.map_or(0, |(failures, _)| failures) + 1;
    let shown: String = error.chars().take(500).collect();
    let next = now + pause(failures);
    diesel::insert_into(worker_failures::table)
        .values((
            worker_failures::job.eq(&job),
            worker_failures::business_id.eq(business),
            worker_failures::failures.eq(failures),
            worker_failures::first_failed_at.eq(now),
            worker_failures::next_attempt_at.eq(next),
            worker_failures::error.eq(&shown),
        ))
        .on_conflict((worker_failures::job, worker_failures::business_id))
        .do_update()
        .set((
            worker_failures::failures.eq(failures),
            worker_failures::next_attempt_at.eq(next),
            worker_failures::error.eq(&shown),
        ))
        .execute(conn)?;
    Ok(true)
}

/// How long a failing row waits: a minute, doubled at each failure, at most a day.
fn pause(failures: i32) -> TimeDelta {
    let doublings = u32::try_from(failures.clamp(1, 11) - 1).unwrap_or(0);
    TimeDelta::minutes(1_i64 << doublings).min(TimeDelta::days(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_to_a_day() {
        assert_eq!(pause(1), TimeDelta::minutes(1));
        assert_eq!(pause(2), TimeDelta::minutes(2));
        assert_eq!(pause(11), TimeDelta::minutes(1024));
        assert!(pause(200) <= TimeDelta::days(1));
    }
}

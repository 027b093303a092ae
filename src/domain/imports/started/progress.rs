//! How far an import has come: counted within its transaction, written beside it.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::kernel::fact::Unrecorded;
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::find::Started;
use super::store;

/// What an import counts while it runs. Rows are written in parts: a new person is one row, and so is what the trail says
/// of them, and both take their time.
#[derive(Default, Debug)]
pub struct Progress {
    rows: AtomicUsize,
    parts: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// A file of so many rows begins, perhaps once more.
    pub(in super::super) fn begin(&self, rows: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.parts.store(0, Ordering::Relaxed);
        self.rows.store(rows, Ordering::Relaxed);
    }

    /// So many parts are to be written.
    pub(in super::super) fn expect(&self, parts: usize) {
        self.parts.store(parts, Ordering::Relaxed);
    }

    /// So many parts more are written.
    pub(in super::super) fn did(&self, parts: usize) {
        self.done.fetch_add(parts, Ordering::Relaxed);
    }

    /// How many rows are done by now.
    pub fn rows(&self) -> usize {
        let (rows, parts) = (self.rows.load(Ordering::Relaxed), self.parts.load(Ordering::Relaxed));
        let done = self.done.load(Ordering::Relaxed).min(parts);
        rows.saturating_mul(done).checked_div(parts).unwrap_or(0)
    }
}

/// Writes down how far a started import has come.
pub struct WriteProgress {
    /// Which.
    pub started: Started,
    /// So many rows are done.
    pub rows: usize,
}

impl Sweep for WriteProgress {
    type Output = ();

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<()>, Refusal> {
        store::write_progress(work, self.started, self.rows)?;
        Ok(work.unrecorded(Unrecorded::Progress, ()))
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn rows_are_done_as_their_parts_are() {
        let progress = Progress::default();
        assert_eq!(progress.rows(), 0, "nothing has begun");
        progress.begin(1_000);
        progress.expect(2_000);
        progress.did(500);
        assert_eq!(progress.rows(), 250);
        progress.did(9_000);
        assert_eq!(progress.rows(), 1_000, "never more than there are");
        progress.begin(1_000);
        assert_eq!(progress.rows(), 0, "a transaction that runs again begins again");
    }
}

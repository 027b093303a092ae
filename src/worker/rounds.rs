//! Running one job: again at once while there is work, after its pause when there is none, and ever less often while
//! it fails.

use std::time::Duration;

use tokio::sync::watch;

use crate::kernel::refusal::Refusal;

use super::schedule::Job;
use super::{Bench, store};

const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// Runs the job until told to stop.
pub(super) async fn keep(job: Job, bench: Bench, mut stopping: watch::Receiver<bool>) {
    let mut failures = 0;
    while !*stopping.borrow() {
        let pause = match once(&job, &bench).await {
            Ok(count) => {
                note_recovery(&job, failures);
                failures = 0;
                if count > 0 { Duration::ZERO } else { job.every }
            }
            Err(refusal) => {
                failures += 1;
                note_failure(&job, failures, &refusal);
                pause_after(failures)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            // A sender that is gone can never ask again, so that counts as asking.
            _ = stopping.changed() => return,
        }
    }
}

/// One batch, on a task of its own, so that a panic is a failure of this job and nothing more.
pub(super) async fn once(job: &Job, bench: &Bench) -> Result<usize, Refusal> {
    let task = tokio::spawn((job.run)(bench.clone()));
    let done = task.await.unwrap_or_else(|panic| Err(Refusal::fault(panic)));
    note_round(job, bench, done.as_ref().err()).await;
    done
}

/// Leaves word for staff of when the job ran and how that ended. That this fails stops nothing.
async fn note_round(job: &Job, bench: &Bench, refusal: Option<&Refusal>) {
    let (db, name) = (&bench.app.db, job.name);
    let (now, code) = (db.clock().now(), refusal.map(|refusal| refusal.code));
    let noted = db.before_tenant(move |conn| store::note(conn, name, now, code)).await;
    if let Err(error) = noted {
        tracing::debug!(job = job.name, cause = error.cause, "a round could not be noted");
    }
}

/// Two seconds, then twice as long each time, two minutes at most.
fn pause_after(failures: u32) -> Duration {
    let doublings = failures.clamp(1, 10) - 1;
    (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE)
}

/// The first failure of a row is told; those that follow only to whoever looks closely.
fn note_failure(job: &Job, failures: u32, refusal: &Refusal) {
    match failures {
        1 => tracing::error!(
            job = job.name,
            code = refusal.code,
            cause = refusal.cause,
            "a job failed and will be tried again"
        ),
        _ => {
            tracing::debug!(job = job.name, code = refusal.code, cause = refusal.cause, failures, "a job failed again")
        }
    }
}

fn note_recovery(job: &Job, failures: u32) {
    if failures > 0 {
        tracing::info!(job = job.name, failures, "a job works again");
    }
}

#[cfg(test)]
mod tests {
    use super::pause_after;

    #[test]
    fn a_failing_job_is_tried_ever_less_often() {
        let seconds: Vec<u64> = (1..=9).map(|failures| pause_after(failures).as_secs()).collect();
        assert_eq!(seconds, [2, 4, 8, 16, 32, 64, 120, 120, 120]);
        assert_eq!(pause_after(u32::MAX).as_secs(), 120);
    }
}

//! The only door to blocking threads. A lane lets so many jobs through at once; the rest wait as futures, not as threads.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::refusal::Refusal;

/// So many blocking jobs at once, and so long a wait for a place.
#[derive(Clone)]
pub struct Lane {
    permits: Arc<Semaphore>,
    patience: Duration,
}

impl Lane {
    /// A lane of this width.
    pub fn new(width: usize, patience: Duration) -> Self {
        Self { permits: Arc::new(Semaphore::new(width)), patience }
    }

    /// Runs the job on a blocking thread, within the caller's span. A panic comes back as a fault; a lane that stays
    /// full is busy.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let wait = tokio::time::timeout(self.patience, Arc::clone(&self.permits).acquire_owned());
        let permit = match wait.await {
            Ok(Ok(permit)) => permit,
            Ok(Err(closed)) => return Err(Refusal::fault(closed)),
            Err(_) => return Err(Refusal::busy("no place on the lane")),
        };
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            // The permit goes with the job: a dropped request must not free it while the thread still runs.
            let _permit = permit;
            span.in_scope(job)
        });
        done.await.unwrap_or_else(|panic| Err(Refusal::fault(panic)))
    }
}

//! The background worker: everything that is due without anybody asking. Any number of copies may run; the database
//! shares the work out. It never imports the pages, and one bad job never stops the others.

mod housekeeping;
mod imports;
mod letters;
mod rounds;
mod schedule;
mod store;

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;
use crate::kernel::refusal::Refusal;
use crate::mail::Mailer;

/// What every job is given; clones share everything.
#[derive(Clone)]
pub(crate) struct Bench {
    app: App,
    mailer: Arc<Mailer>,
}

impl Bench {
    fn set_up(app: &App) -> Result<Self, Refusal> {
        Ok(Self { app: app.clone(), mailer: Arc::new(Mailer::open(&app.config)?) })
    }
}

/// Works until told to stop; a batch that has begun is finished first.
pub async fn run(app: App, stopping: watch::Receiver<bool>) {
    let bench = match Bench::set_up(&app) {
        Ok(bench) => bench,
        Err(refusal) => return tracing::error!(cause = refusal.cause, "the worker cannot start"),
    };
    let mut jobs = JoinSet::new();
    for job in schedule::JOBS {
        jobs.spawn(rounds::keep(job, bench.clone(), stopping.clone()));
    }
    jobs.join_all().await;
}

/// Does everything that is due, and returns when nothing is. A job that fails is left out of the rounds that follow,
/// and the first failure is the answer once all the others are done.
pub async fn until_idle(app: &App) -> Result<(), Refusal> {
    let bench = Bench::set_up(app)?;
    let mut failed = HashSet::new();
    let mut first = None;
    loop {
        let mut done = 0;
        for job in schedule::JOBS.iter().filter(|job| !failed.contains(job.name)).collect::<Vec<_>>() {
            match rounds::once(job, &bench).await {
                Ok(count) => done += count,
                Err(refusal) => {
                    failed.insert(job.name);
                    first.get_or_insert(refusal);
                }
            }
        }
        if done == 0 {
            return first.map_or(Ok(()), Err);
        }
    }
}

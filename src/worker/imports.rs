//! Importing what was started: one file at a time, in one transaction, with its progress written beside it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::domain::access;
use crate::domain::imports::started::carry_out::CarryOut;
use crate::domain::imports::started::find::{FindStarted, Started};
use crate::domain::imports::started::progress::{Progress, WriteProgress};
use crate::domain::imports::started::put_back::PutBack;
use crate::kernel::access::{Access, Origin, Source};
use crate::kernel::db::Db;
use crate::kernel::refusal::Refusal;

use super::Bench;

/// How often the progress of an import is written.
const EVERY: Duration = Duration::from_secs(1);

/// Carries out the import that was started first; says whether there was one. What cannot be imported goes back to whoever
/// started it, with the reason.
pub(super) async fn carry_out(bench: Bench) -> Result<usize, Refusal> {
    let db = &bench.app.db;
    let Some(started) = db.sweep(&access::for_rounds(), FindStarted).await? else {
        return Ok(0);
    };
    match import(db, started).await {
        Ok(did) => Ok(usize::from(did)),
        Err(because) => {
            let (import, business) = (started.import, started.business);
            tracing::warn!(%import, %business, code = because.code, cause = because.cause, "an import was not carried out");
            db.sweep(&access::for_rounds(), PutBack { started, because }).await.map(usize::from)
        }
    }
}

async fn import(db: &Db, started: Started) -> Result<bool, Refusal> {
    let starter = (started.business, started.by);
    let access = access::by_start(db, starter, Source::inside(Origin::Page)).await?.ok_or_else(Refusal::not_allowed)?;
    perform(db, &access, started).await
}

/// Imports it, and writes now and then how far it is.
async fn perform(db: &Db, access: &Access, started: Started) -> Result<bool, Refusal> {
    let progress = Arc::<Progress>::default();
    let operation = CarryOut { import: started.import, progress: Arc::clone(&progress) };
    let mut done = pin!(db.perform(access, operation));
    let mut written = 0;
    let mut each = interval(EVERY);
    each.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            done = &mut done => return done,
            _ = each.tick() => {
                let rows = progress.rows();
                if rows == written {
                    continue;
                }
                match db.sweep(&access::for_rounds(), WriteProgress { started, rows }).await {
                    Ok(()) => written = rows,
                    Err(error) => tracing::debug!(cause = error.cause, "the progress of an import could not be written"),
                }
            }
        }
    }
}

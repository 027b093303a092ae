//! The background worker: everything that is due without anybody asking. Any number of copies may run; the database
//! shares the work out. It never imports the pages.

mod housekeeping;

use std::time::Duration;

use tokio::sync::watch;

use crate::app::App;
use crate::kernel::refusal::Refusal;

/// Works until told to stop.
pub async fn run(app: App, mut stopping: watch::Receiver<bool>) {
    loop {
        if let Err(refusal) = until_idle(&app).await {
            tracing::error!(
                cause = refusal.cause,
                code = refusal.code,
                "the worker could not finish a round"
            );
        }
        let pause = tokio::time::sleep(Duration::from_secs(2));
        tokio::select! {
            _ = pause => {}
            _ = stopping.changed() => return,
        }
    }
}

/// Does everything that is due, and returns when nothing is.
pub async fn until_idle(app: &App) -> Result<(), Refusal> {
    let rounds = crate::domain::access::for_rounds();
    while crate::domain::plans::renew::run(&app.db, &rounds).await? > 0 {}
    while housekeeping::run(app).await? > 0 {}
    Ok(())
}

//! What has had its time: ended sessions, the content of imported files.

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::store::sweep_sessions;
use crate::domain::imports::forget::Forget;
use crate::kernel::refusal::Refusal;

/// Removes it; says how many rows.
pub async fn run(app: &App) -> Result<usize, Refusal> {
    let now = app.db.clock().now();
    let sessions = app
        .db
        .before_tenant(move |conn| sweep_sessions(conn, now))
        .await?;
    Ok(sessions + app.db.sweep(&access::for_rounds(), Forget).await?)
}

//! What has had its time: ended sessions.

use crate::app::App;
use crate::domain::identity::store::sweep_sessions;
use crate::kernel::refusal::Refusal;

/// Removes it; says how many rows.
pub async fn run(app: &App) -> Result<usize, Refusal> {
    let now = app.db.clock().now();
    app.db.before_tenant(move |conn| sweep_sessions(conn, now)).await
}

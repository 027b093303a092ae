//! What has had its time: ended sessions, browsers long unused, counted tries, old keys, the answers to forms sent long
//! ago, the content of imported files, old messages of inboxes.

use chrono::TimeDelta;

use crate::domain::access;
use crate::domain::identity::store::sweep_sessions;
use crate::domain::identity::{change_email, known_browsers, limits, reset_password};
use crate::domain::imports::forget::Forget;
use crate::domain::notifications::forget::ForgetOld;
use crate::domain::subscriptions::reminders::remind::ForgetSteps;
use crate::kernel::once;
use crate::kernel::refusal::Refusal;

use super::Bench;

/// After this a form sent again is a new act.
const ANSWERS_KEPT: TimeDelta = TimeDelta::days(2);

/// Removes it; says how many rows.
pub(super) async fn clear(bench: Bench) -> Result<usize, Refusal> {
    let now = bench.app.db.clock().now();
    let db = &bench.app.db;
    let sessions = db.before_tenant(move |conn| sweep_sessions(conn, now)).await?;
    let browsers = db.before_tenant(move |conn| known_browsers::sweep(conn, now)).await?;
    let tries = db.before_tenant(move |conn| limits::sweep(conn, now)).await?;
    let keys = db.before_tenant(move |conn| reset_password::sweep(conn, now)).await?;
    let changes = db.before_tenant(move |conn| change_email::sweep(conn, now)).await?;
    let answers = db.before_tenant(move |conn| once::sweep(conn, now - ANSWERS_KEPT)).await?;
    let files = db.sweep(&access::for_rounds(), Forget).await?;
    let messages = db.sweep(&access::for_rounds(), ForgetOld).await?;
    let steps = db.sweep(&access::for_rounds(), ForgetSteps).await?;
    Ok(sessions + browsers + tries + keys + changes + answers + files + messages + steps)
}

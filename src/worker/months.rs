//! Months of the trail: their partitions are made ahead of time.

use crate::kernel::months;
use crate::kernel::refusal::Refusal;

use super::Bench;

/// Makes this month and the next three; says how many were missing.
pub(super) async fn add_ahead(bench: Bench) -> Result<usize, Refusal> {
    let now = bench.app.db.clock().now();
    let (made, is_default_used) = bench
        .app
        .db
        .before_tenant(move |conn| months::add_ahead(conn, now))
        .await?;
    if is_default_used {
        tracing::warn!("entries of the trail lie in the default partition; their months cannot be pruned");
    }
    Ok(made)
}

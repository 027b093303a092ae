//! What there is to see of an import while it runs.

use chrono::{DateTime, Utc};

/// An import that runs.
#[derive(Clone, Debug)]
pub struct Running {
    /// Who started it.
    pub by: String,
    /// When.
    pub since: DateTime<Utc>,
    /// So many rows are done.
    pub done: i64,
    /// Of so many.
    pub rows: i64,
    /// It failed, and is tried again then.
    pub again_at: Option<DateTime<Utc>>,
}

//! The product's one clock. It can be moved ahead or back, by a setting on a loopback installation or by a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Tells the time; clones share their offset.
#[derive(Clone, Default)]
pub struct Clock {
    offset_millis: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that runs this far ahead of (or behind) the machine's.
    pub fn with_offset(offset: TimeDelta) -> Self {
        let clock = Self::default();
        clock.advance(offset);
        clock
    }

    /// This instant in whole milliseconds, so that an id minted from it agrees with a time stored beside it.
    pub fn now(&self) -> DateTime<Utc> {
        let offset = TimeDelta::milliseconds(self.offset_millis.load(Ordering::SeqCst));
        (Utc::now() + offset).trunc_subsecs(3)
    }

    /// Moves the clock, and all its clones, by this much.
    pub fn advance(&self, by: TimeDelta) {
        self.offset_millis.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

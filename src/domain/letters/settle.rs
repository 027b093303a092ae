//! Settling a claimed letter, each by itself and at once, so that a crash repeats one letter at most.

use chrono::{DateTime, Utc};

use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::LetterId;
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::letter::{ClaimedLetter, Outcome, Standing, after_try};
use super::store;

/// Writes down how the try ended. A letter that is sent or has failed loses its key.
pub struct Settle {
    pub(super) id: LetterId,
    pub(super) leased_until: DateTime<Utc>,
    pub(super) outcome: Outcome,
    attempts: i32,
    created_at: DateTime<Utc>,
}

impl Settle {
    /// The end of this letter's try.
    pub fn new(letter: &ClaimedLetter, outcome: Outcome) -> Self {
        Self {
            id: letter.id,
            leased_until: letter.leased_until,
            outcome,
            attempts: letter.attempts,
            created_at: letter.created_at,
        }
    }
}

impl Sweep for Settle {
    type Output = ();

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<()>, Refusal> {
        match after_try(self.attempts, self.created_at, work.now(), &self.outcome) {
            Standing::Sent => store::mark_sent(work, self)?,
            Standing::Waiting { attempts, due_at } => store::put_off(work, self, attempts, due_at)?,
            Standing::Failed { attempts } => store::mark_failed(work, self, attempts)?,
        }
        Ok(work.unrecorded(Unrecorded::Delivery, ()))
    }
}

//! Noting that a program came in with a key, at most once a minute and never in the trail.

use chrono::TimeDelta;

use crate::kernel::access::Actor;
use crate::kernel::fact::Unrecorded;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::store;

/// No more often than this.
pub const EVERY: TimeDelta = TimeDelta::minutes(1);

/// Notes that the key of the access was used just now.
pub struct NoteUse;

impl Operation for NoteUse {
    const NEEDS: Permission = Permission::UseKey;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let Actor::ApiKey { key } = work.access().actor() else {
            return Err(Refusal::not_found());
        };
        match store::note_use(work, key, EVERY)? {
            true => Ok(work.unrecorded(Unrecorded::LastSeen, ())),
            false => Ok(work.nothing_changed(())),
        }
    }
}

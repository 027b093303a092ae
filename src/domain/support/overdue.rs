//! Sessions whose time has run out while nobody looked: the worker writes their end down. They have let nobody in
//! since; this is for the trail and the owners.

use crate::kernel::operation::Sweep;
use crate::kernel::outbox::Envelope;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::end;
use super::session::HowEnded;
use super::store;

/// Ends up to so many sessions whose time is over; says how many.
pub struct EndOverdue {
    /// At most so many at once.
    pub batch: i64,
}

impl Sweep for EndOverdue {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let now = work.now();
        let mut facts = Vec::new();
        for session in store::sessions::overdue(work, self.batch)? {
            let conn = work.conn_of_all_businesses();
            if !store::sessions::end(conn, &session, HowEnded::TimeOver, now)? {
                continue;
            }
            let house = store::console::house(conn, session.business)?;
            let changes = store::sessions::changes(conn, &session)?;
            let letter = end::letter(&session, house, now, changes);
            for owner in store::owners(conn, session.business)? {
                work.send(session.business, &Envelope::new(&owner.email, &owner.name, &letter))?;
            }
            facts.push((session.business, end::fact(&session, HowEnded::TimeOver)));
        }
        let count = facts.len();
        work.record_many(&facts, count, count)
    }
}

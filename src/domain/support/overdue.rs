//! Sessions whose time has run out while nobody looked, or whose sign-in was ended elsewhere: the worker writes their end
//! down. They have let nobody in since; this is for the trail and the owners.

use crate::domain::plans::store::owners;
use crate::kernel::operation::Sweep;
use crate::kernel::outbox::Envelope;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::end;
use super::facts::SupportFact;
use super::session::{HowEnded, SupportSession};
use super::store;

/// Ends up to so many sessions of each kind; says how many.
pub struct EndOverdue {
    /// At most so many at once.
    pub batch: i64,
}

impl Sweep for EndOverdue {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let mut facts = Vec::new();
        for session in store::sessions::overdue(work, self.batch)? {
            facts.extend(end_one(work, &session, HowEnded::TimeOver)?);
        }
        for session in store::sessions::abandoned(work, self.batch)? {
            facts.extend(end_one(work, &session, HowEnded::SignedOut)?);
        }
        let facts: Vec<_> = facts.into_iter().map(|fact| (fact.business, fact)).collect();
        let count = facts.len();
        work.record_many(&facts, count, count)
    }
}

fn end_one(work: &mut SweepWork<'_>, session: &SupportSession, how: HowEnded) -> Result<Option<SupportFact>, Refusal> {
    let (now, conn) = (work.now(), work.conn_of_all_businesses());
    if !store::sessions::end(conn, session, how, now)? {
        return Ok(None);
    }
    let house = store::house(conn, session.business)?.ok_or_else(Refusal::not_found)?;
    let changes = store::sessions::changes(conn, session)?;
    let letter = end::letter(session, house, now, changes);
    for owner in owners(conn, &[session.business])? {
        work.send(session.business, &Envelope::new(&owner.email, &owner.name, &letter))?;
    }
    Ok(Some(end::fact(session, how)))
}

//! The end of a support session, however it comes: written down once, and told to the owners.

use crate::kernel::access::House;
use crate::kernel::ids::SupportSessionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Happened, SupportFact};
use super::letters::SupportEnded;
use super::session::{HowEnded, SupportSession};
use super::store;

/// Ends the staff member's own session in the business of the access; one that has ended already stays as it is.
pub struct End {
    /// Which.
    pub session: SupportSessionId,
    /// How it came to it.
    pub how: HowEnded,
}

impl Operation for End {
    const NEEDS: Permission = Permission::StepIn;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let (business, now, house) = (work.business(), work.now(), work.house());
        let session = store::session(work.conn(), business, self.session)?.ok_or_else(Refusal::not_found)?;
        if work.access().user() != Some(session.staff) {
            return Err(Refusal::not_found());
        }
        // Whoever leaves late did not leave: the time was over before.
        let how = if now >= session.ends_at { HowEnded::TimeOver } else { self.how };
        if !store::sessions::end(work.conn(), &session, how, now)? {
            return Ok(work.nothing_changed(()));
        }
        let changes = store::sessions::changes(work.conn(), &session)?;
        let letter = letter(&session, house, now, changes);
        store::tell_owners(work, &letter)?;
        work.record(&fact(&session, how), ())
    }
}

/// What the trail keeps of the end.
pub(super) fn fact(session: &SupportSession, how: HowEnded) -> SupportFact {
    SupportFact {
        business: session.business,
        name: session.business_name.clone(),
        what: Happened::Ended { session: session.id, staff: session.staff_name.clone(), how },
    }
}

/// What the owners are told of the end.
pub(super) fn letter(
    session: &SupportSession,
    house: House,
    now: chrono::DateTime<chrono::Utc>,
    changes: i64,
) -> SupportEnded {
    let when = |at| house.locale.date_time(at, house.zone);
    let until = now.min(session.ends_at);
    SupportEnded {
        business: session.business_name.clone(),
        business_id: session.business,
        staff: session.staff_name.clone(),
        reason: session.reason.clone(),
        during: format!("{} to {} ({})", when(session.began_at), when(until), house.zone.name()),
        changes,
    }
}

//! Closing what nobody used in time: the worker's sweep over all businesses. Keys stop working at their time also if
//! no worker ever runs; this writes it down and puts the people back into the directory.

mod store;

use crate::kernel::operation::Sweep;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::invitation::{Happening, InvitationFact};

/// Closes at most so many invitations whose time is over, oldest first; answers how many.
pub struct ExpireInvitations {
    /// How many at once.
    pub batch: i64,
}

impl Sweep for ExpireInvitations {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let now = work.now();
        let expired = store::expire_due(work.conn_of_all_businesses(), now, self.batch)?;
        let rows = expired.len();
        let facts = expired.into_iter().map(|row| {
            let role = Role::parse(&row.role).ok_or_else(|| Refusal::fault("an invitation has an unknown role"))?;
            let fact = InvitationFact { invitation: row.id, email: row.email, role, happening: Happening::Expired };
            Ok((row.business_id, fact))
        });
        let facts: Vec<_> = facts.collect::<Result<_, Refusal>>()?;
        work.record_many(&facts, rows, rows)
    }
}

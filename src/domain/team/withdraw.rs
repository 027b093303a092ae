//! Taking an invitation back: its key is dead, its person stays in the directory.

use crate::kernel::ids::InvitationId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::invitation::{Happening, InvitationFact, InvitationState, store};
use super::rank;
use super::resend::not_waiting;

/// Takes an invitation back, whoever sent it.
pub struct Withdraw {
    /// Which.
    pub invitation: InvitationId,
}

impl Operation for Withdraw {
    const NEEDS: Permission = Permission::Invite;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let invitation = store::lock(work, self.invitation)?.ok_or_else(Refusal::not_found)?;
        rank::require_not_above(rank::of(&work.access()), Some(invitation.role))?;
        let member = super::store::find(work, invitation.member)?.ok_or_else(Refusal::not_found)?;
        if store::close(work, invitation.id, InvitationState::Withdrawn)? == 0 {
            return Err(not_waiting());
        }
        store::release(work, &member)?;
        let fact = InvitationFact {
            invitation: invitation.id,
            email: member.email.clone(),
            role: invitation.role,
            happening: Happening::Withdrawn,
        };
        work.record(&fact, member.email)
    }
}

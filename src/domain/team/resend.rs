//! Sending an invitation again: a new key, seven more days, and the old key is dead.

use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::kernel::ids::InvitationId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, Scope, Work};

use super::invitation::pace::{self, check_letters};
use super::invitation::{Happening, Invitation, InvitationFact, InvitationState, store};
use super::inviter::Inviter;
use super::letters::Invitation as InvitationLetter;
use super::member::{Member, MemberStatus, has_passed};
use super::rank;

/// Sends an invitation that was not used again.
pub struct Resend {
    /// Which.
    pub invitation: InvitationId,
}

impl Operation for Resend {
    const NEEDS: Permission = Permission::Invite;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let renewed = renew(work, self.invitation)?;
        let Renewed { invitation, member, inviter, key } = &renewed;
        check_letters(pace::store::letters_today::<InvitationLetter>(work, &member.email)?, &member.email)?;
        inviter.write(work, (&member.email, &member.name), (invitation.role, &invitation.message), key)?;
        work.record(&renewed.fact(Happening::Resent), member.email.clone())
    }
}

/// An invitation with its new key.
pub(super) struct Renewed {
    pub(super) invitation: Invitation,
    pub(super) member: Member,
    pub(super) inviter: Inviter,
    pub(super) key: Key,
}

impl Renewed {
    pub(super) fn fact(&self, happening: Happening) -> InvitationFact {
        let Self { invitation, member, .. } = self;
        InvitationFact { invitation: invitation.id, email: member.email.clone(), role: invitation.role, happening }
    }
}

/// Gives an invitation that was not used a new key, under the lock of the business. Whoever does so is its inviter
/// from now on.
pub(super) fn renew(work: &mut Work<'_>, id: InvitationId) -> Result<Renewed, Refusal> {
    limits::require_running(work)?;
    let invitation = store::lock(work, id)?.ok_or_else(Refusal::not_found)?;
    rank::require_grantable(rank::of(&work.access()), invitation.role)?;
    let member = super::store::find(work, invitation.member)?.ok_or_else(Refusal::not_found)?;
    match invitation.state_at(work.now()) {
        InvitationState::Pending => {}
        InvitationState::Expired => reopen(work, &invitation, &member)?,
        InvitationState::Accepted | InvitationState::Withdrawn => return Err(not_waiting()),
    }
    let (inviter, key) = (Inviter::of(work)?, Key::random());
    match store::renew(work, id, inviter.member, key.hash())? {
        1 => Ok(Renewed { invitation, member, inviter, key }),
        _ => Err(not_waiting()),
    }
}

/// What has expired holds no place any more, and its person may have come in another way.
fn reopen(work: &mut Work<'_>, invitation: &Invitation, member: &Member) -> Result<(), Refusal> {
    let others = store::pending_of(work, vec![member.id])?;
    let has_other = others.iter().any(|other| other.id != invitation.id);
    let has_left = has_passed(member.left_on, work.today());
    if member.status == MemberStatus::Active || has_other || has_left {
        return Err(not_waiting());
    }
    limits::require_room(work, Meter::SignIns, 1)?;
    store::mark_invited(work, member, "")
}

/// An invitation that is over stays over.
pub(super) fn not_waiting() -> Refusal {
    Refusal::conflict(
        "invitation_not_pending",
        "This invitation does not wait any more: it was used, withdrawn, or another one took its place. Invite the person \
         anew if they should still come.",
    )
    .mended_at("/team/invitations")
}

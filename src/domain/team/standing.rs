//! What changes of role and access share: who is acted on, what ends with it, and what a business always keeps.

use crate::kernel::ids::MemberId;
use crate::kernel::outbox::{Envelope, Letter};
use crate::kernel::permission::Role;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Scope, Work};

use crate::domain::plans;

use super::invitation::store as invitations;
use super::invitation::{Happening, InvitationFact, InvitationState};
use super::member::Member;
use super::{rank, store};

/// The acting rank and the member acted on, read under the lock of the business.
pub(super) fn acted_on(work: &mut Work<'_>, id: MemberId) -> Result<(Role, Member), Refusal> {
    plans::store::lock(work)?;
    let rank = rank::under_lock(work)?;
    let member = store::find(work, id)?.ok_or_else(Refusal::not_found)?;
    rank::require_not_above(rank, member.role)?;
    Ok((rank, member))
}

/// The role of somebody who can sign in.
pub(super) fn active_role(member: &Member, work: &Work<'_>) -> Result<Role, Refusal> {
    let is_active = member.can_sign_in(work.today());
    member.role.filter(|_| is_active).ok_or_else(|| {
        let message = format!("{} cannot sign in just now, so nothing was changed.", member.name);
        Refusal::conflict("not_active", message).mended_at("/team")
    })
}

/// A business keeps at least one active owner. Called under the lock of the business.
pub(super) fn require_other_owner(work: &mut Work<'_>, member: &Member) -> Result<(), Refusal> {
    let is_owner = member.role == Some(Role::Owner);
    match is_owner && store::other_owners(work, member.id)? == 0 {
        true => Err(Refusal::conflict(
            "last_owner",
            "This is the only owner, and a business keeps at least one. Make somebody else an owner first.",
        )
        .mended_at("/team")),
        false => Ok(()),
    }
}

/// Takes back every invitation this person has sent and nobody has used; says whose, each of them on the trail.
pub(super) fn withdraw_sent_by(work: &mut Work<'_>, inviter: MemberId) -> Result<Vec<String>, Refusal> {
    let mut addresses = Vec::new();
    for invitation in invitations::pending_by(work, inviter)? {
        let invited = store::find_any(work, invitation.member)?.ok_or_else(Refusal::not_found)?;
        invitations::close(work, invitation.id, InvitationState::Withdrawn)?;
        invitations::release(work, &invited)?;
        work.also(&InvitationFact {
            invitation: invitation.id,
            email: invited.email.clone(),
            role: invitation.role,
            happening: Happening::Withdrawn,
        })?;
        addresses.push(invited.email);
    }
    Ok(addresses)
}

/// Writes to the member about themselves, unless they did it themselves.
pub(super) fn tell<L: Letter>(
    work: &mut Work<'_>,
    member: &Member,
    letter: impl FnOnce(Option<String>, String) -> L,
) -> Result<(), Refusal> {
    let acting = work.access().member();
    if acting == Some(member.id) {
        return Ok(());
    }
    let by = store::name(work, acting)?;
    let business = invitations::business_name(work)?;
    work.send(&Envelope::new(&member.email, &member.name, &letter(by, business)))
}

/// Only active people are owners in somebody's place.
pub(super) fn require_somebody_else(work: &Work<'_>, member: &Member) -> Result<MemberId, Refusal> {
    let acting = work.access().member().ok_or_else(Refusal::not_allowed)?;
    match acting == member.id {
        true => Err(Refusal::new(Kind::Conflict, "yourself", "Choose somebody else: the business is yours already.")
            .mended_at("/team")),
        false => Ok(acting),
    }
}

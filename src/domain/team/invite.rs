//! Inviting people by address: all of them, or nobody. It never asks whether an address has an account elsewhere.

use std::collections::HashMap;

use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::MemberId;
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::permission::{Permission, Role};
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, Scope, Work};

use super::invitation::pace::{self, check_letters};
use super::invitation::store::{self, NewInvitation};
use super::invitation::{Happening, Invitation, InvitationFact, name_from};
use super::inviter::Inviter;
use super::letters::Invitation as InvitationLetter;
use super::member::{Member, MemberStatus, NewMember, has_passed};
use super::rank;

/// Invites these people into the team.
pub struct Invite {
    /// Whom, each once.
    pub addresses: Vec<EmailAddress>,
    /// As what.
    pub role: Role,
    /// The department of those who have none yet, or empty.
    pub department: String,
    /// The inviter's own words, or empty.
    pub message: String,
}

/// What came of it.
pub struct Invited {
    /// Who got a letter.
    pub sent: Vec<String>,
    /// Who is in the team already.
    pub active: Vec<String>,
    /// Whose invitation still waits.
    pub waiting: Vec<String>,
}

/// Somebody to invite.
enum Invitee<'a> {
    Unknown(&'a EmailAddress),
    Known(Member),
}

impl Operation for Invite {
    const NEEDS: Permission = Permission::Invite;
    const SENSITIVE: Option<Attempt> = Some(Attempt { action: "invitation.refused", said: "tried to invite people" });
    type Output = Invited;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Invited>, Refusal> {
        rank::require_grantable(rank::of(&work.access()), self.role)?;
        limits::require_running(work)?;
        let inviter = Inviter::of(work)?;
        let mut facts = Vec::new();
        let (invitees, mut invited) = self.sorted(work, inviter.role, &mut facts)?;
        if invitees.is_empty() {
            return Ok(work.nothing_changed(invited));
        }
        let adding = i64::try_from(invitees.len()).map_err(Refusal::fault)?;
        require_pace(work, &inviter, adding)?;
        limits::require_room(work, Meter::SignIns, adding)?;
        for invitee in &invitees {
            let fact = self.invite(work, &inviter, invitee)?;
            invited.sent.push(fact.email.clone());
            facts.push(fact);
        }
        work.record_all(&facts, invited)
    }
}

impl Invite {
    /// Who is to be invited, and who needs no invitation. What has expired is closed on the way.
    fn sorted(
        &self,
        work: &mut Work<'_>,
        rank: Role,
        facts: &mut Vec<InvitationFact>,
    ) -> Result<(Vec<Invitee<'_>>, Invited), Refusal> {
        let folded = self.addresses.iter().map(|address| address.folded().to_owned()).collect();
        let mut known = super::store::by_address(work, folded)?;
        let mut pending = pending_by_member(work, &known)?;
        let mut invited = Invited { sent: Vec::new(), active: Vec::new(), waiting: Vec::new() };
        let mut invitees = Vec::new();
        for address in &self.addresses {
            let Some(member) = known.remove(address.folded()) else {
                invitees.push(Invitee::Unknown(address));
                continue;
            };
            require_here(&member, work)?;
            let waiting = pending.remove(&member.id);
            match (member.status, waiting) {
                (MemberStatus::Active, _) => invited.active.push(member.email),
                (_, Some(open)) if open.check_open(work.now()).is_ok() => invited.waiting.push(member.email),
                (_, expired) => {
                    rank::require_not_above(rank, member.role)?;
                    facts.extend(expired.map(|expired| (expired, member.email.clone())).map(expired_fact));
                    invitees.push(Invitee::Known(member));
                }
            }
        }
        Ok((invitees, invited))
    }

    fn invite(&self, work: &mut Work<'_>, inviter: &Inviter, invitee: &Invitee<'_>) -> Result<InvitationFact, Refusal> {
        let (member, name, email) = match invitee {
            Invitee::Unknown(address) => self.add(work, address)?,
            Invitee::Known(member) => {
                let letters = pace::store::letters_today::<InvitationLetter>(work, &member.email)?;
                check_letters(letters, &member.email)?;
                store::close_expired(work, member.id)?;
                store::mark_invited(work, member, &self.department)?;
                (member.id, member.name.clone(), member.email.clone())
            }
        };
        let key = Key::random();
        let new = NewInvitation {
            member,
            invited_by: inviter.member,
            role: self.role,
            message: &self.message,
            key_hash: key.hash(),
        };
        let invitation =
            store::insert(work, new)?.ok_or_else(|| Refusal::fault("a pending invitation was overlooked"))?;
        inviter.write(work, (&email, &name), (self.role, &self.message), &key)?;
        Ok(InvitationFact { invitation, email, role: self.role, happening: Happening::Sent })
    }

    fn add(&self, work: &mut Work<'_>, address: &EmailAddress) -> Result<(MemberId, String, String), Refusal> {
        let name = name_from(address);
        let new = NewMember {
            name: name.clone(),
            email: address.clone(),
            sign_in: None,
            status: MemberStatus::Invited,
            department: self.department.clone(),
            manager: None,
            joined_on: None,
            left_on: None,
        };
        let member = super::store::insert(work, &new)?.ok_or_else(|| Refusal::fault("an address was overlooked"))?;
        Ok((member, name, address.to_string()))
    }
}

fn pending_by_member(
    work: &mut Work<'_>,
    known: &HashMap<String, Member>,
) -> Result<HashMap<MemberId, Invitation>, Refusal> {
    let members = known.values().map(|member| member.id).collect();
    let pending = store::pending_of(work, members)?;
    Ok(pending.into_iter().map(|invitation| (invitation.member, invitation)).collect())
}

/// Whoever has left is not let in by an invitation alone: their last day is corrected first.
fn require_here(member: &Member, work: &Work<'_>) -> Result<(), Refusal> {
    match has_passed(member.left_on, work.today()) {
        false => Ok(()),
        true => {
            let message = format!(
                "{} has left. Take the last day off their page in People first. Nobody was invited.",
                member.email
            );
            Err(Refusal::invalid("emails", message))
        }
    }
}

fn require_pace(work: &mut Work<'_>, inviter: &Inviter, adding: i64) -> Result<(), Refusal> {
    let (pace, now) = (pace::store::pace(work, inviter.user)?, work.now());
    match inviter.is_verified {
        true => pace.check(adding, now),
        false => pace.check_unverified(adding),
    }
}

fn expired_fact((expired, email): (Invitation, String)) -> InvitationFact {
    InvitationFact { invitation: expired.id, email, role: expired.role, happening: Happening::Expired }
}

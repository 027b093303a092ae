//! Accepting an invitation. A key lets somebody new in and never touches anybody's account: whoever has one signs in
//! and accepts as themselves.

use crate::domain::identity::{self, user::NewUser};
use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Told;
use crate::domain::notifications::tell::{self, To, news};
use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::kernel::access::Actor;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{BusinessId, InvitationId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind as Refused, Refusal};
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::MemberFact;
use super::invitation::{Invitation, gone, store};
use super::letters::InvitationAccepted;
use super::member::{Member, MemberStatus};
use super::rank;

/// Joins the business of the invitation the access was proved for.
pub struct Accept {
    /// What shows that the invitation is theirs.
    pub proof: Proof,
    /// Who joins.
    pub joiner: Joiner,
}

/// What shows that an invitation is somebody's.
pub enum Proof {
    /// The key itself, so that one replaced a moment ago is refused.
    Key(Key),
    /// They are signed in with the invited address, which is confirmed.
    Address,
}

/// Who joins.
pub enum Joiner {
    /// Somebody new: their name, and the hash of their password, made before the transaction.
    New {
        /// What they call themselves.
        name: String,
        /// argon2id.
        password_hash: String,
    },
    /// Whoever is signed in.
    SignedIn,
}

/// Who joined what.
pub struct Joined {
    /// The person.
    pub user: UserId,
    /// The business.
    pub business: BusinessId,
    /// Its name.
    pub name: String,
}

impl Operation for Accept {
    const NEEDS: Permission = Permission::JoinTeam;
    type Output = Joined;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Joined>, Refusal> {
        let (id, signed_in) = invitee(work)?;
        // The place is held by the invitation itself, so nothing is added to the count.
        limits::require_room(work, Meter::SignIns, 0).map_err(for_the_invitee)?;
        if store::consume(work, id, self.key_hash()?)? == 0 {
            return Err(gone());
        }
        let invitation = store::find(work, id)?.ok_or_else(gone)?;
        let inviter = entitled_inviter(work, &invitation)?;
        let member = invited_member(work, &invitation)?;
        let (user, name) = self.user(work, signed_in, &member)?;
        if store::activate(work, member.id, (user, &name), invitation.role)? == 0 {
            return Err(gone());
        }
        work.become_member(member.id, user, invitation.role);
        let business = store::business_name(work)?;
        tell(work, &inviter, &business, &Member { name: name.clone(), ..member.clone() }, &invitation)?;
        let before = member.status.label();
        let fact = MemberFact::Joined { member: member.id, name, role: invitation.role, inviter: inviter.name, before };
        work.record(&fact, Joined { user, business: work.business(), name: business })
    }
}

impl Accept {
    /// Without a key only somebody who is signed in joins: their address is compared before anything is written.
    fn key_hash(&self) -> Result<Option<Vec<u8>>, Refusal> {
        match (&self.proof, &self.joiner) {
            (Proof::Key(key), _) => Ok(Some(key.hash())),
            (Proof::Address, Joiner::SignedIn) => Ok(None),
            (Proof::Address, Joiner::New { .. }) => Err(sign_in_to_join()),
        }
    }

    fn user(
        &self,
        work: &mut Work<'_>,
        signed_in: Option<UserId>,
        member: &Member,
    ) -> Result<(UserId, String), Refusal> {
        match (&self.joiner, signed_in) {
            (Joiner::New { name, password_hash }, None) => {
                let email = EmailAddress::parse(&member.email)?;
                let new = NewUser { name: name.clone(), email, password_hash: password_hash.clone() };
                let now = work.now();
                // The mailed key has shown that letters to this address arrive.
                let user = identity::store::insert_user(work.conn(), &new, Some(now), now)?;
                Ok((user.ok_or_else(sign_in_to_join)?, name.clone()))
            }
            (Joiner::SignedIn, Some(user)) => themselves(work, user, member),
            (Joiner::New { .. }, Some(_)) => Err(somebody_else(&member.email)),
            (Joiner::SignedIn, None) => Err(sign_in_to_join()),
        }
    }
}

fn invitee(work: &Work<'_>) -> Result<(InvitationId, Option<UserId>), Refusal> {
    match work.access().actor() {
        Actor::Invitee { invitation, user } => Ok((invitation, user)),
        _ => Err(Refusal::not_allowed()),
    }
}

/// The inviter, who must still be in the business and still be entitled to give this role; otherwise the key is void.
pub(super) fn entitled_inviter(scope: &mut impl Scope, invitation: &Invitation) -> Result<Member, Refusal> {
    let inviter = super::store::find_any(scope, invitation.invited_by)?.ok_or_else(gone)?;
    let is_active = inviter.standing(scope.today()) == MemberStatus::Active;
    let is_entitled = inviter.role.is_some_and(|role| rank::may_grant(role, invitation.role));
    match is_active && is_entitled {
        true => Ok(inviter),
        false => Err(gone()),
    }
}

/// The invited person, who must still be invited: their last day may have come and gone.
pub(super) fn invited_member(scope: &mut impl Scope, invitation: &Invitation) -> Result<Member, Refusal> {
    let today = scope.today();
    let member = super::store::find_any(scope, invitation.member)?.ok_or_else(gone)?;
    match member.standing(today) {
        MemberStatus::Invited => Ok(member),
        _ => Err(gone()),
    }
}

/// A signed-in person whose confirmed address is the invited one, and who is not in the business already.
fn themselves(work: &mut Work<'_>, user: UserId, member: &Member) -> Result<(UserId, String), Refusal> {
    let user = identity::store::user(work.conn(), user)?;
    if user.email.to_lowercase() != member.email.to_lowercase() {
        return Err(somebody_else(&member.email));
    }
    if !user.is_verified {
        return Err(Refusal::new(
            Refused::NotAllowed,
            "address_not_confirmed",
            "Confirm your address first: open the letter we sent you when you signed up, then open the invitation again.",
        ));
    }
    match super::store::of_user(work, user.id)? {
        Some(other) if other.id != member.id => Err(Refusal::conflict(
            "already_member",
            "You are in this business already, under another address. Nothing was changed.",
        )),
        _ => Ok((user.id, user.name)),
    }
}

fn tell(
    work: &mut Work<'_>,
    inviter: &Member,
    business: &str,
    joined: &Member,
    invitation: &Invitation,
) -> Result<(), Refusal> {
    let letter = InvitationAccepted {
        name: inviter.name.clone(),
        business: business.to_owned(),
        business_id: work.business(),
        person: joined.name.clone(),
        email: joined.email.clone(),
        role: invitation.role,
    };
    let occasion = format!("invitation_accepted:{}", invitation.id);
    let letter = work.seal(&Envelope::new(&inviter.email, &inviter.name, &letter).once_for(occasion))?;
    let accepted = news(Kind::InvitationAccepted, None, Told::about(&joined.name));
    tell::tell(work, &accepted, vec![To::with(inviter.id, letter)]).map(drop)
}

fn sign_in_to_join() -> Refusal {
    Refusal::conflict(
        "sign_in_to_join",
        "There is an account with this address. Sign in, then open the invitation again to accept it.",
    )
}

fn somebody_else(email: &str) -> Refusal {
    let message = format!("The invitation is for {email}. Sign out, then open the letter’s link again.");
    Refusal::new(Refused::NotAllowed, "other_address", message)
}

/// The plan is not the invitee's to mend, so they are told whom to ask.
fn for_the_invitee(refusal: Refusal) -> Refusal {
    let message = match refusal.code {
        "plan_full" => "The plan of this business has no place left just now.",
        "plan_ended" => "The plan of this business has ended, so nobody can join just now.",
        "business_closing" => "This business is being closed, so nobody can join just now.",
        _ => return refusal,
    };
    let message = format!("{message} Tell the person who invited you; the invitation keeps working until its end.");
    Refusal { remedy: None, message: message.into(), ..refusal }
}

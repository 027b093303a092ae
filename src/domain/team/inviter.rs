//! Who invites: a member who may, with what letters say of them.

use crate::domain::identity;
use crate::kernel::access::Actor;
use crate::kernel::ids::{MemberId, UserId};
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::kernel::work::{Scope, Work};

use super::invitation::{VALID, may, store, written};
use super::letters::Invitation as InvitationLetter;

/// The acting member as an inviter.
pub(super) struct Inviter {
    pub(super) member: MemberId,
    pub(super) user: UserId,
    pub(super) role: Role,
    pub(super) name: String,
    pub(super) business: String,
    pub(super) is_verified: bool,
}

impl Inviter {
    /// Whoever acts, when a member acts: letters need somebody to be from.
    pub(super) fn of(work: &mut Work<'_>) -> Result<Self, Refusal> {
        let Actor::Member { member, user, role } = work.access().actor() else {
            return Err(Refusal::not_allowed());
        };
        let name = super::store::name(work, Some(member))?.ok_or_else(Refusal::not_found)?;
        let business = store::business_name(work)?;
        let is_verified = identity::store::user(work.conn(), user)?.is_verified;
        Ok(Self { member, user, role, name, business, is_verified })
    }

    /// Puts the letter with this key into the outbox.
    pub(super) fn write(
        &self,
        work: &mut Work<'_>,
        to: (&str, &str),
        (role, message): (Role, &str),
        key: &Key,
    ) -> Result<(), Refusal> {
        let letter = InvitationLetter {
            business: self.business.clone(),
            business_id: work.business(),
            inviter: self.name.clone(),
            role,
            may: may(role).to_owned(),
            message: message.to_owned(),
            ends: written(work.now() + VALID, work.house()),
        };
        work.send(&Envelope::new(to.0, to.1, &letter).with_key(key))
    }
}

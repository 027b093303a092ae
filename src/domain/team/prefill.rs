//! What the page of an invitation shows to the holder of its key. Looking uses nothing up.

use chrono::{DateTime, Utc};

use crate::domain::identity;
use crate::kernel::access::Actor;
use crate::kernel::operation::Question;
use crate::kernel::permission::{Permission, Role};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::accept::{entitled_inviter, invited_member};
use super::invitation::{gone, may, store, written};

/// The invitation of whoever holds its key.
pub struct Prefill;

/// Who invites to what, as what, until when.
pub struct Offer {
    /// The business.
    pub business: String,
    /// Who invites.
    pub inviter: String,
    /// As what.
    pub role: Role,
    /// What that role may do.
    pub may: &'static str,
    /// The invited address, which cannot be changed.
    pub email: String,
    /// What the directory calls the person.
    pub name: String,
    /// The inviter's own words, or empty.
    pub message: String,
    /// The first instant at which the key works no more.
    pub expires_at: DateTime<Utc>,
    /// The same, written for the reader.
    pub ends: String,
    /// Whether somebody can sign in with this address already.
    pub is_known: bool,
}

impl Question for Prefill {
    const NEEDS: Permission = Permission::JoinTeam;
    type Output = Offer;

    fn find(&self, view: &mut View<'_>) -> Result<Offer, Refusal> {
        let Actor::Invitee { invitation, .. } = view.access().actor() else {
            return Err(Refusal::not_allowed());
        };
        let invitation = store::find(view, invitation)?.ok_or_else(gone)?;
        invitation.check_open(view.now())?;
        let inviter = entitled_inviter(view, &invitation)?;
        let member = invited_member(view, &invitation)?;
        let account = identity::store::credentials(view.conn(), &member.email.to_lowercase())?;
        Ok(Offer {
            business: store::business_name(view)?,
            inviter: inviter.name,
            role: invitation.role,
            may: may(invitation.role),
            email: member.email,
            name: member.name,
            message: invitation.message,
            expires_at: invitation.expires_at,
            ends: written(invitation.expires_at, view.house()),
            is_known: account.is_some(),
        })
    }
}

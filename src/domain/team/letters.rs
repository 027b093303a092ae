//! What the letters about invitations, roles and access say. A key is never among it: the outbox keeps it apart, encrypted.

use serde::{Deserialize, Serialize};

use crate::kernel::ids::BusinessId;
use crate::kernel::outbox::Letter;
use crate::kernel::permission::Role;

/// To whoever is invited; its link carries the key to `/join`.
#[derive(Serialize, Deserialize)]
pub struct Invitation {
    /// The business.
    pub business: String,
    /// Its id.
    pub business_id: BusinessId,
    /// Who invites.
    pub inviter: String,
    /// As what.
    pub role: Role,
    /// What that role may do, as one sentence.
    pub may: String,
    /// The inviter's own words, or empty.
    pub message: String,
    /// When the key ends, written for the reader.
    pub ends: String,
}

impl Letter for Invitation {
    const KIND: &'static str = "invitation";
}

/// To the inviter, when somebody has joined.
#[derive(Serialize, Deserialize)]
pub struct InvitationAccepted {
    /// The greeting: the inviter.
    pub name: String,
    /// The business.
    pub business: String,
    /// Its id.
    pub business_id: BusinessId,
    /// Who joined.
    pub person: String,
    /// Their address.
    pub email: String,
    /// As what.
    pub role: Role,
}

impl Letter for InvitationAccepted {
    const KIND: &'static str = "invitation_accepted";
}

/// To whoever's role was changed by somebody else.
#[derive(Serialize, Deserialize)]
pub struct RoleChanged {
    /// The greeting.
    pub name: String,
    /// The business.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Who changed it; none for commands.
    pub by: Option<String>,
    /// What they were.
    pub before: Role,
    /// What they are.
    pub after: Role,
    /// What that role may do, as one sentence.
    pub may: String,
}

impl Letter for RoleChanged {
    const KIND: &'static str = "role_changed";
}

/// To whoever cannot sign in to a business any more.
#[derive(Serialize, Deserialize)]
pub struct AccessEnded {
    /// The greeting.
    pub name: String,
    /// The business.
    pub business: String,
    /// Why.
    pub why: Ending,
}

/// Why somebody's access ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Somebody ended it; none for commands.
    Deactivated {
        /// Who.
        by: Option<String>,
    },
    /// The business was closed and is gone.
    BusinessClosed,
}

impl Letter for AccessEnded {
    const KIND: &'static str = "access_ended";
}

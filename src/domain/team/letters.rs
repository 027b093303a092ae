//! What the letters about invitations say. A key is never among it: the outbox keeps it apart, encrypted.

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

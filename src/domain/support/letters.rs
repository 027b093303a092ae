//! What owners are told of support, by letter.

use serde::{Deserialize, Serialize};

use crate::kernel::ids::{BusinessId, RecoveryId};
use crate::kernel::outbox::Letter;

/// To the owners: a staff member has stepped in.
#[derive(Serialize, Deserialize)]
pub struct SupportBegan {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Who.
    pub staff: String,
    /// Why.
    pub reason: String,
    /// Until when at the latest, as written for them.
    pub until: String,
    /// Whether it may change the books.
    pub may_write: bool,
    /// Whose eyes it borrows, if anybody's.
    pub seen_as: Option<String>,
}

impl Letter for SupportBegan {
    const KIND: &'static str = "support_began";
}

/// To the owners: the staff member is gone again.
#[derive(Serialize, Deserialize)]
pub struct SupportEnded {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Who.
    pub staff: String,
    /// Why they were there.
    pub reason: String,
    /// From when to when, as written for them.
    pub during: String,
    /// How many entries of the trail they wrote.
    pub changes: i64,
}

impl Letter for SupportEnded {
    const KIND: &'static str = "support_ended";
}

/// To the owners: a staff member would like to write, and reads meanwhile.
#[derive(Serialize, Deserialize)]
pub struct WriteAccessAsked {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Who.
    pub staff: String,
    /// Why.
    pub reason: String,
}

impl Letter for WriteAccessAsked {
    const KIND: &'static str = "write_access_asked";
}

/// To the owners: who can get in is about to change.
#[derive(Serialize, Deserialize)]
pub struct RecoveryBegun {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Which, so that it can be stopped.
    pub recovery: RecoveryId,
    /// Who asked for it.
    pub staff: String,
    /// What will happen: the rest of a sentence.
    pub will: String,
    /// Why.
    pub reason: String,
    /// When, as written for them.
    pub due: String,
}

impl Letter for RecoveryBegun {
    const KIND: &'static str = "recovery_begun";
}

/// To the owners: who can get in has changed.
#[derive(Serialize, Deserialize)]
pub struct RecoveryDone {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// What has happened: the rest of a sentence.
    pub has: String,
    /// Why.
    pub reason: String,
}

impl Letter for RecoveryDone {
    const KIND: &'static str = "recovery_done";
}

/// To the owners: nothing can be changed any more.
#[derive(Serialize, Deserialize)]
pub struct BusinessSuspended {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Why.
    pub reason: String,
}

impl Letter for BusinessSuspended {
    const KIND: &'static str = "business_suspended";
}

/// To the owners: everything works again.
#[derive(Serialize, Deserialize)]
pub struct BusinessRestored {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
}

impl Letter for BusinessRestored {
    const KIND: &'static str = "business_restored";
}

//! Home of people with the role user: the seats they hold.

use chrono::{DateTime, NaiveDate, Utc};

use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::store;

/// A seat somebody holds.
#[derive(Clone, Debug)]
pub struct OwnSeat {
    /// The seat.
    pub license: LicenseId,
    /// Of what.
    pub subscription: SubscriptionId,
    /// What the business calls it.
    pub name: String,
    /// Whom to ask about it.
    pub owner: String,
    /// Since when.
    pub given_at: DateTime<Utc>,
    /// The last day it works, when there is one.
    pub expires_on: Option<NaiveDate>,
}

/// The seats this member holds now, by name.
pub struct SeatsOf {
    /// Whose.
    pub member: MemberId,
}

impl Question for SeatsOf {
    const NEEDS: Permission = Permission::Enter;
    const READS: Reads = Reads::One;
    type Output = Vec<OwnSeat>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<OwnSeat>, Refusal> {
        store::seats_of(view, self.member)
    }
}

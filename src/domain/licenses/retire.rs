//! Giving up a free seat, and taking it back. A held seat is revoked first; its history and its key stay in any case.

use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::kernel::ids::LicenseId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::error::LicenseError;
use super::facts::{Happened, LicenseFact};
use super::held;
use super::license::{State, require_assignable, require_open};
use super::store;

/// Gives up a seat that nobody holds.
pub struct Retire {
    /// Which seat.
    pub license: LicenseId,
}

impl Operation for Retire {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let (license, subscription, assignment) = held::lock(work, self.license)?;
        subscription.require_changeable(work)?;
        require_open(&license)?;
        if let Some(assignment) = assignment {
            let person = assignment.holder.name;
            return Err(LicenseError::StillHeld { person, subscription: subscription.name }.into());
        }
        store::set_retired(work, &[license.id])?;
        let name = subscription.name;
        let fact = LicenseFact { license: license.id, subscription: name.clone(), what: Happened::Retired };
        work.record(&fact, name)
    }
}

/// Lets a retired seat be held again, if there is room for it.
pub struct Restore {
    /// Which seat.
    pub license: LicenseId,
}

impl Operation for Restore {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        limits::require_room(work, Meter::Seats, 1)?;
        let (license, subscription, _) = held::lock(work, self.license)?;
        subscription.require_changeable(work)?;
        require_assignable(subscription.status, &subscription.name)?;
        let name = subscription.name;
        if license.state == State::Open {
            return Err(LicenseError::NotRetired { subscription: name }.into());
        }
        let open = store::open(work, license.subscription)?;
        if let Some(seats) = subscription.seats.filter(|seats| open >= *seats) {
            return Err(LicenseError::NoRoomToReopen { seats, subscription: name }.into());
        }
        store::set_reopened(work, license.id)?;
        let fact = LicenseFact { license: license.id, subscription: name.clone(), what: Happened::Reopened };
        work.record(&fact, name)
    }
}

//! Another last day for a held seat. Once the last day has passed, holding it anew begins a new line of its history:
//! that the seat had expired in between is never rewritten.

use chrono::NaiveDate;

use crate::kernel::ids::LicenseId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::error::LicenseError;
use super::facts::{Happened, LicenseFact};
use super::held::Held;
use super::license::{require_not_past, require_open};
use super::store;

/// Sets the last day of a held seat, which still counts; none: until it is revoked.
pub struct Extend {
    /// Which seat.
    pub license: LicenseId,
    /// Until when.
    pub expires_on: Option<NaiveDate>,
}

impl Operation for Extend {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let holder = self.within(work)?;
        let none: [LicenseFact; 0] = [];
        work.record_all(&none, holder)
    }
}

impl Extend {
    /// Sets it within a larger operation, and records that it was set, if it was.
    pub(super) fn within(&self, work: &mut Work<'_>) -> Result<String, Refusal> {
        let held = Held::to_change(work, self.license)?;
        require_open(&held.license)?;
        require_not_past(self.expires_on, work.today())?;
        let Held { ref license, ref subscription, ref assignment } = held;
        let before = license.expires_on;
        let holder = assignment.holder.name.clone();
        if before == self.expires_on {
            return Ok(holder);
        }
        if require_not_past(before, work.today()).is_err() {
            held.end(work)?;
            let begun = store::begin_assignment(work, license.id, subscription.id, assignment.holder.id)?;
            begun.ok_or_else(|| LicenseError::NotHeld { subscription: subscription.name.clone() })?;
        }
        store::set_expiry(work, license.id, self.expires_on)?;
        let what = Happened::Extended { holder: holder.clone(), before, after: self.expires_on };
        let fact = LicenseFact { license: license.id, subscription: subscription.name.clone(), what };
        work.also(&fact)?;
        Ok(holder)
    }
}

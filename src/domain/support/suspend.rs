//! Suspending a business and restoring it. Its people sign in, read why, read and export; nothing changes until it is
//! restored.

use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::begin::require_staff;
use super::facts::{Happened, SupportFact};
use super::letters::{BusinessRestored, BusinessSuspended};
use super::session::Reason;
use super::store;

/// Suspends the business of the access.
pub struct Suspend {
    /// Why, for its people to read.
    pub reason: Reason,
}

impl Operation for Suspend {
    const NEEDS: Permission = Permission::Suspend;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        require_staff(work)?;
        let (business, name) = (work.business(), store::business_name(work)?);
        if !store::set_status(work, ("active", "suspended"), Some(self.reason.as_str()))? {
            let message = format!("{name} is suspended or closing already.");
            return Err(Refusal::conflict("not_active", message));
        }
        let reason = self.reason.as_str().to_owned();
        store::tell_owners(work, &BusinessSuspended { business: name.clone(), business_id: business, reason })?;
        let what = Happened::Suspended { reason: self.reason.clone() };
        work.record(&SupportFact { business, name: name.clone(), what }, name)
    }
}

/// Restores the business of the access.
pub struct Restore;

impl Operation for Restore {
    const NEEDS: Permission = Permission::Suspend;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        require_staff(work)?;
        let (business, name) = (work.business(), store::business_name(work)?);
        if !store::set_status(work, ("suspended", "active"), None)? {
            return Err(Refusal::conflict("not_suspended", format!("{name} is not suspended.")));
        }
        store::tell_owners(work, &BusinessRestored { business: name.clone(), business_id: business })?;
        work.record(&SupportFact { business, name: name.clone(), what: Happened::Restored }, name)
    }
}

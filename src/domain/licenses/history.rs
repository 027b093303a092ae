//! One seat and everybody who held it.

use crate::kernel::ids::{AssignmentId, LicenseId};
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::license::{Assignment, License, Status};
use super::store;

/// Holders on one page.
pub const PAGE: usize = 50;

/// One seat and its holders, newest first.
pub struct LicenseHistory {
    /// The seat.
    pub license: License,
    /// How it stands today.
    pub status: Status,
    /// Who held it from when to when.
    pub assignments: Vec<Assignment>,
    /// After which the next page begins.
    pub next: Option<AssignmentId>,
}

/// The history of one seat.
pub struct HistoryOf {
    /// Which seat.
    pub license: LicenseId,
    /// After which assignment the page begins.
    pub after: Option<AssignmentId>,
}

impl Question for HistoryOf {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = LicenseHistory;

    fn find(&self, view: &mut View<'_>) -> Result<LicenseHistory, Refusal> {
        let license = store::license(view, self.license)?;
        let holder = store::open_assignment(view, self.license)?.map(|assignment| assignment.holder.id);
        let limit = i64::try_from(PAGE).map_err(Refusal::fault)? + 1;
        let mut assignments = store::history(view, self.license, self.after, limit)?;
        let has_more = assignments.len() > PAGE;
        assignments.truncate(PAGE);
        let next = assignments.last().filter(|_| has_more).map(|assignment| assignment.id);
        let status = Status::of(license.state, holder, license.expires_on, view.today());
        Ok(LicenseHistory { license, status, assignments, next })
    }
}

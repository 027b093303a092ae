//! One seat and everybody who held it.

use crate::domain::subscriptions;
use crate::kernel::access::Sees;
use crate::kernel::ids::{AssignmentId, LicenseId, MemberId};
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::last_use::LastUse;
use super::license::{Assignment, Holder, License, Status};
use super::list::{Changeable, OFFERED, changeable};
use super::store;

/// Holders on one page.
pub const PAGE: usize = 50;

/// One seat and its holders, newest first.
pub struct LicenseHistory {
    /// The seat.
    pub license: License,
    /// How it stands today.
    pub status: Status,
    /// Who holds it now.
    pub holder: Option<Holder>,
    /// When they last used it; none: unknown.
    pub last_use: Option<LastUse>,
    /// What whoever asks may do with it.
    pub changeable: Changeable,
    /// Whether whoever asks may see its license key in the clear.
    pub can_reveal: bool,
    /// Who could be given it instead, at most 500 by name.
    pub candidates: Vec<Holder>,
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
        let subscription = subscriptions::store::find(view, license.subscription)?;
        let holder = store::open_assignment(view, self.license)?.map(|assignment| assignment.holder);
        let holder_id = holder.as_ref().map(|holder| holder.id);
        let limit = i64::try_from(PAGE).map_err(Refusal::fault)? + 1;
        let mut assignments = store::history(view, self.license, self.after, limit)?;
        let has_more = assignments.len() > PAGE;
        assignments.truncate(PAGE);
        let next = assignments.last().filter(|_| has_more).map(|assignment| assignment.id);
        let status = Status::of(license.state, holder_id, license.expires_on, view.today());
        let changeable = changeable(view, &subscription);
        let candidates = match (changeable, &holder) {
            (Changeable::Fully, Some(_)) => store::candidates(view, license.subscription, OFFERED)?,
            _ => Vec::new(),
        };
        Ok(LicenseHistory {
            status,
            last_use: store::last_use(view, self.license)?,
            can_reveal: license.key.is_some() && changeable != Changeable::Removed && may_reveal(view, holder_id),
            changeable,
            candidates,
            holder,
            license,
            assignments,
            next,
        })
    }
}

/// Role user sees the keys of the seats they hold.
fn may_reveal(view: &View<'_>, holder: Option<MemberId>) -> bool {
    let sees = match view.sight().sees {
        Sees::All => true,
        Sees::OnlyOf(member) => holder == Some(member),
        Sees::Nothing => false,
    };
    sees && view.access().may(Permission::RevealKeys)
}

//! Passing a seat from one person to another: the old assignment ends and a new one begins, in one transaction, so that
//! nobody else gets it in between. The key goes along, the last day does not.

use crate::domain::plans::limits;
use crate::kernel::ids::LicenseId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::assign::Receiver;
use super::error::LicenseError;
use super::facts::{Happened, LicenseFact};
use super::held::Held;
use super::letters::{Tell, tell_given, tell_taken};
use super::license::require_assignable;
use super::requests;
use super::store;

/// Gives a held seat to somebody else.
pub struct Reassign {
    /// Which seat.
    pub license: LicenseId,
    /// To whom.
    pub to: Receiver,
}

/// A seat that changed hands.
pub struct Reassigned {
    /// Who held it.
    pub from: String,
    /// Who holds it now.
    pub to: String,
}

impl Operation for Reassign {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Reassigned;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Reassigned>, Refusal> {
        limits::require_running(work)?;
        let held = Held::to_change(work, self.license)?;
        let subscription = &held.subscription;
        require_assignable(subscription.status, &subscription.name)?;
        let (to, _) = self.to.find(work)?;
        to.require_can_hold()?;
        let already =
            || LicenseError::AlreadyHasSeat { person: to.name.clone(), subscription: subscription.name.clone() };
        if store::holds_seat(work, to.id, subscription.id)? {
            return Err(already().into());
        }
        held.end(work)?;
        store::begin_assignment(work, held.license.id, subscription.id, to.id)?.ok_or_else(already)?;
        requests::settle(work, subscription, &[to.id])?;
        tell_taken(work, subscription, &held.assignment.holder)?;
        tell_given(work, subscription, &to, None, Tell::ThoseWhoSignIn)?;
        let from = held.assignment.holder.name;
        let what =
            Happened::Reassigned { from: from.clone(), to: to.name.clone(), expires_on: held.license.expires_on };
        let fact = LicenseFact { license: held.license.id, subscription: subscription.name.clone(), what };
        work.record(&fact, Reassigned { from, to: to.name })
    }
}

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
    fn within(&self, work: &mut Work<'_>) -> Result<String, Refusal> {
        let held = Held::to_change(work, self.license)?;
        if let Some(fact) = extended(&held, self.expires_on, work.today())? {
            write(work, &[(&held, self.expires_on)])?;
            work.also(&fact)?;
        }
        Ok(held.assignment.holder.name)
    }
}

/// What is to be recorded of another last day of a held seat; none when it has that one already.
pub(super) fn extended(
    held: &Held,
    expires_on: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Option<LicenseFact>, LicenseError> {
    let Held { license, subscription, assignment } = held;
    require_open(license)?;
    require_not_past(expires_on, today)?;
    let (holder, before) = (assignment.holder.name.clone(), license.expires_on);
    let what = Happened::Extended { holder, before, after: expires_on };
    let fact = LicenseFact { license: license.id, subscription: subscription.name.clone(), what };
    Ok((before != expires_on).then_some(fact))
}

/// Writes other last days of held seats.
pub(super) fn write(work: &mut Work<'_>, seats: &[(&Held, Option<NaiveDate>)]) -> Result<(), Refusal> {
    let today = work.today();
    for (held, _) in seats.iter().filter(|(held, _)| require_not_past(held.license.expires_on, today).is_err()) {
        let Held { license, subscription, assignment } = held;
        held.end(work)?;
        let begun = store::begin_assignment(work, license.id, subscription.id, assignment.holder.id)?;
        begun.ok_or_else(|| LicenseError::NotHeld { subscription: subscription.name.clone() })?;
    }
    let last_days: Vec<_> = seats.iter().map(|(held, last)| (held.license.id, *last)).collect();
    store::set_expiries(work, &last_days)
}

//! A held seat, found and locked: what taking it away, passing it on and extending it begin with.

use std::collections::{BTreeMap, HashMap};

use crate::domain::subscriptions;
use crate::domain::subscriptions::store::Locked;
use crate::kernel::ids::{LicenseId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::Work;

use super::error::LicenseError;
use super::license::{Assignment, License};
use super::store;

/// A seat and who holds it, until the end of the transaction.
pub(super) struct Held {
    pub(super) license: License,
    pub(super) subscription: Locked,
    pub(super) assignment: Assignment,
}

/// A seat, what it is of, and who holds it, if somebody does.
pub(super) type Found = (License, Locked, Option<Assignment>);

/// Finds a seat and locks its subscription: whoever may see it, whether or not somebody holds it.
pub(super) fn lock(work: &mut Work<'_>, id: LicenseId) -> Result<Found, Refusal> {
    let license = store::license(work, id)?;
    let subscription = subscriptions::store::lock(work, license.subscription)?;
    // Read again under the lock: the holder may have changed while it was awaited.
    let license = store::license(work, id)?;
    let assignment = store::open_assignment(work, id)?;
    Ok((license, subscription, assignment))
}

/// The same of many seats whose subscriptions are among these locked ones; others are left out.
pub(super) fn of_locked(
    work: &mut Work<'_>,
    locked: &BTreeMap<SubscriptionId, Locked>,
    ids: &[LicenseId],
) -> Result<HashMap<LicenseId, Found>, Refusal> {
    let mut assignments = store::open_assignments(work, ids)?;
    let seats = store::licenses(work, locked, ids)?.into_iter().filter_map(|license| {
        let subscription = locked.get(&license.subscription)?.clone();
        let assignment = assignments.remove(&license.id);
        Some((license.id, (license, subscription, assignment)))
    });
    Ok(seats.collect())
}

impl Held {
    /// A seat that somebody holds and whoever acts may change.
    pub(super) fn to_change(work: &mut Work<'_>, id: LicenseId) -> Result<Self, Refusal> {
        let (license, subscription, assignment) = lock(work, id)?;
        subscription.require_changeable(work)?;
        Self::of(license, subscription, assignment)
    }

    /// A seat that somebody holds.
    pub(super) fn of(license: License, subscription: Locked, assignment: Option<Assignment>) -> Result<Self, Refusal> {
        let nobody = LicenseError::NotHeld { subscription: subscription.name.clone() };
        let assignment = assignment.ok_or(nobody)?;
        Ok(Self { license, subscription, assignment })
    }

    /// Ends who holds it, now. The last day goes with them; the key stays.
    pub(super) fn end(&self, work: &mut Work<'_>) -> Result<(), Refusal> {
        end_all(work, &[self])
    }
}

/// The same for many.
pub(super) fn end_all(work: &mut Work<'_>, seats: &[&Held]) -> Result<(), Refusal> {
    let Some(first) = seats.first() else { return Ok(()) };
    let ending: Vec<_> = seats.iter().map(|held| (&held.license, &held.assignment)).collect();
    match store::end_assignments(work, &ending)? == seats.len() {
        true => Ok(()),
        false => Err(LicenseError::NotHeld { subscription: first.subscription.name.clone() }.into()),
    }
}

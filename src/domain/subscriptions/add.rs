//! Adding a subscription: room on the plan, the service, no twin, the row and its first price.

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use crate::domain::plans::{limits, plan::Meter};
use crate::domain::services;

use super::charge::Charge;
use super::dates::Coming;
use super::fact::{Happened, SubscriptionFact, details_changes, price_changes};
use super::price_line::Price;
use super::roll::Standing;
use super::roll_forward::catch_up_business;
use super::store::{self, Twin};
use super::subscription::{Details, SubscriptionError, require_own};

/// What to do when the business pays for the service already, under another name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Twins {
    /// Ask first.
    Ask,
    /// The person has seen it and wants this one too.
    Allow,
}

/// A subscription to be added.
pub struct Add {
    /// What it is.
    pub details: Details,
    /// What it costs from the start.
    pub price: Price,
    /// Whether another one of the service is fine.
    pub twins: Twins,
}

/// What was added.
pub struct Added {
    /// The id.
    pub id: SubscriptionId,
    /// Its name.
    pub name: String,
}

impl Operation for Add {
    const NEEDS: Permission = Permission::AddSubscriptions;
    type Output = Added;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Added>, Refusal> {
        let added = self.within(work)?;
        let none: [SubscriptionFact; 0] = [];
        work.record_all(&none, added)
    }
}

impl Add {
    /// Adds it within a larger operation, and records that it was added.
    pub fn within(&self, work: &mut Work<'_>) -> Result<Added, Refusal> {
        catch_up_business(work)?;
        match self.details.status.is_live() {
            true => limits::require_room(work, Meter::Subscriptions, 1)?,
            false => limits::require_running(work)?,
        }
        require_own(work.sight().sees, self.details.owner)?;
        self.price.require_countable(self.details.cost_model)?;
        let today = work.today();
        let coming = self.details.dates.coming(self.details.status, today)?;
        let owner = store::new_owner(work, self.details.owner)?;
        let service = services::store::find_or_create(work, &self.details.service)?;
        require_no_twin(store::twin(work, service.id, &self.details.name, None)?, &self.details, self.twins)?;

        let standing = Standing::entered(&self.details.dates, self.details.status, coming, None, today);
        let id = store::insert(work, &self.details, service.id, standing)?
            .ok_or_else(|| SubscriptionError::Duplicate { name: self.details.name.clone() })?;
        // A price from the future would leave today without one.
        let from_on = self.details.dates.starts_on().filter(|start| *start < today).unwrap_or(today);
        store::insert_price(work, id, from_on, self.price)?;
        estimate(work, id, &self.details, coming)?;

        let mut changes = details_changes(None, (&self.details, &owner.name));
        changes.extend(price_changes(None, self.price));
        let name = self.details.name.clone();
        let fact = SubscriptionFact { id, name: name.clone(), what: Happened::Added(changes) };
        work.also(&fact)?;
        Ok(Added { id, name })
    }
}

/// Writes the charges of the past that a known start tells of.
pub(super) fn estimate(
    work: &mut Work<'_>,
    id: SubscriptionId,
    details: &Details,
    coming: Coming,
) -> Result<(), Refusal> {
    let (list, today) = (store::price_list(work, id)?, work.today());
    let past = Charge::of_the_past(&details.dates, details.status, coming, (details.cost_model, &list), today);
    store::insert_charges(work, id, &past)
}

/// Refuses a second one of the same name, and asks about one of the same service. Only what runs can be a twin.
pub(super) fn require_no_twin(twin: Option<Twin>, details: &Details, twins: Twins) -> Result<(), Refusal> {
    match twin {
        Some(twin) if details.status.is_live() && twin.is_same_name => {
            Err(SubscriptionError::Duplicate { name: twin.name }.into())
        }
        Some(_) if details.status.is_live() && twins == Twins::Ask => {
            Err(SubscriptionError::SameService { service: details.service.clone() }.into())
        }
        _ => Ok(()),
    }
}

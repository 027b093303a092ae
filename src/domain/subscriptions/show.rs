//! One subscription, with its prices; and what its form offers.

use std::collections::HashSet;

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use crate::domain::services::service::folded;
use crate::domain::services::{self, catalogue};

use super::charge::Charge;
use super::price_line::PriceList;
use super::roll::Step;
use super::schedule::EARLIEST;
use super::store::{self, Twin};
use super::subscription::Subscription;

/// How many charges a page shows at most: two years of months.
const CHARGES: i64 = 24;

/// A subscription that may be seen, removed or not.
pub struct Show {
    /// Which.
    pub id: SubscriptionId,
}

/// A subscription and what belongs to it.
pub struct Shown {
    /// The subscription.
    pub subscription: Subscription,
    /// Its prices.
    pub prices: PriceList,
    /// What was due, the newest first.
    pub charges: Vec<Charge>,
    /// The steps to it that nobody has written yet.
    pub unwritten: Vec<Step>,
}

impl Question for Show {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = Shown;

    fn find(&self, view: &mut View<'_>) -> Result<Shown, Refusal> {
        let subscription = store::written(view, self.id)?;
        let prices = store::price_list(view, self.id)?;
        let mut charges = store::charges_of(view, self.id, EARLIEST, CHARGES)?;
        let (business, today) = (view.business(), view.today());
        if !subscription.is_late(today) {
            return Ok(Shown { subscription, prices, charges, unwritten: Vec::new() });
        }
        // What the worker has not written yet.
        let mut rolling = store::due(view.conn(), business, self.id, today)?.rolling;
        let steps = rolling.catch_up(today);
        charges.splice(0..0, steps.iter().rev().filter_map(|step| step.charge));
        let subscription = subscription.at(rolling.standing);
        Ok(Shown { subscription, prices: rolling.prices, charges, unwritten: steps })
    }
}

/// A subscription that may be changed, for its form: refused to whoever may only see it, and while it is removed.
pub struct ToChange {
    /// Which.
    pub id: SubscriptionId,
}

impl Question for ToChange {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Shown;

    fn find(&self, view: &mut View<'_>) -> Result<Shown, Refusal> {
        let shown = Show { id: self.id }.find(view)?;
        match (&shown.subscription.removed_at, shown.subscription.is_changeable(view.sight().sees)) {
            (Some(_), _) => Err(Refusal::not_found()),
            (None, false) => Err(Refusal::not_allowed()),
            (None, true) => Ok(shown),
        }
    }
}

/// What a form offers to choose from and to type.
pub struct FormOptions;

/// Words in use.
pub struct Offered {
    /// Names of services: the business's own first, then those everybody knows.
    pub services: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Departments.
    pub departments: Vec<String>,
}

impl Question for FormOptions {
    const NEEDS: Permission = Permission::AddSubscriptions;
    type Output = Offered;

    fn find(&self, view: &mut View<'_>) -> Result<Offered, Refusal> {
        let mut services = services::store::names(view)?;
        let own: HashSet<String> = services.iter().map(|name| folded(name)).collect();
        let others = catalogue::known().iter().filter(|known| !own.contains(&folded(known.name)));
        services.extend(others.map(|known| known.name.to_owned()));
        Ok(Offered { services, categories: store::categories(view)?, departments: store::departments(view)? })
    }
}

/// The one that runs already beside a subscription of this service and name, when it may be seen.
pub struct TwinOf {
    /// The name of the service.
    pub service: String,
    /// The name of the subscription.
    pub name: String,
    /// The subscription itself, when it is there already.
    pub except: Option<SubscriptionId>,
}

impl Question for TwinOf {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = Option<Twin>;

    fn find(&self, view: &mut View<'_>) -> Result<Option<Twin>, Refusal> {
        store::twin_of_any(view, &self.service, &self.name, self.except)
    }
}

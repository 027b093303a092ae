//! One subscription, with its prices; and what its form offers.

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use crate::domain::services;

use super::price_line::PriceList;
use super::store::{self, Twin};
use super::subscription::Subscription;

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
}

impl Question for Show {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = Shown;

    fn find(&self, view: &mut View<'_>) -> Result<Shown, Refusal> {
        let subscription = store::find(view, self.id)?;
        let prices = store::price_list(view, self.id)?;
        Ok(Shown { subscription, prices })
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
    /// Names of services.
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
        Ok(Offered {
            services: services::store::names(view)?,
            categories: store::categories(view)?,
            departments: store::departments(view)?,
        })
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

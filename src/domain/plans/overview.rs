//! The plan of a business as its people see it: where it stands, what is used of it, what came before.

use chrono::{DateTime, Utc};

use crate::kernel::money::Money;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::plan::{Meter, Plan};
use super::plan_subscription::PlanSubscription;
use super::quote::{Over, Quote, over, quote};
use super::{period_store, store};

/// How many periods of the past are shown.
pub(super) const PAST: i64 = 24;

/// One period that was recorded.
pub struct Period {
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when, not included.
    pub ends_at: DateTime<Utc>,
    /// The plan's name.
    pub plan: String,
    /// What is due for it.
    pub due: Money,
}

/// Where a business stands with its plan.
pub struct Overview {
    /// The subscription.
    pub current: PlanSubscription,
    /// Whether nothing can be added any more.
    pub is_ended: bool,
    /// How much of each meter is used.
    pub used: Vec<(Meter, i64)>,
    /// Periods, newest first.
    pub periods: Vec<Period>,
}

/// The plan of the business.
pub struct PlanOf;

impl Question for PlanOf {
    const NEEDS: Permission = Permission::SeePlan;
    type Output = Overview;

    fn find(&self, view: &mut View<'_>) -> Result<Overview, Refusal> {
        let current = store::current(view)?;
        Ok(Overview {
            is_ended: current.is_ended(view.now()),
            used: store::used_of_all(view)?,
            periods: period_store::newest(view, PAST)?,
            current,
        })
    }
}

/// What choosing a plan would do.
pub struct Preview {
    /// The plan in question.
    pub wanted: Plan,
    /// The present one.
    pub current: PlanSubscription,
    /// What it comes to.
    pub quote: Quote,
    /// What would be over its limits.
    pub over: Vec<Over>,
}

/// The preview of choosing the public plan of this code; not found when there is none.
pub struct PreviewOf {
    /// The code.
    pub plan: String,
}

impl Question for PreviewOf {
    const NEEDS: Permission = Permission::ChangePlan;
    type Output = Preview;

    fn find(&self, view: &mut View<'_>) -> Result<Preview, Refusal> {
        let wanted = store::public_plan(view.conn(), &self.plan)?
            .ok_or_else(|| Refusal::invalid("plan", "Choose one of the plans on this page."))?;
        let current = store::current(view)?;
        let quote = quote(&current, &wanted, view.house().zone, view.now())?;
        let over = over(&wanted, &store::used_of_all(view)?);
        Ok(Preview { wanted, current, quote, over })
    }
}

//! The plan of a business as its people see it: where it stands, what is used of it, what came before.

use chrono::{DateTime, NaiveDate, Utc};

use crate::kernel::money::Money;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::decide::{Unwritten, as_of_with_periods};
use super::plan::{Meter, Plan};
use super::plan_subscription::PlanSubscription;
use super::quote::{Over, Quote, over, quote};
use super::requests::Asked;
use super::{period_store, request_store, store};

/// How many periods of the past are shown.
const PAST: u8 = 24;

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
    /// The plan that was asked for.
    pub asked: Option<Asked>,
    /// How much of each meter is used.
    pub used: Vec<(Meter, i64)>,
    /// Periods, newest first.
    pub periods: Vec<Period>,
    /// The civil date in the business's zone.
    pub today: NaiveDate,
}

impl Overview {
    /// Where the business stands now, without what came before.
    pub fn without_past(view: &mut View<'_>) -> Result<Self, Refusal> {
        let current = store::current(view)?;
        Self::of(view, current, Vec::new())
    }

    fn of(view: &mut View<'_>, current: PlanSubscription, periods: Vec<Period>) -> Result<Self, Refusal> {
        let (now, today) = (view.now(), view.today());
        let used = store::used_of_all(view, current.cycle_starts_at)?;
        let asked = request_store::of(view)?;
        Ok(Self { is_ended: current.is_closed(now, today), asked, used, periods, today, current })
    }
}

/// The plan of the business.
pub struct PlanOf;

impl Question for PlanOf {
    const NEEDS: Permission = Permission::SeePlan;
    type Output = Overview;

    fn find(&self, view: &mut View<'_>) -> Result<Overview, Refusal> {
        let (current, unwritten) = as_of_with_periods(store::written(view)?, view.house().zone, view.now())?;
        let periods = periods(view, unwritten)?;
        Overview::of(view, current, periods)
    }
}

/// Periods that the worker has still to write stand in the list as it will write them.
fn periods(view: &mut View<'_>, unwritten: Vec<Unwritten>) -> Result<Vec<Period>, Refusal> {
    let begun = unwritten.into_iter().rev().map(|one| Period {
        starts_at: one.period.starts_at,
        ends_at: one.period.ends_at,
        plan: one.plan,
        due: one.due,
    });
    let written = period_store::newest(view, PAST.into())?;
    Ok(begun.chain(written).take(PAST.into()).collect())
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
        let over = over(&wanted, &store::used_of_all(view, current.cycle_starts_at)?);
        Ok(Preview { wanted, current, quote, over })
    }
}

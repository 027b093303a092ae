//! The coming renewal of one subscription, and how the last one came about.

use chrono::NaiveDate;

use crate::domain::subscriptions::roll::What;
use crate::domain::subscriptions::store as subscriptions;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::decision::Decision;
use super::store;

/// What stands about the renewals of a subscription that may be seen.
pub struct RenewalOf {
    /// Which.
    pub subscription: SubscriptionId,
}

/// What stands about them.
#[derive(Clone, Debug, Default)]
pub struct Renewal {
    /// What was decided about the coming one; nothing: it is undecided.
    pub decision: Option<Decision>,
    /// The last one that happened.
    pub last: Option<Last>,
}

/// A renewal that happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Last {
    /// When.
    pub on: NaiveDate,
    /// Whether nobody had decided it.
    pub by_default: bool,
}

impl Question for RenewalOf {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = Renewal;

    fn find(&self, view: &mut View<'_>) -> Result<Renewal, Refusal> {
        let (subscription, unwritten) = subscriptions::find_with_steps(view, self.subscription)?;
        let decision = match subscription.coming.renews_on.filter(|_| subscription.goes_on()) {
            Some(renews_on) => store::decision(view, self.subscription, renews_on)?,
            None => None,
        };
        let renewed = unwritten.iter().rev().find_map(|step| match step.what {
            What::Renewed => Some(Last { on: step.on, by_default: false }),
            What::RenewedByDefault => Some(Last { on: step.on, by_default: true }),
            _ => None,
        });
        let last = match renewed {
            Some(last) => Some(last),
            None => store::last(view, self.subscription)?,
        };
        Ok(Renewal { decision, last })
    }
}

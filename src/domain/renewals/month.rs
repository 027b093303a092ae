//! What happens from one day to another, for the page of a month.

use chrono::NaiveDate;

use crate::domain::subscriptions::list::{Filters, Listed, Renewing, first};
use crate::domain::subscriptions::schedule::LATEST;
use crate::domain::subscriptions::store as subscriptions;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::ahead::{Moment, moments};

/// The most subscriptions one month is drawn of, what must be cancelled first.
const MOST: usize = 5_000;

/// Something that happens to the renewal of a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happening {
    /// When, and what.
    pub moment: Moment,
    /// The name of the subscription.
    pub name: String,
    /// The subscription.
    pub subscription: SubscriptionId,
}

/// What happens in these days to the renewals that may be seen.
pub struct Between {
    /// The first day.
    pub from: NaiveDate,
    /// The last one.
    pub to: NaiveDate,
}

impl Question for Between {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = Vec<Happening>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<Happening>, Refusal> {
        let today = view.today();
        let late = subscriptions::late(view)?;
        // A month that is over is drawn of everything that renews, by its past.
        let act_by = (self.to >= today).then_some(self.to);
        let renewing = Renewing { from: today, to: LATEST, answered: None, act_by };
        let filters = Filters { renewing: Some(renewing), ..Filters::default() };
        let listed = first(view, &filters, (&late, MOST))?;
        let of_one = |one: &Listed| -> Vec<Happening> {
            let (subscription, name) = (one.subscription.id, &one.subscription.details.name);
            let moments = moments(one, (self.from, self.to), today).into_iter();
            moments.map(|moment| Happening { moment, name: name.clone(), subscription }).collect()
        };
        let mut found: Vec<Happening> = listed.iter().flat_map(of_one).collect();
        found.sort_by(|a, b| (a.moment.on, a.moment.what, &a.name).cmp(&(b.moment.on, b.moment.what, &b.name)));
        Ok(found)
    }
}

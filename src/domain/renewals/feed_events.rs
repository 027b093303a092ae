//! What a calendar feed tells: the renewals that its member may see, a month back and a year ahead.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};

use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::list::{Filters, Renewing, first};
use crate::domain::subscriptions::schedule::LATEST;
use crate::domain::subscriptions::store as subscriptions;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::money::Money;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::ahead::{Moment, moments};
use super::feed_store as store;

/// The most subscriptions of one feed, what must be cancelled first.
const MOST: usize = 5_000;
/// The most events of one subscription: a year of months, and some that are past.
const EVENTS: usize = 28;

/// Everything a feed tells.
pub struct FeedEvents;

/// One event.
#[derive(Clone, Debug)]
pub struct FeedEvent {
    /// When, and what.
    pub moment: Moment,
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Its name.
    pub name: String,
    /// What was decided, when it is about the coming renewal.
    pub decided: Option<Decided>,
    /// What that renewal comes to.
    pub due: Option<Money>,
    /// When the subscription was entered.
    pub entered_at: DateTime<Utc>,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
}

impl FeedEvent {
    /// Grows with every change.
    pub fn sequence(&self) -> u32 {
        u32::try_from((self.changed_at - self.entered_at).num_seconds()).unwrap_or(0)
    }
}

impl Question for FeedEvents {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = Vec<FeedEvent>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<FeedEvent>, Refusal> {
        let (today, late) = (view.today(), subscriptions::late(view)?);
        let days = window(today);
        let renewing = Renewing { from: today, to: LATEST, answered: None, act_by: Some(days.1) };
        let filters = Filters { renewing: Some(renewing), ..Filters::default() };
        let listed = first(view, &filters, (&late, MOST))?;
        let changed = store::changed(view, listed.iter().map(|one| one.subscription.id).collect())?;
        let mut events = Vec::new();
        for one in listed {
            let (subscription, due) = (&one.subscription, one.due_at_renewal());
            let entered_at = subscription.entered_at;
            let changed_at = changed.get(&subscription.id).copied().unwrap_or(entered_at).max(entered_at);
            for moment in moments(&one, days, today).into_iter().take(EVENTS) {
                let is_coming = subscription.coming.renews_on == Some(moment.renewal);
                events.push(FeedEvent {
                    moment,
                    subscription: subscription.id,
                    name: subscription.details.name.clone(),
                    decided: one.decided.filter(|_| is_coming),
                    due: due.filter(|_| is_coming),
                    entered_at,
                    changed_at,
                });
            }
        }
        Ok(events)
    }
}

fn window(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (today - TimeDelta::days(31), today.checked_add_months(Months::new(12)).unwrap_or(today))
}

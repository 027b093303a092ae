//! Deciding what becomes of the coming renewal, and changing one's mind until its day.

use chrono::NaiveDate;

use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::store as subscriptions;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::decision::{RenewalFact, Wish, covered_until, require_countable, require_open};
use super::store;

/// What is to become of the coming renewal of a subscription.
pub struct Decide {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// The renewal that was looked at; none: whichever comes.
    pub renews_on: Option<NaiveDate>,
    /// What is wanted; none: it stays open.
    pub wish: Wish,
    /// Why, or empty.
    pub note: String,
}

/// What stands now.
pub struct Stands {
    /// The name of the subscription.
    pub name: String,
    /// The renewal.
    pub renews_on: NaiveDate,
    /// The last day covered if nothing follows.
    pub covered_until: NaiveDate,
    /// The last day to cancel.
    pub cancel_by: NaiveDate,
    /// Whether that day is past.
    pub is_late: bool,
    /// What stood before.
    pub before: Wish,
    /// What stands.
    pub after: Wish,
    /// How many more seats are held than are wanted.
    pub excess: i64,
    /// Whether anything is another way than before.
    pub is_new: bool,
}

impl Operation for Decide {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Stands;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Stands>, Refusal> {
        let (stands, fact) = decide(work, self)?;
        match fact {
            Some(fact) => work.record(&fact, stands),
            None => Ok(work.nothing_changed(stands)),
        }
    }
}

/// Writes the decision under the row lock, and says what to record; nothing when it stood so already.
pub(super) fn decide(work: &mut Work<'_>, asked: &Decide) -> Result<(Stands, Option<RenewalFact>), Refusal> {
    let id = asked.subscription;
    subscriptions::lock(work, id)?.require_changeable(work)?;
    let subscription = subscriptions::find(work, id)?;
    let renews_on = require_open(&subscription, asked.renews_on)?;
    let prices = subscriptions::price_list(work, id)?;
    require_countable(&subscription, &prices, (renews_on, asked.wish))?;
    let before = store::written(work, id, renews_on)?;
    let after = match asked.wish {
        Some(_) => (asked.wish, asked.note.clone()),
        // What is open again has no reason any more.
        None => (None, String::new()),
    };
    let is_new = before != after;
    if is_new {
        store::write(work, (id, renews_on), after.0, &after.1)?;
    }
    let held = match asked.wish {
        Some(Decided::Resize(seats)) => subscriptions::seats_held(work, id)? - i64::from(seats),
        _ => 0,
    };
    let cancel_by = subscription.coming.cancel_by.unwrap_or(renews_on);
    let name = subscription.details.name.clone();
    let stands = Stands {
        renews_on,
        covered_until: covered_until(&subscription, renews_on),
        cancel_by,
        is_late: cancel_by < work.today(),
        before: before.0,
        after: after.0,
        excess: held.max(0),
        is_new,
        name: name.clone(),
    };
    let fact = RenewalFact { subscription: id, name, renews_on, before, after };
    Ok((stands, is_new.then_some(fact)))
}

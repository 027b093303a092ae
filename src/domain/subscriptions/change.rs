//! Changing what is known of a subscription, and with it its price: corrected, or new from a day on.

use chrono::NaiveDate;

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use crate::domain::plans::{self, limits, plan::Meter};
use crate::domain::services;

use super::add::{Twins, estimate, require_no_twin};
use super::dates::Coming;
use super::fact::{Happened, SubscriptionFact, details_changes};
use super::price::{Priced, set_price};
use super::price_line::{Price, PriceList};
use super::roll::Standing;
use super::roll_forward::catch_up_business;
use super::store;
use super::subscription::{Details, Status, Subscription, require_own};

/// How another cost or number of seats is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HowPriced {
    /// It was entered wrongly; only shortly after its entry.
    Correct,
    /// It counts from a day on.
    NewFrom(NaiveDate),
    /// Not said; fine while the price stays.
    Unsaid,
}

/// The whole form of a subscription, changed.
pub struct ChangeSubscription {
    /// Which.
    pub id: SubscriptionId,
    /// What it is from now on.
    pub details: Details,
    /// What it costs.
    pub price: Price,
    /// How another price is meant.
    pub how: HowPriced,
    /// Whether another one of the service is fine.
    pub twins: Twins,
}

/// What was changed.
pub struct Changed {
    /// Its name now.
    pub name: String,
    /// What became of the price.
    pub priced: Priced,
}

impl Operation for ChangeSubscription {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Changed;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Changed>, Refusal> {
        let changed = self.within(work)?;
        let none: [SubscriptionFact; 0] = [];
        work.record_all(&none, changed)
    }
}

impl ChangeSubscription {
    /// Changes it within a larger operation, and records what was changed, if anything was.
    pub fn within(&self, work: &mut Work<'_>) -> Result<Changed, Refusal> {
        self.lock_business(work)?;
        store::lock(work, self.id)?.require_changeable(work)?;
        let before = store::find(work, self.id)?;
        let details = self.anchored(&before);
        if details.owner != before.owner.id {
            require_own(work.sight().sees, details.owner)?;
        }
        let list = store::price_list(work, self.id)?;
        self.require_currency(&before, &list, work)?;
        let changed = self.write(work, &before, &details)?;
        let (priced, price_fact) = self.write_price(work, &list)?;
        if is_counted_anew(&before.details, &details) {
            store::remove_estimates(work, self.id)?;
            let coming = store::find(work, self.id)?.coming;
            estimate(work, self.id, &details, coming)?;
        }
        if let Some(what) = changed {
            work.also(&SubscriptionFact { id: self.id, name: details.name.clone(), what })?;
        }
        if let Some(what) = price_fact {
            work.also(&SubscriptionFact { id: self.id, name: details.name.clone(), what })?;
        }
        Ok(Changed { name: details.name, priced })
    }

    /// What may make a twin, or brings one back to life, happens under the lock of the business, taken before the row's.
    fn lock_business(&self, work: &mut Work<'_>) -> Result<(), Refusal> {
        let before = store::find(work, self.id)?;
        let (was_live, is_live) = (before.details.status.is_live(), self.details.status.is_live());
        let may_clash = is_live && (!was_live || is_renamed(&before.details, &self.details));
        if may_clash {
            catch_up_business(work)?;
        }
        match (was_live, is_live) {
            (false, true) => limits::require_room(work, Meter::Subscriptions, 1),
            (true, true) if is_renamed(&before.details, &self.details) => plans::store::lock(work).map(drop),
            _ => Ok(()),
        }
    }

    fn anchored(&self, before: &Subscription) -> Details {
        let dates = self.details.dates.anchored_as(&before.details.dates, before.coming.renews_on);
        Details { dates, ..self.details.clone() }
    }

    /// The prices on record are numbers of one currency: another one is a correction of the only, new price.
    fn require_currency(&self, before: &Subscription, list: &PriceList, work: &Work<'_>) -> Result<(), Refusal> {
        if self.details.currency == before.details.currency {
            return Ok(());
        }
        let is_fresh = matches!(list.lines(), [only] if only.is_correctable(work.now()));
        match is_fresh && self.how == HowPriced::Correct {
            true => Ok(()),
            false => Err(Refusal::invalid(
                "currency",
                format!(
                    "The prices on record are in {}. Within a day of entering the first one, choose “Correct it”; later, add a \
                     new subscription in the other currency.",
                    before.details.currency
                ),
            )),
        }
    }

    /// Writes the details when they differ, and says what to record.
    fn write(
        &self,
        work: &mut Work<'_>,
        before: &Subscription,
        details: &Details,
    ) -> Result<Option<Happened>, Refusal> {
        if *details == before.details {
            return Ok(None);
        }
        let standing = standing(before, details, work.today())?;
        let owner = match details.owner == before.owner.id {
            true => before.owner.clone(),
            false => store::new_owner(work, details.owner)?,
        };
        let service = services::store::find_or_create(work, &details.service)?;
        let becomes_live = details.status.is_live() && !before.details.status.is_live();
        if becomes_live || is_renamed(&before.details, details) {
            require_no_twin(store::twin(work, service.id, &details.name, Some(self.id))?, details, self.twins)?;
        }
        store::update(work, self.id, details, service.id, standing)?;
        let changes = details_changes(Some((&before.details, &before.owner.name)), (details, &owner.name));
        Ok((!changes.is_empty()).then_some(Happened::Changed(changes)))
    }

    fn write_price(&self, work: &mut Work<'_>, list: &PriceList) -> Result<(Priced, Option<Happened>), Refusal> {
        let (today, now) = (work.today(), work.now());
        let current = list.on(today);
        if current.is_some_and(|line| line.price == self.price) {
            return Ok((Priced::AsBefore, None));
        }
        let from_on = match (self.how, current) {
            (HowPriced::NewFrom(date), _) => date,
            (HowPriced::Correct, Some(line)) if line.is_correctable(now) => line.from_on,
            (HowPriced::Correct, _) => {
                return Err(Refusal::invalid(
                    "change",
                    "This price was entered more than 24 hours ago and stays on record: choose “New price from” and its first day.",
                ));
            }
            (HowPriced::Unsaid, _) => {
                return Err(Refusal::invalid(
                    "change",
                    "The cost or the seats differ: say whether this corrects the price or is a new one from a day on.",
                ));
            }
        };
        let subscription = store::find(work, self.id)?;
        let (priced, changes) = set_price(work, &subscription, from_on, self.price)?;
        let what = changes.map(|changes| match self.how {
            HowPriced::Correct => Happened::PriceCorrected(from_on, changes),
            HowPriced::NewFrom(_) | HowPriced::Unsaid => Happened::Priced(from_on, changes),
        });
        Ok((priced, what))
    }
}

fn is_renamed(before: &Details, after: &Details) -> bool {
    use crate::domain::services::service::folded;
    folded(&before.name) != folded(&after.name) || folded(&before.service) != folded(&after.service)
}

/// Whether the past is another one now, so that what was due in it is estimated anew.
fn is_counted_anew(before: &Details, after: &Details) -> bool {
    before.dates != after.dates || before.cost_model != after.cost_model || before.status != after.status
}

/// How it stands after a change. While status and dates stay, what stands next stays too: a cancelled one keeps the
/// term it was cancelled in.
fn standing(before: &Subscription, details: &Details, today: NaiveDate) -> Result<Standing, Refusal> {
    let is_same = before.details.dates == details.dates;
    let stays = is_same && before.details.status == details.status;
    let is_ending = is_same && before.details.status.is_live() && !details.status.is_live();
    if stays {
        return Ok(before.standing());
    }
    let runs_on = before.details.status == Status::Active && details.status == Status::Active;
    let is_counted_alike = details.dates.is_counted_like(&before.details.dates) && runs_on;
    let coming = match (is_ending, is_counted_alike) {
        (true, _) => Coming { cancel_by: None, ..before.coming },
        // A cycle that has begun today does not begin again.
        (_, true) => details.dates.before(details.status, before.coming.renews_on),
        _ => details.dates.coming(details.status, today)?,
    };
    let fewer = before.fewer.filter(|_| coming.cancel_by.is_some());
    let anew = Standing::entered(&details.dates, details.status, coming, fewer, today);
    Ok(Standing { next_on: if is_counted_alike { before.next_on } else { anew.next_on }, ..anew })
}

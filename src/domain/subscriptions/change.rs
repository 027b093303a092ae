//! Changing what is known of a subscription, and with it its price: corrected, or new from a day on.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use crate::domain::plans::{self, limits, plan::Meter};
use crate::domain::services;

use super::add::{Twins, require_no_twin};
use super::charge::Charge;
use super::dates::Coming;
use super::fact::{Happened, SubscriptionFact, details_changes};
use super::price::{Priced, set_price};
use super::price_line::{Price, PriceList};
use super::roll::Standing;
use super::roll_forward::catch_up_business;
use super::store::{self, Locked};
use super::subscription::{Details, Status, Subscription, require_own};

/// How another cost or number of seats is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HowPriced {
    /// It was entered wrongly; only shortly after its entry.
    Correct,
    /// It counts from a day on.
    NewFrom(NaiveDate),
    /// What was entered lately was wrong, everything else is new from today.
    AsFits,
    /// It counts instead of the price of today, from the same day on.
    Instead,
    /// Not said; fine while the price stays.
    Unsaid,
}

impl HowPriced {
    /// What the prices that are there decide is decided.
    fn settled(self, list: &PriceList, today: NaiveDate, now: DateTime<Utc>) -> Self {
        let line = list.on(today);
        match self {
            Self::AsFits if line.is_some_and(|line| line.is_correctable(now)) => Self::Correct,
            Self::AsFits => Self::NewFrom(today),
            Self::Instead => Self::NewFrom(line.map_or(today, |line| line.from_on)),
            said => said,
        }
    }
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
        let (changed, facts) = self.under_lock(work)?;
        work.also_all(&facts)?;
        Ok(changed)
    }

    /// Changes it when its row is locked, and the business as well where it may make a twin or comes back to life. Answers
    /// what is to be recorded, too.
    fn under_lock(&self, work: &mut Work<'_>) -> Result<(Changed, Vec<SubscriptionFact>), Refusal> {
        let before = store::find(work, self.id)?;
        let details = self.anchored(&before);
        if details.owner != before.owner.id {
            require_own(work.sight().sees, details.owner)?;
        }
        let list = store::price_list(work, self.id)?;
        let how = self.how.settled(&list, work.today(), work.now());
        self.require_currency(&before, (&list, how), work)?;
        let changed = self.write(work, &before, &details)?;
        let (priced, price_fact) = self.write_price(work, (&list, how))?;
        if is_counted_anew(&before.details, &details) {
            store::remove_estimates(work, self.id)?;
            let coming = store::find(work, self.id)?.coming;
            estimate(work, self.id, &details, coming)?;
        }
        let fact = |what| SubscriptionFact { id: self.id, name: details.name.clone(), what };
        let facts = changed.into_iter().chain(price_fact).map(fact).collect();
        Ok((Changed { name: details.name, priced }, facts))
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
    fn require_currency(
        &self,
        before: &Subscription,
        (list, how): (&PriceList, HowPriced),
        work: &Work<'_>,
    ) -> Result<(), Refusal> {
        if self.details.currency == before.details.currency {
            return Ok(());
        }
        let is_fresh = matches!(list.lines(), [only] if only.is_correctable(work.now()));
        match is_fresh && how == HowPriced::Correct {
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

    fn write_price(
        &self,
        work: &mut Work<'_>,
        (list, how): (&PriceList, HowPriced),
    ) -> Result<(Priced, Option<Happened>), Refusal> {
        let (today, now) = (work.today(), work.now());
        let current = list.on(today);
        if current.is_some_and(|line| line.price == self.price) {
            return Ok((Priced::AsBefore, None));
        }
        let from_on = match (how, current) {
            (HowPriced::NewFrom(date), _) => date,
            (HowPriced::Correct, Some(line)) if line.is_correctable(now) => line.from_on,
            (HowPriced::Correct, _) => {
                return Err(Refusal::invalid(
                    "change",
                    "This price was entered more than 24 hours ago and stays on record: choose “New price from” and its first day.",
                ));
            }
            (HowPriced::AsFits | HowPriced::Instead | HowPriced::Unsaid, _) => {
                return Err(Refusal::invalid(
                    "change",
                    "The cost or the seats differ: say whether this corrects the price or is a new one from a day on.",
                ));
            }
        };
        let subscription = store::find(work, self.id)?;
        let (priced, changes) = set_price(work, &subscription, from_on, self.price)?;
        let what = changes.map(|changes| match how {
            HowPriced::Correct => Happened::PriceCorrected(from_on, changes),
            _ => Happened::Priced(from_on, changes),
        });
        Ok((priced, what))
    }
}

/// Changes many in one act, and records each; `blame` says of which of them a refusal is. What is due is written first,
/// and the plan is asked, once for all of them.
pub fn change_all(
    work: &mut Work<'_>,
    changes: &[ChangeSubscription],
    blame: impl Fn(usize, Refusal) -> Refusal,
) -> Result<(), Refusal> {
    if changes.is_empty() {
        return Ok(());
    }
    catch_up_business(work)?;
    let ids: Vec<SubscriptionId> = changes.iter().map(|change| change.id).collect();
    let locked = store::lock_many(work, &ids)?;
    let locked: HashMap<SubscriptionId, Locked> = locked.into_iter().map(|locked| (locked.id, locked)).collect();
    let mut revived = 0;
    for (nth, change) in changes.iter().enumerate() {
        let locked = locked.get(&change.id).ok_or_else(|| blame(nth, Refusal::not_found()))?;
        locked.require_changeable(work).map_err(|refusal| blame(nth, refusal))?;
        revived += i64::from(change.details.status.is_live() && !locked.status.is_live());
    }
    if revived > 0 {
        limits::require_room(work, Meter::Subscriptions, revived)?;
    }
    let mut facts = Vec::new();
    for (nth, change) in changes.iter().enumerate() {
        facts.extend(change.under_lock(work).map_err(|refusal| blame(nth, refusal))?.1);
    }
    work.also_all(&facts)
}

fn is_renamed(before: &Details, after: &Details) -> bool {
    use crate::domain::services::service::folded;
    folded(&before.name) != folded(&after.name) || folded(&before.service) != folded(&after.service)
}

/// Whether the past is another one now, so that what was due in it is estimated anew.
fn is_counted_anew(before: &Details, after: &Details) -> bool {
    before.dates != after.dates || before.cost_model != after.cost_model || before.status != after.status
}

/// Writes the charges of the past that a known start tells of.
fn estimate(work: &mut Work<'_>, id: SubscriptionId, details: &Details, coming: Coming) -> Result<(), Refusal> {
    let (list, today) = (store::price_list(work, id)?, work.today());
    let past = Charge::of_the_past(&details.dates, details.status, coming, (details.cost_model, &list), today);
    store::insert_charges(work, past.into_iter().map(|charge| (id, charge)))
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

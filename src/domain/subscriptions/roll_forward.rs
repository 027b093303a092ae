//! The sweep over subscriptions with a step that is due: batches over all businesses, oldest first, one step of each,
//! repeated while any is due, so that every missed cycle is written once and in order. Whoever changes a subscription
//! before the worker came round first writes what was due, as the worker would have.

use chrono::NaiveDate;

use crate::kernel::due::{DueWork, Which};
use crate::kernel::fact::Change;
use crate::kernel::ids::{BusinessId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, SweepWork, Work};

use crate::domain::plans;

use super::fact::{Happened, SubscriptionFact, price_changes};
use super::reminders::renewed;
use super::roll::{Rolling, Step, What};
use super::store;

/// A subscription with a step that may be due.
pub struct Due {
    /// Whose.
    pub business: BusinessId,
    /// Which.
    pub id: SubscriptionId,
    /// Its name.
    pub name: String,
    /// The civil date in the business's zone.
    pub today: NaiveDate,
    /// What decides its steps.
    pub rolling: Rolling,
}

impl Due {
    fn fact(&self, step: &Step) -> SubscriptionFact {
        let (before, after) = (&self.rolling.standing, &step.standing);
        let day = |date: Option<NaiveDate>| date.map(|date| date.to_string());
        let mut changes: Vec<Change> = [
            Change::between("Status", Some(before.status.label().into()), Some(after.status.label().into())),
            Change::between("Renews on", day(before.coming.renews_on), day(after.coming.renews_on))
                .filter(|_| after.status.is_live()),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let Some(price) = step.price {
            changes.extend(price_changes(self.rolling.prices.on(step.on).map(|line| line.price), price));
        }
        changes.extend(step.charge.map(|charge| Change::set("Due", charge.due.to_string())));
        let what = match step.what {
            What::CycleBegan => Happened::CycleBegan(step.on, changes),
            What::Renewed => Happened::Renewed(step.on, changes),
            What::RenewedByDefault => Happened::RenewedByDefault(step.on, changes),
            What::TrialOver => Happened::TrialOver(changes),
            What::Expired => Happened::Expired(changes),
            What::Canceled => Happened::Canceled(changes),
        };
        SubscriptionFact { id: self.id, name: self.name.clone(), what }
    }
}

/// Writes every step of a locked subscription that is due, as the worker's, before somebody changes it.
pub fn catch_up(work: &mut Work<'_>, id: SubscriptionId) -> Result<(), Refusal> {
    let (business, today, now) = (work.business(), work.today(), work.now());
    let mut due = store::due(work.conn(), business, id, today)?;
    while let Some(step) = due.rolling.next(today) {
        store::write_steps(work.conn(), now, &[(&due, step)])?;
        renewed::tell(work, &due, step)?;
        work.also_of_worker(&due.fact(&step))?;
        due.rolling.take(&step);
    }
    Ok(())
}

/// Takes the lock of the business and writes what is due of all its subscriptions: what has ended takes no room on the
/// plan and stands in no name's way, also if no worker ever ran.
pub(super) fn catch_up_business(work: &mut Work<'_>) -> Result<(), Refusal> {
    plans::store::lock(work)?;
    for id in store::lock_late(work)? {
        catch_up(work, id)?;
    }
    Ok(())
}

/// The sweep over subscriptions with a step that is due.
#[derive(Clone, Copy)]
pub struct RollDue;

impl DueWork for RollDue {
    type Key = (BusinessId, SubscriptionId);
    type Row = store::LateRow;
    const BATCH: i64 = 1_000;

    fn job((business, id): Self::Key) -> (String, BusinessId) {
        (format!("subscription {}", id.0), business)
    }

    fn key(row: &store::LateRow) -> Self::Key {
        (row.business_id, row.id)
    }

    fn claim(&self, work: &mut SweepWork<'_>, which: &Which<Self::Key>) -> Result<Vec<store::LateRow>, Refusal> {
        store::claim(work, which)
    }

    /// Moves each on by one step.
    fn work_off(&self, work: &mut SweepWork<'_>, rows: Vec<store::LateRow>) -> Result<Audited<usize>, Refusal> {
        let now = work.now();
        let due = store::read(work.conn_of_all_businesses(), rows)?;
        let (mut taken, mut facts) = (Vec::new(), Vec::new());
        for one in &due {
            let step = one.rolling.next(one.today);
            let step = step.ok_or_else(|| Refusal::fault(format!("subscription {} is claimed and not due", one.id)))?;
            facts.push((one.business, one.fact(&step)));
            taken.push((one, step));
        }
        store::write_steps(work.conn_of_all_businesses(), now, &taken)?;
        renewed::tell_all(work, &taken)?;
        work.record_many(&facts, taken.len(), due.len())
    }
}

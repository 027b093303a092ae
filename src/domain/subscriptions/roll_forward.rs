//! The sweep over subscriptions with a step that is due: batches over all businesses, oldest first, one step of each,
//! repeated while any is due, so that every missed cycle is written once and in order. Whoever changes a subscription
//! before the worker came round first writes what was due, as the worker would have.

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;

use crate::kernel::db::{Db, Rounds};
use crate::kernel::fact::{Change, Unrecorded};
use crate::kernel::ids::{BusinessId, SubscriptionId};
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Audited, Scope, SweepWork, Work};
use crate::kernel::zones;

use crate::domain::plans;

use super::fact::{Happened, SubscriptionFact, price_changes};
use super::roll::{Rolling, Step, What};
use super::store;

/// How many are moved on in one transaction.
const BATCH: i64 = 1_000;

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

/// Which of what is due.
#[derive(Clone, Debug)]
pub enum Which {
    /// The oldest, at most so many.
    Oldest(i64),
    /// These.
    Only(Vec<SubscriptionId>),
}

type Claimed = Arc<Mutex<Vec<(BusinessId, SubscriptionId)>>>;

/// Moves one batch on. What it was is noted also when it fails: the culprit is one of them.
struct RollDue {
    which: Which,
    claimed: Claimed,
}

impl Sweep for RollDue {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let now = work.now();
        let days: Vec<_> = zones::everywhere(now).collect();
        let rows = store::claim(work.conn_of_all_businesses(), &days, &self.which, now)?;
        *self.claimed.lock().map_err(Refusal::fault)? = rows.iter().map(|row| (row.business_id, row.id)).collect();
        let due = store::read(work.conn_of_all_businesses(), rows)?;
        let (mut taken, mut facts) = (Vec::new(), Vec::new());
        for one in &due {
            let step = one.rolling.next(one.today);
            let step = step.ok_or_else(|| Refusal::fault(format!("subscription {} is claimed and not due", one.id)))?;
            facts.push((one.business, one.fact(&step)));
            taken.push((one, step));
        }
        store::write_steps(work.conn_of_all_businesses(), now, &taken)?;
        store::forgive(work, &due)?;
        work.record_many(&facts, taken.len(), due.len())
    }
}

/// Sets one failing subscription aside, to be tried again later and shown to staff.
struct SetAside {
    business: BusinessId,
    id: SubscriptionId,
    error: String,
}

impl Sweep for SetAside {
    type Output = bool;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<bool>, Refusal> {
        let set_aside = store::set_aside(work, self.business, self.id, &self.error)?;
        Ok(work.unrecorded(Unrecorded::Progress, set_aside))
    }
}

/// Moves one batch of what is due on and says how many; 0 is "nothing is left". A failing batch is halved down to the
/// row, which is set aside with a growing pause.
pub async fn run(db: &Db, rounds: &Rounds) -> Result<usize, Refusal> {
    let claimed = Claimed::default();
    match roll(db, rounds, Which::Oldest(BATCH), &claimed).await {
        Err(refusal) if refusal.kind == Kind::Fault => {
            let suspects = std::mem::take(&mut *claimed.lock().map_err(Refusal::fault)?);
            match suspects.is_empty() {
                // It failed before anything was claimed, so that no row is to blame.
                true => Err(refusal),
                false => find_culprits(db, rounds, suspects, refusal).await,
            }
        }
        done => done,
    }
}

async fn roll(db: &Db, rounds: &Rounds, which: Which, claimed: &Claimed) -> Result<usize, Refusal> {
    db.sweep(rounds, RollDue { which, claimed: Arc::clone(claimed) }).await
}

/// Halves the rows of a failed batch until each one that fails stands alone. Rows that another worker has taken up
/// meanwhile are its own, and nobody is blamed for them.
async fn find_culprits(
    db: &Db,
    rounds: &Rounds,
    suspects: Vec<(BusinessId, SubscriptionId)>,
    refusal: Refusal,
) -> Result<usize, Refusal> {
    let (mut done, mut open) = (0, vec![(suspects, refusal)]);
    while let Some((mut suspects, refusal)) = open.pop() {
        if let [(business, id)] = suspects[..] {
            tracing::error!(cause = refusal.cause, %business, subscription = %id, "a subscription is set aside");
            let error = refusal.cause.unwrap_or_default();
            done += usize::from(db.sweep(rounds, SetAside { business, id, error }).await?);
            continue;
        }
        tracing::warn!(cause = refusal.cause, rows = suspects.len(), "a batch of subscriptions failed and is halved");
        let rest = suspects.split_off(suspects.len() / 2);
        for half in [suspects, rest] {
            let which = Which::Only(half.iter().map(|(_, id)| *id).collect());
            match roll(db, rounds, which, &Claimed::default()).await {
                Ok(rolled) => done += rolled,
                Err(cause) if cause.kind == Kind::Fault => open.push((half, cause)),
                Err(other) => return Err(other),
            }
        }
    }
    Ok(done)
}

//! The sweep over plan subscriptions whose period is over: batches, oldest first, one period each, repeated while any
//! is due, so that every missed period is written exactly once. Letters tell only the final state.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::kernel::db::{Db, Rounds};
use crate::kernel::ids::BusinessId;
use crate::kernel::locale::Locale;
use crate::kernel::operation::Sweep;
use crate::kernel::outbox::{Envelope, Sealed};
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Audited, SweepWork};

use super::decide::{Decision, Step, decide};
use super::fact::{Happened, PlanChanged, PlanEnded, PlanFact, PlanRenewed};
use super::plan::Plan;
use super::plan_subscription::PlanSubscription;
use super::renewal_store as store;
use super::store::{Owner, owners};

/// How many are renewed in one transaction.
const BATCH: i64 = 1_000;

/// A plan subscription that is due, with what is needed to decide.
pub struct Due {
    /// Whose.
    pub business: BusinessId,
    /// The business's name.
    pub name: String,
    /// Its zone.
    pub zone: Tz,
    /// How its people read dates and money.
    pub locale: Locale,
    /// How it stands.
    pub current: PlanSubscription,
}

/// A step to be written.
pub struct Taken {
    /// Whose.
    pub business: BusinessId,
    /// The plan of the new period.
    pub plan: Plan,
    /// The new period.
    pub step: Step,
}

/// Which of what is due.
#[derive(Clone, Debug)]
pub enum Which {
    /// The oldest, at most so many.
    Oldest(i64),
    /// Those of these businesses.
    Only(Vec<BusinessId>),
}

/// Renews, moves or ends one batch. Whose it was is noted also when it fails: the culprit is one of them.
struct RenewDue {
    which: Which,
    claimed: Arc<Mutex<Vec<BusinessId>>>,
}

impl Sweep for RenewDue {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let now = work.now();
        let rows = store::claim(work, &self.which)?;
        *self.claimed.lock().map_err(Refusal::fault)? = rows.iter().map(|row| row.business_id).collect();
        let due = store::read(work, rows)?;
        let (mut taken, mut ended, mut facts, mut final_states) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for one in &due {
            let decision = decide(&one.current, one.zone, now)?;
            facts.push((one.business, fact(one, &decision)?));
            match decision {
                Decision::NotDue => return Err(Refusal::fault("a claimed plan subscription is not due")),
                Decision::End => ended.push(one.business),
                Decision::Renew(step) => {
                    taken.push(Taken { business: one.business, plan: one.current.plan.clone(), step })
                }
                Decision::MoveTo(ref plan, step) => {
                    taken.push(Taken { business: one.business, plan: plan.clone(), step })
                }
            }
            if is_final(taken.last(), one.business, ended.last(), now) {
                final_states.push(one);
            }
        }
        store::write_steps(work, &taken)?;
        store::write_ends(work, &ended)?;
        store::forgive(work, &due)?;
        tell_owners(work, &final_states, &taken)?;
        work.record_many(&facts, taken.len() + ended.len(), due.len())
    }
}

/// Whether no further period is due for the business that was decided last.
fn is_final(taken: Option<&Taken>, business: BusinessId, ended: Option<&BusinessId>, now: DateTime<Utc>) -> bool {
    ended == Some(&business) || taken.is_some_and(|taken| taken.business == business && taken.step.cycle.ends_at > now)
}

fn fact(one: &Due, decision: &Decision) -> Result<PlanFact, Refusal> {
    let day = |at: DateTime<Utc>| at.with_timezone(&one.zone).date_naive();
    let days = |step: &Step| (day(step.cycle.starts_at), last_day(step, one.zone));
    let before = one.current.plan.name.clone();
    let what = match decision {
        Decision::NotDue => return Err(Refusal::fault("nothing happened")),
        Decision::End => Happened::Ended { plan: before },
        Decision::Renew(step) => {
            let ((from, until), due) = (days(step), one.locale.money(step.due));
            Happened::Renewed { plan: before, from, until, due }
        }
        Decision::MoveTo(plan, step) => {
            let ((from, until), due) = (days(step), one.locale.money(step.due));
            Happened::Moved { before, after: plan.name.clone(), from, until, due }
        }
    };
    Ok(PlanFact { business: one.business, name: one.name.clone(), what })
}

fn last_day(step: &Step, zone: Tz) -> NaiveDate {
    let end = step.cycle.ends_at.with_timezone(&zone).date_naive();
    end.pred_opt().unwrap_or(end)
}

/// One letter for each owner, all in one statement.
fn tell_owners(work: &mut SweepWork<'_>, states: &[&Due], taken: &[Taken]) -> Result<(), Refusal> {
    let businesses: Vec<BusinessId> = states.iter().map(|one| one.business).collect();
    let states: HashMap<BusinessId, &Due> = states.iter().map(|one| (one.business, *one)).collect();
    let steps: HashMap<BusinessId, &Taken> = taken.iter().map(|one| (one.business, one)).collect();
    let mut letters = Vec::new();
    for owner in owners(work.conn_of_all_businesses(), &businesses)? {
        if let Some(one) = states.get(&owner.business) {
            letters.push(letter(work, one, steps.get(&owner.business).copied(), &owner)?);
        }
    }
    work.send_many(&letters).map(drop)
}

fn letter(work: &SweepWork<'_>, one: &Due, step: Option<&Taken>, owner: &Owner) -> Result<Sealed, Refusal> {
    let (business, business_id) = (one.name.clone(), one.business);
    let before = one.current.plan.name.clone();
    let occasion = format!("plan:{}:{}:{}", one.business, one.current.period_ends_at.timestamp(), owner.email);
    let Some(taken) = step else {
        let letter = PlanEnded { business, business_id, plan: before };
        return work.seal(business_id, &Envelope::new(&owner.email, &owner.name, &letter).once_for(occasion));
    };
    let due = one.locale.money(taken.step.due);
    if taken.plan.id == one.current.plan.id {
        let until = one.locale.date(last_day(&taken.step, one.zone));
        let letter = PlanRenewed { business, business_id, plan: before, until, due };
        return work.seal(business_id, &Envelope::new(&owner.email, &owner.name, &letter).once_for(occasion));
    }
    let from = one.locale.date(taken.step.cycle.starts_at.with_timezone(&one.zone).date_naive());
    let letter = PlanChanged { business, business_id, before, after: taken.plan.name.clone(), from, due };
    work.seal(business_id, &Envelope::new(&owner.email, &owner.name, &letter).once_for(occasion))
}

/// Sets one failing business aside, to be tried again later and shown to staff.
struct SetAside {
    culprit: BusinessId,
    error: String,
}

impl Sweep for SetAside {
    type Output = bool;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<bool>, Refusal> {
        let set_aside = store::set_aside(work, self.culprit, &self.error)?;
        Ok(work.unrecorded(crate::kernel::fact::Unrecorded::Progress, set_aside))
    }
}

/// Renews one batch of what is due and says how many; 0 is "nothing is left". A failing batch is halved down to the
/// row, which is set aside with a growing pause.
pub async fn run(db: &Db, rounds: &Rounds) -> Result<usize, Refusal> {
    let claimed = Arc::default();
    match renew(db, rounds, Which::Oldest(BATCH), &claimed).await {
        Err(refusal) if refusal.kind == Kind::Fault => {
            let suspects = std::mem::take(&mut *claimed.lock().map_err(Refusal::fault)?);
            match suspects.is_empty() {
                // It failed before anything was claimed, so that no business is to blame.
                true => Err(refusal),
                false => find_culprit(db, rounds, suspects, refusal).await,
            }
        }
        done => done,
    }
}

async fn renew(
    db: &Db,
    rounds: &Rounds,
    which: Which,
    claimed: &Arc<Mutex<Vec<BusinessId>>>,
) -> Result<usize, Refusal> {
    db.sweep(rounds, RenewDue { which, claimed: Arc::clone(claimed) }).await
}

/// Halves the businesses of a failed batch until the one that fails alone is left. Others that fail too wait for the
/// next batch; what another worker has taken up meanwhile is its own, and nobody is blamed for it.
async fn find_culprit(
    db: &Db,
    rounds: &Rounds,
    mut suspects: Vec<BusinessId>,
    mut refusal: Refusal,
) -> Result<usize, Refusal> {
    let (mut done, claimed) = (0, Arc::default());
    while suspects.len() > 1 {
        tracing::warn!(
            cause = refusal.cause,
            businesses = suspects.len(),
            "a batch of plan periods failed and is halved"
        );
        let rest = suspects.split_off(suspects.len() / 2);
        match renew(db, rounds, Which::Only(suspects.clone()), &claimed).await {
            Ok(renewed) => {
                done += renewed;
                suspects = rest;
            }
            Err(cause) if cause.kind == Kind::Fault => refusal = cause,
            Err(other) => return Err(other),
        }
    }
    let Some(culprit) = suspects.first().copied() else {
        return Ok(done);
    };
    match renew(db, rounds, Which::Only(suspects), &claimed).await {
        Err(refusal) if refusal.kind == Kind::Fault => {
            tracing::error!(cause = refusal.cause, business = %culprit, "a plan subscription is set aside");
            let error = refusal.cause.unwrap_or_default();
            db.sweep(rounds, SetAside { culprit, error }).await.map(|set_aside| done + usize::from(set_aside))
        }
        Err(other) => Err(other),
        Ok(renewed) => Ok(done + renewed),
    }
}

/// How long a failing business waits: a minute, doubled at each failure, at most a day.
pub fn pause(failures: i32) -> TimeDelta {
    let doublings = u32::try_from(failures.clamp(1, 11) - 1).unwrap_or(0);
    TimeDelta::minutes(1_i64 << doublings).min(TimeDelta::days(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_to_a_day() {
        assert_eq!(pause(1), TimeDelta::minutes(1));
        assert_eq!(pause(2), TimeDelta::minutes(2));
        assert_eq!(pause(11), TimeDelta::minutes(1024));
        assert!(pause(200) <= TimeDelta::days(1));
    }
}

//! The sweep over plan subscriptions whose period is over: batches, oldest first, one period each, repeated while any
//! is due, so that every missed period is written exactly once. Letters tell only the final state.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::kernel::db::{Db, Rounds};
use crate::kernel::ids::BusinessId;
use crate::kernel::locale::Locale;
use crate::kernel::operation::Sweep;
use crate::kernel::outbox::Envelope;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Audited, SweepWork};

use super::decide::{Decision, Step, decide};
use super::fact::{Happened, PlanChanged, PlanEnded, PlanFact, PlanRenewed};
use super::plan::Plan;
use super::plan_subscription::PlanSubscription;
use super::renewal_store as store;

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

/// Renews, moves or ends one batch.
struct RenewDue {
    batch: i64,
}

impl Sweep for RenewDue {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let now = work.now();
        let due = store::claim(work, self.batch)?;
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
            let ((from, until), due) = (days(step), one.locale.money(one.current.plan.price));
            Happened::Renewed { plan: before, from, until, due }
        }
        Decision::MoveTo(plan, step) => {
            let ((from, until), due) = (days(step), one.locale.money(plan.price));
            Happened::Moved { before, after: plan.name.clone(), from, until, due }
        }
    };
    Ok(PlanFact { business: one.business, name: one.name.clone(), what })
}

fn last_day(step: &Step, zone: Tz) -> NaiveDate {
    let end = step.cycle.ends_at.with_timezone(&zone).date_naive();
    end.pred_opt().unwrap_or(end)
}

fn tell_owners(work: &mut SweepWork<'_>, states: &[&Due], taken: &[Taken]) -> Result<(), Refusal> {
    let businesses: Vec<BusinessId> = states.iter().map(|one| one.business).collect();
    for owner in store::owners(work, &businesses)? {
        let Some(one) = states.iter().find(|one| one.business == owner.business) else {
            continue;
        };
        let occasion = format!("plan:{}:{}:{}", one.business, one.current.period_ends_at.timestamp(), owner.email);
        let step = taken.iter().find(|taken| taken.business == one.business);
        tell(work, one, step, &owner.email, &owner.name, occasion)?;
    }
    Ok(())
}

fn tell(
    work: &mut SweepWork<'_>,
    one: &Due,
    step: Option<&Taken>,
    email: &str,
    name: &str,
    occasion: String,
) -> Result<(), Refusal> {
    let (business, business_id) = (one.name.clone(), one.business);
    let before = one.current.plan.name.clone();
    let Some(taken) = step else {
        let letter = PlanEnded { business, business_id, plan: before };
        return work.send(business_id, &Envelope::new(email, name, &letter).once_for(occasion));
    };
    let due = one.locale.money(taken.plan.price);
    if taken.plan.id == one.current.plan.id {
        let until = one.locale.date(last_day(&taken.step, one.zone));
        let letter = PlanRenewed { business, business_id, plan: before, until, due };
        return work.send(business_id, &Envelope::new(email, name, &letter).once_for(occasion));
    }
    let from = one.locale.date(taken.step.cycle.starts_at.with_timezone(&one.zone).date_naive());
    let letter = PlanChanged { business, business_id, before, after: taken.plan.name.clone(), from, due };
    work.send(business_id, &Envelope::new(email, name, &letter).once_for(occasion))
}

/// Sets one failing business aside, to be tried again later and shown to staff.
struct SetAside {
    error: String,
}

impl Sweep for SetAside {
    type Output = bool;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<bool>, Refusal> {
        let set_aside = store::set_first_aside(work, &self.error)?;
        Ok(work.unrecorded(crate::kernel::fact::Unrecorded::Progress, set_aside))
    }
}

/// Renews one batch of what is due and says how many; 0 is "nothing is left". A failing batch is halved down to the
/// row, which is set aside with a growing pause.
pub async fn run(db: &Db, rounds: &Rounds) -> Result<usize, Refusal> {
    let mut batch = BATCH;
    loop {
        match db.sweep(rounds, RenewDue { batch }).await {
            Err(refusal) if refusal.kind == Kind::Fault && batch > 1 => {
                tracing::warn!(cause = refusal.cause, batch, "a batch of plan periods failed and is halved");
                batch /= 2;
            }
            Err(refusal) if refusal.kind == Kind::Fault => {
                tracing::error!(cause = refusal.cause, "a plan subscription is set aside");
                let error = refusal.cause.unwrap_or_default();
                return db.sweep(rounds, SetAside { error }).await.map(usize::from);
            }
            done => return done,
        }
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

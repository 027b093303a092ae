//! The sweep over plan subscriptions whose period is over: batches, oldest first, one period each, repeated while any
//! is due, so that every missed period is written exactly once. Letters tell only the final state.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::{News, Told};
use crate::domain::notifications::tell::{self, To};
use crate::kernel::due::{DueWork, Which};
use crate::kernel::ids::BusinessId;
use crate::kernel::locale::Locale;
use crate::kernel::outbox::{Envelope, Sealed};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::decide::{Decision, Step, decide};
use super::fact::{Happened, PlanChanged, PlanEnded, PlanFact, PlanRenewed};
use super::plan::Plan;
use super::plan_subscription::PlanSubscription;
use super::renewal_store as store;
use super::store::{Owner, owners};

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

/// The sweep over plan subscriptions whose period is over.
#[derive(Clone, Copy)]
pub struct RenewDue;

impl DueWork for RenewDue {
    type Key = BusinessId;
    type Row = store::DueRow;
    const BATCH: i64 = 1_000;

    fn job(key: BusinessId) -> (String, BusinessId) {
        (store::JOB.to_owned(), key)
    }

    fn key(row: &store::DueRow) -> BusinessId {
        row.business_id
    }

    fn claim(&self, work: &mut SweepWork<'_>, which: &Which<BusinessId>) -> Result<Vec<store::DueRow>, Refusal> {
        store::claim(work, which)
    }

    /// Renews, moves or ends each by one period.
    fn work_off(&self, work: &mut SweepWork<'_>, rows: Vec<store::DueRow>) -> Result<Audited<usize>, Refusal> {
        let now = work.now();
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

/// Each owner in their inbox and by letter, all at once.
fn tell_owners(work: &mut SweepWork<'_>, states: &[&Due], taken: &[Taken]) -> Result<(), Refusal> {
    let businesses: Vec<BusinessId> = states.iter().map(|one| one.business).collect();
    let states: HashMap<BusinessId, &Due> = states.iter().map(|one| (one.business, *one)).collect();
    let steps: HashMap<BusinessId, &Taken> = taken.iter().map(|one| (one.business, one)).collect();
    let mut told = Vec::new();
    for owner in owners(work.conn_of_all_businesses(), &businesses)? {
        if let Some(one) = states.get(&owner.business) {
            let step = steps.get(&owner.business).copied();
            let to = To::with(owner.member, letter(work, one, step, &owner)?);
            told.push((owner.business, news(one, step), to));
        }
    }
    tell::tell_all(work, told)
}

fn news(one: &Due, step: Option<&Taken>) -> News {
    let before = Told::about(&one.current.plan.name);
    let Some(taken) = step else {
        return tell::news(Kind::PlanEnded, None, before);
    };
    if taken.plan.id == one.current.plan.id {
        return tell::news(Kind::PlanRenewed, None, before.of_day(last_day(&taken.step, one.zone)));
    }
    let from = taken.step.cycle.starts_at.with_timezone(&one.zone).date_naive();
    tell::news(Kind::PlanChanged, None, Told::about(&taken.plan.name).of_day(from))
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

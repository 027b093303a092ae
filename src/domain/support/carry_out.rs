//! Carrying a recovery of access out once its day is over: by the worker, exactly once, one at a time.

use crate::kernel::ids::BusinessId;
use crate::kernel::operation::Sweep;
use crate::kernel::outbox::Envelope;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::facts::{Happened, Step, SupportFact};
use super::letters::RecoveryDone;
use super::recover::still_fits;
use super::recovery::{Outcome, Recovery, RecoveryKind};
use super::store;

/// Carries out the recovery that is due for the longest time; says whether there was one.
pub struct CarryOut;

impl Sweep for CarryOut {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let Some((business, name, recovery)) = store::recoveries::claim_due(work)? else {
            return work.record_many::<_, SupportFact>(&[], 0, 0);
        };
        let now = work.now();
        let person = store::recoveries::person(work.conn_of_all_businesses(), business, recovery.user)?;
        let fits = still_fits(recovery.kind, &person);
        let outcome = if fits { Outcome::Done } else { Outcome::Void };
        store::recoveries::end(work.conn_of_all_businesses(), (business, recovery.id), outcome, now)?;
        let mut places = vec![business];
        if fits {
            match recovery.kind {
                RecoveryKind::TwoFactor => {
                    let conn = work.conn_of_all_businesses();
                    places.extend(store::recoveries::switch_second_factor_off(conn, recovery.user)?);
                    places.sort_unstable();
                    places.dedup();
                }
                RecoveryKind::Owner => store::recoveries::make_owner(work, business, &person)?,
            }
            tell(work, business, &name, &recovery)?;
        }
        let facts: Vec<_> = places.into_iter().map(|place| (place, fact(business, &name, &recovery, fits))).collect();
        let count = facts.len();
        work.record_many(&facts, count, 1)
    }
}

fn fact(business: BusinessId, name: &str, recovery: &Recovery, is_done: bool) -> SupportFact {
    let step = if is_done { Step::Done } else { Step::Void };
    let person = recovery.name.clone();
    let what = Happened::Recovery { recovery: recovery.id, kind: recovery.kind, person, step };
    SupportFact { business, name: name.to_owned(), what }
}

fn tell(work: &mut SweepWork<'_>, business: BusinessId, name: &str, recovery: &Recovery) -> Result<(), Refusal> {
    let letter = RecoveryDone {
        business: name.to_owned(),
        business_id: business,
        has: recovery.kind.has(&recovery.name),
        reason: recovery.reason.clone(),
    };
    for owner in store::owners(work.conn_of_all_businesses(), business)? {
        work.send(business, &Envelope::new(&owner.email, &owner.name, &letter))?;
    }
    Ok(())
}

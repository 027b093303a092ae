//! Carrying recoveries of access out once their day is over: by the worker, exactly once, one at a time. One that fails is
//! set aside and tried again later, and stops no other.

use std::sync::{Arc, Mutex};

use crate::domain::plans::renewal_store::note_failure;
use crate::domain::plans::store::owners;
use crate::kernel::db::{Db, Rounds};
use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::BusinessId;
use crate::kernel::operation::Sweep;
use crate::kernel::outbox::Envelope;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Audited, SweepWork};

use super::facts::{Happened, Step, SupportFact};
use super::letters::RecoveryDone;
use super::recover::void_because;
use super::recovery::{Outcome, Recovery, RecoveryKind};
use super::store::recovered::{Person, make_owner, person};
use super::store::recoveries::{self as store, JOB};
use super::store::{StaffStanding, belongs, standing};

/// Carries out the recovery that is due for the longest time and says whether there was one.
pub async fn run(db: &Db, rounds: &Rounds) -> Result<usize, Refusal> {
    let claimed = Arc::default();
    let refusal = match db.sweep(rounds, CarryOut { claimed: Arc::clone(&claimed) }).await {
        Err(refusal) if refusal.kind != Kind::Busy => refusal,
        done => return done,
    };
    let Some(culprit) = claimed.lock().map_err(Refusal::fault)?.take() else {
        // It failed before anything was claimed, so that no business is to blame.
        return Err(refusal);
    };
    tracing::error!(cause = refusal.cause, business = %culprit, "a recovery of access is set aside");
    let error = refusal.cause.unwrap_or_else(|| refusal.message.into_owned());
    db.sweep(rounds, SetAside { culprit, error }).await.map(usize::from)
}

/// Carries one recovery out. Whose it is is noted also when that fails.
struct CarryOut {
    claimed: Arc<Mutex<Option<BusinessId>>>,
}

impl Sweep for CarryOut {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let due = store::claim_due(work)?;
        *self.claimed.lock().map_err(Refusal::fault)? = due.map(|(business, _)| business);
        let Some((business, id)) = due else {
            return work.record_many::<_, SupportFact>(&[], 0, 0);
        };
        let (now, conn) = (work.now(), work.conn_of_all_businesses());
        let (name, recovery) = store::claimed(conn, business, id)?;
        let person = person(conn, business, recovery.user)?;
        let may_ask = standing(conn, recovery.staff)? == StaffStanding::Staff;
        let may_ask = may_ask && !belongs(conn, recovery.staff, business)?;
        let void = void_because(recovery.kind, &person, may_ask);
        let outcome = if void.is_some() { Outcome::Void } else { Outcome::Done };
        store::end(conn, (business, id), outcome, now)?;
        let step = void.map_or(Step::Done, |because| Step::Void { because });
        let what = Happened::Recovery { recovery: id, kind: recovery.kind, person: recovery.named(), step };
        let mut facts = vec![(business, SupportFact { business, name: name.clone(), what })];
        if outcome == Outcome::Done {
            facts.extend(carry_out(work, (business, &name), &recovery, &person)?);
            tell(work, (business, name), &recovery)?;
        }
        let count = facts.len();
        work.record_many(&facts, count, 1)
    }
}

/// Does it, and says what else has happened by it, and where.
fn carry_out(
    work: &mut SweepWork<'_>,
    (business, name): (BusinessId, &str),
    recovery: &Recovery,
    person: &Person,
) -> Result<Vec<(BusinessId, SupportFact)>, Refusal> {
    let (now, conn) = (work.now(), work.conn_of_all_businesses());
    let fact = |business, what| (business, SupportFact { business, name: name.to_owned(), what });
    if recovery.kind == RecoveryKind::TwoFactor {
        // Each business in which they are active reads in its own trail that they sign in without it.
        let others =
            store::switch_second_factor_off(conn, recovery.user)?.into_iter().filter(|other| *other != business);
        let done = || Happened::Recovery {
            recovery: recovery.id,
            kind: recovery.kind,
            person: recovery.named(),
            step: Step::Done,
        };
        return Ok(others.map(|other| fact(other, done())).collect());
    }
    let admitted = make_owner(conn, business, person, now)?;
    let email = &person.email;
    let withdrawn = admitted.withdrawn.into_iter();
    let withdrawn = withdrawn.map(|invitation| Happened::InvitationWithdrawn { invitation, email: email.clone() });
    let (member, is_new, changes) = (admitted.member, admitted.is_new, admitted.changes);
    let owner = Happened::Admitted { member, person: recovery.named(), is_new, changes };
    Ok(withdrawn.chain([owner]).map(|what| fact(business, what)).collect())
}

fn tell(work: &mut SweepWork<'_>, (business, name): (BusinessId, String), recovery: &Recovery) -> Result<(), Refusal> {
    let has = recovery.kind.has(&recovery.named());
    let letter = RecoveryDone { business: name, business_id: business, has, reason: recovery.reason.clone() };
    for owner in owners(work.conn_of_all_businesses(), &[business])? {
        work.send(business, &Envelope::new(&owner.email, &owner.name, &letter))?;
    }
    Ok(())
}

/// Sets the recovery of one business aside, to be tried again later and shown to staff.
struct SetAside {
    culprit: BusinessId,
    error: String,
}

impl Sweep for SetAside {
    type Output = bool;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<bool>, Refusal> {
        let set_aside = note_failure(work, (JOB, self.culprit), &self.error)?;
        Ok(work.unrecorded(Unrecorded::Progress, set_aside))
    }
}

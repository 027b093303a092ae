//! Carrying recoveries of access out once their day is over: by the worker, exactly once, one at a time. One that fails is
//! set aside and tried again later, and stops no other.

use crate::domain::plans::store::owners;
use crate::kernel::due::{DueWork, Which};
use crate::kernel::ids::{BusinessId, RecoveryId};
use crate::kernel::outbox::Envelope;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::facts::{Happened, Step, SupportFact};
use super::letters::RecoveryDone;
use super::recover::void_because;
use super::recovery::{Outcome, Recovery, RecoveryKind};
use super::store::recovered::{Person, make_owner, person};
use super::store::recoveries::{self as store, JOB};
use super::store::{StaffStanding, belongs, standing};

/// The sweep over recoveries whose day is over.
#[derive(Clone, Copy)]
pub struct CarryOut;

impl DueWork for CarryOut {
    type Key = (BusinessId, RecoveryId);
    type Row = (BusinessId, RecoveryId);
    const BATCH: i64 = 1;

    fn job((business, _): Self::Key) -> (String, BusinessId) {
        (JOB.to_owned(), business)
    }

    fn key(row: &Self::Row) -> Self::Key {
        *row
    }

    fn claim(&self, work: &mut SweepWork<'_>, which: &Which<Self::Key>) -> Result<Vec<Self::Row>, Refusal> {
        store::claim(work, which)
    }

    fn work_off(&self, work: &mut SweepWork<'_>, rows: Vec<Self::Row>) -> Result<Audited<usize>, Refusal> {
        let mut facts = Vec::new();
        for due in &rows {
            facts.extend(end(work, *due)?);
        }
        let count = facts.len();
        work.record_many(&facts, count, rows.len())
    }
}

/// Carries one recovery out, or gives it up when that may no longer be; says what has happened, and where.
fn end(
    work: &mut SweepWork<'_>,
    (business, id): (BusinessId, RecoveryId),
) -> Result<Vec<(BusinessId, SupportFact)>, Refusal> {
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
    Ok(facts)
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

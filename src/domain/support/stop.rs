//! Stopping a recovery of access before it is carried out: by an owner who refuses it, or by staff who take it back.

use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, RecoveryId};
use crate::kernel::operation::{Attempt, Operation, Question};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, View, Work};

use super::begin::require_staff;
use super::facts::{Happened, Step, SupportFact};
use super::recovery::{Outcome, Recovery};
use super::store;

/// One recovery, for an owner.
pub struct RecoveryOf {
    /// Which.
    pub recovery: RecoveryId,
}

impl Question for RecoveryOf {
    const NEEDS: Permission = Permission::RefuseRecovery;
    type Output = Recovery;

    fn find(&self, view: &mut View<'_>) -> Result<Recovery, Refusal> {
        store::recoveries::one(view, self.recovery)
    }
}

/// An owner stops a recovery.
pub struct Refuse {
    /// Which.
    pub recovery: RecoveryId,
}

impl Operation for Refuse {
    const NEEDS: Permission = Permission::RefuseRecovery;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "recovery.stop_refused", said: "tried to stop a recovery of access" });
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        stop(work, self.recovery, Outcome::Refused, Step::Refused)
    }
}

/// To which business this recovery belongs.
pub async fn business_of(db: &Db, recovery: RecoveryId) -> Result<BusinessId, Refusal> {
    db.before_tenant(move |conn| store::recoveries::business_of(conn, recovery)).await
}

/// Staff take a recovery back.
pub struct Withdraw {
    /// Which.
    pub recovery: RecoveryId,
}

impl Operation for Withdraw {
    const NEEDS: Permission = Permission::RecoverAccess;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        require_staff(work)?;
        stop(work, self.recovery, Outcome::Withdrawn, Step::Withdrawn)
    }
}

fn stop(work: &mut Work<'_>, id: RecoveryId, outcome: Outcome, step: Step) -> Result<Audited<()>, Refusal> {
    let (business, now) = (work.business(), work.now());
    let recovery = store::recoveries::one(work, id)?;
    if !store::recoveries::end(work.conn(), (business, id), outcome, now)? {
        return Err(Refusal::conflict("recovery_over", "This recovery of access is over already."));
    }
    let name = store::business_name(work)?;
    let what = Happened::Recovery { recovery: id, kind: recovery.kind, person: recovery.named(), step };
    work.record(&SupportFact { business, name, what }, ())
}

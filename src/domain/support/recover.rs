//! Asking for a recovery of access: told to all owners at once.

use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::RecoveryId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use crate::domain::identity;

use super::begin::require_staff;
use super::facts::{Happened, Step, SupportFact, VoidBecause};
use super::letters::RecoveryBegun;
use super::recovery::{Recovery, RecoveryKind, WAIT};
use super::session::Reason;
use super::store;
use super::store::recovered::Person;

/// Begins a recovery of access to the business of the access.
pub struct Recover {
    /// What is done.
    pub kind: RecoveryKind,
    /// For whom.
    pub email: EmailAddress,
    /// Why.
    pub reason: Reason,
}

impl Operation for Recover {
    const NEEDS: Permission = Permission::RecoverAccess;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let staff = require_staff(work)?;
        let (business, now, house) = (work.business(), work.now(), work.house());
        let person = store::recovered::person_of(work.conn(), business, self.email.folded())?;
        let person = person.ok_or_else(|| {
            wrong("Nobody signs in with this address. Whoever should get in has to sign up with it first.")
        })?;
        require_fit(self.kind, &person)?;
        let staff_name = identity::store::user(work.conn(), staff)?.name;
        let recovery = Recovery {
            id: RecoveryId::mint(now),
            kind: self.kind,
            user: person.user,
            name: person.name,
            email: person.email,
            staff,
            staff_name,
            reason: self.reason.as_str().to_owned(),
            asked_at: now,
            due_at: now + WAIT,
            ended: None,
        };
        if !store::recoveries::insert(work, &recovery)? {
            return Err(Refusal::conflict("recovery_open", "Another recovery of access waits for this business."));
        }
        let name = store::business_name(work)?;
        let letter = RecoveryBegun {
            business: name.clone(),
            business_id: business,
            recovery: recovery.id,
            staff: recovery.staff_name.clone(),
            will: recovery.kind.will(&recovery.named()),
            reason: recovery.reason.clone(),
            due: format!("{} ({})", house.locale.date_time(recovery.due_at, house.zone), house.zone.name()),
        };
        store::tell_owners(work, &letter)?;
        let step = Step::Begun { reason: self.reason.clone() };
        let person = recovery.named();
        let what = Happened::Recovery { recovery: recovery.id, kind: recovery.kind, person, step };
        work.record(&SupportFact { business, name, what }, recovery.name)
    }
}

/// Whether there is something to do for this person, and it may be done.
fn require_fit(kind: RecoveryKind, person: &Person) -> Result<(), Refusal> {
    match kind {
        _ if person.is_staff => Err(wrong("This is a member of staff: nobody recovers access for one of them.")),
        RecoveryKind::TwoFactor if !person.is_owner => Err(wrong("This is not an active owner of the business.")),
        RecoveryKind::TwoFactor if !person.has_second_factor => {
            Err(wrong("This owner has no second factor: a new password is all they need."))
        }
        RecoveryKind::Owner if person.is_owner => Err(wrong("This is an active owner of the business already.")),
        RecoveryKind::Owner if !person.is_verified => {
            Err(wrong("This address is not confirmed. Whoever has it opens the link of their welcome letter first."))
        }
        RecoveryKind::Owner if person.is_address_taken => {
            Err(wrong("Somebody else in People of the business has this address, perhaps somebody who has left."))
        }
        _ => Ok(()),
    }
}

/// Why it cannot be carried out any more when its time has come; none: it can.
pub(super) fn void_because(kind: RecoveryKind, person: &Person, may_ask: bool) -> Option<VoidBecause> {
    match require_fit(kind, person) {
        _ if !may_ask => Some(VoidBecause::AskerMayNot),
        Err(_) if kind == RecoveryKind::Owner && !person.is_owner && person.is_address_taken => {
            Some(VoidBecause::AddressTaken)
        }
        Err(_) => Some(VoidBecause::Needless),
        Ok(()) => None,
    }
}

fn wrong(message: &'static str) -> Refusal {
    Refusal::invalid("email", message)
}

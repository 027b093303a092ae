//! Handing a business over: somebody else becomes its owner, and whoever does it an admin, in one step.

use crate::kernel::ids::MemberId;
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::permission::{Permission, Role};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::change_role::tell_of_role;
use super::facts::MemberFact;
use super::invitation::store::business_name;
use super::standing::{acted_on, active_role, require_somebody_else, withdraw_sent_by};
use super::{rank, store};

/// Makes this person owner in the place of whoever acts.
pub struct HandOver {
    /// Who.
    pub member: MemberId,
    /// Typed by whoever acts: the person's name, or the business's.
    pub confirm: String,
}

impl Operation for HandOver {
    const NEEDS: Permission = Permission::HandOver;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "business.hand_over_refused", said: "tried to hand the business over" });
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let (rank, member) = acted_on(work, self.member)?;
        rank::require_grantable(rank, Role::Owner)?;
        let acting = require_somebody_else(work, &member)?;
        let before = active_role(&member, work)?;
        self.require_confirmed(&member.name, &business_name(work)?)?;
        store::set_role(work, member.id, Role::Owner)?;
        store::set_role(work, acting, Role::Admin)?;
        let withdrawn = withdraw_sent_by(work, acting)?;
        if before != Role::Owner {
            tell_of_role(work, &member, before, Role::Owner)?;
        }
        let own_name = store::name(work, Some(acting))?.unwrap_or_default();
        let said = format!("{} is an owner now, and you are an admin.", member.name);
        work.also(&MemberFact::HandedOver { member: self.member, name: member.name, before })?;
        let (before, after) = (Role::Owner, Role::Admin);
        work.record(&MemberFact::RoleChanged { member: acting, name: own_name, before, after, withdrawn }, said)
    }
}

impl HandOver {
    /// The name counts whatever its case.
    fn require_confirmed(&self, person: &str, business: &str) -> Result<(), Refusal> {
        let typed = self.confirm.trim().to_lowercase();
        match [person, business].iter().any(|name| name.to_lowercase() == typed) {
            true => Ok(()),
            false => Err(Refusal::invalid("confirm", format!("Type “{person}” to confirm."))),
        }
    }
}

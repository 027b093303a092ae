//! Ending somebody's access. It ends at their next request; what they hold stays theirs until it is moved, and is
//! flagged until then.

use crate::kernel::ids::MemberId;
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::facts::MemberFact;
use super::letters::{AccessEnded, Ending};
use super::member::MemberStatus;
use super::standing::{acted_on, active_role, require_other_owner, tell, withdraw_sent_by};
use super::store;

/// Ends the sign-in of this person in the business.
pub struct Deactivate {
    /// Who.
    pub member: MemberId,
}

impl Operation for Deactivate {
    const NEEDS: Permission = Permission::ChangeTeam;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "member.deactivation_refused", said: "tried to deactivate somebody" });
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let (_, member) = acted_on(work, self.member)?;
        active_role(&member, work)?;
        require_other_owner(work, &member)?;
        store::set_status(work, member.id, MemberStatus::Deactivated)?;
        let withdrawn = withdraw_sent_by(work, member.id)?;
        let name = member.name.clone();
        tell(work, &member, |by, business| AccessEnded { name, business, why: Ending::Deactivated { by } })?;
        let said = format!("{} cannot sign in any more. Reactivate them to undo it.", member.name);
        work.record(&MemberFact::Deactivated { member: self.member, name: member.name, withdrawn }, said)
    }
}

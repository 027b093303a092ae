//! Giving somebody's access back, with the role they had. It takes a place of the plan again.

use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::kernel::ids::MemberId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::MemberFact;
use super::member::{MemberStatus, has_passed};
use super::standing::acted_on;
use super::store;

/// Lets somebody who was deactivated sign in again.
pub struct Reactivate {
    /// Who.
    pub member: MemberId,
}

impl Operation for Reactivate {
    const NEEDS: Permission = Permission::ChangeTeam;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let (_, member) = acted_on(work, self.member)?;
        if has_passed(member.left_on, work.today()) {
            let message = format!("{} has left. Take the last day off their page in People first.", member.name);
            return Err(Refusal::conflict("has_left", message).mended_at("/people"));
        }
        let role = match (member.status, member.user, member.role) {
            (MemberStatus::Deactivated, Some(_), Some(role)) => role,
            _ => {
                let message = format!("{} is not deactivated, so there is nothing to give back.", member.name);
                return Err(Refusal::conflict("not_deactivated", message).mended_at("/team"));
            }
        };
        limits::require_room(work, Meter::SignIns, 1)?;
        store::set_status(work, member.id, MemberStatus::Active)?;
        let said = format!("{} can sign in again, as {}.", member.name, role.code());
        work.record(&MemberFact::Reactivated { member: self.member, name: member.name, role }, said)
    }
}

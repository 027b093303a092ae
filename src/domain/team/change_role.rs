//! Changing what somebody is in the team. Nobody is raised above whoever does it, and the last owner stays one.

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Told;
use crate::domain::notifications::tell::{self, To, news};
use crate::kernel::ids::MemberId;
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::permission::{Permission, Role};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::MemberFact;
use super::invitation::may;
use super::letters::RoleChanged;
use super::member::Member;
use super::standing::{self, acted_on, active_role, require_other_owner, withdraw_sent_by};
use super::{rank, store};

/// Gives somebody who can sign in another role.
pub struct ChangeRole {
    /// Who.
    pub member: MemberId,
    /// As what from now on.
    pub role: Role,
}

impl Operation for ChangeRole {
    const NEEDS: Permission = Permission::ChangeTeam;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "member.role_refused", said: "tried to change somebody’s role" });
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let (rank, member) = acted_on(work, self.member)?;
        rank::require_grantable(rank, self.role)?;
        let before = active_role(&member, work)?;
        if before == self.role {
            return Ok(work.nothing_changed(format!("{} is {} already.", member.name, a(self.role))));
        }
        require_other_owner(work, &member)?;
        store::set_role(work, member.id, self.role)?;
        let withdrawn = match self.role < before {
            true => withdraw_sent_by(work, member.id)?,
            false => Vec::new(),
        };
        tell_of_role(work, &member, before, self.role)?;
        let said = format!("{} is {} now.", member.name, a(self.role));
        let (name, after) = (member.name, self.role);
        work.record(&MemberFact::RoleChanged { member: self.member, name, before, after, withdrawn }, said)
    }
}

/// Tells somebody what they are now.
pub(super) fn tell_of_role(work: &mut Work<'_>, member: &Member, before: Role, after: Role) -> Result<(), Refusal> {
    let (name, business_id, may) = (member.name.clone(), work.business(), may(after).to_owned());
    if work.access().member() != Some(member.id) {
        let by = store::name(work, work.access().member())?;
        let changed = news(Kind::RoleChanged, None, Told::about(&a(after)).done_by(by.as_deref()));
        tell::tell(work, &changed, vec![To::inbox(member.id)])?;
    }
    standing::tell(work, member, |by, business| RoleChanged { name, business, business_id, by, before, after, may })
}

/// "an owner", "a user".
fn a(role: Role) -> String {
    match role {
        Role::Owner | Role::Admin | Role::Auditor => format!("an {}", role.code()),
        Role::User => "a user".to_owned(),
    }
}

//! Rank: one acts only on members of a rank not above one's own, and gives only roles not above one's own.

use crate::kernel::access::{Access, Actor};
use crate::kernel::permission::{Permission, Role};
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Scope, Work};

use super::store;

/// The rank of whoever acts. The console stands as high as an owner.
pub fn of(access: &Access) -> Role {
    match access.actor() {
        Actor::Member { role, .. } => role,
        Actor::Command | Actor::Worker => Role::Owner,
        Actor::User { .. }
        | Actor::Invitee { .. }
        | Actor::Visitor { .. }
        | Actor::Staff { .. }
        | Actor::Support { .. }
        | Actor::ApiKey { .. } => Role::User,
    }
}

/// The same, read anew under the lock of the business: whoever acts may have been demoted since their request began.
pub(super) fn under_lock(work: &mut Work<'_>) -> Result<Role, Refusal> {
    let access = work.access();
    let Some(acting) = access.member() else {
        return Ok(of(&access));
    };
    let today = work.today();
    let member = store::find_any(work, acting)?.filter(|member| member.can_sign_in(today));
    member.and_then(|member| member.role).ok_or_else(Refusal::not_allowed)
}

/// Refuses to act on a member who stands higher.
pub fn require_not_above(actor: Role, other: Option<Role>) -> Result<(), Refusal> {
    match other {
        Some(role) if role > actor => Err(Refusal::new(
            Kind::NotAllowed,
            "rank",
            "This person stands above your role here. An owner can change this.",
        )),
        _ => Ok(()),
    }
}

/// Whether somebody of this role may invite people as that role.
pub fn may_grant(granter: Role, role: Role) -> bool {
    granter.permissions().allow(Permission::Invite) && role <= granter
}

/// Refuses to give a role above one's own.
pub fn require_grantable(granter: Role, role: Role) -> Result<(), Refusal> {
    match may_grant(granter, role) {
        true => Ok(()),
        false => Err(Refusal::new(
            Kind::NotAllowed,
            "role_above_yours",
            "You can give roles up to your own. Nothing was changed; an owner can make others owners.",
        )),
    }
}

/// The roles somebody of this role may give, highest first.
pub fn grantable(granter: Role) -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(move |role| may_grant(granter, *role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_given_downwards_only() {
        let given = |granter| grantable(granter).map(Role::code).collect::<Vec<_>>();
        assert_eq!(given(Role::Owner), ["owner", "admin", "auditor", "user"]);
        assert_eq!(given(Role::Admin), ["admin", "auditor", "user"]);
        assert!(given(Role::Auditor).is_empty());
        assert!(given(Role::User).is_empty());
    }

    #[test]
    fn an_admin_does_not_act_on_an_owner() {
        assert!(require_not_above(Role::Admin, Some(Role::Owner)).is_err());
        assert!(require_not_above(Role::Admin, Some(Role::Admin)).is_ok());
        assert!(require_not_above(Role::Owner, Some(Role::Owner)).is_ok());
        assert!(require_not_above(Role::Admin, None).is_ok());
    }
}

//! What happens to people, as the trail says it.

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::MemberId;
use crate::kernel::permission::Role;

/// What happens to a person of the list.
pub(super) enum MemberFact {
    Added { member: MemberId, name: String, changes: Vec<Change> },
    Changed { member: MemberId, name: String, changes: Vec<Change> },
    Joined { member: MemberId, name: String, role: Role, inviter: String, before: &'static str },
    RoleChanged { member: MemberId, name: String, before: Role, after: Role, withdrawn: Vec<String> },
    HandedOver { member: MemberId, name: String, before: Role },
    Deactivated { member: MemberId, name: String, withdrawn: Vec<String> },
    Reactivated { member: MemberId, name: String, role: Role },
}

impl Fact for MemberFact {
    fn code(&self) -> &'static str {
        match self {
            Self::Added { .. } => "member.added",
            Self::Changed { .. } => "member.changed",
            Self::Joined { .. } => "member.joined",
            Self::RoleChanged { .. } => "member.role_changed",
            Self::HandedOver { .. } => "business.handed_over",
            Self::Deactivated { .. } => "member.deactivated",
            Self::Reactivated { .. } => "member.reactivated",
        }
    }

    fn object(&self) -> Object {
        match self {
            Self::Added { member, name, .. }
            | Self::Changed { member, name, .. }
            | Self::Joined { member, name, .. }
            | Self::RoleChanged { member, name, .. }
            | Self::HandedOver { member, name, .. }
            | Self::Deactivated { member, name, .. }
            | Self::Reactivated { member, name, .. } => Object::new("member", *member, name),
        }
    }

    fn said(&self) -> String {
        match self {
            Self::Added { name, .. } => format!("added {name} to People"),
            Self::Changed { name, .. } => format!("changed what People says of {name}"),
            Self::Joined { role, inviter, .. } => format!("joined as {}, invited by {inviter}", role.code()),
            Self::RoleChanged { name, before, after, .. } => {
                format!("changed the role of {name} from {} to {}", before.code(), after.code())
            }
            Self::HandedOver { name, .. } => format!("handed the business over to {name}"),
            Self::Deactivated { name, .. } => format!("deactivated {name}"),
            Self::Reactivated { name, .. } => format!("reactivated {name}"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        match self {
            Self::Added { changes, .. } | Self::Changed { changes, .. } => changes.clone(),
            Self::Joined { role, before, .. } => vec![Change::set("Role", role.label()), status(before, "Active")],
            Self::RoleChanged { before, after, withdrawn, .. } => {
                std::iter::once(role_change(*before, *after)).chain(withdrawals(withdrawn)).collect()
            }
            Self::HandedOver { before, .. } => vec![role_change(*before, Role::Owner)],
            Self::Deactivated { withdrawn, .. } => {
                std::iter::once(status("Active", "Deactivated")).chain(withdrawals(withdrawn)).collect()
            }
            Self::Reactivated { role, .. } => {
                vec![Change::set("Role", role.label()), status("Deactivated", "Active")]
            }
        }
    }
}

fn status(before: &str, after: &str) -> Change {
    Change::new("Status", Some(before.to_owned()), Some(after.to_owned()))
}

fn role_change(before: Role, after: Role) -> Change {
    Change::new("Role", Some(before.label().to_owned()), Some(after.label().to_owned()))
}

/// The invitations that ended with it.
fn withdrawals(addresses: &[String]) -> Option<Change> {
    let all = (!addresses.is_empty()).then(|| addresses.join(", "))?;
    Some(Change::new("Invitations withdrawn", Some(all), None))
}

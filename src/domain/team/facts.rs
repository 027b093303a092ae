//! What happens to people, as the trail says it.

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::MemberId;
use crate::kernel::permission::Role;

/// What happens to a person of the list.
pub(super) enum MemberFact {
    Added { member: MemberId, name: String, changes: Vec<Change> },
    Changed { member: MemberId, name: String, changes: Vec<Change> },
    Joined { member: MemberId, name: String, role: Role, inviter: String, before: &'static str },
}

impl Fact for MemberFact {
    fn code(&self) -> &'static str {
        match self {
            Self::Added { .. } => "member.added",
            Self::Changed { .. } => "member.changed",
            Self::Joined { .. } => "member.joined",
        }
    }

    fn object(&self) -> Object {
        match self {
            Self::Added { member, name, .. }
            | Self::Changed { member, name, .. }
            | Self::Joined { member, name, .. } => Object::new("member", *member, name),
        }
    }

    fn said(&self) -> String {
        match self {
            Self::Added { name, .. } => format!("added {name} to People"),
            Self::Changed { name, .. } => format!("changed what People says of {name}"),
            Self::Joined { role, inviter, .. } => format!("joined as {}, invited by {inviter}", role.code()),
        }
    }

    fn changes(&self) -> Vec<Change> {
        match self {
            Self::Added { changes, .. } | Self::Changed { changes, .. } => changes.clone(),
            Self::Joined { role, before, .. } => vec![
                Change::set("Role", role.label()),
                Change::new("Status", Some((*before).to_owned()), Some("Active".to_owned())),
            ],
        }
    }
}

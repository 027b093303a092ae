//! A person in one business's list.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{MemberId, UserId};
use crate::kernel::permission::Role;

/// Where a person stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// In the directory, without a sign-in.
    Directory,
    /// Invited, with a key that waits.
    Invited,
    /// Can sign in.
    Active,
    /// Could sign in once.
    Deactivated,
    /// Has left the business.
    Left,
}

impl MemberStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [
        Self::Directory,
        Self::Invited,
        Self::Active,
        Self::Deactivated,
        Self::Left,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::Left => "left",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Directory => "Directory",
            Self::Invited => "Invited",
            Self::Active => "Active",
            Self::Deactivated => "Deactivated",
            Self::Left => "Left",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// A person as the directory shows them.
#[derive(Clone, Debug)]
pub struct Member {
    /// The id.
    pub id: MemberId,
    /// Who signs in as them.
    pub user: Option<UserId>,
    /// The name.
    pub name: String,
    /// The address, unique in the business.
    pub email: String,
    /// The role, for those with a sign-in or an invitation.
    pub role: Option<Role>,
    /// Where they stand.
    pub status: MemberStatus,
    /// The department, or empty.
    pub department: String,
    /// Their manager.
    pub manager: Option<MemberId>,
    /// The first day.
    pub joined_on: Option<NaiveDate>,
    /// The last day, which still counts.
    pub left_on: Option<NaiveDate>,
}

/// Somebody new in the list.
pub struct NewMember {
    /// The name.
    pub name: String,
    /// The address.
    pub email: EmailAddress,
    /// Who signs in as them, and as what.
    pub sign_in: Option<(UserId, Role)>,
    /// Where they stand.
    pub status: MemberStatus,
    /// The department, or empty.
    pub department: String,
    /// Their manager.
    pub manager: Option<MemberId>,
    /// The first day.
    pub joined_on: Option<NaiveDate>,
    /// The last day, which still counts.
    pub left_on: Option<NaiveDate>,
}

impl NewMember {
    /// A person who signs in, and of whom nothing else is known.
    pub fn active(name: String, email: EmailAddress, user: UserId, role: Role) -> Self {
        Self {
            name,
            email,
            sign_in: Some((user, role)),
            status: MemberStatus::Active,
            department: String::new(),
            manager: None,
            joined_on: None,
            left_on: None,
        }
    }
}

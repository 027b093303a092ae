//! Everybody of a business at once, as an import compares, adds and changes them.

pub mod store;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::ids::MemberId;

use super::member::{Member, MemberStatus};

/// What the business itself writes about a person, so that an import can change it and an undo put it back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Standing {
    /// The name.
    pub name: String,
    /// The department, or empty.
    pub department: String,
    /// Their manager.
    pub manager: Option<MemberId>,
    /// The first day.
    pub joined_on: Option<NaiveDate>,
    /// The last day, which still counts.
    pub left_on: Option<NaiveDate>,
    /// Where they stand.
    pub status: MemberStatus,
}

impl Standing {
    /// What is written about this person now.
    pub fn of(member: &Member) -> Self {
        Self {
            name: member.name.clone(),
            department: member.department.clone(),
            manager: member.manager,
            joined_on: member.joined_on,
            left_on: member.left_on,
            status: member.status,
        }
    }
}

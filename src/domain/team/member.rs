//! A person in one business's list, and the pure rules about them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{MemberId, UserId};
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;

const LONGEST_DEPARTMENT: usize = 120;

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
    pub const ALL: [Self; 5] = [Self::Directory, Self::Invited, Self::Active, Self::Deactivated, Self::Left];

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

impl Member {
    /// Where they stand on this day: whoever's last day has passed has left, whether or not it was written down yet.
    pub fn standing(&self, today: NaiveDate) -> MemberStatus {
        match has_passed(self.left_on, today) {
            true => MemberStatus::Left,
            false => self.status,
        }
    }

    /// Whether they can sign in on this day.
    pub fn can_sign_in(&self, today: NaiveDate) -> bool {
        self.status == MemberStatus::Active && self.role.is_some_and(|role| is_here(role, self.left_on, today))
    }

    /// Where they stand once nothing gives them a sign-in any more.
    pub fn resting(&self, today: NaiveDate) -> MemberStatus {
        match (has_passed(self.left_on, today), self.user) {
            (true, _) => MemberStatus::Left,
            (false, Some(_)) => MemberStatus::Deactivated,
            (false, None) => MemberStatus::Directory,
        }
    }
}

/// Whether a last day lies behind; the day itself still counts.
pub fn has_passed(left_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    left_on.is_some_and(|day| day < today)
}

/// Whether somebody of this role is still let in on this day. A last day that has passed keeps people out before the
/// worker writes it down. Not owners: one of them may be the last, and only the worker, under the lock of the business,
/// can tell.
pub fn is_here(role: Role, left_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    role == Role::Owner || !has_passed(left_on, today)
}

/// A department as typed: at most 120 characters on one line, or none.
pub fn parse_department(text: &str) -> Result<String, Refusal> {
    let department = text.trim();
    if department.chars().count() > LONGEST_DEPARTMENT || department.chars().any(char::is_control) {
        return Err(Refusal::invalid("department", "Write a department of at most 120 characters, on one line."));
    }
    Ok(department.to_owned())
}

/// What the directory says of a person besides name and address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Details {
    /// The department, or empty.
    pub department: String,
    /// Their manager.
    pub manager: Option<MemberId>,
    /// The first day.
    pub joined_on: Option<NaiveDate>,
    /// The last day, which still counts.
    pub left_on: Option<NaiveDate>,
}

impl Details {
    /// Nothing is known.
    pub fn unknown() -> Self {
        Self { department: String::new(), manager: None, joined_on: None, left_on: None }
    }

    /// Refuses a last day before the first.
    pub fn check(&self) -> Result<(), Refusal> {
        match self.joined_on.zip(self.left_on) {
            Some((joined, left)) if left < joined => {
                Err(Refusal::invalid("left_on", "Choose a last day on or after the first."))
            }
            _ => Ok(()),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn uma(user: Option<UserId>, status: MemberStatus, left_on: Option<&str>) -> Member {
        Member {
            id: MemberId::mint(chrono::DateTime::UNIX_EPOCH),
            user,
            name: "Uma Usher".to_owned(),
            email: "uma@acme.example".to_owned(),
            role: None,
            status,
            department: String::new(),
            manager: None,
            joined_on: None,
            left_on: left_on.map(day),
        }
    }

    #[test]
    fn the_last_day_still_counts() {
        let leaving = uma(None, MemberStatus::Directory, Some("2026-11-30"));
        assert_eq!(leaving.standing(day("2026-11-30")), MemberStatus::Directory);
        assert_eq!(leaving.standing(day("2026-12-01")), MemberStatus::Left);
    }

    #[test]
    fn whoever_could_sign_in_once_rests_deactivated() {
        let user = UserId::mint(chrono::DateTime::UNIX_EPOCH);
        let today = day("2026-12-01");
        assert_eq!(uma(None, MemberStatus::Invited, None).resting(today), MemberStatus::Directory);
        assert_eq!(uma(Some(user), MemberStatus::Invited, None).resting(today), MemberStatus::Deactivated);
        assert_eq!(uma(Some(user), MemberStatus::Invited, Some("2026-11-30")).resting(today), MemberStatus::Left);
    }

    #[test]
    fn a_last_day_before_the_first_is_refused() {
        let details = |joined: &str, left: &str| Details {
            department: String::new(),
            manager: None,
            joined_on: Some(day(joined)),
            left_on: Some(day(left)),
        };
        assert!(details("2026-01-02", "2026-01-02").check().is_ok());
        assert_eq!(details("2026-01-02", "2026-01-01").check().unwrap_err().field, Some("left_on"));
    }

    #[test]
    fn a_department_is_one_short_line() {
        assert_eq!(parse_department(" Design ").unwrap(), "Design");
        assert!(parse_department(&"x".repeat(121)).is_err());
        assert!(parse_department("Design\u{7}").is_err());
    }
}

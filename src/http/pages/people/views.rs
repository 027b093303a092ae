//! What the pages of people show.

use chrono::NaiveDate;

use crate::domain::team::list;
use crate::domain::team::member::MemberStatus;

/// One person of the list.
pub struct PersonRow {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The department, or empty.
    pub department: String,
    /// The manager's name, or empty.
    pub manager: String,
    /// How many seats they hold.
    pub seats: i64,
    /// Where they stand.
    pub state: (&'static str, &'static str),
    /// Whether an invitation would give them a sign-in.
    pub can_be_invited: bool,
    /// Whether they can be given a seat.
    pub can_hold: bool,
}

impl PersonRow {
    /// How a person looks today.
    pub fn new(row: list::PersonRow, today: NaiveDate) -> Self {
        let standing = row.member.standing(today);
        Self {
            id: row.member.id.to_string(),
            name: row.member.name,
            email: row.member.email,
            department: row.member.department,
            manager: row.manager.unwrap_or_default(),
            seats: row.seats,
            state: state(standing),
            can_be_invited: can_be_invited(standing),
            can_hold: can_hold(standing),
        }
    }
}

/// A status as a coloured word.
pub fn state(status: MemberStatus) -> (&'static str, &'static str) {
    let kind = match status {
        MemberStatus::Active => "good",
        MemberStatus::Invited => "info",
        MemberStatus::Deactivated => "warn",
        MemberStatus::Directory | MemberStatus::Left => "",
    };
    (kind, status.label())
}

/// Whether somebody of this status can be given a seat.
pub fn can_hold(status: MemberStatus) -> bool {
    !matches!(status, MemberStatus::Deactivated | MemberStatus::Left)
}

/// Whether an invitation would give somebody of this status a sign-in.
pub fn can_be_invited(status: MemberStatus) -> bool {
    matches!(status, MemberStatus::Directory | MemberStatus::Deactivated)
}

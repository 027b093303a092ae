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
    /// What they still have, though they are gone.
    pub left_behind: Option<String>,
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
            left_behind: left_behind(standing, row.seats, row.owned),
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

/// What somebody who was deactivated or has left still has: "Still holds 2 seats and owns 1 subscription".
pub fn left_behind(status: MemberStatus, seats: i64, owned: i64) -> Option<String> {
    let is_gone = matches!(status, MemberStatus::Deactivated | MemberStatus::Left);
    let held = match seats {
        0 => None,
        1 => Some("holds 1 seat".to_owned()),
        _ => Some(format!("holds {seats} seats")),
    };
    let owns = match owned {
        0 => None,
        1 => Some("owns 1 subscription".to_owned()),
        _ => Some(format!("owns {owned} subscriptions")),
    };
    let all: Vec<String> = held.into_iter().chain(owns).collect();
    (is_gone && !all.is_empty()).then(|| format!("Still {}", all.join(" and ")))
}

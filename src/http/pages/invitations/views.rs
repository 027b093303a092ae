//! What the pages of the team show of an invitation.

use chrono::{DateTime, Utc};

use crate::domain::team::invitation::InvitationState;
use crate::domain::team::roster::InvitationRow;
use crate::kernel::access::House;

/// One invitation of a list.
pub struct Waiting {
    /// The id.
    pub id: String,
    /// Whose address.
    pub email: String,
    /// Role and department: "Admin · Engineering".
    pub what: String,
    /// Where it stands: kind and words.
    pub state: (&'static str, String),
    /// The day it was made, for machines.
    pub iso: String,
    /// The same for people.
    pub invited: String,
    /// Who invited.
    pub inviter: String,
    /// Whether a new key can be made for it.
    pub can_renew: bool,
    /// Whether it can be taken back.
    pub can_withdraw: bool,
    /// Whether its person can be invited anew.
    pub can_invite: bool,
}

impl Waiting {
    /// How an invitation looks now.
    pub fn new(row: InvitationRow, now: DateTime<Utc>, house: House) -> Self {
        let day = row.invitation.created_at.with_timezone(&house.zone).date_naive();
        let role = row.invitation.role.label();
        let what = match row.department.as_str() {
            "" => role.to_owned(),
            department => format!("{role} · {department}"),
        };
        Self {
            id: row.invitation.id.to_string(),
            email: row.email,
            what,
            state: state(row.state, row.invitation.expires_at, now),
            iso: day.to_string(),
            invited: house.locale.date(day),
            inviter: row.inviter,
            can_renew: matches!(row.state, InvitationState::Pending | InvitationState::Expired),
            can_withdraw: row.state == InvitationState::Pending,
            can_invite: row.state == InvitationState::Withdrawn,
        }
    }
}

fn state(state: InvitationState, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> (&'static str, String) {
    if state != InvitationState::Pending {
        let kind = if state == InvitationState::Accepted { "good" } else { "" };
        return (kind, state.label().to_owned());
    }
    // Rounded up: 7 days less a moment are 7 days.
    let hours = ((expires_at - now).num_seconds() + 3_599).div_euclid(3_600);
    match (hours, (hours + 23).div_euclid(24)) {
        (1, _) => ("warn", "Waiting, less than an hour left".to_owned()),
        (..=48, _) => ("warn", format!("Waiting, {hours} hours left")),
        (_, days) => ("info", format!("Waiting, {days} days left")),
    }
}

//! How the console shows sessions, letters, recoveries and health.

use chrono::{DateTime, Utc};

use crate::domain::support::console::Health;
use crate::domain::support::recovery::{Outcome, Recovery};
use crate::domain::support::resend::{LetterRow, LetterState};
use crate::domain::support::session::{HowEnded, SupportSession};
use crate::kernel::access::House;

/// The badge of a business.
pub(super) fn health(health: Health) -> (&'static str, &'static str) {
    let kind = match health {
        Health::Suspended | Health::Failing => "bad",
        Health::Closing | Health::Ended => "warn",
        Health::Well => "good",
    };
    (kind, health.label())
}

/// One support session.
pub(super) struct SessionView {
    pub(super) business_id: String,
    pub(super) business: String,
    pub(super) staff: String,
    pub(super) mode: String,
    pub(super) reason: String,
    pub(super) began_iso: String,
    pub(super) began: String,
    pub(super) until: String,
    pub(super) state: (&'static str, &'static str),
}

impl SessionView {
    pub(super) fn new(session: &SupportSession, house: House, now: DateTime<Utc>) -> Self {
        let state = match session.over(now) {
            None => ("try", "Open"),
            Some(how @ (HowEnded::Refused | HowEnded::NotAllowed)) => ("warn", how.label()),
            Some(how) => ("", how.label()),
        };
        let until = session.ended.map_or(session.ends_at, |(at, _)| at);
        let eyes = session.seen_as.as_ref().map(|(_, name)| format!(", as {name}")).unwrap_or_default();
        Self {
            business_id: session.business.to_string(),
            business: session.business_name.clone(),
            staff: session.staff_name.clone(),
            mode: format!("{}{eyes}", session.mode.label()),
            reason: session.reason.clone(),
            began_iso: session.began_at.to_rfc3339(),
            began: house.locale.date_time(session.began_at, house.zone),
            until: house.locale.time(until, house.zone),
            state,
        }
    }
}

/// One letter.
pub(super) struct LetterView {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) to: String,
    pub(super) written_iso: String,
    pub(super) written: String,
    pub(super) state: (&'static str, &'static str),
    pub(super) error: String,
    pub(super) carries_key: bool,
    pub(super) can_be_resent: bool,
}

impl LetterView {
    pub(super) fn new(letter: &LetterRow, house: House) -> Self {
        let kind = match letter.state {
            LetterState::Waiting => "info",
            LetterState::Sent => "good",
            LetterState::Failed => "bad",
        };
        Self {
            id: letter.id.to_string(),
            kind: letter.kind_label(),
            to: letter.to.clone(),
            written_iso: letter.created_at.to_rfc3339(),
            written: house.locale.date_time(letter.created_at, house.zone),
            state: (kind, letter.state.label()),
            error: letter.error.clone().unwrap_or_default(),
            carries_key: letter.carries_key,
            can_be_resent: letter.can_be_resent(),
        }
    }
}

/// One recovery of access.
pub(super) struct RecoveryView {
    pub(super) id: String,
    pub(super) what: String,
    pub(super) by: String,
    pub(super) reason: String,
    pub(super) due_iso: String,
    pub(super) due: String,
    pub(super) state: (&'static str, &'static str),
    pub(super) is_open: bool,
}

impl RecoveryView {
    pub(super) fn new(recovery: &Recovery, house: House) -> Self {
        let name = recovery.named();
        let (what, state) = match recovery.ended {
            None => (recovery.kind.will(&name), ("info", "Waits")),
            Some((_, Outcome::Done)) => (recovery.kind.has(&name), ("good", Outcome::Done.label())),
            Some((_, outcome)) => (recovery.kind.will(&name), ("warn", outcome.label())),
        };
        Self {
            id: recovery.id.to_string(),
            what: capitalized(&what),
            by: recovery.staff_name.clone(),
            reason: recovery.reason.clone(),
            due_iso: recovery.due_at.to_rfc3339(),
            due: house.locale.date_time(recovery.due_at, house.zone),
            state,
            is_open: recovery.ended.is_none(),
        }
    }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}

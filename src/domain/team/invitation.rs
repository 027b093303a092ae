//! An invitation: a mailed key that gives one member a sign-in, once and for 7 days.

pub mod pace;
pub(super) mod store;

use chrono::{DateTime, TimeDelta, Utc};

use crate::kernel::access::House;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::{InvitationId, MemberId};
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;

/// How long a key works.
pub const VALID: TimeDelta = TimeDelta::days(7);
const LONGEST_MESSAGE: usize = 1_000;
/// How many addresses one form takes.
pub const AT_ONCE: usize = 100;

/// Where an invitation stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InvitationState {
    /// Its key works.
    Pending,
    /// Its person has joined.
    Accepted,
    /// Nobody used it in time.
    Expired,
    /// Somebody took it back.
    Withdrawn,
}

impl InvitationState {
    /// Every state, as the page lists them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Expired, Self::Withdrawn];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Accepted => "Accepted",
            Self::Expired => "Expired",
            Self::Withdrawn => "Withdrawn",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// One invitation of one member.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The id.
    pub id: InvitationId,
    /// Who is invited.
    pub member: MemberId,
    /// Who invites.
    pub invited_by: MemberId,
    /// As what.
    pub role: Role,
    /// The inviter's own words.
    pub message: String,
    /// As written; [`Invitation::state_at`] knows the time too.
    pub state: InvitationState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The first instant at which the key works no more.
    pub expires_at: DateTime<Utc>,
}

impl Invitation {
    /// Where it stands at this instant, also if nobody has written down yet that it expired.
    pub fn state_at(&self, now: DateTime<Utc>) -> InvitationState {
        match self.state {
            InvitationState::Pending if now >= self.expires_at => InvitationState::Expired,
            state => state,
        }
    }

    /// Refuses an invitation whose key does not work at this instant. Used, expired, withdrawn: all alike.
    pub fn check_open(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.state_at(now) {
            InvitationState::Pending => Ok(()),
            InvitationState::Accepted | InvitationState::Expired | InvitationState::Withdrawn => Err(gone()),
        }
    }
}

/// What every key that does not work answers, so that nothing is learned from it.
pub fn gone() -> Refusal {
    Refusal::gone(
        "invitation_gone",
        "This invitation does not work any more: it was used, withdrawn, replaced by a newer one, or is older than 7 days. \
         Ask the person who invited you to send a new one. If you have joined already, sign in.",
    )
}

/// The inviter's own words: at most 1,000 characters, on as many lines as they like.
pub fn parse_message(text: &str) -> Result<String, Refusal> {
    let message = text.trim().replace("\r\n", "\n");
    let is_odd = |c: char| c.is_control() && c != '\n' && c != '\t';
    if message.chars().count() > LONGEST_MESSAGE || message.chars().any(is_odd) {
        return Err(Refusal::invalid("message", "Write a message of at most 1,000 characters."));
    }
    Ok(message)
}

/// The addresses of a form, one to a line or with commas: each once, whatever its case. One that cannot be read
/// refuses them all.
pub fn parse_addresses(text: &str) -> Result<Vec<EmailAddress>, Refusal> {
    let mut addresses: Vec<EmailAddress> = Vec::new();
    let typed = text.split([',', ';', '\n', '\r']).map(str::trim).filter(|part| !part.is_empty());
    for part in typed {
        let address = EmailAddress::parse(part).map_err(|_| unreadable(part))?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    match addresses.len() {
        0 => Err(Refusal::invalid("emails", "Write at least one address such as name@company.com.")),
        1..=AT_ONCE => Ok(addresses),
        _ => Err(Refusal::invalid("emails", format!("Invite at most {AT_ONCE} people at once."))),
    }
}

fn unreadable(part: &str) -> Refusal {
    let shown: String = part.chars().filter(|c| !c.is_control()).take(80).collect();
    Refusal::invalid("emails", format!("“{shown}” is not an address such as name@company.com. Nobody was invited."))
}

/// What to call somebody of whom only the address is known: its words, "uma.usher@…" being Uma Usher.
pub fn name_from(email: &EmailAddress) -> String {
    let local = email.as_str().split('@').next().unwrap_or_default();
    let local = local.split('+').next().unwrap_or_default();
    let words = local.split(['.', '_', '-']).filter(|word| !word.is_empty()).map(capitalized);
    let name: String = words.collect::<Vec<_>>().join(" ").chars().take(120).collect();
    match name.is_empty() {
        true => email.to_string(),
        false => name,
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What a role may do, to somebody who is about to have it.
pub fn may(role: Role) -> &'static str {
    match role {
        Role::Owner => "You can do everything, including the plan, other owners and closing the business.",
        Role::Admin => "You can run the subscriptions, seats, people and the team.",
        Role::Auditor => "You can read every subscription, seat and the audit trail, and change nothing.",
        Role::User => "You see the seats you hold, and run the subscriptions you own.",
    }
}

/// An instant as a letter or the page of an invitation writes it.
pub fn written(at: DateTime<Utc>, house: House) -> String {
    format!("{} ({})", house.locale.date_time(at, house.zone), house.zone.name().replace('_', " "))
}

/// What happens to invitations.
pub(super) struct InvitationFact {
    pub(super) invitation: InvitationId,
    pub(super) email: String,
    pub(super) role: Role,
    pub(super) happening: Happening,
}

#[derive(Clone, Copy)]
pub(super) enum Happening {
    Sent,
    Resent,
    LinkMade,
    Withdrawn,
    Expired,
}

impl Fact for InvitationFact {
    fn code(&self) -> &'static str {
        match self.happening {
            Happening::Sent => "invitation.sent",
            Happening::Resent => "invitation.resent",
            Happening::LinkMade => "invitation.link_made",
            Happening::Withdrawn => "invitation.withdrawn",
            Happening::Expired => "invitation.expired",
        }
    }

    fn object(&self) -> Object {
        Object::new("invitation", self.invitation, &self.email)
    }

    fn said(&self) -> String {
        let (email, role) = (&self.email, self.role.code());
        match self.happening {
            Happening::Sent => format!("invited {email} as {role}"),
            Happening::Resent => format!("sent the invitation of {email} again, with a new key"),
            Happening::LinkMade => format!("made a new link for the invitation of {email}"),
            Happening::Withdrawn => format!("withdrew the invitation of {email}"),
            Happening::Expired => format!("closed the expired invitation of {email}"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let state = |before: Option<&str>, after: &str| {
            Change::new("Invitation", before.map(str::to_owned), Some(after.to_owned()))
        };
        match self.happening {
            Happening::Sent => vec![Change::set("Role", self.role.label()), state(None, "Pending")],
            Happening::Resent | Happening::LinkMade => vec![state(Some("Old key"), "New key")],
            Happening::Withdrawn => vec![state(Some("Pending"), "Withdrawn")],
            Happening::Expired => vec![state(Some("Pending"), "Expired")],
        }
    }
}

#[cfg(test)]
mod tests;

//! The wording of every letter there is, by its kind. To add one: a folder of templates named by the kind, a `Worded`
//! in `letters/`, a line in [`KINDS`].

use askama::Template;
use serde_json::Value;

use crate::config::BaseUrl;
use crate::domain::businesses::letters::BusinessClosing;
use crate::domain::identity::notices::{
    EmailChange, EmailChangeAsked, EmailChanged, RecoveryCodeUsed, SignedInFromNewDevice,
};
use crate::domain::identity::password_changed::PasswordChanged;
use crate::domain::identity::reset_password::PasswordReset;
use crate::domain::identity::user::Welcome;
use crate::domain::identity::verify::AddressConfirmation;
use crate::domain::licenses::letters::{SeatGiven, SeatTaken, SeatsFew};
use crate::domain::licenses::requests::letters::{SeatApproved, SeatAsked, SeatDeclined};
use crate::domain::plans::fact::{PlanChanged, PlanEnded, PlanRenewed, TrialEnding};
use crate::domain::plans::notice::LimitNear;
use crate::domain::plans::requests::{PlanAsked, PlanDeclined};
use crate::domain::subscriptions::reminders::letters::{RenewalReminder, RenewalUndecided, RenewedByDefault};
use crate::domain::support::letters::{
    BusinessRestored, BusinessSuspended, RecoveryBegun, RecoveryDone, SupportBegan, SupportEnded, WriteAccessAsked,
};
use crate::domain::team::letters::{AccessEnded, Invitation, InvitationAccepted, RoleChanged};
use crate::kernel::ids::BusinessId;
use crate::kernel::outbox::Letter;
use crate::kernel::secret::Key;

/// Every letter there is, and who words it.
const KINDS: [(&str, Wording); 37] = [
    (Welcome::KIND, word::<Welcome>),
    (AddressConfirmation::KIND, word::<AddressConfirmation>),
    (PasswordReset::KIND, word::<PasswordReset>),
    (PasswordChanged::KIND, word::<PasswordChanged>),
    (Invitation::KIND, word::<Invitation>),
    (InvitationAccepted::KIND, word::<InvitationAccepted>),
    (RoleChanged::KIND, word::<RoleChanged>),
    (AccessEnded::KIND, word::<AccessEnded>),
    (BusinessClosing::KIND, word::<BusinessClosing>),
    (SeatGiven::KIND, word::<SeatGiven>),
    (SeatTaken::KIND, word::<SeatTaken>),
    (SeatAsked::KIND, word::<SeatAsked>),
    (SeatApproved::KIND, word::<SeatApproved>),
    (SeatDeclined::KIND, word::<SeatDeclined>),
    (SeatsFew::KIND, word::<SeatsFew>),
    (RenewalReminder::KIND, word::<RenewalReminder>),
    (RenewalUndecided::KIND, word::<RenewalUndecided>),
    (RenewedByDefault::KIND, word::<RenewedByDefault>),
    (PlanRenewed::KIND, word::<PlanRenewed>),
    (PlanChanged::KIND, word::<PlanChanged>),
    (PlanEnded::KIND, word::<PlanEnded>),
    (TrialEnding::KIND, word::<TrialEnding>),
    (PlanAsked::KIND, word::<PlanAsked>),
    (PlanDeclined::KIND, word::<PlanDeclined>),
    (LimitNear::KIND, word::<LimitNear>),
    (SignedInFromNewDevice::KIND, word::<SignedInFromNewDevice>),
    (RecoveryCodeUsed::KIND, word::<RecoveryCodeUsed>),
    (EmailChange::KIND, word::<EmailChange>),
    (EmailChangeAsked::KIND, word::<EmailChangeAsked>),
    (EmailChanged::KIND, word::<EmailChanged>),
    (SupportBegan::KIND, word::<SupportBegan>),
    (SupportEnded::KIND, word::<SupportEnded>),
    (WriteAccessAsked::KIND, word::<WriteAccessAsked>),
    (RecoveryBegun::KIND, word::<RecoveryBegun>),
    (RecoveryDone::KIND, word::<RecoveryDone>),
    (BusinessSuspended::KIND, word::<BusinessSuspended>),
    (BusinessRestored::KIND, word::<BusinessRestored>),
];

type Wording = fn(Value, &Paper<'_>) -> Result<Words, Unwordable>;

/// What a letter says, in both of its halves.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// What a letter is written on.
pub(super) struct Paper<'a> {
    pub(super) base: &'a BaseUrl,
    pub(super) key: Option<&'a Key>,
    /// The name of whoever gets it.
    pub(super) name: String,
}

/// Why a letter cannot be worded.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwordable {
    #[error("there is no letter of the kind {0}")]
    Unknown(String),
    #[error("its details cannot be read: {0}")]
    Details(#[from] serde_json::Error),
    #[error("its link needs a key, and it has none")]
    NoKey,
    #[error("its template failed: {0}")]
    Template(#[from] askama::Error),
}

/// A letter that can be worded.
pub(super) trait Worded: Letter {
    /// Both halves, and the heading, which is also the subject.
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable>;
}

/// The words of a letter of this kind. Links lead to the base URL and nowhere else.
pub(super) fn words(kind: &str, details: &Value, paper: &Paper<'_>) -> Result<Words, Unwordable> {
    let known = KINDS.iter().find(|(known, _)| *known == kind);
    let (_, wording) = known.ok_or_else(|| Unwordable::Unknown(kind.to_owned()))?;
    wording(harmless(details.clone()), paper)
}

fn word<L: Worded>(details: Value, paper: &Paper<'_>) -> Result<Words, Unwordable> {
    serde_json::from_value::<L>(details)?.words(paper)
}

impl Words {
    /// Renders the halves. The heading is the subject of the message and the first line of the plain half.
    pub(super) fn of(heading: &str, text: &impl Template, html: &impl Template) -> Result<Self, Unwordable> {
        Ok(Self { subject: one_line(heading), text: settled(&text.render()?), html: html.render()? })
    }
}

impl<'a> Paper<'a> {
    /// The paper of a letter to somebody who calls themselves so.
    pub(super) fn new(base: &'a BaseUrl, key: Option<&'a Key>, name: &str) -> Self {
        Self { base, key, name: plain(&one_line(name)) }
    }

    /// The full address of a page that belongs to no business.
    pub(super) fn link(&self, path: &str) -> String {
        self.base.join(path)
    }

    /// The full address of a page within this business: whoever is in another one is asked to switch first.
    pub(super) fn link_in(&self, business: BusinessId, path: &str) -> String {
        let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        self.base.join(&format!("/businesses/{business}/enter?next={next}"))
    }

    /// The full address of a path with the letter's key.
    pub(super) fn key_link(&self, path: &str) -> Result<String, Unwordable> {
        let key = self.key.ok_or(Unwordable::NoKey)?;
        Ok(self.base.join(&format!("{path}?key={}", key.to_text())))
    }
}

/// Text on one line, for headers: whatever breaks or hides a line becomes a blank.
pub(super) fn one_line(text: &str) -> String {
    let words = text.chars().map(|c| if c.is_control() || is_sly(c) { ' ' } else { c });
    words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Line and paragraph separators, and what turns the direction of writing.
fn is_sly(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What people wrote, made harmless: nothing unprintable, and no address that a mail program would make into a link,
/// so that nobody can invite with a business called `https://elsewhere.example`.
fn harmless(details: Value) -> Value {
    match details {
        Value::String(text) => Value::String(plain(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(harmless).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, harmless(value))).collect())
        }
        other => other,
    }
}

fn plain(text: &str) -> String {
    let printable = text.chars().filter(|c| *c == '\n' || !(c.is_control() || is_sly(*c)));
    printable.collect::<String>().replace("://", ":// ")
}

/// Templates leave blank lines where a block is empty: one is enough.
fn settled(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.trim().lines() {
        // The two dashes and a blank that begin a signature keep their blank.
        let line = if line == "-- " { line } else { line.trim_end() };
        let doubles = line.is_empty() && lines.last().is_some_and(|before| before.is_empty());
        if !doubles {
            lines.push(line);
        }
    }
    format!("{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests;

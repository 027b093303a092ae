//! Sending a letter once more. One whose link carries a key is gone with its key: whoever needs it asks for a new one
//! where it came from.

use chrono::{DateTime, Utc};

use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, LetterId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::begin::require_staff;
use super::facts::{Happened, SupportFact};
use super::store;

/// A letter as staff see it: never what it says.
pub struct LetterRow {
    /// The id.
    pub id: LetterId,
    /// The code of its kind.
    pub kind: String,
    /// To whom.
    pub to: String,
    /// How it went.
    pub state: LetterState,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// What the mail server said last.
    pub error: Option<String>,
    /// Whether its link carries a key.
    pub carries_key: bool,
}

impl LetterRow {
    /// Its kind in words: "Seat given".
    pub fn kind_label(&self) -> String {
        let words = self.kind.replace('_', " ");
        let mut letters = words.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        first + letters.as_str()
    }

    /// Whether it can be sent once more.
    pub fn can_be_resent(&self) -> bool {
        !self.carries_key && self.state != LetterState::Waiting
    }
}

/// How a letter went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LetterState {
    /// It is about to be sent, or tried again.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It was given up.
    Failed,
}

impl LetterState {
    /// Reads a code.
    pub fn of(code: &str) -> Self {
        match code {
            "sent" => Self::Sent,
            "failed" => Self::Failed,
            _ => Self::Waiting,
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Sent => "Sent",
            Self::Failed => "Failed",
        }
    }
}

/// To which business this letter belongs, and to which address it went; letters about no business are nobody's to send
/// again.
pub async fn whose(db: &Db, letter: LetterId) -> Result<(BusinessId, String), Refusal> {
    db.before_tenant(move |conn| store::whose_letter(conn, letter)).await
}

/// Sends a letter of the business of the access once more.
pub struct Resend {
    /// Which.
    pub letter: LetterId,
}

impl Operation for Resend {
    const NEEDS: Permission = Permission::ResendLetters;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        require_staff(work)?;
        let letter = store::letters::one(work, self.letter)?;
        if letter.carries_key {
            return Err(Refusal::conflict(
                "letter_with_key",
                "The link of this letter carries a key, and that is gone. A new one is made where the letter came from.",
            ));
        }
        if letter.state == LetterState::Waiting {
            return Err(Refusal::conflict("letter_waits", "This letter waits to be sent already."));
        }
        if !store::letters::is_somebodys(work, &letter.to)? {
            return Err(Refusal::conflict(
                "nobody_there",
                "Nobody who signs in to this business has that address any more, so nothing was sent.",
            ));
        }
        store::letters::put_again(work, self.letter)?;
        let (business, name) = (work.business(), store::business_name(work)?);
        let what = Happened::LetterResent { letter: letter.id, kind: letter.kind_label(), to: letter.to.clone() };
        work.record(&SupportFact { business, name, what }, letter.to)
    }
}

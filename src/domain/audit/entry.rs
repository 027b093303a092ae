//! One entry of the trail, as it is read.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::kernel::fact::Change;
use crate::kernel::ids::{AuditEntryId, MemberId, RequestId, SupportSessionId};

/// Who did what to what, when and from where.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The id; later entries have greater ones.
    pub id: AuditEntryId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: Who,
    /// The stable code of what was done.
    pub action: String,
    /// To what.
    pub object: About,
    /// The rest of the sentence that begins with the actor's name.
    pub said: String,
    /// Before → after.
    pub changes: Vec<Change>,
    /// How it ended.
    pub outcome: Outcome,
    /// Through which door.
    pub origin: String,
    /// The request, when there was one.
    pub request: Option<RequestId>,
    /// The client's address, when there was one.
    pub address: Option<String>,
    /// The support session in which it was done.
    pub support_session: Option<SupportSessionId>,
}

impl Entry {
    /// The whole sentence: "Adam Adler gave Uma Usher a seat of Figma".
    pub fn sentence(&self) -> String {
        match self.who.behalf() {
            Some(business) => format!("{} on behalf of {business} {}", self.who.name(), self.said),
            None => format!("{} {}", self.who.name(), self.said),
        }
    }
}

/// What an entry is about, by the name it had then.
#[derive(Clone, Debug)]
pub struct About {
    /// The code of its kind.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// Its name then; empty when it had none to tell.
    pub label: String,
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was tried, and refused.
    Refused,
}

impl Outcome {
    /// Reads a code.
    pub fn of(code: &str) -> Self {
        match code {
            "refused" => Self::Refused,
            _ => Self::Done,
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::Refused => "Refused",
        }
    }
}

/// Who acted, by the name they have today.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Who {
    /// A person of the business.
    Member {
        /// Their id.
        id: MemberId,
        /// Their name.
        name: String,
    },
    /// Somebody who can sign in and is not in the list of this business.
    Person {
        /// Their name.
        name: String,
    },
    /// Somebody without a sign-in.
    Visitor,
    /// The holder of an invitation's key.
    Invitee,
    /// The background worker.
    Worker,
    /// A command on the server's console.
    Command,
    /// A program with a key of the business.
    Program {
        /// "Nightly export (API key)".
        name: String,
    },
    /// A member of staff, for the business when they act for it.
    Support {
        /// "Sam Staff (support)".
        name: String,
        /// The business's name, when they acted for it in a session.
        behalf: Option<String>,
    },
    /// Somebody whose name is no longer kept.
    Forgotten,
}

impl Who {
    /// The actor of this kind, with what is known of them; of a program, the name of its key.
    pub fn of(kind: &str, member: Option<(MemberId, String)>, user: Option<String>) -> Self {
        match (kind, member, user) {
            ("worker", ..) => Self::Worker,
            ("command", ..) => Self::Command,
            ("api_key", _, Some(key)) => Self::Program { name: format!("{key} (API key)") },
            ("api_key", ..) => Self::Program { name: "A program".to_owned() },
            ("staff" | "support", _, user) => {
                let name = user.as_deref().unwrap_or("Somebody");
                Self::Support { name: format!("{name} (support)"), behalf: None }
            }
            (_, Some((id, name)), _) => Self::Member { id, name },
            (_, None, Some(name)) => Self::Person { name },
            ("visitor", ..) => Self::Visitor,
            ("invitee", ..) => Self::Invitee,
            _ => Self::Forgotten,
        }
    }

    /// The name with which the entry's sentence begins.
    pub fn name(&self) -> &str {
        match self {
            Self::Member { name, .. } | Self::Person { name } | Self::Support { name, .. } | Self::Program { name } => {
                name
            }
            Self::Visitor => "A visitor",
            Self::Invitee => "Somebody invited",
            Self::Worker => "The worker",
            Self::Command => "A command",
            Self::Forgotten => "Somebody who has left",
        }
    }

    /// The business for which a member of staff acted.
    pub fn behalf(&self) -> Option<&str> {
        match self {
            Self::Support { behalf, .. } => behalf.as_deref(),
            _ => None,
        }
    }

    /// The member, when it was one.
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Member { id, .. } => Some(*id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_name_to_begin_with() {
        let member = || Some((MemberId(Uuid::nil()), "Uma Usher".to_owned()));
        let user = || Some("Uma Usher, elsewhere".to_owned());
        for (kind, member, user, name) in [
            ("member", member(), user(), "Uma Usher"),
            ("user", member(), user(), "Uma Usher"),
            ("user", None, user(), "Uma Usher, elsewhere"),
            ("member", None, None, "Somebody who has left"),
            ("invitee", None, user(), "Uma Usher, elsewhere"),
            ("invitee", None, None, "Somebody invited"),
            ("visitor", None, None, "A visitor"),
            ("worker", None, None, "The worker"),
            ("command", None, None, "A command"),
            ("api_key", None, None, "A program"),
            ("api_key", None, Some("Nightly export".to_owned()), "Nightly export (API key)"),
            ("staff", None, user(), "Uma Usher, elsewhere (support)"),
            ("support", None, None, "Somebody (support)"),
        ] {
            assert_eq!(Who::of(kind, member, user).name(), name, "{kind}");
        }
    }
}

//! What the trail keeps of keys: never a character of one but its last four.

use chrono::NaiveDate;

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::ApiKeyId;

use super::api_key::{KeyKind, KeyScope};

/// What happened to a key.
pub struct KeyFact {
    /// Which.
    pub key: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// What.
    pub what: Happened,
}

/// What can happen to a key.
pub enum Happened {
    /// It was made.
    Issued { kind: KeyKind, scopes: Vec<KeyScope>, last4: String, expires_on: NaiveDate },
    /// It opens nothing any more.
    Revoked { last4: String },
}

impl Fact for KeyFact {
    fn code(&self) -> &'static str {
        match self.what {
            Happened::Issued { .. } => "api_key.issued",
            Happened::Revoked { .. } => "api_key.revoked",
        }
    }

    fn object(&self) -> Object {
        Object::new("api_key", self.key, &self.name)
    }

    fn said(&self) -> String {
        match &self.what {
            Happened::Issued { kind, .. } => format!("made the {} key {}", kind.label(), self.name),
            Happened::Revoked { .. } => format!("revoked the key {}", self.name),
        }
    }

    fn changes(&self) -> Vec<Change> {
        match &self.what {
            Happened::Issued { kind, scopes, last4, expires_on } => {
                let scopes: Vec<&str> = scopes.iter().map(|scope| scope.code()).collect();
                vec![
                    Change::set("Kind", kind.label()),
                    Change::set("May", scopes.join(", ")),
                    Change::set("Ends in", last4),
                    Change::set("Last day", expires_on.to_string()),
                ]
            }
            Happened::Revoked { last4 } => vec![Change::new("Ends in", Some(last4.clone()), None)],
        }
    }
}

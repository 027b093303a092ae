//! Facts: what can be written in the trail.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something that happened. Each feature has an enum of its facts.
pub trait Fact {
    /// Stable and dotted, such as `license.assigned`.
    fn code(&self) -> &'static str;
    /// What it happened to.
    fn object(&self) -> Object;
    /// The rest of the sentence that starts with the actor's name: "gave Uma Usher a seat of Figma".
    fn said(&self) -> String;
    /// Before → after, field by field; secrets masked by the caller.
    fn changes(&self) -> Vec<Change> {
        Vec::new()
    }
}

/// The thing a fact is about, with the name it had at that moment.
#[derive(Clone, Debug)]
pub struct Object {
    /// The word of the product: subscription, license, member, …
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Its name then.
    pub label: String,
}

impl Object {
    /// An object of this kind.
    pub fn new(kind: &'static str, id: impl Into<Uuid>, label: impl Into<String>) -> Self {
        Self { kind, id: id.into(), label: label.into() }
    }
}

/// One field of an object, before and after; `None` is "there was none".
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// The field, as a screen names it.
    pub field: String,
    /// What it was.
    pub before: Option<String>,
    /// What it became.
    pub after: Option<String>,
}

impl Change {
    /// A field that became something.
    pub fn new(field: &str, before: Option<String>, after: Option<String>) -> Self {
        Self { field: field.to_owned(), before, after }
    }

    /// A field that had no value before.
    pub fn set(field: &str, after: impl Into<String>) -> Self {
        Self::new(field, None, Some(after.into()))
    }

    /// The change, unless both sides are the same.
    pub fn between(field: &str, before: Option<String>, after: Option<String>) -> Option<Self> {
        (before != after).then(|| Self::new(field, before, after))
    }
}

/// Why a change may stay out of the trail: the closed list of the product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unrecorded {
    /// What programs report of use.
    Metering,
    /// When somebody, or a program's key, was last seen.
    LastSeen,
    /// Whether a letter went out.
    Delivery,
    /// Whether somebody has read what they were told.
    ReadMark,
    /// How far something long has come: an upload on its way in.
    Progress,
}

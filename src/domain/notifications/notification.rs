//! One message to one member.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::ids::NotificationId;
use crate::kernel::locale::Locale;

use super::kind::Kind;

/// The names and dates in the words of a notification, as they were when it was told.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Told {
    /// The name of what it is about.
    pub about: String,
    /// Who did it; none when no person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The day it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// What else its kind needs to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

impl Told {
    /// About something of this name.
    pub fn about(name: &str) -> Self {
        Self { about: name.to_owned(), ..Self::default() }
    }

    /// The same, done by this person.
    pub fn done_by(self, by: Option<&str>) -> Self {
        Self { by: by.map(str::to_owned), ..self }
    }

    /// The same, of this day.
    pub fn of_day(self, on: NaiveDate) -> Self {
        Self { on: Some(on), ..self }
    }

    /// The same with these words.
    pub fn with(self, words: impl Into<String>) -> Self {
        Self { words: Some(words.into()), ..self }
    }

    pub(super) fn by(&self) -> &str {
        self.by.as_deref().unwrap_or("Somebody")
    }

    pub(super) fn day(&self, locale: Locale) -> String {
        self.on.map(|day| locale.date(day)).unwrap_or_default()
    }
}

/// What there is to tell, whoever is told.
#[derive(Clone, Debug)]
pub struct News {
    /// Of what kind.
    pub kind: Kind,
    /// What it leads to, where its kind leads to something.
    pub object: Option<Uuid>,
    /// Its names and dates.
    pub told: Told,
    /// Set when it may come about twice and is told once.
    pub occasion: Option<String>,
}

impl News {
    /// The same, told each member at most once for this occasion.
    pub fn once_for(self, occasion: impl Into<String>) -> Self {
        Self { occasion: Some(occasion.into()), ..self }
    }
}

/// One message in somebody's inbox.
#[derive(Clone, Debug)]
pub struct Notification {
    /// The id.
    pub id: NotificationId,
    /// Of what kind.
    pub kind: Kind,
    /// What it leads to.
    pub object: Option<Uuid>,
    /// Its names and dates.
    pub told: Told,
    /// When it was told.
    pub at: DateTime<Utc>,
    /// Whether it was read.
    pub is_read: bool,
}

impl Notification {
    /// Where it leads.
    pub fn path(&self) -> String {
        self.kind.path(self.object)
    }
}

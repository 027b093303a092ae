//! The kinds of files, and all that differs between them: the one place that names them.

use crate::kernel::refusal::Refusal;
use crate::kernel::work::{View, Work};

use super::choices::Choices;
use super::columns::{Mapping, guess};
use super::fields::{Field, LICENSE, SUBSCRIPTION};
use super::people_file::{PeopleColumns, PeopleField, guess_people_mapping, of_people};
use super::reading::Sheet;
use super::row::Row;
use super::started::progress::Progress;
use super::{import::Done, undo::Taken};
use super::{licenses, people_commit, people_rows, people_undo, subscriptions};

/// The most subscriptions or seats of one file: a subscription that changes is still written alone. People have the limit
/// of every file.
const MOST_ROWS: usize = 5_000;

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// People.
    People,
    /// Subscriptions.
    Subscriptions,
    /// Seats and who holds them.
    Licenses,
}

impl Kind {
    /// Every kind, in the order a page offers them.
    pub const ALL: [Self; 3] = [Self::People, Self::Subscriptions, Self::Licenses];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Subscriptions => "subscriptions",
            Self::Licenses => "licenses",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::People => "People",
            Self::Subscriptions => "Subscriptions",
            Self::Licenses => "Seats",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// One of it: "person".
    pub fn one(self) -> &'static str {
        match self {
            Self::People => "person",
            Self::Subscriptions => "subscription",
            Self::Licenses => "seat",
        }
    }

    /// Several of it: "people".
    pub fn many(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Subscriptions => "subscriptions",
            Self::Licenses => "seats",
        }
    }

    /// "1 person", "95 people".
    pub fn count(self, count: i64) -> String {
        match count {
            1 => format!("1 {}", self.one()),
            _ => format!("{count} {}", self.many()),
        }
    }

    /// What a file of it does that changes nothing: "nobody", "nothing".
    pub fn none(self) -> &'static str {
        match self {
            Self::People => "nobody",
            Self::Subscriptions | Self::Licenses => "nothing",
        }
    }

    /// The codes of its fields and their words, in the order they are offered.
    pub fn fields(self) -> Vec<(&'static str, &'static str)> {
        let of = |fields: &[Field]| fields.iter().map(|field| (field.code, field.label)).collect();
        match self {
            Self::People => PeopleField::ALL.iter().map(|field| (field.code(), field.label())).collect(),
            Self::Subscriptions => of(&SUBSCRIPTION),
            Self::Licenses => of(&LICENSE),
        }
    }

    /// Refuses more rows than one transaction should write.
    pub(super) fn require_few(self, rows: usize) -> Result<(), Refusal> {
        match self {
            Self::Subscriptions | Self::Licenses if rows > MOST_ROWS => Err(Refusal::invalid(
                "file",
                "The file has more than 5,000 rows: split it and import the parts one after another.",
            )),
            _ => Ok(()),
        }
    }

    /// The columns to offer first.
    pub(super) fn guess(self, headers: &[String]) -> Mapping {
        match self {
            Self::People => {
                let guessed = guess_people_mapping(headers).into_iter();
                guessed.map(|(header, field)| (header, field.code().to_owned())).collect()
            }
            Self::Subscriptions => guess(&SUBSCRIPTION, headers),
            Self::Licenses => guess(&LICENSE, headers),
        }
    }

    /// Refuses columns that make no sense.
    pub(super) fn require_sense(self, headers: &[String], mapping: &Mapping) -> Result<(), Refusal> {
        match self {
            Self::People => PeopleColumns::new(headers, &of_people(mapping)?).map(drop).map_err(Refusal::from),
            Self::Subscriptions => subscriptions::columns(headers, mapping).map(drop),
            Self::Licenses => licenses::columns(headers, mapping).map(drop),
        }
    }

    /// What every row would do; the columns make sense.
    pub(super) fn rows(self, view: &mut View<'_>, sheet: &Sheet, choices: &Choices) -> Result<Vec<Row>, Refusal> {
        let mapping = &choices.mapping;
        match self {
            Self::People => people_rows::rows(view, sheet, mapping),
            Self::Subscriptions => subscriptions::rows(view, sheet, mapping),
            Self::Licenses => licenses::rows(view, sheet, choices),
        }
    }

    /// Writes everything a file says, under the lock of the business, and counts how far it is.
    pub(super) fn commit(
        self,
        work: &mut Work<'_>,
        (file_name, sheet): (&str, &Sheet),
        choices: &Choices,
        progress: &Progress,
    ) -> Result<Done, Refusal> {
        let mapping = &choices.mapping;
        match self {
            Self::People => people_commit::commit(work, (file_name, sheet), mapping, progress),
            Self::Subscriptions => subscriptions::commit(work, sheet, mapping, progress),
            Self::Licenses => licenses::commit(work, (file_name, sheet), choices, progress),
        }
    }

    /// Takes back what is as the import left it, under the lock of the business.
    pub(super) fn undo(
        self,
        work: &mut Work<'_>,
        file_name: &str,
        touched: serde_json::Value,
    ) -> Result<Taken, Refusal> {
        match self {
            Self::People => people_undo::undo(work, file_name, touched),
            Self::Subscriptions => subscriptions::undo(work, touched),
            Self::Licenses => licenses::undo(work, file_name, touched),
        }
    }

    /// Whether a file of it holds secrets, which are neither shown nor kept in the clear.
    pub(super) fn is_secret(self) -> bool {
        self == Self::Licenses
    }
}

/// Whether a column of this field is shown by the end of its cells only, as license keys are: every one that may hold
/// them.
pub(super) fn is_masked(kind: Kind, field: Option<&str>) -> bool {
    kind.is_secret() && field.is_none_or(|field| field == "key")
}

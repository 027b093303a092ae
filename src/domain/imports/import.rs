//! One file on its way in, and what the trail says about it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::team::everybody::Standing;
use crate::kernel::ids::{ImportId, MemberId};
use crate::kernel::refusal::Refusal;

use super::kind::Kind;
use super::row::Counts;

/// How long the file, and with it the way back, is kept.
pub const KEPT_FOR: TimeDelta = TimeDelta::days(7);
const LONGEST_FILE_NAME: usize = 120;

/// An uploaded file, without its content.
#[derive(Clone, Debug)]
pub struct Import {
    /// The id.
    pub id: ImportId,
    /// What it holds.
    pub kind: Kind,
    /// What the file was called.
    pub file_name: String,
    /// Who uploaded it.
    pub by: String,
    /// When.
    pub uploaded_at: DateTime<Utc>,
    /// How far it has come.
    pub state: ImportState,
    /// Why the worker could not import it, until the next try.
    pub trouble: Option<String>,
}

/// How far an import has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ImportState {
    /// Uploaded, and not imported yet.
    Waiting,
    /// Being imported by the worker.
    Running,
    /// Never imported, and the file is gone by now.
    Gone,
    /// Imported.
    Committed {
        /// When.
        at: DateTime<Utc>,
        /// What came of it.
        counts: ImportCounts,
    },
    /// Imported, and undone.
    Undone {
        /// When it was undone.
        at: DateTime<Utc>,
        /// What had come of it.
        counts: ImportCounts,
        /// Who stayed as they were, and why.
        kept: Vec<Kept>,
    },
}

/// What came of the rows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct ImportCounts {
    /// New.
    pub created: i64,
    /// Changed.
    pub updated: i64,
    /// As before.
    pub unchanged: i64,
    /// Rows that were wrong.
    pub refused: i64,
}

/// What came of a file, and what an undo needs to know.
pub struct Done {
    /// What came of the rows.
    pub counts: ImportCounts,
    /// What was created or changed, before and after, as its kind reads it.
    pub touched: serde_json::Value,
}

/// Somebody an import created or changed, so that it can be undone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Touched {
    /// Who.
    pub member: MemberId,
    /// As they were; none for somebody new.
    pub before: Option<Standing>,
    /// As the import left them.
    pub after: Standing,
}

/// Somebody or something an undo left as it was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The name.
    pub name: String,
    /// Why, as the rest of a sentence that begins with the name.
    pub why: String,
}

impl ImportCounts {
    /// Of the rows of a plan.
    pub(super) fn of(counts: Counts) -> Result<Self, Refusal> {
        let rows = |count: usize| i64::try_from(count).map_err(Refusal::fault);
        Ok(Self {
            created: rows(counts.create)?,
            updated: rows(counts.update)?,
            unchanged: rows(counts.unchanged)?,
            refused: rows(counts.error)?,
        })
    }
}

impl Import {
    /// Whether the file can still be looked at and imported, also if nobody has tidied up yet.
    pub fn is_kept(uploaded_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now < uploaded_at + KEPT_FOR
    }

    /// Whether the file waits to be imported.
    pub fn is_waiting(&self) -> bool {
        self.state == ImportState::Waiting
    }

    /// Whether an undo may be tried.
    pub fn can_be_undone(&self, now: DateTime<Utc>) -> bool {
        match &self.state {
            ImportState::Committed { counts, .. } => {
                counts.created + counts.updated > 0 && Self::is_kept(self.uploaded_at, now)
            }
            ImportState::Waiting | ImportState::Running | ImportState::Gone | ImportState::Undone { .. } => false,
        }
    }

    /// Refuses what cannot be mapped or imported any more.
    pub fn require_waiting(&self) -> Result<(), Refusal> {
        match self.state {
            ImportState::Waiting => Ok(()),
            ImportState::Running => Err(runs(&self.file_name)),
            ImportState::Gone => Err(gone()),
            ImportState::Committed { .. } | ImportState::Undone { .. } => Err(Refusal::conflict(
                "already_committed",
                format!(
                    "{} was imported already. Upload it again to compare it with the {} of today.",
                    self.file_name,
                    self.kind.label().to_lowercase()
                ),
            )),
        }
    }
}

/// A file of the business is with the worker.
pub fn runs(file_name: &str) -> Refusal {
    let message = format!("{file_name} is being imported just now. Wait until it is done, then go on.");
    Refusal::conflict("import_running", message)
}

/// The file was kept for seven days, and they are over.
pub fn gone() -> Refusal {
    Refusal::gone("import_gone", "Uploaded files are kept for 7 days, and this one is gone. Upload the file again.")
        .mended_at("/import")
}

/// A file's name as a browser sends it: the last part of a path, on one line, at most 120 characters.
pub fn parse_file_name(text: &str) -> String {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(LONGEST_FILE_NAME).collect();
    match name.trim() {
        "" => "people.csv".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_the_last_part_of_a_path_on_one_line() {
        let long = "x".repeat(200);
        for (given, name) in [
            ("people.csv", "people.csv"),
            ("C:\\Users\\uma\\people.csv", "people.csv"),
            ("/home/uma/people.csv", "people.csv"),
            (" Leute 2026.csv ", "Leute 2026.csv"),
            ("a\r\nb.csv", "ab.csv"),
            ("", "people.csv"),
            ("folder/", "people.csv"),
            (long.as_str(), &long[..LONGEST_FILE_NAME]),
        ] {
            assert_eq!(parse_file_name(given), name, "{given:?}");
        }
    }
}

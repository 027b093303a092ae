//! What each row of a file would do, in words, whatever the kind of file.

use crate::kernel::fact::Change;
use crate::kernel::refusal::Refusal;

/// One row of a dry run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file.
    pub line: usize,
    /// What comes of it; never [`Outcome::Warned`].
    pub outcome: Outcome,
    /// Who or what it is about; empty when nothing comes of it.
    pub name: String,
    /// The address, service or person beside the name.
    pub beside: String,
    /// What is written of somebody or something new: words and a value.
    pub sets: Vec<(&'static str, String)>,
    /// What changes.
    pub changes: Vec<Change>,
    /// Why nothing comes of it.
    pub reason: String,
    /// What was left out, in words.
    pub warnings: Vec<String>,
    /// The folded address of somebody it names who is not in People, and would be added with it.
    pub newcomer: Option<String>,
}

/// What comes of a row, as the rows are filtered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The row is wrong.
    Error,
    /// The row is taken, and something is left out of it.
    Warned,
    /// Somebody or something new.
    Create,
    /// Somebody or something changes.
    Update,
    /// All of it is so already.
    Unchanged,
    /// Nothing in it.
    Skip,
}

/// How many rows do what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// New.
    pub create: usize,
    /// Changed.
    pub update: usize,
    /// As before.
    pub unchanged: usize,
    /// Rows with nothing in them.
    pub skip: usize,
    /// Rows that are wrong.
    pub error: usize,
    /// Rows with at least one warning.
    pub warned: usize,
}

impl Row {
    /// A row of which nothing comes.
    pub fn without(line: usize, outcome: Outcome, reason: impl Into<String>) -> Self {
        Self {
            line,
            outcome,
            name: String::new(),
            beside: String::new(),
            sets: Vec::new(),
            changes: Vec::new(),
            reason: reason.into(),
            warnings: Vec::new(),
            newcomer: None,
        }
    }

    /// A row with nothing in the columns that are read.
    pub fn blank(line: usize) -> Self {
        Self::without(line, Outcome::Skip, "There is nothing in the columns that are read.")
    }
}

/// Says on which line the one stands, of many rows written in one act, that a refusal is of.
pub(super) fn on_line_of(lines: Vec<usize>) -> impl Fn(usize, Refusal) -> Refusal {
    move |nth, refusal| match lines.get(nth) {
        Some(line) => refusal.on_line(*line),
        None => refusal,
    }
}

impl Counts {
    /// Counts rows.
    pub fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut counts = Self::default();
        for row in rows {
            counts.warned += usize::from(!row.warnings.is_empty());
            match row.outcome {
                Outcome::Create => counts.create += 1,
                Outcome::Update => counts.update += 1,
                Outcome::Unchanged => counts.unchanged += 1,
                Outcome::Skip => counts.skip += 1,
                Outcome::Error => counts.error += 1,
                Outcome::Warned => {}
            }
        }
        counts
    }
}

impl Outcome {
    /// Every outcome, in the order pages offer them: what needs eyes first.
    pub const ALL: [Self; 6] = [Self::Error, Self::Warned, Self::Create, Self::Update, Self::Unchanged, Self::Skip];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warned => "warned",
            Self::Create => "create",
            Self::Update => "update",
            Self::Unchanged => "unchanged",
            Self::Skip => "skip",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Error => "Error",
            Self::Warned => "Warned",
            Self::Create => "Create",
            Self::Update => "Update",
            Self::Unchanged => "Unchanged",
            Self::Skip => "Skip",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// How many rows there are of it.
    pub fn count(self, counts: Counts) -> usize {
        match self {
            Self::Error => counts.error,
            Self::Warned => counts.warned,
            Self::Create => counts.create,
            Self::Update => counts.update,
            Self::Unchanged => counts.unchanged,
            Self::Skip => counts.skip,
        }
    }

    /// Whether this row is among them.
    pub fn is_of(self, row: &Row) -> bool {
        match self {
            Self::Warned => !row.warnings.is_empty(),
            other => row.outcome == other,
        }
    }
}

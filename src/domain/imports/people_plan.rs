//! What an import of people would do, row by row: the dry run, and the plan the commit follows.
//!
//! The types only; `plan_people.rs` makes them.

use chrono::NaiveDate;
use thiserror::Error;

use crate::domain::imports::people_file::PeopleField;
use crate::kernel::email_address::EmailAddress;

/// The longest name and the longest department, in characters.
pub const LONGEST_TEXT: usize = 120;

/// A person already in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPerson {
    /// The address as it is shown.
    pub email: String,
    /// The name.
    pub name: String,
    /// The department, or empty.
    pub department: String,
    /// The manager's address.
    pub manager: Option<String>,
    /// The first day.
    pub joined_on: Option<NaiveDate>,
    /// The last day, which still counts.
    pub left_on: Option<NaiveDate>,
    /// Whether they sign in, so that only they change their name.
    pub has_sign_in: bool,
    /// Whether they can sign in or are invited just now, so that a file does not let them leave.
    pub is_in_team: bool,
    /// Whether their role is above that of whoever imports, so that a file changes nothing of them.
    pub is_above: bool,
}

/// A person as they will stand after the import.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonRow {
    /// The address by which they are found.
    pub email: EmailAddress,
    /// The name.
    pub name: String,
    /// The department, or empty.
    pub department: String,
    /// The manager's address, folded: of a person in the file or in the list.
    pub manager: Option<String>,
    /// The first day.
    pub joined_on: Option<NaiveDate>,
    /// The last day, which still counts.
    pub left_on: Option<NaiveDate>,
}

/// What one row will do, and to whom.
#[derive(Debug, Clone, PartialEq)]
pub struct RowPlan {
    /// The line of the file.
    pub line: usize,
    /// What happens.
    pub action: RowAction,
    /// The person; none for a row that is skipped or wrong.
    pub person: Option<PersonRow>,
    /// What was left out, in words.
    pub warnings: Vec<RowWarning>,
}

/// What happens to one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowAction {
    /// A new person.
    Create,
    /// A known person changes; at least one change.
    Update {
        /// What changes.
        changes: Vec<Change>,
    },
    /// A known person stays as they are.
    Unchanged,
    /// Nothing in the mapped columns.
    Skip,
    /// The row is wrong and nothing comes of it.
    Error {
        /// Why.
        reason: RowError,
    },
}

/// One field that changes; empty where there was or will be nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field.
    pub field: PeopleField,
    /// As it is.
    pub before: String,
    /// As it will be.
    pub after: String,
}

/// Why a row is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowError {
    /// No address.
    #[error("There is no e-mail address: add one.")]
    NoEmail,
    /// The address cannot be written to.
    #[error("“{text}” is no e-mail address: write one such as name@company.com.")]
    BadEmail {
        /// What was written.
        text: String,
    },
    /// An earlier row has the address.
    #[error("The same e-mail address is on line {first_line}: keep one of the two rows.")]
    SameEmail {
        /// The line of the first.
        first_line: usize,
    },
    /// A date that cannot be read.
    #[error("“{text}” is no date we can read in {}: write 2026-11-27 or 11/27/2026.", field.label())]
    BadDate {
        /// The field.
        field: PeopleField,
        /// What was written.
        text: String,
    },
    /// The last day lies before the first.
    #[error("The last day is before the first: correct one of the dates.")]
    LeftBeforeJoined,
    /// Too long, or on several lines.
    #[error("{} is too long: write at most {LONGEST_TEXT} characters on one line.", field.label())]
    BadText {
        /// The field.
        field: PeopleField,
    },
}

/// What was left out of a row that is otherwise taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowWarning {
    /// The manager is the person in the row.
    #[error("The manager is the same person, so none is set.")]
    ManagerIsSelf,
    /// Nobody of that name or address.
    #[error("Nobody called “{manager}” is in the file or in People, so no manager is set.")]
    ManagerUnknown {
        /// What was written.
        manager: String,
    },
    /// Several people of that name.
    #[error("Several people are called “{manager}”, so no manager is set: write the address.")]
    ManagerAmbiguous {
        /// What was written.
        manager: String,
    },
    /// The person signs in.
    #[error("{name} signs in and chooses their own name, so it stays.")]
    NameStays {
        /// The name that stays.
        name: String,
    },
    /// A last day for a person of the team.
    #[error("{name} can sign in or is invited, so the last day stays as it is: write it in People.")]
    LastDayStays {
        /// Whose last day stays.
        name: String,
    },
    /// The person stands above whoever imports.
    #[error("{name} stands above your role here, so nothing changes: an owner can import this row.")]
    RankStays {
        /// Who stays.
        name: String,
    },
    /// A new person without a name.
    #[error("There is no name, so the e-mail address stands for it.")]
    NoName,
}

/// How many rows do what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlanCounts {
    /// New people.
    pub create: usize,
    /// People who change.
    pub update: usize,
    /// People who stay as they are.
    pub unchanged: usize,
    /// Rows with nothing in them.
    pub skip: usize,
    /// Rows that are wrong.
    pub error: usize,
    /// Rows with at least one warning.
    pub warned: usize,
}

impl RowAction {
    /// Whether the row changes this field of a known person.
    pub fn sets(&self, field: PeopleField) -> bool {
        match self {
            Self::Update { changes } => changes.iter().any(|change| change.field == field),
            Self::Create | Self::Unchanged | Self::Skip | Self::Error { .. } => false,
        }
    }
}

impl PersonRow {
    /// Whether the last day lies before `today`, so that the person counts as left.
    pub fn has_left(&self, today: NaiveDate) -> bool {
        self.left_on.is_some_and(|last_day| last_day < today)
    }
}

impl PlanCounts {
    /// Counts the rows of a plan.
    pub fn of(plan: &[RowPlan]) -> Self {
        let mut counts = Self::default();
        for row in plan {
            counts.warned += usize::from(!row.warnings.is_empty());
            *match row.action {
                RowAction::Create => &mut counts.create,
                RowAction::Update { .. } => &mut counts.update,
                RowAction::Unchanged => &mut counts.unchanged,
                RowAction::Skip => &mut counts.skip,
                RowAction::Error { .. } => &mut counts.error,
            } += 1;
        }
        counts
    }
}

//! The dry run: what every row of a waiting file would do to the people of today. It changes nothing.

use std::collections::BTreeMap;

use crate::domain::team;
use crate::kernel::ids::ImportId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::import::Import;
use super::known_people::known_people;
use super::people_file::{MappingError, PeopleColumns, PeopleField, PeopleMapping};
use super::people_plan::{PlanCounts, RowAction, RowPlan};
use super::plan_people::plan_people;
use super::reading::{Sheet, SheetRow};
use super::store;

/// How many rows a page holds.
pub const PAGE: usize = 50;
const SAMPLES: usize = 3;

/// What a file would do.
pub struct DryRun {
    /// The file.
    pub import: ImportId,
    /// Columns to try in place of the stored ones.
    pub mapping: Option<PeopleMapping>,
    /// Only rows of this outcome.
    pub outcome: Option<Outcome>,
    /// Which page of them.
    pub page: RowsPage,
}

/// Which page of rows, by the line of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RowsPage {
    /// The first.
    First,
    /// The one after this line.
    After(usize),
    /// The one before this line.
    Before(usize),
}

/// What comes of a row, as the rows are filtered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The row is wrong.
    Error,
    /// The row is taken, and something is left out of it.
    Warned,
    /// A new person.
    Create,
    /// A person who changes.
    Update,
    /// A person who stays.
    Unchanged,
    /// Nothing in it.
    Skip,
}

/// An import and, while it waits, its file.
pub struct Preview {
    /// The import.
    pub import: Import,
    /// The file; none once it is imported or gone.
    pub file: Option<PreviewedFile>,
}

/// A waiting file and what it would do.
pub struct PreviewedFile {
    /// How many rows it has.
    pub rows: usize,
    /// Its columns.
    pub columns: Vec<Column>,
    /// What its rows would do, or what is wrong with the columns.
    pub plan: Result<PlanPage, MappingError>,
}

/// A column of the file.
pub struct Column {
    /// Its header.
    pub header: String,
    /// Our field, when it is read.
    pub field: Option<PeopleField>,
    /// What its first cells say.
    pub samples: Vec<String>,
}

/// A page of rows and the counts of all.
pub struct PlanPage {
    /// All rows.
    pub counts: PlanCounts,
    /// Rows of the outcome asked for, on all pages.
    pub found: usize,
    /// Where the page begins among them, from 1.
    pub from: usize,
    /// The page.
    pub rows: Vec<PlannedRow>,
}

/// A row and what it would do.
pub struct PlannedRow {
    /// What it would do.
    pub plan: RowPlan,
    /// What the file says in the columns that are read.
    pub says: String,
}

impl Question for DryRun {
    const NEEDS: Permission = Permission::ImportPeople;
    type Output = Preview;

    fn find(&self, view: &mut View<'_>) -> Result<Preview, Refusal> {
        let stored = store::find(view, self.import)?;
        let Some(content) = stored.content.filter(|_| stored.import.is_waiting()) else {
            return Ok(Preview { import: stored.import, file: None });
        };
        let sheet = Sheet::read(&content)?;
        let mapping = self.mapping.as_ref().unwrap_or(&stored.mapping);
        let plan = match PeopleColumns::new(&sheet.headers, mapping) {
            Ok(columns) => {
                let people = team::everybody::store::all(view)?;
                Ok(self.page_of(
                    &sheet,
                    &columns,
                    plan_people(&sheet, &columns, &known_people(&people, view.access().role())),
                ))
            }
            Err(error) => Err(error),
        };
        let file = PreviewedFile { rows: sheet.rows.len(), columns: columns_of(&sheet, mapping), plan };
        Ok(Preview { import: stored.import, file: Some(file) })
    }
}

impl DryRun {
    fn page_of(&self, sheet: &Sheet, columns: &PeopleColumns, plan: Vec<RowPlan>) -> PlanPage {
        let counts = PlanCounts::of(&plan);
        let is_asked = |row: &RowPlan| self.outcome.is_none_or(|outcome| outcome.is_of(row));
        let found: Vec<RowPlan> = plan.into_iter().filter(is_asked).collect();
        let skipped = match self.page {
            RowsPage::First => 0,
            RowsPage::After(line) => found.partition_point(|row| row.line <= line),
            RowsPage::Before(line) => found.partition_point(|row| row.line < line).saturating_sub(PAGE),
        };
        let cells: BTreeMap<usize, &SheetRow> = sheet.rows.iter().map(|row| (row.line, row)).collect();
        let says = |line| cells.get(&line).map(|row| columns.says(&row.cells)).unwrap_or_default();
        let count = found.len();
        let page = found.into_iter().skip(skipped).take(PAGE);
        let rows = page.map(|plan| PlannedRow { says: says(plan.line), plan }).collect();
        PlanPage { counts, found: count, from: skipped + 1, rows }
    }
}

fn columns_of(sheet: &Sheet, mapping: &PeopleMapping) -> Vec<Column> {
    let column = |(place, header): (usize, &String)| {
        let cells = sheet.rows.iter().filter_map(|row| row.cells.get(place));
        let samples = cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).take(SAMPLES);
        Column {
            header: header.clone(),
            field: mapping.get(header).copied(),
            samples: samples.map(str::to_owned).collect(),
        }
    };
    let named = sheet.headers.iter().enumerate().filter(|(_, header)| !header.is_empty());
    named.map(column).collect()
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
    pub fn count(self, counts: PlanCounts) -> usize {
        match self {
            Self::Error => counts.error,
            Self::Warned => counts.warned,
            Self::Create => counts.create,
            Self::Update => counts.update,
            Self::Unchanged => counts.unchanged,
            Self::Skip => counts.skip,
        }
    }

    /// What comes of an action.
    pub fn of(action: &RowAction) -> Self {
        match action {
            RowAction::Create => Self::Create,
            RowAction::Update { .. } => Self::Update,
            RowAction::Unchanged => Self::Unchanged,
            RowAction::Skip => Self::Skip,
            RowAction::Error { .. } => Self::Error,
        }
    }

    fn is_of(self, row: &RowPlan) -> bool {
        match self {
            Self::Warned => !row.warnings.is_empty(),
            other => Self::of(&row.action) == other,
        }
    }
}

//! The dry run: what every row of a waiting file would do to the books of today. It changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::licenses::license_key::LicenseKey;
use crate::kernel::ids::ImportId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::choices::{Choices, Chosen, Newcomers};
use super::columns::Mapping;
use super::import::{Import, ImportState};
use super::kind::{Kind, is_masked};
use super::reading::{Sheet, SheetRow};
use super::row::{Counts, Outcome, Row};
use super::started;
use super::started::running::Running;
use super::store;

/// How many rows a page holds.
pub const PAGE: usize = 50;
const SAMPLES: usize = 3;

/// What a file would do.
pub struct DryRun {
    /// The file.
    pub import: ImportId,
    /// Choices to try over the stored ones.
    pub chosen: Chosen,
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

/// An import and, while it waits, its file.
pub struct Preview {
    /// The import.
    pub import: Import,
    /// The file; none once it is imported or gone.
    pub file: Option<PreviewedFile>,
    /// How far it has come, while it runs.
    pub running: Option<Running>,
}

/// A waiting file and what it would do.
pub struct PreviewedFile {
    /// How many rows it has.
    pub rows: usize,
    /// Its columns.
    pub columns: Vec<Column>,
    /// What its rows would do, or what is wrong with the columns.
    pub plan: Result<PlanPage, Refusal>,
}

/// A column of the file.
pub struct Column {
    /// Its header.
    pub header: String,
    /// The code of our field, when it is read.
    pub field: Option<String>,
    /// What its first cells say.
    pub samples: Vec<String>,
}

/// A page of rows and the counts of all.
pub struct PlanPage {
    /// All rows.
    pub counts: Counts,
    /// How many people the rows name who are not in People, and what becomes of them.
    pub newcomers: (usize, Newcomers),
    /// Rows of the outcome asked for, on all pages.
    pub found: usize,
    /// Where the page begins among them, from 1.
    pub from: usize,
    /// The page.
    pub rows: Vec<PlannedRow>,
}

/// A row, and what the file says in the columns that are read.
pub struct PlannedRow {
    /// What it would do.
    pub row: Row,
    /// What the file says.
    pub says: String,
}

impl Question for DryRun {
    const NEEDS: Permission = Permission::Import;
    type Output = Preview;

    fn find(&self, view: &mut View<'_>) -> Result<Preview, Refusal> {
        let stored = store::find(view, self.import)?;
        if stored.import.state == ImportState::Running {
            let running = started::store::running(view, self.import)?;
            return Ok(Preview { import: stored.import, file: None, running });
        }
        let Some(content) = stored.content.filter(|_| stored.import.is_waiting()) else {
            return Ok(Preview { import: stored.import, file: None, running: None });
        };
        let sheet = Sheet::read(&content)?;
        let kind = stored.import.kind;
        let choices = self.chosen.over(kind, &stored.choices).unwrap_or(stored.choices);
        let mapping = &choices.mapping;
        let plan = match kind.require_sense(&sheet.headers, mapping) {
            Ok(()) => Ok(self.page_of((kind, &sheet), &choices, kind.rows(view, &sheet, &choices)?)),
            Err(refusal) => Err(refusal),
        };
        let file = PreviewedFile { rows: sheet.rows.len(), columns: columns_of(kind, &sheet, mapping), plan };
        Ok(Preview { import: stored.import, file: Some(file), running: None })
    }
}

impl DryRun {
    fn page_of(&self, (kind, sheet): (Kind, &Sheet), choices: &Choices, plan: Vec<Row>) -> PlanPage {
        let counts = Counts::of(plan.iter());
        let newcomers: BTreeSet<&str> = plan.iter().filter_map(|row| row.newcomer.as_deref()).collect();
        let newcomers = (newcomers.len(), choices.newcomers);
        let is_asked = |row: &Row| self.outcome.is_none_or(|outcome| outcome.is_of(row));
        let found: Vec<Row> = plan.into_iter().filter(is_asked).collect();
        let skipped = match self.page {
            RowsPage::First => 0,
            RowsPage::After(line) => found.partition_point(|row| row.line <= line),
            RowsPage::Before(line) => found.partition_point(|row| row.line < line).saturating_sub(PAGE),
        };
        let cells: BTreeMap<usize, &SheetRow> = sheet.rows.iter().map(|row| (row.line, row)).collect();
        let says = |line| cells.get(&line).map(|row| says((kind, sheet), &choices.mapping, row)).unwrap_or_default();
        let count = found.len();
        let page = found.into_iter().skip(skipped).take(PAGE);
        let rows = page.map(|row| PlannedRow { says: says(row.line), row }).collect();
        PlanPage { counts, newcomers, found: count, from: skipped + 1, rows }
    }
}

/// What a row says in the columns that are read, in the order of the fields, for somebody who looks for it in the file.
fn says((kind, sheet): (Kind, &Sheet), mapping: &Mapping, row: &SheetRow) -> String {
    let cell = |code: &str| {
        let (header, _) = mapping.iter().find(|(_, field)| *field == code)?;
        let place = sheet.headers.iter().position(|other| other == header)?;
        let cell = row.cells.get(place)?.trim();
        (!cell.is_empty() && !is_masked(kind, Some(code))).then(|| cell.to_owned())
    };
    let said: Vec<String> = kind.fields().into_iter().filter_map(|(code, _)| cell(code)).collect();
    said.join(", ")
}

fn columns_of(kind: Kind, sheet: &Sheet, mapping: &Mapping) -> Vec<Column> {
    let column = |(place, header): (usize, &String)| {
        let field = mapping.get(header).cloned();
        let is_masked = is_masked(kind, field.as_deref());
        let cells = sheet.rows.iter().filter_map(|row| row.cells.get(place));
        let samples = cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).take(SAMPLES);
        let shown = |cell: &str| match is_masked {
            true => LicenseKey::parse(cell).map(|key| key.hint().to_string()).unwrap_or_default(),
            false => cell.to_owned(),
        };
        Column { header: header.clone(), field, samples: samples.map(shown).collect() }
    };
    let named = sheet.headers.iter().enumerate().filter(|(_, header)| !header.is_empty());
    named.map(column).collect()
}

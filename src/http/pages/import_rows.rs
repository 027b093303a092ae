//! How a dry run looks: what the templates of an import must not compute.

use crate::domain::imports::dry_run::{Column, Outcome, PAGE, PlanPage, PlannedRow};
use crate::domain::imports::import::{Import, ImportCounts, ImportState};
use crate::domain::imports::people_file::PeopleField;
use crate::domain::imports::people_plan::{Change, PlanCounts, RowAction};
use crate::kernel::access::House;
use crate::kernel::locale::Locale;

const LONGEST_SAMPLE: usize = 40;
const LONGEST_SAYS: usize = 160;

/// A moment, for machines and for people.
pub struct Moment {
    pub iso: String,
    pub text: String,
}

impl Moment {
    pub fn new(at: chrono::DateTime<chrono::Utc>, house: House) -> Self {
        Self { iso: at.to_rfc3339(), text: house.locale.date_time(at, house.zone) }
    }
}

/// One import in the list.
pub struct ImportRow {
    pub id: String,
    pub file_name: String,
    pub by: String,
    pub at: Moment,
    /// Kind and words of its state.
    pub state: (&'static str, &'static str),
    /// Created, updated, unchanged, refused; none when it was not imported.
    pub counts: Option<[String; 4]>,
}

impl ImportRow {
    pub fn new(import: &Import, house: House) -> Self {
        let (state, counts) = match &import.state {
            ImportState::Waiting => (("warn", "Not imported yet"), None),
            ImportState::Gone => (("hollow", "Never imported"), None),
            ImportState::Committed { counts, .. } => (("good", "Imported"), Some(*counts)),
            ImportState::Undone { counts, .. } => (("", "Undone"), Some(*counts)),
        };
        Self {
            id: import.id.to_string(),
            file_name: import.file_name.clone(),
            by: import.by.clone(),
            at: Moment::new(import.uploaded_at, house),
            state,
            counts: counts.map(|counts| figures(counts, house.locale)),
        }
    }
}

/// Created, updated, unchanged, refused, in the reader's figures.
pub fn figures(counts: ImportCounts, locale: Locale) -> [String; 4] {
    [counts.created, counts.updated, counts.unchanged, counts.refused].map(|count| locale.number(count))
}

/// A column and the field it is read into.
pub struct ColumnRow {
    /// Unique on the page, without the header's letters.
    pub id: String,
    /// As the form sends it.
    pub header: String,
    /// As the page shows it.
    pub label: String,
    pub samples: String,
    /// Value, words, and whether it is chosen.
    pub options: Vec<(&'static str, &'static str, bool)>,
}

impl ColumnRow {
    pub fn new(place: usize, column: &Column) -> Self {
        let left_out = ("", "Leave out", column.field.is_none());
        let fields = PeopleField::ALL.map(|field| (field.code(), field.label(), column.field == Some(field)));
        let samples: Vec<String> = column.samples.iter().map(|sample| shortened(sample, LONGEST_SAMPLE)).collect();
        Self {
            id: format!("map-{}", place + 1),
            header: column.header.clone(),
            label: shortened(&column.header, LONGEST_SAMPLE),
            samples: samples.join(" · "),
            options: std::iter::once(left_out).chain(fields).collect(),
        }
    }

    /// The field's code when it is read.
    pub fn chosen(&self) -> Option<&'static str> {
        self.options.iter().find(|(code, _, chosen)| *chosen && !code.is_empty()).map(|(code, ..)| *code)
    }
}

/// A row of the file and what it would do.
pub struct DryRunRow {
    pub line: String,
    pub name: String,
    pub email: String,
    /// What the file says, for rows of which nothing comes.
    pub says: String,
    pub state: (&'static str, &'static str),
    /// Field, before, after.
    pub changes: Vec<(String, String, String)>,
    /// What is wrong, or set, in words.
    pub note: String,
    pub warnings: Vec<String>,
}

impl DryRunRow {
    pub fn new(row: &PlannedRow, house: House) -> Self {
        let person = row.plan.person.as_ref();
        Self {
            line: house.locale.number(i64::try_from(row.plan.line).unwrap_or(i64::MAX)),
            name: person.map(|person| person.name.clone()).unwrap_or_default(),
            email: person.map(|person| person.email.as_str().to_owned()).unwrap_or_default(),
            says: if person.is_some() { String::new() } else { shortened(&row.says, LONGEST_SAYS) },
            state: (kind(&row.plan.action), Outcome::of(&row.plan.action).label()),
            changes: changes(&row.plan.action, house.locale),
            note: note(row, house.locale),
            warnings: row.plan.warnings.iter().map(ToString::to_string).collect(),
        }
    }
}

fn kind(action: &RowAction) -> &'static str {
    match action {
        RowAction::Create => "good",
        RowAction::Update { .. } => "info",
        RowAction::Unchanged => "",
        RowAction::Skip => "hollow",
        RowAction::Error { .. } => "bad",
    }
}

fn changes(action: &RowAction, locale: Locale) -> Vec<(String, String, String)> {
    let RowAction::Update { changes } = action else {
        return Vec::new();
    };
    let shown = |change: &Change, side: &str| match (change.field, side) {
        (PeopleField::JoinedOn | PeopleField::LeftOn, side) => {
            side.parse().map_or(side.to_owned(), |day| locale.date(day))
        }
        (_, side) => side.to_owned(),
    };
    let row = |change: &Change| {
        (change.field.label().to_owned(), shown(change, &change.before), shown(change, &change.after))
    };
    changes.iter().map(row).collect()
}

/// For new people what is written beside name and address; for wrong rows the reason.
fn note(row: &PlannedRow, locale: Locale) -> String {
    match (&row.plan.action, &row.plan.person) {
        (RowAction::Error { reason }, _) => reason.to_string(),
        (RowAction::Skip, _) => "There is nothing in the columns that are read.".to_owned(),
        (RowAction::Create, Some(person)) => {
            let day =
                |word: &str, day: Option<chrono::NaiveDate>| day.map(|day| format!("{word} {}", locale.date(day)));
            let facts = [
                Some(person.department.clone()).filter(|department| !department.is_empty()),
                person.manager.as_ref().map(|manager| format!("managed by {manager}")),
                day("joined", person.joined_on),
                day("left", person.left_on),
            ];
            facts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

/// One outcome above the rows: where it leads, its words, how many rows.
pub struct OutcomeTab {
    pub href: String,
    pub label: &'static str,
    pub count: String,
    pub is_current: bool,
}

/// The outcomes that occur, and all rows.
pub fn tabs(path: &str, counts: PlanCounts, rows: usize, current: Option<Outcome>, locale: Locale) -> Vec<OutcomeTab> {
    let number = |count: usize| locale.number(i64::try_from(count).unwrap_or(i64::MAX));
    let all =
        OutcomeTab { href: path.to_owned(), label: "All rows", count: number(rows), is_current: current.is_none() };
    let some = Outcome::ALL.into_iter().filter(|outcome| outcome.count(counts) > 0 || current == Some(*outcome));
    let tab = |outcome: Outcome| OutcomeTab {
        href: format!("{path}?outcome={}", outcome.code()),
        label: outcome.label(),
        count: number(outcome.count(counts)),
        is_current: current == Some(outcome),
    };
    std::iter::once(all).chain(some.map(tab)).collect()
}

/// Links to the pages beside this one, and "1 to 50 of 213".
pub struct RowPager {
    pub previous: Option<String>,
    pub next: Option<String>,
    pub range: String,
}

impl RowPager {
    pub fn new(path: &str, plan: &PlanPage, outcome: Option<Outcome>, locale: Locale) -> Self {
        let number = |count: usize| locale.number(i64::try_from(count).unwrap_or(i64::MAX));
        let filter = outcome.map(|outcome| format!("outcome={}&", outcome.code())).unwrap_or_default();
        let to = plan.from + plan.rows.len() - usize::from(!plan.rows.is_empty());
        let link =
            |word: &str, row: Option<&PlannedRow>| row.map(|row| format!("{path}?{filter}{word}={}", row.plan.line));
        Self {
            previous: link("before", plan.rows.first()).filter(|_| plan.from > 1),
            next: link("after", plan.rows.last()).filter(|_| to < plan.found),
            range: format!("{} to {} of {}", number(plan.from), number(to), number(plan.found)),
        }
    }

    /// Whether there is more than one page.
    pub fn is_needed(&self, plan: &PlanPage) -> bool {
        plan.found > PAGE
    }
}

fn shortened(text: &str, most: usize) -> String {
    let one_line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.chars().count() > most {
        true => one_line.chars().take(most).chain(std::iter::once('…')).collect(),
        false => one_line,
    }
}

//! How a dry run looks: what the templates of an import must not compute.

use chrono::NaiveDate;

use crate::domain::imports::choices::Newcomers;
use crate::domain::imports::dry_run::{Column, PAGE, PlanPage, PlannedRow};
use crate::domain::imports::import::{Import, ImportCounts, ImportState};
use crate::domain::imports::kind::Kind;
use crate::domain::imports::row::{Counts, Outcome, Row};
use crate::kernel::access::House;
use crate::kernel::fact::Change;
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
    pub kind: &'static str,
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
            ImportState::Waiting if import.trouble.is_some() => (("bad", "Could not be imported"), None),
            ImportState::Waiting => (("warn", "Not imported yet"), None),
            ImportState::Running => (("info", "Being imported"), None),
            ImportState::Gone => (("hollow", "Never imported"), None),
            ImportState::Committed { counts, .. } => (("good", "Imported"), Some(*counts)),
            ImportState::Undone { counts, .. } => (("", "Undone"), Some(*counts)),
        };
        Self {
            id: import.id.to_string(),
            kind: import.kind.label(),
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

/// The choice to add the people a file of seats names who are not in People.
pub struct NewcomersChoice {
    /// "1 person", "1,204 people".
    pub people: String,
    /// Whether there is only one.
    pub is_one: bool,
    /// Whether they are added.
    pub is_added: bool,
}

impl NewcomersChoice {
    /// None when everybody is in People.
    pub fn new((count, newcomers): (usize, Newcomers), locale: Locale) -> Option<Self> {
        let number = locale.number(i64::try_from(count).unwrap_or(i64::MAX));
        let people = match count {
            0 => return None,
            1 => "1 person".to_owned(),
            _ => format!("{number} people"),
        };
        Some(Self { people, is_one: count == 1, is_added: newcomers == Newcomers::Added })
    }

    /// The verb that goes with so many.
    pub fn are(&self) -> &'static str {
        if self.is_one { "is" } else { "are" }
    }
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
    pub fn new(place: usize, kind: Kind, column: &Column) -> Self {
        let left_out = ("", "Leave out", column.field.is_none());
        let fields = kind.fields().into_iter();
        let fields = fields.map(|(code, label)| (code, label, column.field.as_deref() == Some(code)));
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
    pub beside: String,
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
    pub fn new(PlannedRow { row, says }: &PlannedRow, house: House) -> Self {
        Self {
            line: house.locale.number(i64::try_from(row.line).unwrap_or(i64::MAX)),
            name: row.name.clone(),
            beside: row.beside.clone(),
            says: if row.name.is_empty() { shortened(says, LONGEST_SAYS) } else { String::new() },
            state: (kind(row.outcome), row.outcome.label()),
            changes: row.changes.iter().map(|change| changed(change, house.locale)).collect(),
            note: note(row, house.locale),
            warnings: row.warnings.clone(),
        }
    }
}

fn kind(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Create => "good",
        Outcome::Update => "info",
        Outcome::Unchanged | Outcome::Warned => "",
        Outcome::Skip => "hollow",
        Outcome::Error => "bad",
    }
}

fn changed(change: &Change, locale: Locale) -> (String, String, String) {
    let shown = |side: &Option<String>| side.as_deref().map(|side| shown(side, locale)).unwrap_or_default();
    (change.field.to_string(), shown(&change.before), shown(&change.after))
}

/// For what is new, what is written beside its name; for wrong rows the reason.
fn note(row: &Row, locale: Locale) -> String {
    let set = |(words, value): &(&str, String)| match *words {
        "" => shown(value, locale),
        words => format!("{words} {}", shown(value, locale)),
    };
    match row.reason.as_str() {
        "" => row.sets.iter().map(set).collect::<Vec<_>>().join(", "),
        reason => reason.to_owned(),
    }
}

/// Dates as the reader writes them, everything else as it stands.
fn shown(text: &str, locale: Locale) -> String {
    text.parse::<NaiveDate>().map_or_else(|_| text.to_owned(), |day| locale.date(day))
}

/// One outcome above the rows: where it leads, its words, how many rows.
pub struct OutcomeTab {
    pub href: String,
    pub label: &'static str,
    pub count: String,
    pub is_current: bool,
}

/// The outcomes that occur, and all rows.
pub fn tabs(path: &str, counts: Counts, rows: usize, current: Option<Outcome>, locale: Locale) -> Vec<OutcomeTab> {
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
            |word: &str, row: Option<&PlannedRow>| row.map(|row| format!("{path}?{filter}{word}={}", row.row.line));
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

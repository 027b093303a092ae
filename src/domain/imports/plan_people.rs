//! Plans an import of people: reads each row, finds managers, compares with the people in the list.
//!
//! A blank cell leaves what is there, so a file never empties a field by accident. Managers are found
//! by address or name among the good rows and the people in the list; one who is not found, or is the
//! person in the row, is left out with a warning.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::imports::managers::{FoundManager, Managers};
use crate::domain::imports::people_file::{PeopleColumns, PeopleField};
use crate::domain::imports::people_plan::{Change, KnownPerson, LONGEST_TEXT, PersonRow, RowAction};
use crate::domain::imports::people_plan::{RowError, RowPlan, RowWarning};
use crate::domain::imports::reading::{Sheet, SheetRow, parse_date};
use crate::kernel::email_address::EmailAddress;

/// What every row of the sheet would do, in the order of the file; `known` are all people in the list.
pub fn plan_people(sheet: &Sheet, columns: &PeopleColumns, known: &[KnownPerson]) -> Vec<RowPlan> {
    let known: BTreeMap<String, &KnownPerson> =
        known.iter().map(|person| (person.email.to_lowercase(), person)).collect();
    let mut lines = BTreeMap::new();
    let read: Vec<Reading> = sheet.rows.iter().map(|row| read_row(row, columns, &mut lines)).collect();
    let managers = Managers::of(good_rows(&read).chain(in_list(&known)));
    let plan_row = |(row, reading): (&SheetRow, Reading)| {
        let manager = columns.cell(PeopleField::Manager, &row.cells);
        let manager = manager.map(|text| managers.find(text, reading.email()));
        plan_row(row.line, reading, manager, &known)
    };
    sheet.rows.iter().zip(read).map(plan_row).collect()
}

/// A row before managers are looked up and people compared.
enum Reading {
    Blank,
    Wrong(RowError),
    Good(Draft),
}

impl Reading {
    fn email(&self) -> Option<&str> {
        match self {
            Self::Good(draft) => Some(draft.email.folded()),
            Self::Blank | Self::Wrong(_) => None,
        }
    }
}

/// What the cells of a good row say; `None` where they are blank.
struct Draft {
    email: EmailAddress,
    name: Option<String>,
    department: Option<String>,
    joined_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
}

fn read_row(row: &SheetRow, columns: &PeopleColumns, lines: &mut BTreeMap<String, usize>) -> Reading {
    let is_blank = |field: &PeopleField| columns.cell(*field, &row.cells).is_none();
    if PeopleField::ALL.iter().all(is_blank) {
        return Reading::Blank;
    }
    match read_draft(row, columns, lines) {
        Ok(draft) => Reading::Good(draft),
        Err(error) => Reading::Wrong(error),
    }
}

fn read_draft(row: &SheetRow, columns: &PeopleColumns, lines: &mut BTreeMap<String, usize>) -> Result<Draft, RowError> {
    let cell = |field| columns.cell(field, &row.cells);
    let text = cell(PeopleField::Email).ok_or(RowError::NoEmail)?;
    let bad_email = |_| RowError::BadEmail { text: text.to_owned() };
    let email = EmailAddress::parse(text).map_err(bad_email)?;
    let first_line = *lines.entry(email.folded().to_owned()).or_insert(row.line);
    if first_line != row.line {
        return Err(RowError::SameEmail { first_line });
    }
    let date = |field| {
        let bad_date = |text: &str| RowError::BadDate { field, text: text.to_owned() };
        cell(field).map(|text| parse_date(text).map_err(|_| bad_date(text))).transpose()
    };
    let (joined_on, left_on) = (date(PeopleField::JoinedOn)?, date(PeopleField::LeftOn)?);
    if is_backwards(joined_on, left_on) {
        // Told here already, so that nobody on such a row is taken for a manager of others.
        return Err(RowError::LeftBeforeJoined);
    }
    let department = cell(PeopleField::Department).map(str::to_owned);
    Ok(Draft {
        name: fitting(columns.name(&row.cells), PeopleField::Name)?,
        department: fitting(department, PeopleField::Department)?,
        joined_on,
        left_on,
        email,
    })
}

fn is_backwards(joined_on: Option<NaiveDate>, left_on: Option<NaiveDate>) -> bool {
    joined_on.zip(left_on).is_some_and(|(joined_on, left_on)| left_on < joined_on)
}

fn good_rows(read: &[Reading]) -> impl Iterator<Item = (&str, &str)> {
    read.iter().filter_map(|reading| match reading {
        Reading::Good(draft) => Some((draft.email.folded(), draft.name.as_deref().unwrap_or_default())),
        Reading::Blank | Reading::Wrong(_) => None,
    })
}

fn in_list<'a>(known: &'a BTreeMap<String, &KnownPerson>) -> impl Iterator<Item = (&'a str, &'a str)> {
    known.iter().map(|(email, person)| (email.as_str(), person.name.as_str()))
}

fn fitting(text: Option<String>, field: PeopleField) -> Result<Option<String>, RowError> {
    let fits = |text: &String| text.chars().count() <= LONGEST_TEXT && !text.chars().any(char::is_control);
    match text {
        Some(text) if !fits(&text) => Err(RowError::BadText { field }),
        text => Ok(text),
    }
}

fn plan_row(
    line: usize,
    reading: Reading,
    manager: Option<FoundManager>,
    known: &BTreeMap<String, &KnownPerson>,
) -> RowPlan {
    let mut warnings = Vec::new();
    let manager = match manager.transpose() {
        Ok(found) => found,
        Err(warning) => {
            warnings.push(warning);
            None
        }
    };
    let draft = match reading {
        Reading::Good(draft) => draft,
        Reading::Blank => {
            return RowPlan { line, action: RowAction::Skip, person: None, warnings };
        }
        Reading::Wrong(reason) => return wrong(line, reason, warnings),
    };
    let before = known.get(draft.email.folded()).copied();
    let person = merged(draft, manager, before, &mut warnings);
    if is_backwards(person.joined_on, person.left_on) {
        return wrong(line, RowError::LeftBeforeJoined, warnings);
    }
    let action = match before {
        None => RowAction::Create,
        Some(before) => match changes(before, &person) {
            changes if changes.is_empty() => RowAction::Unchanged,
            _ if before.is_above => {
                warnings.push(RowWarning::RankStays { name: before.name.clone() });
                RowAction::Unchanged
            }
            changes => RowAction::Update { changes },
        },
    };
    RowPlan { line, action, person: Some(person), warnings }
}

fn wrong(line: usize, reason: RowError, warnings: Vec<RowWarning>) -> RowPlan {
    RowPlan { line, action: RowAction::Error { reason }, person: None, warnings }
}

/// The person as the row leaves them: what it says, and what is known where it says nothing.
fn merged(
    draft: Draft,
    manager: Option<String>,
    before: Option<&KnownPerson>,
    warnings: &mut Vec<RowWarning>,
) -> PersonRow {
    let name = match (draft.name, before) {
        (Some(name), Some(before)) if before.has_sign_in && name != before.name => {
            warnings.push(RowWarning::NameStays { name: before.name.clone() });
            before.name.clone()
        }
        (Some(name), _) => name,
        (None, Some(before)) => before.name.clone(),
        (None, None) => {
            warnings.push(RowWarning::NoName);
            draft.email.as_str().to_owned()
        }
    };
    let left_on = match (draft.left_on, before) {
        (Some(day), Some(before)) if before.is_in_team && before.left_on != Some(day) => {
            warnings.push(RowWarning::LastDayStays { name: before.name.clone() });
            before.left_on
        }
        (day, before) => day.or(before.and_then(|before| before.left_on)),
    };
    let known_department = || before.map(|before| before.department.clone());
    let known_manager = || before?.manager.as_deref().map(str::to_lowercase);
    PersonRow {
        name,
        department: draft.department.or_else(known_department).unwrap_or_default(),
        manager: manager.or_else(known_manager),
        joined_on: draft.joined_on.or_else(|| before?.joined_on),
        left_on,
        email: draft.email,
    }
}

fn changes(before: &KnownPerson, after: &PersonRow) -> Vec<Change> {
    let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let known_manager = before.manager.as_deref().map(str::to_lowercase).unwrap_or_default();
    let manager = after.manager.clone().unwrap_or_default();
    let fields = [
        (PeopleField::Name, before.name.clone(), after.name.clone()),
        (PeopleField::Department, before.department.clone(), after.department.clone()),
        (PeopleField::Manager, known_manager, manager),
        (PeopleField::JoinedOn, date(before.joined_on), date(after.joined_on)),
        (PeopleField::LeftOn, date(before.left_on), date(after.left_on)),
    ];
    let changed = fields.into_iter().filter(|(_, before, after)| before != after);
    changed.map(|(field, before, after)| Change { field, before, after }).collect()
}

#[cfg(test)]
mod tests;

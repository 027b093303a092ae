//! What every row of a people file would do, in words.

use chrono::NaiveDate;

use crate::domain::team;
use crate::kernel::fact::Change;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::columns::Mapping;
use super::known_people::known_people;
use super::people_file::{PeopleColumns, of_people};
use super::people_plan::{PersonRow, RowAction, RowPlan};
use super::plan_people::plan_people;
use super::reading::Sheet;
use super::row::{Outcome, Row};

/// What the rows would do to the people of today.
pub(super) fn rows(view: &mut View<'_>, sheet: &Sheet, mapping: &Mapping) -> Result<Vec<Row>, Refusal> {
    let columns = PeopleColumns::new(&sheet.headers, &of_people(mapping)?)?;
    let people = team::everybody::store::all(view)?;
    let plan = plan_people(sheet, &columns, &known_people(&people, view.access().role()));
    Ok(plan.iter().map(row).collect())
}

fn row(plan: &RowPlan) -> Row {
    let base = match &plan.action {
        RowAction::Skip => Row::blank(plan.line),
        RowAction::Error { reason } => Row::without(plan.line, Outcome::Error, reason.to_string()),
        RowAction::Create => Row::without(plan.line, Outcome::Create, ""),
        RowAction::Update { .. } => Row::without(plan.line, Outcome::Update, ""),
        RowAction::Unchanged => Row::without(plan.line, Outcome::Unchanged, ""),
    };
    let person = plan.person.as_ref();
    Row {
        name: person.map(|person| person.name.clone()).unwrap_or_default(),
        beside: person.map(|person| person.email.as_str().to_owned()).unwrap_or_default(),
        sets: person.filter(|_| base.outcome == Outcome::Create).map(sets).unwrap_or_default(),
        changes: changes(&plan.action),
        warnings: plan.warnings.iter().map(ToString::to_string).collect(),
        ..base
    }
}

fn changes(action: &RowAction) -> Vec<Change> {
    let RowAction::Update { changes } = action else {
        return Vec::new();
    };
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let change = |change: &super::people_plan::Change| {
        Change::new(change.field.label(), filled(&change.before), filled(&change.after))
    };
    changes.iter().map(change).collect()
}

/// What is written of somebody new, beside name and address.
fn sets(person: &PersonRow) -> Vec<(&'static str, String)> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let sets = [
        ("", person.department.clone()),
        ("managed by", person.manager.clone().unwrap_or_default()),
        ("joined", day(person.joined_on)),
        ("left", day(person.left_on)),
    ];
    sets.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

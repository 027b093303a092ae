//! Committing people: the file is planned once more under the locks, so that nothing moved in between.

use std::collections::BTreeMap;

use crate::domain::team::everybody::{self, Standing};
use crate::domain::team::member::{Member, MemberStatus, NewMember};
use crate::kernel::fact::Change;
use crate::kernel::ids::MemberId;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::columns::Mapping;
use super::facts::{Deed, PersonFact, field_name};
use super::import::{Done, ImportCounts, Touched};
use super::known_people::known_people;
use super::people_file::{PeopleColumns, PeopleField, of_people};
use super::people_plan::{PersonRow, PlanCounts, RowAction, RowPlan};
use super::plan_people::plan_people;
use super::reading::Sheet;
use super::started::progress::Progress;

/// So many are written at once.
const BATCH: usize = 500;

/// Adds and changes the people of a file; answers what came of it.
pub(super) fn commit(
    work: &mut Work<'_>,
    (file_name, sheet): (&str, &Sheet),
    mapping: &Mapping,
    progress: &Progress,
) -> Result<Done, Refusal> {
    let columns = PeopleColumns::new(&sheet.headers, &of_people(mapping)?)?;
    let people = everybody::store::lock(work)?;
    let plan = plan_people(sheet, &columns, &known_people(&people, work.access().role()));
    let counts = counts_of(&plan)?;
    let written = PlanCounts::of(&plan);
    progress.expect(2 * written.create + written.update);
    let newcomers = add(work, &plan, progress)?;
    let known = people.iter().map(|person| (person.email.to_lowercase(), person));
    let ids = known.map(|(email, person)| (email, person.id)).chain(newcomers).collect();
    let mut changes = Changes { ids, people: &people, file_name, touched: Vec::new() };
    let facts = changes.make(work, &plan)?;
    let touched = serde_json::to_value(&changes.touched).map_err(Refusal::fault)?;
    for some in facts.chunks(BATCH) {
        work.also_all(some)?;
        progress.did(some.len());
    }
    Ok(Done { counts, touched })
}

fn counts_of(plan: &[RowPlan]) -> Result<ImportCounts, Refusal> {
    let counts = PlanCounts::of(plan);
    let rows = |count: usize| i64::try_from(count).map_err(Refusal::fault);
    Ok(ImportCounts {
        created: rows(counts.create)?,
        updated: rows(counts.update)?,
        unchanged: rows(counts.unchanged)?,
        refused: rows(counts.error)?,
    })
}

/// Inserts the new people, without managers; answers their ids by folded address.
fn add(work: &mut Work<'_>, plan: &[RowPlan], progress: &Progress) -> Result<BTreeMap<String, MemberId>, Refusal> {
    let today = work.today();
    let is_new = |row: &&RowPlan| row.action == RowAction::Create;
    let new = |person: &PersonRow| NewMember {
        name: person.name.clone(),
        email: person.email.clone(),
        sign_in: None,
        status: if person.has_left(today) { MemberStatus::Left } else { MemberStatus::Directory },
        department: person.department.clone(),
        manager: None,
        joined_on: person.joined_on,
        left_on: person.left_on,
    };
    let rows: Vec<&PersonRow> = plan.iter().filter(is_new).filter_map(|row| row.person.as_ref()).collect();
    let mut ids = BTreeMap::new();
    for some in rows.chunks(BATCH) {
        ids.extend(add_many(work, some.iter().copied().map(new).collect())?);
        progress.did(some.len());
    }
    Ok(ids)
}

/// Inserts people who are in nobody's list yet; answers their ids by folded address.
pub(super) fn add_many(work: &mut Work<'_>, people: Vec<NewMember>) -> Result<BTreeMap<String, MemberId>, Refusal> {
    let now = work.now();
    let people: Vec<(MemberId, NewMember)> = people.into_iter().map(|new| (MemberId::mint(now), new)).collect();
    if everybody::store::insert_many(work, &people)? != people.len() {
        let message = "Somebody of this file was added to People a moment ago. Check the rows and import once more.";
        return Err(Refusal::conflict("people_moved", message));
    }
    Ok(people.into_iter().map(|(id, new)| (new.email.folded().to_owned(), id)).collect())
}

/// What becomes of everybody, known people and newcomers, once all of them have ids.
struct Changes<'a> {
    ids: BTreeMap<String, MemberId>,
    people: &'a [Member],
    file_name: &'a str,
    touched: Vec<Touched>,
}

impl Changes<'_> {
    /// Writes updates and managers; answers one fact for each person.
    fn make(&mut self, work: &mut Work<'_>, plan: &[RowPlan]) -> Result<Vec<PersonFact>, Refusal> {
        let today = work.today();
        let known: BTreeMap<MemberId, &Member> = self.people.iter().map(|person| (person.id, person)).collect();
        let (mut updates, mut managers, mut facts) = (Vec::new(), Vec::new(), Vec::new());
        for (row, person) in plan.iter().filter_map(|row| Some((row, row.person.as_ref()?))) {
            let Some(id) = self.ids.get(person.email.folded()).copied() else {
                continue;
            };
            let before = known.get(&id).map(|member| Standing::of(member));
            let status = status_after(known.get(&id).copied(), row, person.has_left(today));
            let after = self.details(person, status);
            match (&row.action, &before) {
                (RowAction::Create, _) => managers.extend(after.manager.map(|manager| (id, manager))),
                (RowAction::Update { .. }, Some(_)) => updates.push((id, after.clone())),
                _ => continue,
            }
            facts.push(self.fact(id, row, person, before.as_ref(), &after));
            self.touched.push(Touched { member: id, before, after });
        }
        everybody::store::set_managers(work, &managers)?;
        everybody::store::change_many(work, &updates)?;
        Ok(facts)
    }

    fn details(&self, person: &PersonRow, status: MemberStatus) -> Standing {
        Standing {
            name: person.name.clone(),
            department: person.department.clone(),
            manager: person.manager.as_ref().and_then(|email| self.ids.get(email).copied()),
            joined_on: person.joined_on,
            left_on: person.left_on,
            status,
        }
    }

    fn fact(
        &self,
        member: MemberId,
        row: &RowPlan,
        person: &PersonRow,
        before: Option<&Standing>,
        after: &Standing,
    ) -> PersonFact {
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let mut changes: Vec<Change> = match &row.action {
            RowAction::Update { changes } => changes
                .iter()
                .map(|change| Change::new(field_name(change.field), filled(&change.before), filled(&change.after)))
                .collect(),
            _ => set(person),
        };
        let status = before.map(|before| before.status.label().to_owned());
        changes.extend(Change::between("Status", status, Some(after.status.label().to_owned())));
        let deed = if before.is_some() { Deed::Changed } else { Deed::Added };
        PersonFact { member, name: person.name.clone(), file_name: self.file_name.to_owned(), deed, changes }
    }
}

/// What is written of somebody new.
fn set(person: &PersonRow) -> Vec<Change> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let fields = [
        (PeopleField::Email, person.email.as_str().to_owned()),
        (PeopleField::Name, person.name.clone()),
        (PeopleField::Department, person.department.clone()),
        (PeopleField::Manager, person.manager.clone().unwrap_or_default()),
        (PeopleField::JoinedOn, day(person.joined_on)),
        (PeopleField::LeftOn, day(person.left_on)),
    ];
    let written = fields.into_iter().filter(|(_, value)| !value.is_empty());
    written.map(|(field, value)| Change::set(field_name(field), value)).collect()
}

/// People without a sign-in leave with their last day, and come back when it is moved ahead. Whoever is in the team or
/// invited stays there: a file never ends that.
fn status_after(member: Option<&Member>, row: &RowPlan, has_left: bool) -> MemberStatus {
    match member.map(|member| (member.status, member.user)) {
        Some((MemberStatus::Active, _)) => MemberStatus::Active,
        Some((MemberStatus::Invited, _)) => MemberStatus::Invited,
        _ if has_left => MemberStatus::Left,
        None => MemberStatus::Directory,
        Some((MemberStatus::Left, None)) if row.action.sets(PeopleField::LeftOn) => MemberStatus::Directory,
        Some((MemberStatus::Left, Some(_))) if row.action.sets(PeopleField::LeftOn) => MemberStatus::Deactivated,
        Some((status, _)) => status,
    }
}

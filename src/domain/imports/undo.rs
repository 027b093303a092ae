//! Undoing an import: whoever it created is taken out, whoever it changed is put back, as long as nobody has come to
//! rely on them since. Whoever cannot be undone stays and is named. Also possible when the plan has ended.

use std::collections::BTreeMap;

use crate::domain::plans;
use crate::domain::team::everybody::{self, Standing};
use crate::domain::team::member::Member;
use crate::kernel::fact::Change;
use crate::kernel::ids::{ImportId, MemberId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Deed, ImportFact, PersonFact, field_name};
use super::import::{Import, ImportState, Kept, Touched, gone};
use super::people_file::PeopleField;
use super::store::{self, Stored};
use super::undo_plan::{UndoPlan, plan_undo};

/// Undoes a committed import.
pub struct Undo {
    /// The import.
    pub import: ImportId,
}

/// What was undone.
pub struct Undone {
    /// The file.
    pub file_name: String,
    /// How many were taken out.
    pub removed: usize,
    /// How many were put back.
    pub restored: usize,
    /// Who stayed, and why.
    pub kept: Vec<Kept>,
}

impl Operation for Undo {
    const NEEDS: Permission = Permission::ImportPeople;
    type Output = Undone;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Undone>, Refusal> {
        plans::store::lock(work)?;
        let stored = store::lock(work, self.import)?;
        let touched = touched_of(&stored, work)?;
        let people = everybody::store::lock(work)?;
        let created: Vec<MemberId> = touched.iter().filter(|was| was.before.is_none()).map(|was| was.member).collect();
        let ties = store::ties(work, &created)?;
        let plan = plan_undo(touched, &people, &ties);
        let facts = facts_of(&plan, touched, &people, &stored.import);
        if facts.is_empty() {
            return Err(nothing_left(&plan));
        }
        everybody::store::change_many(work, &plan.restored)?;
        everybody::store::remove_many(work, &plan.removed)?;
        let (removed, restored) = (plan.removed.len(), plan.restored.len());
        let kept: Vec<Kept> = plan.kept.into_iter().map(|(_, kept)| kept).collect();
        store::undo(work, self.import, &kept)?;
        let file_name = stored.import.file_name.clone();
        work.also(&ImportFact::Undone {
            import: self.import,
            file_name: file_name.clone(),
            removed,
            restored,
            kept: kept.clone(),
        })?;
        work.record_all(&facts, Undone { file_name, removed, restored, kept })
    }
}

fn touched_of<'s>(stored: &'s Stored, work: &Work<'_>) -> Result<&'s [Touched], Refusal> {
    let file_name = &stored.import.file_name;
    match stored.import.state {
        ImportState::Waiting | ImportState::Gone => Err(Refusal::conflict(
            "not_committed",
            format!("{file_name} was not imported, so there is nothing to undo."),
        )),
        ImportState::Undone { .. } => {
            Err(Refusal::conflict("already_undone", format!("The import of {file_name} was undone already.")))
        }
        ImportState::Committed { .. } if !Import::is_kept(stored.import.uploaded_at, work.now()) => Err(gone()),
        ImportState::Committed { .. } => stored.touched.as_deref().ok_or_else(gone),
    }
}

fn nothing_left(plan: &UndoPlan) -> Refusal {
    let named: Vec<String> = plan.kept.iter().take(5).map(|(_, kept)| format!("{} {}", kept.name, kept.why)).collect();
    let more = plan.kept.len().saturating_sub(named.len());
    let reasons = match (named.is_empty(), more) {
        (true, _) => "nobody it created or changed is in the list any more".to_owned(),
        (false, 0) => named.join(", "),
        (false, more) => format!("{}, and {more} more", named.join(", ")),
    };
    Refusal::conflict("nothing_to_undo", format!("There is nothing left to undo: {reasons}."))
}

fn facts_of(plan: &UndoPlan, touched: &[Touched], people: &[Member], import: &Import) -> Vec<PersonFact> {
    let now: BTreeMap<MemberId, &Member> = people.iter().map(|person| (person.id, person)).collect();
    let name = |id: MemberId| now.get(&id).map(|person| person.name.clone()).unwrap_or_default();
    let fact = |member, deed, changes| PersonFact {
        member,
        name: name(member),
        file_name: import.file_name.clone(),
        deed,
        changes,
    };
    let email = |id: &MemberId| now.get(id).map(|person| person.email.clone());
    let removed = plan.removed.iter().map(|id| {
        let changes = Change::between(field_name(PeopleField::Email), email(id), None);
        fact(*id, Deed::Removed, changes.into_iter().collect())
    });
    let after: BTreeMap<MemberId, &Standing> = touched.iter().map(|was| (was.member, &was.after)).collect();
    let restored = plan.restored.iter().filter_map(|(id, before)| {
        let changes = differences(after.get(id)?, before, &|id| email(&id));
        Some(fact(*id, Deed::Restored, changes))
    });
    removed.chain(restored).collect()
}

/// Field by field, from one standing to another.
fn differences(from: &Standing, to: &Standing, email: &dyn Fn(MemberId) -> Option<String>) -> Vec<Change> {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let status = |details: &Standing| Some(details.status.label().to_owned());
    let fields = [
        (field_name(PeopleField::Name), text(&from.name), text(&to.name)),
        (field_name(PeopleField::Department), text(&from.department), text(&to.department)),
        (field_name(PeopleField::Manager), from.manager.and_then(email), to.manager.and_then(email)),
        (field_name(PeopleField::JoinedOn), day(from.joined_on), day(to.joined_on)),
        (field_name(PeopleField::LeftOn), day(from.left_on), day(to.left_on)),
        ("Status", status(from), status(to)),
    ];
    fields.into_iter().filter_map(|(field, before, after)| Change::between(field, before, after)).collect()
}

//! Undoing an import of people: whoever it created is taken out, whoever it changed is put back, as long as nobody has
//! come to rely on them since. Whoever cannot be undone stays and is named.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::licenses::store::forget_assignments;
use crate::domain::team::everybody::{self, Standing};
use crate::domain::team::member::Member;
use crate::kernel::fact::Change;
use crate::kernel::ids::MemberId;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::Work;

use super::facts::{Deed, PersonFact, field_name};
use super::import::Touched;
use super::people_file::PeopleField;
use super::store;
use super::undo::Taken;
use super::undo_plan::{UndoPlan, plan_undo};

/// Undoes what a file did to people.
pub(super) fn undo(work: &mut Work<'_>, file_name: &str, touched: serde_json::Value) -> Result<Taken, Refusal> {
    let touched: Vec<Touched> = serde_json::from_value(touched).map_err(Refusal::fault)?;
    let plan = take_back(work, file_name, &touched, &BTreeSet::new())?;
    let (removed, restored) = (plan.removed.len(), plan.restored.len());
    Ok(Taken { removed, restored, kept: plan.kept.into_iter().map(|(_, kept)| kept).collect() })
}

/// Takes out and puts back whom it can. The seats of those who are `excused` hold nobody: the import gave them too, and
/// they are taken out with whoever held them.
pub(super) fn take_back(
    work: &mut Work<'_>,
    file_name: &str,
    touched: &[Touched],
    excused: &BTreeSet<MemberId>,
) -> Result<UndoPlan, Refusal> {
    let people = everybody::store::lock(work)?;
    let created: Vec<MemberId> = touched.iter().filter(|was| was.before.is_none()).map(|was| was.member).collect();
    let ties = store::ties(work, &created, excused)?;
    let plan = plan_undo(touched, &people, &ties);
    let facts = facts_of(&plan, touched, &people, file_name);
    let forgotten: Vec<MemberId> = plan.removed.iter().copied().filter(|who| excused.contains(who)).collect();
    forget_assignments(work, &forgotten)?;
    everybody::store::change_many(work, &plan.restored)?;
    everybody::store::remove_many(work, &plan.removed)?;
    work.also_all(&facts)?;
    Ok(plan)
}

fn facts_of(plan: &UndoPlan, touched: &[Touched], people: &[Member], file_name: &str) -> Vec<PersonFact> {
    let now: BTreeMap<MemberId, &Member> = people.iter().map(|person| (person.id, person)).collect();
    let name = |id: MemberId| now.get(&id).map(|person| person.name.clone()).unwrap_or_default();
    let fact = |member, deed, changes| PersonFact {
        member,
        name: name(member),
        file_name: file_name.to_owned(),
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

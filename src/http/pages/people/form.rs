//! Reading the form of a person.

use chrono::NaiveDate;

use crate::domain::identity::user::parse_name;
use crate::domain::team::add::Add;
use crate::domain::team::change::ChangePerson;
use crate::domain::team::member::{Details, Member, parse_department};
use crate::http::pages::form::{self, FormErrors, FormState, Posted};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::MemberId;
use crate::kernel::refusal::Refusal;

const FIELDS: [&str; 6] = ["name", "email", "department", "manager", "joined_on", "left_on"];

/// Somebody new, or all that is wrong with the form.
pub fn new_person(posted: &Posted) -> Result<Add, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&FIELDS));
    let name = errors.take(parse_name(posted.get("name")));
    let email = errors.take(EmailAddress::parse(posted.get("email")));
    let details = details(&FormState::kept(posted), &mut errors);
    let read = name.zip(email).zip(details);
    errors.or(read.map(|((name, email), details)| Add { name, email, details }))
}

/// A change of this person, or all that is wrong with the form. What it leaves out stays as it is; name and address
/// stand in it only as long as the person has no sign-in.
pub fn changed_person(posted: &Posted, before: &Member) -> Result<ChangePerson, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&FIELDS));
    let holds = |field: &str| posted.fields().any(|(name, _)| name == field);
    let name = holds("name").then(|| errors.take(parse_name(posted.get("name"))));
    let email = holds("email").then(|| errors.take(EmailAddress::parse(posted.get("email"))));
    let details = details(&filled(before).with_posted(posted), &mut errors);
    let member = before.id;
    let read = details.map(|details| ChangePerson { member, name: name.flatten(), email: email.flatten(), details });
    errors.or(read)
}

/// The form filled with what is known of a person.
pub fn filled(member: &Member) -> FormState {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let values = [
        ("name", member.name.clone()),
        ("email", member.email.clone()),
        ("department", member.department.clone()),
        ("manager", member.manager.map(|id| id.to_string()).unwrap_or_default()),
        ("joined_on", day(member.joined_on)),
        ("left_on", day(member.left_on)),
    ];
    FormState::of(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn details(form: &FormState, errors: &mut FormErrors) -> Option<Details> {
    let department = errors.take(parse_department(form.value("department").trim()));
    let manager = errors.take(manager(form));
    let joined_on = errors.take(form::day("joined_on", form.value("joined_on")));
    let left_on = errors.take(form::day("left_on", form.value("left_on")));
    let details = Details { department: department?, manager: manager?, joined_on: joined_on?, left_on: left_on? };
    errors.take(details.check()).map(|()| details)
}

fn manager(form: &FormState) -> Result<Option<MemberId>, Refusal> {
    match form.value("manager").trim() {
        "" => Ok(None),
        given => MemberId::parse(given)
            .map(Some)
            .ok_or_else(|| Refusal::invalid("manager", "Choose a manager from the list.")),
    }
}

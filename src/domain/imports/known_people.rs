//! The list of people as an import compares a file with it.

use std::collections::BTreeMap;

use crate::domain::team::member::{Member, MemberStatus};
use crate::kernel::ids::MemberId;
use crate::kernel::permission::Role;

use super::people_plan::KnownPerson;

/// Everybody, with their manager's address in place of the id, as somebody of the role `acting` may change them; the
/// console has none and stands above everybody.
pub(super) fn known_people(people: &[Member], acting: Option<Role>) -> Vec<KnownPerson> {
    let emails: BTreeMap<MemberId, &str> = people.iter().map(|person| (person.id, person.email.as_str())).collect();
    let known = |person: &Member| KnownPerson {
        email: person.email.clone(),
        name: person.name.clone(),
        department: person.department.clone(),
        manager: person.manager.and_then(|manager| emails.get(&manager).map(|email| (*email).to_owned())),
        joined_on: person.joined_on,
        left_on: person.left_on,
        has_sign_in: person.user.is_some(),
        is_in_team: matches!(person.status, MemberStatus::Active | MemberStatus::Invited),
        is_above: acting.is_some_and(|acting| person.role.is_some_and(|role| role > acting)),
    };
    people.iter().map(known).collect()
}

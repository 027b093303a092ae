//! People as lines: the fields an import reads, and where each person stands.

use chrono::NaiveDate;

use crate::domain::imports::people_file::PeopleField;
use crate::domain::team::list::{Filter, Turn, rows};
use crate::domain::team::member::Member;
use crate::kernel::ids::MemberId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::part::{self, ROWS};

/// The first line of the file.
pub fn header() -> Result<Vec<u8>, Refusal> {
    use PeopleField::*;
    part::header([
        Email.label(),
        Name.label(),
        Department.label(),
        Manager.label(),
        JoinedOn.label(),
        LeftOn.label(),
        "Status",
    ])
}

/// The next part of the file, by name.
pub struct PeoplePart {
    /// Which people.
    pub filter: Filter,
    /// After whom; none: from the start.
    pub after: Option<MemberId>,
}

impl Question for PeoplePart {
    const NEEDS: Permission = Permission::ExportLists;
    type Output = part::Part<MemberId>;

    fn find(&self, view: &mut View<'_>) -> Result<Self::Output, Refusal> {
        let turn = self.after.map_or(Turn::First, Turn::After);
        let people = rows(view, &self.filter, turn, ROWS)?;
        let (today, last) = (view.today(), people.last().map(|(person, _)| person.id));
        part::Part::of(people.into_iter().map(|(person, manager)| cells(person, manager, today)).collect(), last)
    }
}

fn cells(person: Member, manager: Option<String>, today: NaiveDate) -> [String; 7] {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let status = person.standing(today).label().to_owned();
    [
        person.email,
        person.name,
        person.department,
        manager.unwrap_or_default(),
        day(person.joined_on),
        day(person.left_on),
        status,
    ]
}

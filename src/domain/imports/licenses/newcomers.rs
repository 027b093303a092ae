//! People whom a file of seats names and who are not in People.

use std::collections::{BTreeMap, HashMap};

use crate::domain::imports::columns::Columns;
use crate::domain::imports::facts::{Deed as PersonDeed, PersonFact};
use crate::domain::imports::import::Touched;
use crate::domain::imports::newcomer::Newcomer;
use crate::domain::imports::people_commit::add_many;
use crate::domain::imports::people_file::PeopleField;
use crate::domain::imports::people_plan::{LONGEST_TEXT, RowError};
use crate::domain::imports::reading::Sheet;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::MemberId;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::Work;

/// Who gets a seat.
#[derive(Clone)]
pub(super) enum To {
    /// Somebody in People.
    Known(MemberId),
    /// Somebody who is added first.
    New(Newcomer),
}

/// The names a file gives to addresses, the first of each.
pub(super) struct Names<'s>(HashMap<String, &'s str>);

impl<'s> Names<'s> {
    /// Of all rows.
    pub(super) fn of(sheet: &'s Sheet, columns: &Columns) -> Self {
        let mut names = HashMap::new();
        for row in &sheet.rows {
            let cell = |code| columns.cell(code, &row.cells);
            if let Some((address, name)) = cell("person").zip(cell("person_name"))
                && let Ok(address) = EmailAddress::parse(address)
            {
                names.entry(address.folded().to_owned()).or_insert(name);
            }
        }
        Self(names)
    }

    /// Somebody new under their name; without one their address stands for it. Or what is wrong with the name, in words.
    pub(super) fn newcomer(&self, email: EmailAddress) -> Result<Newcomer, String> {
        let name = self.0.get(email.folded()).copied().unwrap_or(email.as_str());
        match name.chars().count() <= LONGEST_TEXT && !name.chars().any(char::is_control) {
            true => Ok(Newcomer { name: name.to_owned(), email }),
            false => Err(RowError::BadText { field: PeopleField::Name }.to_string()),
        }
    }
}

/// Adds these people, each once and with an entry in the trail; answers their ids by folded address.
pub(super) fn add<'p>(
    work: &mut Work<'_>,
    file_name: &str,
    people: impl Iterator<Item = &'p Newcomer>,
) -> Result<BTreeMap<String, MemberId>, Refusal> {
    let people = each_once(people);
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    if !work.access().may(Permission::ChangePeople) {
        return Err(Refusal::not_allowed());
    }
    let people: Vec<&Newcomer> = people.into_values().collect();
    let ids = add_many(work, people.iter().map(|newcomer| newcomer.new_member()).collect())?;
    let fact = |newcomer: &&Newcomer| {
        let Newcomer { name, email } = newcomer;
        let member = *ids.get(email.folded())?;
        let (file_name, changes) = (file_name.to_owned(), newcomer.told());
        Some(PersonFact { member, name: name.clone(), file_name, deed: PersonDeed::Added, changes })
    };
    let facts: Vec<PersonFact> = people.iter().filter_map(fact).collect();
    work.also_all(&facts)?;
    Ok(ids)
}

/// Those who were added, as an undo reads them.
pub(super) fn touched<'p>(
    people: impl Iterator<Item = &'p Newcomer>,
    ids: &BTreeMap<String, MemberId>,
) -> Vec<Touched> {
    let touched = |(folded, newcomer): (&str, &Newcomer)| {
        Some(Touched { member: *ids.get(folded)?, before: None, after: newcomer.standing() })
    };
    each_once(people).into_iter().filter_map(touched).collect()
}

/// By folded address, as the first row has it.
fn each_once<'p>(people: impl Iterator<Item = &'p Newcomer>) -> BTreeMap<&'p str, &'p Newcomer> {
    let mut each = BTreeMap::new();
    for newcomer in people {
        each.entry(newcomer.email.folded()).or_insert(newcomer);
    }
    each
}

//! The people of a business, as lists show them.

pub(super) mod store;

use std::collections::HashMap;

use crate::kernel::ids::MemberId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::member::{Member, MemberStatus};

/// How many people a page of the list shows.
const PAGE: usize = 50;

/// Which people a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words of the name or address; empty for all.
    pub words: String,
    /// The department; empty for all.
    pub department: String,
    /// Whose people; none for all.
    pub manager: Option<MemberId>,
    /// Where they stand; none for all.
    pub status: Option<MemberStatus>,
}

/// Which page of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// The first.
    First,
    /// The one after this person.
    After(MemberId),
    /// The one before this person.
    Before(MemberId),
}

/// A page of the people one may see.
pub struct People {
    /// Which people.
    pub filter: Filter,
    /// Which page.
    pub turn: Turn,
}

/// What a page of the list shows.
pub struct PeoplePage {
    /// The people, by name.
    pub people: Vec<PersonRow>,
    /// How many fit the filter, on all pages.
    pub total: i64,
    /// The departments that can be filtered by.
    pub departments: Vec<String>,
    /// The managers that can be filtered by.
    pub managers: Vec<(MemberId, String)>,
    /// Where the page before this one ends.
    pub previous: Option<MemberId>,
    /// Where the page after this one begins.
    pub next: Option<MemberId>,
}

/// One person of a list.
pub struct PersonRow {
    /// The person.
    pub member: Member,
    /// The name of their manager.
    pub manager: Option<String>,
    /// How many seats they hold.
    pub seats: i64,
    /// How many running subscriptions they own.
    pub owned: i64,
}

impl Question for People {
    const NEEDS: Permission = Permission::SeePeople;
    type Output = PeoplePage;

    fn find(&self, view: &mut View<'_>) -> Result<PeoplePage, Refusal> {
        let limit = i64::try_from(PAGE + 1).map_err(Refusal::fault)?;
        let found = store::page(view, &self.filter, self.turn, limit)?;
        let (members, previous, next) = turned(found, self.turn);
        let names = super::store::names(view, members.iter().filter_map(|member| member.manager).collect())?;
        let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
        let seats = store::seats_held(view, ids.clone())?;
        let owned = store::owned_by(view, ids)?;
        let rows = members.into_iter().map(|member| PersonRow {
            manager: member.manager.and_then(|id| names.get(&id).cloned()),
            seats: seats.get(&member.id).copied().unwrap_or(0),
            owned: owned.get(&member.id).copied().unwrap_or(0),
            member,
        });
        Ok(PeoplePage {
            people: rows.collect(),
            total: store::count(view, &self.filter)?,
            departments: store::departments(view)?,
            managers: store::managers(view)?,
            previous,
            next,
        })
    }
}

/// So many people from a place on, each with the address of their manager: for whoever goes through all of them.
pub fn rows(
    scope: &mut impl Scope,
    filter: &Filter,
    turn: Turn,
    count: usize,
) -> Result<Vec<(Member, Option<String>)>, Refusal> {
    let limit = i64::try_from(count).map_err(Refusal::fault)?;
    let members = store::page(scope, filter, turn, limit)?;
    let addresses = super::store::addresses(scope, members.iter().filter_map(|member| member.manager).collect())?;
    let manager = |member: &Member| member.manager.and_then(|id| addresses.get(&id).cloned());
    Ok(members
        .into_iter()
        .map(|member| (manager(&member), member))
        .map(|(manager, member)| (member, manager))
        .collect())
}

/// The addresses of these people, of those one may see.
pub fn addresses(scope: &mut impl Scope, ids: Vec<MemberId>) -> Result<HashMap<MemberId, String>, Refusal> {
    super::store::addresses(scope, ids)
}

/// One more row than a page was fetched: the page itself, and where its neighbours begin.
fn turned(mut found: Vec<Member>, turn: Turn) -> (Vec<Member>, Option<MemberId>, Option<MemberId>) {
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let (has_previous, has_next) = match turn {
        Turn::First => (false, has_more),
        Turn::After(_) => (true, has_more),
        Turn::Before(_) => {
            found.reverse();
            (has_more, true)
        }
    };
    let previous = found.first().filter(|_| has_previous).map(|member| member.id);
    let next = found.last().filter(|_| has_next).map(|member| member.id);
    (found, previous, next)
}

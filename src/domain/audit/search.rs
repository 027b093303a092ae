//! Searching the trail: filters, and pages by key, newest first.
//!
//! Dates become bounds of ids, because ids are minted from the clock: a search between two dates opens only the months
//! between them. A search without dates goes through all of the trail, newest first, and stops as soon as its page is
//! full; person, action and object each have an index in the order of the pages, so only words, origins and kinds that
//! are rare make it read on. Every word must be found, in any of what was said, the object's name and the actor's name.
//! A search that reads on for five seconds is given up, and whoever asked is told to choose dates.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::kernel::access::Origin;
use crate::kernel::calendar::local_midnight;
use crate::kernel::ids::{self, AuditEntryId, MemberId};
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::View;

use super::entry::Entry;
use super::store::{self, Patience};
use super::words::{self, Action};

/// Entries of one page.
pub const PAGE: usize = 50;

/// Which entries; without any, all that may be seen.
#[derive(Clone, Default, Debug)]
pub struct Filters {
    /// Who acted.
    pub actor: Option<Actor>,
    /// What was done.
    pub action: Option<Action>,
    /// To what.
    pub object: Option<Object>,
    /// The first day, in the business's zone.
    pub from: Option<NaiveDate>,
    /// The last day, which still counts.
    pub to: Option<NaiveDate>,
    /// Through which door.
    pub origin: Option<Origin>,
    /// What must be found in the words of the entry.
    pub words: Vec<String>,
}

/// Who acted, as a filter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Actor {
    /// This member.
    Member(MemberId),
    /// The background worker.
    Worker,
    /// A command on the console.
    Command,
    /// Staff, at their console or for the business.
    Support,
}

impl Actor {
    /// Reads what the filter sends: a member's id, or a word.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "worker" => Some(Self::Worker),
            "command" => Some(Self::Command),
            "support" => Some(Self::Support),
            id => MemberId::parse(id).map(Self::Member),
        }
    }
}

/// To what, as a filter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Object {
    /// This one.
    One(Uuid),
    /// All of this kind.
    Kind(words::Kind),
}

impl Object {
    /// Reads what the filter sends: an id, or `kind:` and a kind.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("kind:") {
            Some(kind) => words::Kind::parse(kind).map(Self::Kind),
            None => ids::from_text(text).map(Self::One),
        }
    }
}

impl Filters {
    /// The dates as bounds of ids: from the first one on, and below the second.
    pub fn bounds(&self, zone: Tz) -> (Option<AuditEntryId>, Option<AuditEntryId>) {
        let least = |instant: DateTime<Utc>| AuditEntryId(ids::floor(instant));
        let from = self.from.map(|day| local_midnight(day, zone));
        let next_day = self.to.and_then(|day| day.checked_add_days(Days::new(1)));
        let until = next_day.map(|day| local_midnight(day, zone));
        (from.map(least), until.map(least))
    }

    /// The filters in words, as in the sentence "exported the audit trail: …"; nothing without any.
    pub fn said(&self, person: Option<&str>) -> String {
        let actor = self.actor.map(|actor| match actor {
            Actor::Member(_) => format!("by {}", person.unwrap_or("somebody unknown")),
            Actor::Worker => "by the worker".to_owned(),
            Actor::Command => "by commands".to_owned(),
            Actor::Support => "by support".to_owned(),
        });
        let object = self.object.map(|object| match object {
            Object::One(id) => format!("about {}", ids::to_text(id)),
            Object::Kind(kind) => format!("about the kind {}", kind.code()),
        });
        let parts = [
            actor,
            self.action.map(|action| format!("action {}", action.code())),
            object,
            self.from.map(|day| format!("from {day}")),
            self.to.map(|day| format!("to {day}")),
            self.origin.map(|origin| format!("origin {}", origin.code())),
            (!self.words.is_empty()).then(|| format!("words “{}”", self.words.join(" "))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Where a page begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// With the newest entry.
    Newest,
    /// With the first that is older than this one.
    After(AuditEntryId),
    /// So that it ends with the last that is newer than this one.
    Before(AuditEntryId),
}

/// One page of what is found.
pub struct Search {
    /// Which entries.
    pub filters: Filters,
    /// Which page of them.
    pub place: Place,
}

/// A page, newest first, and how to go on.
pub struct Found {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Newer ones are those before this.
    pub newer: Option<AuditEntryId>,
    /// Older ones are those after this.
    pub older: Option<AuditEntryId>,
    /// Who can be chosen as the actor, by name; nobody for those who see only their own entries.
    pub people: Vec<(MemberId, String)>,
}

impl Question for Search {
    const NEEDS: Permission = Permission::ReadTrail;
    type Output = Found;

    fn find(&self, view: &mut View<'_>) -> Result<Found, Refusal> {
        let people = store::people_who_sign_in(view)?;
        let wanted = (self.place, PAGE + 1);
        let mut entries = store::page(view, &self.filters, wanted, Patience::Page).map_err(too_long)?;
        let there_is_more = entries.len() > PAGE;
        entries.truncate(PAGE);
        if matches!(self.place, Place::Before(_)) {
            entries.reverse();
        }
        let first = entries.first().map(|entry| entry.id);
        let last = entries.last().map(|entry| entry.id);
        let (newer, older) = match self.place {
            Place::Newest => (None, last.filter(|_| there_is_more)),
            Place::After(_) => (first, last.filter(|_| there_is_more)),
            Place::Before(_) => (first.filter(|_| there_is_more), last),
        };
        Ok(Found { entries, newer, older, people })
    }
}

/// A search that took too long is mended with dates; everything else that keeps the database away is not.
fn too_long(refusal: Refusal) -> Refusal {
    let is_given_up = refusal.cause.as_ref().is_some_and(|cause| cause.contains("statement timeout"));
    match refusal.kind == Kind::Busy && is_given_up {
        true => Refusal::invalid(
            "from",
            "The trail is too long to look through for this. Choose a first day, or a later one.",
        ),
        false => refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_zone_and_both_count() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let filters = Filters { from: Some(day("2026-03-29")), to: Some(day("2026-03-29")), ..Filters::default() };
        let (from, until) = filters.bounds(Tz::Europe__Berlin);
        let least = |text: &str| Some(AuditEntryId(ids::floor(text.parse().unwrap())));
        assert_eq!(from, least("2026-03-28T23:00:00Z"));
        assert_eq!(until, least("2026-03-29T22:00:00Z"), "the day has 23 hours");
        assert_eq!(Filters::default().bounds(Tz::UTC), (None, None));
    }

    #[test]
    fn actors_and_objects_are_ids_or_listed_words() {
        let id = ids::to_text(Uuid::from_u128(7));
        assert_eq!(Actor::parse(&id), Some(Actor::Member(MemberId(Uuid::from_u128(7)))));
        assert_eq!(Actor::parse("worker"), Some(Actor::Worker));
        assert_eq!(Actor::parse("Uma"), None);
        assert_eq!(Object::parse(&id), Some(Object::One(Uuid::from_u128(7))));
        assert_eq!(Object::parse("kind:member"), words::Kind::parse("member").map(Object::Kind));
        assert_eq!(Object::parse("kind:spaceship"), None);
    }

    #[test]
    fn only_a_search_that_was_given_up_asks_for_dates() {
        let given_up = too_long(Refusal::busy("canceling statement due to statement timeout"));
        assert_eq!((given_up.kind, given_up.field), (Kind::Invalid, Some("from")));
        assert_eq!(too_long(Refusal::busy("server closed the connection")).kind, Kind::Busy);
        assert_eq!(too_long(Refusal::not_found()).kind, Kind::NotFound);
    }

    #[test]
    fn filters_can_be_said() {
        let filters = Filters {
            actor: Some(Actor::Member(MemberId(Uuid::nil()))),
            action: Action::parse("user.signed_in"),
            from: "2026-11-01".parse().ok(),
            words: vec!["figma".to_owned(), "seat".to_owned()],
            ..Filters::default()
        };
        assert_eq!(
            filters.said(Some("Uma Usher")),
            "by Uma Usher, action user.signed_in, from 2026-11-01, words “figma seat”"
        );
        assert_eq!(Filters::default().said(None), "");
    }
}

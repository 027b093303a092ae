//! Entries as the trail's pages show them.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use crate::domain::audit::entry::{Entry, Outcome, Who};
use crate::domain::audit::words::{Action, Kind};
use crate::kernel::access::{House, Origin};
use crate::kernel::fact::Change;
use crate::kernel::ids;

/// Changes that a list shows of one entry; its own page has the rest.
const SHOWN: usize = 6;
const NOTE: &str = "note.added";

/// The entries of one day.
pub struct DayOfTrail {
    /// "Today, Tuesday 24 November 2026".
    pub title: String,
    /// Newest first.
    pub rows: Vec<EntryRow>,
}

/// One entry.
pub struct EntryRow {
    /// The id, in links.
    pub id: String,
    /// The actor's name.
    pub who: String,
    /// The actor's id, when everything they did can be asked for.
    pub member: Option<String>,
    /// The business for which a member of staff acted, or empty.
    pub behalf: String,
    /// The support session, or empty.
    pub session: String,
    /// The icon of an actor who is no person.
    pub icon: &'static str,
    /// What was said before the object's name.
    pub said: String,
    /// The object's name, where it stands in the sentence or else after it.
    pub object: String,
    /// What was said after the object's name.
    pub rest: String,
    /// The object's name, wherever it stands; empty when it had none.
    pub label: String,
    /// Everything about the object, in the trail.
    pub object_path: String,
    /// "Subscription".
    pub kind: String,
    /// "Gave a seat".
    pub action: String,
    /// To the second.
    pub time: String,
    /// The day.
    pub date: String,
    /// For machines.
    pub iso: String,
    /// "Page".
    pub origin: String,
    /// The client's address, or empty.
    pub address: String,
    /// The request, or empty.
    pub request: String,
    /// (field, before, after).
    pub changes: Vec<(String, String, String)>,
    /// How many more changes there are.
    pub more: usize,
    /// Whether it was tried and refused.
    pub is_refused: bool,
    /// Whether a person wrote the words.
    pub is_note: bool,
}

impl EntryRow {
    /// The entry in a list.
    pub fn short(entry: &Entry, house: House) -> Self {
        let whole = Self::whole(entry, house);
        let more = whole.changes.len().saturating_sub(SHOWN);
        let changes = whole.changes.into_iter().take(SHOWN).collect();
        Self { changes, more, ..whole }
    }

    /// The entry with all of its changes.
    pub fn whole(entry: &Entry, house: House) -> Self {
        let (said, object, rest) = sentence(entry);
        let day = entry.at.with_timezone(&house.zone).date_naive();
        Self {
            id: entry.id.to_string(),
            who: entry.who.name().to_owned(),
            member: entry.who.member().map(|member| member.to_string()),
            behalf: entry.who.behalf().unwrap_or_default().to_owned(),
            session: entry.support_session.map(|session| session.to_string()).unwrap_or_default(),
            icon: icon(&entry.who),
            said,
            object,
            rest,
            label: entry.object.label.clone(),
            object_path: format!("/audit?object={}", ids::to_text(entry.object.id)),
            kind: Kind::parse(&entry.object.kind).map_or(entry.object.kind.as_str(), |kind| kind.label()).to_owned(),
            action: Action::parse(&entry.action).map_or(entry.action.as_str(), |action| action.label()).to_owned(),
            time: house.locale.time_to_the_second(entry.at, house.zone),
            date: house.locale.date_long(day),
            iso: iso(entry.at),
            origin: Origin::parse(&entry.origin).map_or(entry.origin.as_str(), |origin| origin.label()).to_owned(),
            address: entry.address.clone().unwrap_or_default(),
            request: entry.request.map(|request| request.to_string()).unwrap_or_default(),
            changes: entry.changes.iter().map(change).collect(),
            more: 0,
            is_refused: entry.outcome == Outcome::Refused,
            is_note: entry.action == NOTE,
        }
    }
}

/// Entries under the days on which they happened in the business's zone.
pub fn by_day(entries: &[Entry], house: House, today: NaiveDate) -> Vec<DayOfTrail> {
    let day_of = |entry: &Entry| entry.at.with_timezone(&house.zone).date_naive();
    let same_day = |a: &Entry, b: &Entry| day_of(a) == day_of(b);
    let days = entries.chunk_by(same_day).filter_map(|day| Some((day_of(day.first()?), day)));
    days.map(|(day, entries)| DayOfTrail {
        title: title(day, today, house),
        rows: entries.iter().map(|entry| EntryRow::short(entry, house)).collect(),
    })
    .collect()
}

fn title(day: NaiveDate, today: NaiveDate, house: House) -> String {
    let written = house.locale.date_long(day);
    match today.signed_duration_since(day).num_days() {
        0 => format!("Today, {written}"),
        1 => format!("Yesterday, {written}"),
        _ => written,
    }
}

/// The sentence, parted around the object's name: the last one in it, but the first one in a note, where a person
/// wrote what follows. A "Seat of Figma" is "a seat of Figma" within a sentence.
fn sentence(entry: &Entry) -> (String, String, String) {
    let (said, label) = (entry.said.as_str(), entry.object.label.as_str());
    let parted = parted(said, label, entry.action == NOTE).or_else(|| parted(said, &uncapitalized(label), false));
    match parted {
        Some((before, name, after)) => (before.to_owned(), name.to_owned(), after.to_owned()),
        None => (said.to_owned(), String::new(), String::new()),
    }
}

fn parted<'a>(said: &'a str, label: &str, is_first: bool) -> Option<(&'a str, &'a str, &'a str)> {
    let mut places = said.match_indices(label).filter(|(at, name)| !name.is_empty() && is_whole(said, *at, name));
    let (at, name) = match is_first {
        true => places.next(),
        false => places.last(),
    }?;
    let (before, rest) = said.split_at_checked(at)?;
    Some((before, name, rest.strip_prefix(name)?))
}

fn uncapitalized(label: &str) -> String {
    let mut letters = label.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    first + letters.as_str()
}

/// Whether the name stands there as words of its own, and not within a longer one.
fn is_whole(said: &str, at: usize, name: &str) -> bool {
    let before = said.get(..at).and_then(|before| before.chars().next_back());
    let after = said.get(at + name.len()..).and_then(|after| after.chars().next());
    let goes_on = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
    !goes_on(before) && !goes_on(after)
}

fn icon(who: &Who) -> &'static str {
    match who {
        Who::Member { .. } | Who::Person { .. } => "",
        Who::Worker => "refresh",
        Who::Command | Who::Program { .. } => "code",
        Who::Support { .. } => "lifebuoy",
        Who::Visitor | Who::Invitee | Who::Forgotten => "user",
    }
}

fn change(change: &Change) -> (String, String, String) {
    let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    (change.field.clone(), side(&change.before), side(&change.after))
}

fn iso(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::audit::entry::About;
    use crate::kernel::ids::AuditEntryId;

    fn entry(action: &str, said: &str, label: &str) -> Entry {
        Entry {
            id: AuditEntryId(Uuid::nil()),
            at: DateTime::UNIX_EPOCH,
            who: Who::Worker,
            action: action.to_owned(),
            object: About { kind: "member".to_owned(), id: Uuid::nil(), label: label.to_owned() },
            said: said.to_owned(),
            changes: Vec::new(),
            outcome: Outcome::Done,
            origin: "worker".to_owned(),
            request: None,
            address: None,
            support_session: None,
        }
    }

    #[test]
    fn the_object_is_a_link_within_its_sentence() {
        for (action, said, label, object, rest) in [
            ("a.b", "gave Uma a seat of Figma", "Figma", "Figma", ""),
            ("a.b", "made Figma of Figma, now", "Figma", "Figma", ", now"),
            ("a.b", "renamed Figmas", "Figma", "", ""),
            ("a.b", "signed in", "", "", ""),
            ("a.b", "gave Uma a seat of Figma now", "Seat of Figma", "seat of Figma", " now"),
            ("note.added", "noted about Figma: “Figma agreed”", "Figma", "Figma", ": “Figma agreed”"),
            ("a.b", "hat Größe geändert", "Größe", "Größe", " geändert"),
        ] {
            let (_, found, after) = sentence(&entry(action, said, label));
            assert_eq!((found.as_str(), after.as_str()), (object, rest), "{said}");
        }
    }

    #[test]
    fn days_are_those_of_the_house() {
        let at = |text: &str| Entry { at: text.parse().unwrap(), ..entry("a.b", "did it", "") };
        let entries = [at("2026-11-24T05:00:00Z"), at("2026-11-24T04:59:59Z"), at("2026-11-01T12:00:00Z")];
        let house = House {
            business: crate::kernel::ids::BusinessId::INSTALLATION,
            zone: chrono_tz::America::New_York,
            currency: crate::kernel::currency::Currency::USD,
            locale: crate::kernel::locale::Locale::parse("en-GB").unwrap(),
            standing: crate::kernel::access::Standing::Active,
        };
        let today = "2026-11-24".parse().unwrap();
        let days = by_day(&entries, house, today);
        let titles: Vec<&str> = days.iter().map(|day| day.title.as_str()).collect();
        let expected =
            ["Today, Tuesday 24 November 2026", "Yesterday, Monday 23 November 2026", "Sunday 1 November 2026"];
        assert_eq!(titles, expected);
        assert_eq!(days.first().unwrap().rows.first().unwrap().time, "00:00:00");
    }
}

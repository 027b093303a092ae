//! The trail as a file: all entries that a search finds, a part at a time, so that memory stays flat however many
//! there are. That somebody takes it is written down before the first byte leaves.

use std::borrow::Cow;

use chrono::SecondsFormat;
use chrono_tz::Tz;

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::guard::lines;
use crate::kernel::ids::{self, AuditEntryId, BusinessId};
use crate::kernel::operation::{Attempt, Operation, Question};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, View, Work};

use super::entry::Entry;
use super::search::{Actor, Filters, Place};
use super::store::{self, Patience};
use super::words::Kind;

/// Entries read at once.
const PART: usize = 1_000;

const HEADER: [&str; 14] = [
    "When",
    "Person",
    "Person id",
    "What",
    "Action",
    "Kind",
    "Object",
    "Object id",
    "Changes",
    "Outcome",
    "Origin",
    "Address",
    "Request",
    "Entry",
];

/// Writes down that the trail was taken as a file.
pub struct Export {
    /// Which entries of it.
    pub filters: Filters,
}

impl Operation for Export {
    const NEEDS: Permission = Permission::ExportTrail;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "audit.export_refused", said: "tried to export the audit trail" });
    /// The file ends before this entry: it holds what stood when it was asked for.
    type Output = AuditEntryId;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<AuditEntryId>, Refusal> {
        let person = match self.filters.actor {
            Some(Actor::Member(member)) => store::member_name(work, member)?,
            _ => None,
        };
        let business = store::about_business(work)?;
        let fact =
            Exported { business: work.business(), name: business.label, filters: self.filters.said(person.as_deref()) };
        let until = AuditEntryId(ids::floor(work.now()));
        work.record(&fact, until)
    }
}

struct Exported {
    business: BusinessId,
    name: String,
    filters: String,
}

impl Fact for Exported {
    fn code(&self) -> &'static str {
        "audit.exported"
    }

    fn object(&self) -> Object {
        Object::new("business", self.business, &self.name)
    }

    fn said(&self) -> String {
        match self.filters.is_empty() {
            true => "exported the audit trail".to_owned(),
            false => format!("exported the audit trail: {}", self.filters),
        }
    }
}

/// The next part of a file, newest first.
pub struct Part {
    /// Which entries.
    pub filters: Filters,
    /// Older than this one.
    pub after: AuditEntryId,
}

impl Question for Part {
    const NEEDS: Permission = Permission::ExportTrail;
    type Output = Vec<Entry>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<Entry>, Refusal> {
        store::page(view, &self.filters, (Place::After(self.after), PART), Patience::File)
    }
}

/// Whether another part can follow this one.
pub fn goes_on(part: &[Entry]) -> Option<AuditEntryId> {
    part.last().filter(|_| part.len() == PART).map(|entry| entry.id)
}

/// The first line of the file.
pub fn header() -> Result<Vec<u8>, Refusal> {
    lines([HEADER])
}

/// The lines of these entries: RFC 4180, no cell a formula, times in the zone with their offset.
pub fn rows(entries: &[Entry], zone: Tz) -> Result<Vec<u8>, Refusal> {
    lines(entries.iter().map(|entry| cells(entry, zone)))
}

fn cells(entry: &Entry, zone: Tz) -> [Cow<'_, str>; 14] {
    let at = entry.at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Millis, true);
    let kind = Kind::parse(&entry.object.kind).map_or(entry.object.kind.as_str(), |kind| kind.label());
    let person = entry.who.member().map(|member| member.to_string());
    let request = entry.request.map(|request| request.to_string());
    let actor = match entry.who.behalf() {
        Some(business) => format!("{} on behalf of {business}", entry.who.name()).into(),
        None => entry.who.name().into(),
    };
    [
        at.into(),
        actor,
        person.unwrap_or_default().into(),
        entry.said.as_str().into(),
        entry.action.as_str().into(),
        kind.into(),
        entry.object.label.as_str().into(),
        ids::to_text(entry.object.id).into(),
        entry.changes.iter().map(change).collect::<Vec<_>>().join("; ").into(),
        entry.outcome.label().into(),
        entry.origin.as_str().into(),
        entry.address.as_deref().unwrap_or_default().into(),
        request.unwrap_or_default().into(),
        entry.id.to_string().into(),
    ]
}

fn change(change: &Change) -> String {
    let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    format!("{}: {} → {}", change.field, side(&change.before), side(&change.after))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::super::entry::{About, Outcome, Who};
    use super::*;

    #[test]
    fn a_line_holds_the_entry_and_no_formula() {
        let at: DateTime<Utc> = "2026-11-24T09:42:07.5Z".parse().unwrap();
        let entry = Entry {
            id: AuditEntryId(Uuid::from_u128(1)),
            at,
            who: Who::Person { name: "=cmd()".to_owned() },
            action: "note.added".to_owned(),
            object: About { kind: "member".to_owned(), id: Uuid::from_u128(2), label: "Uma, \"the\" Usher".to_owned() },
            said: "noted about it: “two\nlines”".to_owned(),
            changes: vec![
                Change::new("Seats", Some("110".to_owned()), Some("120".to_owned())),
                Change::set("Role", "User"),
            ],
            outcome: Outcome::Refused,
            origin: "page".to_owned(),
            request: None,
            address: Some("192.0.2.14".to_owned()),
            support_session: None,
        };
        let text = String::from_utf8(rows(&[entry], Tz::Europe__Berlin).unwrap()).unwrap();
        assert_eq!(
            text,
            "2026-11-24T10:42:07.500+01:00,'=cmd(),,\"noted about it: “two\nlines”\",note.added,Person,\
             \"Uma, \"\"the\"\" Usher\",00000000000000000000000002,Seats: 110 → 120; Role: – → User,Refused,page,\
             192.0.2.14,,00000000000000000000000001\r\n"
        );
    }
}

//! How facts become rows of the audit trail. Rows are only ever inserted.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::access::{Access, Actor, Origin};
use super::fact::Fact;
use super::ids::{self, AuditEntryId, BusinessId};
use super::operation::Attempt;
use super::refusal::Refusal;
use super::schema::{audit_entries, members};

const BATCH: usize = 1_000;

#[derive(Insertable)]
#[diesel(table_name = audit_entries)]
pub(super) struct NewEntry {
    id: AuditEntryId,
    business_id: BusinessId,
    parse_id: String,
    at: DateTime<Utc>,
    actor_kind: &'static str,
    actor_member_id: Option<Uuid>,
    actor_other_id: Option<Uuid>,
    action: &'static str,
    object_kind: &'static str,
    object_id: Uuid,
    object_label: String,
    said: String,
    changes: serde_json::Value,
    origin: &'static str,
    outcome: &'static str,
    request_id: Option<Uuid>,
    address: Option<String>,
    support_session_id: Option<Uuid>,
}

/// The entry of the `nth` fact of one act.
pub(super) fn entry(access: &Access, now: DateTime<Utc>, nth: u32, fact: &impl Fact) -> NewEntry {
    let (member, other) = match access.actor() {
        Actor::Member { member, user, .. } => (Some(member.0), Some(user.0)),
        Actor::User { user } | Actor::Staff { user } => (None, Some(user.0)),
        // For the business, and so by none of its members, whoever's eyes the session has borrowed.
        Actor::Support { staff, .. } => (None, Some(staff.0)),
        Actor::Invitee { user, .. } | Actor::Visitor { user } => (None, user.map(Uuid::from)),
        Actor::ApiKey { key } => (None, Some(key.0)),
        Actor::Worker | Actor::Command => (None, None),
    };
    let session = match access.actor() {
        Actor::Support { session, .. } => Some(session.0),
        _ => None,
    };
    let source = access.source();
    let object = fact.object();
    NewEntry {
        id: AuditEntryId::mint_nth(now, nth),
        business_id: access.business(),
        parse_id: ids::parse_id(),
        at: now,
        actor_kind: access.actor().code(),
        actor_member_id: member,
        actor_other_id: other,
        action: fact.code(),
        object_kind: object.kind,
        object_id: object.id,
        object_label: object.label,
        said: fact.said(),
        changes: changes_of(fact),
        origin: source.origin.code(),
        outcome: "done",
        request_id: source.request.map(Uuid::from),
        address: source.address.map(|address| address.to_string()),
        support_session_id: session,
    }
}

/// The same fact for each of these businesses, in each by the member the acting person is there: without that, nobody
/// would find their own sign-ins among their own entries.
pub(super) fn entries_in(
    conn: &mut PgConnection,
    access: &Access,
    (now, nth): (DateTime<Utc>, u32),
    businesses: &[BusinessId],
    fact: &impl Fact,
) -> Result<Vec<NewEntry>, Refusal> {
    let memberships: Vec<(BusinessId, Uuid)> = members::table
        .filter(members::user_id.eq(access.user()))
        .filter(members::business_id.eq_any(businesses))
        .select((members::business_id, members::id))
        .load(conn)?;
    let member_in = |business| memberships.iter().find(|(place, _)| *place == business).map(|(_, member)| *member);
    let entry_in = |business: &BusinessId| NewEntry {
        business_id: *business,
        actor_member_id: member_in(*business),
        ..entry(access, now, nth, fact)
    };
    Ok(businesses.iter().map(entry_in).collect())
}

/// The entry of the `nth` fact of one batch of the worker's.
pub(super) fn entry_of_worker(business: BusinessId, now: DateTime<Utc>, nth: u32, fact: &impl Fact) -> NewEntry {
    let object = fact.object();
    NewEntry {
        id: AuditEntryId::mint_nth(now, nth),
        business_id: business,
        parse_id: ids::parse_id(),
        at: now,
        actor_kind: Actor::Worker.code(),
        actor_member_id: None,
        actor_other_id: None,
        action: fact.code(),
        object_kind: object.kind,
        object_id: object.id,
        object_label: object.label,
        said: fact.said(),
        changes: changes_of(fact),
        origin: Origin::Worker.code(),
        outcome: "done",
        request_id: None,
        address: None,
        support_session_id: None,
    }
}

/// Writes that somebody tried what was refused, with the sentence they got.
pub(super) fn write_attempt(
    conn: &mut PgConnection,
    access: &Access,
    now: DateTime<Utc>,
    attempt: Attempt,
    refusal: &Refusal,
) -> Result<(), Refusal> {
    let refused = Refused { attempt, business: access.business(), reason: refusal.message.to_string() };
    let entry = NewEntry { outcome: "refused", ..entry(access, now, 0, &refused) };
    write(conn, vec![entry])
}

pub(super) fn write(conn: &mut PgConnection, entries: Vec<NewEntry>) -> Result<(), Refusal> {
    for batch in entries.chunks(BATCH) {
        diesel::insert_into(audit_entries::table).values(batch).execute(conn)?;
    }
    Ok(())
}

fn changes_of(fact: &impl Fact) -> serde_json::Value {
    serde_json::to_value(fact.changes()).unwrap_or_else(|_| serde_json::Value::Array(Vec::new()))
}

struct Refused {
    attempt: Attempt,
    business: BusinessId,
    reason: String,
}

impl Fact for Refused {
    fn code(&self) -> &'static str {
        self.attempt.action
    }

    fn object(&self) -> super::fact::Object {
        super::fact::Object::new("business", self.business, String::new())
    }

    fn said(&self) -> String {
        self.attempt.said.to_owned()
    }

    fn changes(&self) -> Vec<super::fact::Change> {
        vec![super::fact::Change::set("Answer", self.reason.clone())]
    }
}

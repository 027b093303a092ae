//! Notifications in the database. Every query of an inbox starts from `own`.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::dsl::Filter;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use crate::kernel::ids::{self, BusinessId, MemberId, NotificationId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{members, notification_preferences, notifications};
use crate::kernel::work::{Scope, SweepWork, View, Work};

use super::inbox::{InboxOf, MOST_COUNTED};
use super::kind::{Kind, Way};
use super::notification::{Notification, Told};
use super::preferences::{Preferences, Ways};

type Condition = Box<dyn BoxableExpression<notifications::table, Pg, SqlType = Bool>>;

/// What this member was told: nobody sees anybody else's, whatever else they may see.
fn own(scope: &impl Scope, member: MemberId) -> Filter<notifications::table, Condition> {
    let business = scope.business();
    let theirs: Condition = Box::new(notifications::business_id.eq(business).and(notifications::member_id.eq(member)));
    notifications::table.filter(theirs)
}

type NotificationRow = (NotificationId, String, Option<Uuid>, serde_json::Value, DateTime<Utc>, Option<DateTime<Utc>>);
type NotificationColumns = (
    notifications::id,
    notifications::kind,
    notifications::object_id,
    notifications::told,
    notifications::created_at,
    notifications::read_at,
);
const NOTIFICATION: NotificationColumns = (
    notifications::id,
    notifications::kind,
    notifications::object_id,
    notifications::told,
    notifications::created_at,
    notifications::read_at,
);

/// None for a kind that this release does not know: it is left out.
fn notification_of(row: NotificationRow) -> Result<Option<Notification>, Refusal> {
    let (id, kind, object, told, at, read_at) = row;
    let Some(kind) = Kind::parse(&kind) else {
        return Ok(None);
    };
    let told: Told = serde_json::from_value(told).map_err(Refusal::fault)?;
    Ok(Some(Notification { id, kind, object, told, at, is_read: read_at.is_some() }))
}

/// One page of an inbox, the newest first.
pub(super) fn page(
    view: &mut View<'_>,
    member: MemberId,
    asked: &InboxOf,
    limit: i64,
) -> Result<Vec<Notification>, Refusal> {
    let mut wanted = own(view, member).into_boxed();
    if asked.is_unread {
        wanted = wanted.filter(notifications::read_at.is_null());
    }
    let known: Vec<&str> = match asked.kind {
        Some(kind) => vec![kind.code()],
        None => Kind::all().filter(|kind| kind.has_inbox()).map(Kind::code).collect(),
    };
    wanted = wanted.filter(notifications::kind.eq_any(known));
    if let Some(after) = asked.after {
        wanted = wanted.filter(notifications::id.lt(after));
    }
    let rows: Vec<NotificationRow> =
        wanted.order(notifications::id.desc()).limit(limit).select(NOTIFICATION).load(view.conn())?;
    rows.into_iter().filter_map(|row| notification_of(row).transpose()).collect()
}

/// How many of them were not read; not counted further than needed.
pub(super) fn unread(view: &mut View<'_>, member: MemberId) -> Result<i64, Refusal> {
    let some: Vec<NotificationId> = own(view, member)
        .filter(notifications::read_at.is_null())
        .select(notifications::id)
        .limit(MOST_COUNTED)
        .load(view.conn())?;
    i64::try_from(some.len()).map_err(Refusal::fault)
}

/// One of them, for its reader.
pub(super) fn find(work: &mut Work<'_>, member: MemberId, id: NotificationId) -> Result<Notification, Refusal> {
    let row: NotificationRow =
        own(work, member).filter(notifications::id.eq(id)).select(NOTIFICATION).for_update().first(work.conn())?;
    notification_of(row)?.ok_or_else(Refusal::not_found)
}

/// Marks one of them, or all, as read; says how many were not.
pub(super) fn set_read(work: &mut Work<'_>, member: MemberId, one: Option<NotificationId>) -> Result<usize, Refusal> {
    let (business, now) = (work.business(), work.now());
    let theirs = notifications::table
        .filter(notifications::business_id.eq(business).and(notifications::member_id.eq(member)))
        .filter(notifications::read_at.is_null());
    let read = notifications::read_at.eq(now);
    Ok(match one {
        Some(id) => diesel::update(theirs.filter(notifications::id.eq(id))).set(read).execute(work.conn())?,
        None => diesel::update(theirs).set(read).execute(work.conn())?,
    })
}

/// A message to be put.
pub(super) struct New {
    pub(super) id: NotificationId,
    pub(super) business: BusinessId,
    pub(super) member: MemberId,
    pub(super) kind: Kind,
    pub(super) object: Option<Uuid>,
    pub(super) told: Told,
    pub(super) occasion: Option<String>,
}

/// Whoever does not sign in has no inbox; whoever turned a kind off has it left out, and so is what was told before.
const PUT: &str = "
INSERT INTO notifications (business_id, id, parse_id, member_id, kind, object_id, told, occasion, created_at)
SELECT n.business_id, n.id, n.parse_id, n.member_id, n.kind, n.object_id, n.told, n.occasion, $9
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
  AS n (business_id, id, parse_id, member_id, kind, object_id, told, occasion)
JOIN members m ON m.business_id = n.business_id AND m.id = n.member_id AND m.status = 'active'
LEFT JOIN notification_preferences p
  ON p.business_id = n.business_id AND p.member_id = n.member_id AND p.kind = n.kind
WHERE coalesce(p.inbox, true)
ON CONFLICT (business_id, member_id, occasion) WHERE occasion IS NOT NULL DO NOTHING";

/// Puts messages into the inboxes of those who want them there, in one statement.
pub(super) fn put(conn: &mut PgConnection, now: DateTime<Utc>, mut rows: Vec<New>) -> Result<(), Refusal> {
    rows.retain(|row| row.kind.has_inbox());
    if rows.is_empty() {
        return Ok(());
    }
    let told = rows.iter().map(|row| serde_json::to_value(&row.told).map_err(Refusal::fault));
    diesel::sql_query(PUT)
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.business).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows.iter().map(|_| ids::parse_id()).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.member).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows.iter().map(|row| row.kind.code()).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|row| row.object).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(told.collect::<Result<Vec<_>, _>>()?)
        .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.occasion.clone()).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(now)
        .execute(conn)?;
    Ok(())
}

/// A member of a business, and the code of a kind.
pub(super) type Key = (BusinessId, MemberId, String);

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = SqlUuid)]
    business_id: BusinessId,
    #[diesel(sql_type = SqlUuid)]
    member_id: MemberId,
    #[diesel(sql_type = Text)]
    kind: String,
}

const WITHOUT_LETTERS: &str = "
SELECT p.business_id, p.member_id, p.kind
FROM unnest($1, $2, $3) AS k (business_id, member_id, kind)
JOIN notification_preferences p
  ON p.business_id = k.business_id AND p.member_id = k.member_id AND p.kind = k.kind AND NOT p.letter";

/// Which of these members want no letter of which kind.
pub(super) fn without_letters(
    conn: &mut PgConnection,
    mut keys: Vec<(BusinessId, MemberId, Kind)>,
) -> Result<HashSet<Key>, Refusal> {
    keys.retain(|(_, _, kind)| kind.letter() == Way::Chosen);
    if keys.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<KeyRow> = diesel::sql_query(WITHOUT_LETTERS)
        .bind::<Array<SqlUuid>, _>(keys.iter().map(|(business, ..)| *business).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(keys.iter().map(|(_, member, _)| *member).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(keys.iter().map(|(.., kind)| kind.code()).collect::<Vec<_>>())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.business_id, row.member_id, row.kind)).collect())
}

/// The ways of every kind for this member.
pub(super) fn preferences(scope: &mut impl Scope, member: MemberId) -> Result<Preferences, Refusal> {
    let business = scope.business();
    let chosen: Vec<(String, bool, bool)> = notification_preferences::table
        .filter(notification_preferences::business_id.eq(business))
        .filter(notification_preferences::member_id.eq(member))
        .select((notification_preferences::kind, notification_preferences::inbox, notification_preferences::letter))
        .load(scope.conn())?;
    let mut preferences: Preferences = Kind::all().map(|kind| (kind, Ways::usual(kind))).collect();
    for (code, inbox, letter) in chosen {
        if let Some(kind) = Kind::parse(&code).filter(|kind| !kind.is_fixed()) {
            preferences.insert(kind, Ways { inbox, letter });
        }
    }
    Ok(preferences)
}

/// Writes what was chosen anew.
pub(super) fn write_preferences(
    work: &mut Work<'_>,
    member: MemberId,
    changed: &[(Kind, Ways, Ways)],
) -> Result<(), Refusal> {
    use diesel::upsert::excluded;
    let business = work.business();
    let rows = changed.iter().map(|(kind, _, ways)| {
        (
            notification_preferences::business_id.eq(business),
            notification_preferences::member_id.eq(member),
            notification_preferences::kind.eq(kind.code()),
            notification_preferences::inbox.eq(ways.inbox),
            notification_preferences::letter.eq(ways.letter),
        )
    });
    diesel::insert_into(notification_preferences::table)
        .values(rows.collect::<Vec<_>>())
        .on_conflict((
            notification_preferences::business_id,
            notification_preferences::member_id,
            notification_preferences::kind,
        ))
        .do_update()
        .set((
            notification_preferences::inbox.eq(excluded(notification_preferences::inbox)),
            notification_preferences::letter.eq(excluded(notification_preferences::letter)),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// The member's name.
pub(super) fn name(work: &mut Work<'_>, member: MemberId) -> Result<String, Refusal> {
    Ok(members::table.find((work.business(), member)).select(members::name).first(work.conn())?)
}

/// Takes out what is older than this, at most so many; says how many.
pub(super) fn forget(work: &mut SweepWork<'_>, until: DateTime<Utc>, at_most: i64) -> Result<usize, Refusal> {
    let old = notifications::table
        .filter(notifications::created_at.lt(until))
        .order(notifications::created_at)
        .limit(at_most)
        .select((notifications::business_id, notifications::id))
        .for_update()
        .skip_locked();
    let keys: Vec<(BusinessId, NotificationId)> = old.load(work.conn_of_all_businesses())?;
    let ids: Vec<NotificationId> = keys.iter().map(|(_, id)| *id).collect();
    let businesses: Vec<BusinessId> = keys.iter().map(|(business, _)| *business).collect();
    Ok(diesel::sql_query(
        "DELETE FROM notifications n USING unnest($1, $2) AS k (business_id, id)
         WHERE n.business_id = k.business_id AND n.id = k.id",
    )
    .bind::<Array<SqlUuid>, _>(businesses)
    .bind::<Array<SqlUuid>, _>(ids)
    .execute(work.conn_of_all_businesses())?)
}

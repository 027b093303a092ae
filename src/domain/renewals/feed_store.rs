//! Calendar feeds in the database, and when what they tell of was changed last.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Timestamptz, Uuid as SqlUuid};

use crate::kernel::ids::{BusinessId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{calendar_feeds, members};
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, View, Work};

use super::feed::Feed;

#[diesel::dsl::auto_type(no_type_alias)]
fn of(business: BusinessId, member: MemberId) -> _ {
    calendar_feeds::table.filter(calendar_feeds::business_id.eq(business)).filter(calendar_feeds::member_id.eq(member))
}

/// Writes the hash of a new key; says whether there was none before.
pub(super) fn write(work: &mut Work<'_>, member: MemberId, key_hash: &[u8]) -> Result<bool, Refusal> {
    let (business, now) = (work.business(), work.now());
    let is_new = diesel::delete(of(business, member)).execute(work.conn())? == 0;
    diesel::insert_into(calendar_feeds::table)
        .values((
            calendar_feeds::business_id.eq(business),
            calendar_feeds::member_id.eq(member),
            calendar_feeds::key_hash.eq(key_hash),
            calendar_feeds::made_at.eq(now),
        ))
        // Two at once: the key of the later one counts, and the earlier one never worked.
        .on_conflict((calendar_feeds::business_id, calendar_feeds::member_id))
        .do_update()
        .set((calendar_feeds::key_hash.eq(key_hash), calendar_feeds::made_at.eq(now)))
        .execute(work.conn())?;
    Ok(is_new)
}

/// Deletes it; says whether there was one.
pub(super) fn delete(work: &mut Work<'_>, member: MemberId) -> Result<bool, Refusal> {
    let business = work.business();
    Ok(diesel::delete(of(business, member)).execute(work.conn())? == 1)
}

/// The feed of a member.
pub(super) fn feed(view: &mut View<'_>, member: MemberId) -> Result<Option<Feed>, Refusal> {
    let business = view.business();
    let found: Option<(DateTime<Utc>, Option<DateTime<Utc>>)> = of(business, member)
        .select((calendar_feeds::made_at, calendar_feeds::read_at))
        .first(view.conn())
        .optional()?;
    Ok(found.map(|(made_at, read_at)| Feed { made_at, read_at }))
}

/// The name of a member.
pub(super) fn name(work: &mut Work<'_>, member: MemberId) -> Result<String, Refusal> {
    let business = work.business();
    Ok(members::table.find((business, member)).select(members::name).first(work.conn())?)
}

#[derive(QueryableByName)]
struct ChangedRow {
    #[diesel(sql_type = SqlUuid)]
    id: SubscriptionId,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

const CHANGED: &str = "
SELECT k.id, e.at FROM unnest($1) AS k (id)
CROSS JOIN LATERAL (
  SELECT at FROM audit_entries WHERE business_id = $2 AND object_id = k.id ORDER BY id DESC LIMIT 1
) e";

/// When the trail last told of each of these, which may be seen.
pub(super) fn changed(
    view: &mut View<'_>,
    subscriptions: Vec<SubscriptionId>,
) -> Result<HashMap<SubscriptionId, DateTime<Utc>>, Refusal> {
    let business = view.business();
    let rows: Vec<ChangedRow> = Statement::new(CHANGED)
        .bind::<Array<SqlUuid>, _>(subscriptions)
        .bind::<SqlUuid, _>(business)
        .load(view.conn())?;
    Ok(rows.into_iter().map(|row| (row.id, row.at)).collect())
}

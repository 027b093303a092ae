//! Keys in the database, by the hash of their text.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

use crate::kernel::access::{House, HouseRow, Sees};
use crate::kernel::ids::{ApiKeyId, BusinessId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{api_keys, businesses};
use crate::kernel::work::{Scope, Sight, View, Work};

use super::api_key::{ApiKey, KeyKind, KeyScope};

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_keys, check_for_backend(Pg))]
struct Row {
    id: ApiKeyId,
    name: String,
    kind: String,
    scopes: Vec<Option<String>>,
    last4: String,
    created_at: DateTime<Utc>,
    expires_on: NaiveDate,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl Row {
    fn api_key(self) -> Result<ApiKey, Refusal> {
        let kind = KeyKind::parse(&self.kind).ok_or_else(|| Refusal::fault("a key of an unknown kind"))?;
        Ok(ApiKey {
            id: self.id,
            name: self.name,
            kind,
            // What a newer release no longer knows allows nothing.
            scopes: self.scopes.iter().flatten().filter_map(|code| KeyScope::parse(code)).collect(),
            last4: self.last4,
            created_at: self.created_at,
            expires_on: self.expires_on,
            last_used_at: self.last_used_at,
            revoked_at: self.revoked_at,
        })
    }
}

/// The keys of the business, for whoever sees all of it.
fn visible(sight: Sight) -> api_keys::BoxedQuery<'static, Pg> {
    let own = api_keys::table.filter(api_keys::business_id.eq(sight.business)).into_boxed();
    match sight.sees {
        Sees::All => own,
        Sees::OnlyOf(_) | Sees::Nothing => own.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("false")),
    }
}

/// Keeps two who make keys at once from both taking the last place.
pub(super) fn lock_business(work: &mut Work<'_>) -> Result<(), Refusal> {
    let business = work.business();
    let _: BusinessId =
        businesses::table.find(business).select(businesses::id).for_no_key_update().first(work.conn())?;
    Ok(())
}

/// How many keys open something today.
pub(super) fn live(work: &mut Work<'_>) -> Result<i64, Refusal> {
    let today = work.today();
    let live = visible(work.sight()).filter(api_keys::revoked_at.is_null()).filter(api_keys::expires_on.ge(today));
    Ok(live.count().get_result(work.conn())?)
}

/// Writes a new key.
pub(super) fn insert(work: &mut Work<'_>, key: &ApiKey, hash: &[u8]) -> Result<(), Refusal> {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.code()).collect();
    diesel::insert_into(api_keys::table)
        .values((
            api_keys::business_id.eq(work.business()),
            api_keys::id.eq(key.id),
            api_keys::name.eq(&key.name),
            api_keys::kind.eq(key.kind.code()),
            api_keys::scopes.eq(scopes),
            api_keys::key_hash.eq(hash),
            api_keys::last4.eq(&key.last4),
            api_keys::created_at.eq(key.created_at),
            api_keys::expires_on.eq(key.expires_on),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// The key of this id.
pub(super) fn find(work: &mut Work<'_>, id: ApiKeyId) -> Result<ApiKey, Refusal> {
    let row: Row = visible(work.sight()).filter(api_keys::id.eq(id)).select(Row::as_select()).first(work.conn())?;
    row.api_key()
}

/// Writes that it opens nothing from now on; `false` when that was so already.
pub(super) fn revoke(work: &mut Work<'_>, id: ApiKeyId) -> Result<bool, Refusal> {
    let (business, now) = (work.business(), work.now());
    let live = api_keys::table.find((business, id)).filter(api_keys::revoked_at.is_null());
    Ok(diesel::update(live).set(api_keys::revoked_at.eq(now)).execute(work.conn())? == 1)
}

/// The keys of the business, those that are not revoked first.
pub(super) fn list(view: &mut View<'_>, at_most: i64) -> Result<Vec<ApiKey>, Refusal> {
    let rows: Vec<Row> = visible(view.sight())
        .order((api_keys::revoked_at.is_not_null(), api_keys::id.desc()))
        .limit(at_most)
        .select(Row::as_select())
        .load(view.conn())?;
    rows.into_iter().map(Row::api_key).collect()
}

/// Notes that a key was used, unless that was noted a short while ago.
pub(super) fn note_use(work: &mut Work<'_>, key: ApiKeyId, every: TimeDelta) -> Result<bool, Refusal> {
    let (business, now) = (work.business(), work.now());
    let is_stale = api_keys::last_used_at.is_null().or(api_keys::last_used_at.le(now - every));
    let stale = api_keys::table.find((business, key)).filter(is_stale);
    Ok(diesel::update(stale).set(api_keys::last_used_at.eq(now)).execute(work.conn())? == 1)
}

/// The key with this hash, in whichever business, with the house it belongs to; also one that opens nothing any more.
pub fn of_hash(conn: &mut PgConnection, hash: &[u8]) -> Result<Option<(House, ApiKey)>, Refusal> {
    let found: Option<(HouseRow, Row)> = api_keys::table
        .inner_join(businesses::table)
        .filter(api_keys::key_hash.eq(hash))
        .select((HouseRow::as_select(), Row::as_select()))
        .first(conn)
        .optional()?;
    found.map(|(house, row)| Ok((house.house()?, row.api_key()?))).transpose()
}

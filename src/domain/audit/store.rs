//! The trail in the database, to be read.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::connection::SimpleConnection;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Text};
use uuid::Uuid;

use crate::kernel::access::Sees;
use crate::kernel::fact::Change;
use crate::kernel::ids::{AuditEntryId, MemberId, RequestId, SupportSessionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{api_keys, audit_entries, businesses, members, users};
use crate::kernel::work::{Scope, SweepWork};

use super::entry::{About, Entry, Outcome, Who};
use super::search::{Actor, Filters, Object, Place};

diesel::define_sql_function! {
    /// In small letters.
    fn lower(text: Text) -> Text;
}
diesel::define_sql_function! {
    /// Makes the month that holds the day, unless it stands.
    fn add_audit_month(day: Date) -> Bool;
}
diesel::define_sql_function! {
    /// Whether entries lie in no month.
    fn audit_rows_in_default() -> Bool;
}

/// People to choose from at most; whoever is sought beyond them can be found by words.
const MOST_PEOPLE: i64 = 500;

type Visible = audit_entries::BoxedQuery<'static, Pg>;

/// All entries of the business, or one's own.
fn visible(scope: &impl Scope) -> Visible {
    let sight = scope.sight();
    let all = audit_entries::table.filter(audit_entries::business_id.eq(sight.business)).into_boxed();
    match sight.sees {
        Sees::All => all,
        Sees::OnlyOf(member) => all.filter(audit_entries::actor_member_id.eq(member.0)),
        Sees::Nothing => all.filter(diesel::dsl::sql::<Bool>("false")),
    }
}

fn filtered(scope: &impl Scope, filters: &Filters) -> Visible {
    let mut query = visible(scope);
    let (from, until) = filters.bounds(scope.house().zone);
    if let Some(from) = from {
        query = query.filter(audit_entries::id.ge(from));
    }
    if let Some(until) = until {
        query = query.filter(audit_entries::id.lt(until));
    }
    if let Some(action) = filters.action {
        query = query.filter(audit_entries::action.eq(action.code()));
    }
    if let Some(origin) = filters.origin {
        query = query.filter(audit_entries::origin.eq(origin.code()));
    }
    query = match filters.actor {
        None => query,
        Some(Actor::Member(member)) => query.filter(audit_entries::actor_member_id.eq(member.0)),
        Some(Actor::Worker) => by_no_member(query, &["worker"]),
        Some(Actor::Command) => by_no_member(query, &["command"]),
        Some(Actor::Support) => by_no_member(query, &["support", "staff"]),
    };
    query = match filters.object {
        None => query,
        Some(Object::One(id)) => query.filter(audit_entries::object_id.eq(id)),
        Some(Object::Kind(kind)) => query.filter(audit_entries::object_kind.eq(kind.code())),
    };
    filters.words.iter().fold(query, |query, word| with_word(query, scope, word))
}

/// By an actor who is no member: the index by actor has them all under none.
fn by_no_member(query: Visible, kinds: &'static [&'static str]) -> Visible {
    query.filter(audit_entries::actor_member_id.is_null().and(audit_entries::actor_kind.eq_any(kinds)))
}

fn with_word(query: Visible, scope: &impl Scope, word: &str) -> Visible {
    let pattern = format!("%{}%", escaped(&word.to_lowercase()));
    // One text, folded once: two ILIKEs take half as long again.
    let told = lower(audit_entries::said.concat(" ").concat(audit_entries::object_label));
    let named = members::table
        .filter(members::business_id.eq(scope.business()))
        .filter(members::name_folded.like(pattern.clone()))
        .select(members::id.nullable());
    query.filter(told.like(pattern).or(audit_entries::actor_member_id.eq_any(named)))
}

/// The word with the signs that mean something in a pattern taken literally.
fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_entries, check_for_backend(Pg))]
struct EntryRow {
    id: AuditEntryId,
    at: DateTime<Utc>,
    actor_kind: String,
    actor_member_id: Option<MemberId>,
    action: String,
    object_kind: String,
    object_id: Uuid,
    object_label: String,
    said: String,
    changes: serde_json::Value,
    outcome: String,
    origin: String,
    request_id: Option<RequestId>,
    address: Option<String>,
    support_session_id: Option<SupportSessionId>,
    #[diesel(select_expression = members::name.nullable())]
    member_name: Option<String>,
    #[diesel(select_expression = users::name.nullable())]
    user_name: Option<String>,
    #[diesel(select_expression = api_keys::name.nullable())]
    key_name: Option<String>,
}

/// How long a search may take. Both plan anew for their values: what fits a common actor is slow for a rare one.
pub(super) enum Patience {
    /// Somebody waits for the page.
    Page,
    /// A file is being written.
    File,
}

impl Patience {
    fn setting(&self) -> &'static str {
        match self {
            Self::Page => "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL statement_timeout = '5s'",
            Self::File => "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL statement_timeout = '60s'",
        }
    }
}

/// Up to so many entries from this place on: newest first, but oldest first for those before an entry.
pub(super) fn page(
    scope: &mut impl Scope,
    filters: &Filters,
    (place, most): (Place, usize),
    patience: Patience,
) -> Result<Vec<Entry>, Refusal> {
    scope.conn().batch_execute(patience.setting())?;
    let query = filtered(scope, filters);
    let query = match place {
        Place::Newest => query.order(audit_entries::id.desc()),
        Place::After(id) => query.filter(audit_entries::id.lt(id)).order(audit_entries::id.desc()),
        Place::Before(id) => query.filter(audit_entries::id.gt(id)).order(audit_entries::id.asc()),
    };
    let most = i64::try_from(most).map_err(Refusal::fault)?;
    load(scope, query.limit(most))
}

/// The newest entries about this object; its index is in their order, whatever the object.
pub(super) fn latest(scope: &mut impl Scope, object: Uuid, most: usize) -> Result<Vec<Entry>, Refusal> {
    let most = i64::try_from(most).map_err(Refusal::fault)?;
    let query = visible(scope).filter(audit_entries::object_id.eq(object)).order(audit_entries::id.desc());
    load(scope, query.limit(most))
}

/// The entry of this id.
pub(super) fn one(scope: &mut impl Scope, id: AuditEntryId) -> Result<Entry, Refusal> {
    let query = visible(scope).filter(audit_entries::id.eq(id));
    load(scope, query)?.pop().ok_or_else(Refusal::not_found)
}

fn load(scope: &mut impl Scope, query: Visible) -> Result<Vec<Entry>, Refusal> {
    let of_the_business = members::business_id.eq(audit_entries::business_id);
    let of_the_place = api_keys::business_id.eq(audit_entries::business_id);
    let is_the_member = members::id.nullable().eq(audit_entries::actor_member_id);
    let rows: Vec<EntryRow> = query
        .left_join(members::table.on(of_the_business.and(is_the_member)))
        .left_join(users::table.on(users::id.nullable().eq(audit_entries::actor_other_id)))
        .left_join(api_keys::table.on(of_the_place.and(api_keys::id.nullable().eq(audit_entries::actor_other_id))))
        .select(EntryRow::as_select())
        .load(scope.conn())?;
    let has_support = rows.iter().any(|row| row.support_session_id.is_some());
    let behalf = if has_support { Some(about_business(scope)?.label) } else { None };
    rows.into_iter().map(|row| entry_of(row, behalf.as_deref())).collect()
}

fn entry_of(row: EntryRow, business: Option<&str>) -> Result<Entry, Refusal> {
    let changes: Vec<Change> = serde_json::from_value(row.changes).map_err(Refusal::fault)?;
    let member = row.actor_member_id.zip(row.member_name);
    let who = match Who::of(&row.actor_kind, member, row.user_name.or(row.key_name)) {
        Who::Support { name, .. } if row.support_session_id.is_some() => {
            Who::Support { name, behalf: business.map(str::to_owned) }
        }
        who => who,
    };
    Ok(Entry {
        id: row.id,
        at: row.at,
        who,
        action: row.action,
        object: About { kind: row.object_kind, id: row.object_id, label: row.object_label },
        said: row.said,
        changes,
        outcome: Outcome::of(&row.outcome),
        origin: row.origin,
        request: row.request_id,
        address: row.address,
        support_session: row.support_session_id,
    })
}

/// Those who can or could sign in, by name; nobody for those who see only their own entries.
pub(super) fn people_who_sign_in(scope: &mut impl Scope) -> Result<Vec<(MemberId, String)>, Refusal> {
    let sight = scope.sight();
    if sight.sees != Sees::All {
        return Ok(Vec::new());
    }
    Ok(members::table
        .filter(members::business_id.eq(sight.business).and(members::user_id.is_not_null()))
        .order((members::name_folded, members::id))
        .limit(MOST_PEOPLE)
        .select((members::id, members::name))
        .load(scope.conn())?)
}

/// The name of a member of this business.
pub(super) fn member_name(scope: &mut impl Scope, member: MemberId) -> Result<Option<String>, Refusal> {
    let business = scope.business();
    Ok(members::table.find((business, member)).select(members::name).first(scope.conn()).optional()?)
}

/// The business itself, as what an entry is about.
pub(super) fn about_business(scope: &mut impl Scope) -> Result<About, Refusal> {
    let business = scope.business();
    let label = businesses::table.find(business).select(businesses::name).first(scope.conn())?;
    Ok(About { kind: "business".to_owned(), id: business.0, label })
}

/// What the newest entry that may be seen calls this object.
pub(super) fn latest_about(scope: &mut impl Scope, object: Uuid) -> Result<About, Refusal> {
    let (kind, label) = visible(scope)
        .filter(audit_entries::object_id.eq(object))
        .order(audit_entries::id.desc())
        .select((audit_entries::object_kind, audit_entries::object_label))
        .first(scope.conn())?;
    Ok(About { kind, id: object, label })
}

/// Makes these months, where they do not stand yet; says which ones it made.
pub(super) fn add_months(work: &mut SweepWork<'_>, firsts: &[NaiveDate]) -> Result<Vec<NaiveDate>, Refusal> {
    // Making one waits for everybody who reads or writes the trail, and everybody waits behind it: better another time.
    diesel::sql_query("SET LOCAL lock_timeout = '2s'").execute(work.conn_of_all_businesses())?;
    let mut made = Vec::new();
    for first in firsts {
        let is_new: bool = diesel::select(add_audit_month(*first)).get_result(work.conn_of_all_businesses())?;
        made.extend(is_new.then_some(*first));
    }
    Ok(made)
}

/// Whether entries lie in no month.
pub(super) fn anything_in_no_month(work: &mut SweepWork<'_>) -> Result<bool, Refusal> {
    Ok(diesel::select(audit_rows_in_default()).get_result(work.conn_of_all_businesses())?)
}

//! Imports in the database.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::access::Sees;
use crate::kernel::ids::{BusinessId, ImportId, MemberId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{
    assignments, imports, invitations, members, renewal_decisions, seat_requests, subscriptions,
};
use crate::kernel::secret::{Keyring, Purpose};
use crate::kernel::work::{Scope, SweepWork, View, Work};

use super::choices::{Choices, Newcomers};
use super::columns::Mapping;
use super::import::{Done, Import, ImportCounts, ImportState, KEPT_FOR, Kept, runs};
use super::kind::Kind;

/// With the worker.
pub(super) const RUNNING: &str = "committing";

/// An import with everything that is stored of it.
pub(super) struct Stored {
    pub(super) import: Import,
    pub(super) content: Option<Vec<u8>>,
    pub(super) choices: Choices,
    /// What was created or changed, as its kind reads it.
    pub(super) touched: Option<serde_json::Value>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = imports, check_for_backend(diesel::pg::Pg))]
pub(super) struct ImportRow {
    id: ImportId,
    kind: String,
    file_name: String,
    created_rows: Option<i32>,
    updated_rows: Option<i32>,
    unchanged_rows: Option<i32>,
    refused_rows: Option<i32>,
    created_at: DateTime<Utc>,
    committed_at: Option<DateTime<Utc>>,
    kept: Option<serde_json::Value>,
    undone_at: Option<DateTime<Utc>>,
    state: String,
    trouble: Option<String>,
}

/// The same, as it is stored.
#[derive(Queryable, Selectable)]
#[diesel(table_name = imports, check_for_backend(diesel::pg::Pg))]
pub(super) struct StoredRow {
    #[diesel(embed)]
    import: ImportRow,
    content: Option<Vec<u8>>,
    mapping: serde_json::Value,
    touched: Option<serde_json::Value>,
    adds_people: bool,
}

fn visible(scope: &impl Scope) -> imports::BoxedQuery<'static, diesel::pg::Pg> {
    let all = imports::table.filter(imports::business_id.eq(scope.business())).into_boxed();
    match scope.sight().sees {
        Sees::All => all,
        Sees::OnlyOf(own) => all.filter(imports::created_by.eq(own)),
        Sees::Nothing => all.filter(diesel::dsl::sql::<Bool>("false")),
    }
}

/// Keeps an uploaded file; one that holds secrets is sealed.
pub(super) fn insert(
    work: &mut Work<'_>,
    kind: Kind,
    (file_name, content): (&str, &[u8]),
    mapping: &Mapping,
) -> Result<ImportId, Refusal> {
    let (business, now) = (work.business(), work.now());
    let member = work.access().member().ok_or_else(Refusal::not_allowed)?;
    let id = ImportId::mint(now);
    let content = match kind.is_secret() {
        true => work.keyring().seal(Purpose::Upload, id.0.as_bytes(), content)?,
        false => content.to_vec(),
    };
    diesel::insert_into(imports::table)
        .values((
            imports::business_id.eq(business),
            imports::id.eq(id),
            imports::kind.eq(kind.code()),
            imports::file_name.eq(file_name),
            imports::content.eq(content),
            imports::mapping.eq(to_json(mapping)?),
            imports::state.eq("uploaded"),
            imports::created_by.eq(member),
            imports::created_at.eq(now),
        ))
        .execute(work.conn())?;
    Ok(id)
}

/// One import with its file.
pub(super) fn find(view: &mut View<'_>, id: ImportId) -> Result<Stored, Refusal> {
    let now = view.now();
    let query = visible(view).filter(imports::id.eq(id)).inner_join(
        members::table.on(members::business_id.eq(imports::business_id).and(members::id.eq(imports::created_by))),
    );
    let (row, by) = query.select((StoredRow::as_select(), members::name)).first(view.conn())?;
    stored_of(view.keyring(), row, by, now)
}

/// The same, locked until the transaction ends; who uploaded it is not looked up.
pub(super) fn lock(work: &mut Work<'_>, id: ImportId) -> Result<Stored, Refusal> {
    let (business, now) = (work.business(), work.now());
    let seen = visible(work).filter(imports::id.eq(id)).select((imports::id, imports::state, imports::file_name));
    let (seen, state, file_name): (ImportId, String, String) = seen.first(work.conn())?;
    if state == RUNNING {
        // The worker holds it, perhaps for long: that can be said without waiting.
        return Err(runs(&file_name));
    }
    let row = imports::table.find((business, seen)).select(StoredRow::as_select()).for_update().first(work.conn())?;
    stored_of(work.keyring(), row, String::new(), now)
}

/// So many imports, the newest first, from after this one on.
pub(super) fn page(view: &mut View<'_>, after: Option<ImportId>, count: usize) -> Result<Vec<Import>, Refusal> {
    let now = view.now();
    let mut query = visible(view);
    if let Some(after) = after {
        query = query.filter(imports::id.lt(after));
    }
    let uploader =
        members::table.on(members::business_id.eq(imports::business_id).and(members::id.eq(imports::created_by)));
    let count = i64::try_from(count).map_err(Refusal::fault)?;
    let rows: Vec<(ImportRow, String)> = query
        .inner_join(uploader)
        .order(imports::id.desc())
        .limit(count)
        .select((ImportRow::as_select(), members::name))
        .load(view.conn())?;
    rows.into_iter().map(|(row, by)| import_of(row, by, now)).collect()
}

/// Keeps what is chosen of a file.
pub(super) fn choose(work: &mut Work<'_>, id: ImportId, choices: &Choices) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(imports::table.find((business, id)))
        .set((
            imports::mapping.eq(to_json(&choices.mapping)?),
            imports::adds_people.eq(choices.newcomers == Newcomers::Added),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// Writes what came of it, and how to undo it. A file that holds secrets has done its work, and goes.
pub(super) fn commit(
    work: &mut Work<'_>,
    (id, kind): (ImportId, Kind),
    choices: &Choices,
    Done { counts, touched }: &Done,
) -> Result<(), Refusal> {
    choose(work, id, choices)?;
    let (business, now) = (work.business(), work.now());
    let rows = |count: i64| i32::try_from(count).map_err(Refusal::fault);
    diesel::update(imports::table.find((business, id)))
        .set((
            imports::state.eq("committed"),
            imports::created_rows.eq(rows(counts.created)?),
            imports::updated_rows.eq(rows(counts.updated)?),
            imports::unchanged_rows.eq(rows(counts.unchanged)?),
            imports::refused_rows.eq(rows(counts.refused)?),
            imports::committed_at.eq(now),
            imports::touched.eq(touched),
            imports::started_by.eq(None::<MemberId>),
            imports::started_at.eq(None::<DateTime<Utc>>),
            imports::trouble.eq(None::<String>),
        ))
        .execute(work.conn())?;
    if kind.is_secret() {
        let none: Option<Vec<u8>> = None;
        diesel::update(imports::table.find((business, id))).set(imports::content.eq(none)).execute(work.conn())?;
    }
    Ok(())
}

/// Writes that it was undone, and who was kept.
pub(super) fn undo(work: &mut Work<'_>, id: ImportId, kept: &[Kept]) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    let none: Option<serde_json::Value> = None;
    diesel::update(imports::table.find((business, id)))
        .set((imports::undone_at.eq(now), imports::kept.eq(to_json(kept)?), imports::touched.eq(none)))
        .execute(work.conn())?;
    Ok(())
}

/// What ties these people to the books, so that they cannot be taken out: the rest of a sentence that begins with
/// their name. Whoever would refer to them waits for the lock on them. The seats of those who are `excused` are no tie.
pub(super) fn ties(
    work: &mut Work<'_>,
    people: &[MemberId],
    excused: &BTreeSet<MemberId>,
) -> Result<BTreeMap<MemberId, &'static str>, Refusal> {
    let business = work.business();
    let invited = invitations::table
        .filter(invitations::business_id.eq(business).and(invitations::member_id.eq_any(people)))
        .select(invitations::member_id)
        .distinct()
        .load::<MemberId>(work.conn())?;
    let holders = assignments::table
        .filter(assignments::business_id.eq(business).and(assignments::member_id.eq_any(people)))
        .select(assignments::member_id)
        .distinct()
        .load::<MemberId>(work.conn())?;
    let holders = holders.into_iter().filter(|holder| !excused.contains(holder)).collect();
    let askers = seat_requests::table
        .filter(seat_requests::business_id.eq(business).and(seat_requests::member_id.eq_any(people)))
        .select(seat_requests::member_id)
        .distinct()
        .load::<MemberId>(work.conn())?;
    let owners = subscriptions::table
        .filter(subscriptions::business_id.eq(business).and(subscriptions::owner_id.eq_any(people)))
        .select(subscriptions::owner_id)
        .distinct()
        .load::<MemberId>(work.conn())?;
    let deciders = renewal_decisions::table
        .filter(renewal_decisions::business_id.eq(business).and(renewal_decisions::decided_by.eq_any(people)))
        .select(renewal_decisions::decided_by.assume_not_null())
        .distinct()
        .load::<MemberId>(work.conn())?;
    let all = [
        (invited, "was invited since"),
        (holders, "was given a seat since"),
        (askers, "asked for a seat since"),
        (owners, "owns a subscription since"),
        (deciders, "decided on a renewal since"),
    ];
    Ok(all.into_iter().flat_map(|(people, why)| people.into_iter().map(move |who| (who, why))).collect())
}

/// Takes the content off old files; answers of how many.
pub(super) fn forget(work: &mut SweepWork<'_>, count: i64) -> Result<usize, Refusal> {
    let until = work.now() - KEPT_FOR;
    let old = imports::table
        .filter(imports::content.is_not_null().or(imports::touched.is_not_null()).and(imports::created_at.le(until)))
        .filter(imports::state.ne(RUNNING))
        .order(imports::created_at)
        .limit(count)
        .for_update()
        .skip_locked()
        .select((imports::business_id, imports::id))
        .load::<(BusinessId, ImportId)>(work.conn_of_all_businesses())?;
    let ids: Vec<ImportId> = old.into_iter().map(|(_, id)| id).collect();
    let (bytes, json): (Option<Vec<u8>>, Option<serde_json::Value>) = (None, None);
    let forgotten = diesel::update(imports::table.filter(imports::id.eq_any(ids)))
        .set((imports::content.eq(bytes), imports::touched.eq(json)))
        .execute(work.conn_of_all_businesses())?;
    Ok(forgotten)
}

/// An import as its row has it.
pub(super) fn stored_of(keyring: &Keyring, row: StoredRow, by: String, now: DateTime<Utc>) -> Result<Stored, Refusal> {
    let import = import_of(row.import, by, now)?;
    let content = match import.kind.is_secret() {
        true => row.content.map(|sealed| keyring.open(Purpose::Upload, import.id.0.as_bytes(), &sealed)).transpose()?,
        false => row.content,
    };
    let newcomers = if row.adds_people { Newcomers::Added } else { Newcomers::LeftOut };
    let choices = Choices { mapping: from_json(row.mapping)?, newcomers };
    Ok(Stored { import, content, choices, touched: row.touched })
}

fn import_of(row: ImportRow, by: String, now: DateTime<Utc>) -> Result<Import, Refusal> {
    let count = |rows: Option<i32>| i64::from(rows.unwrap_or_default());
    let counts = ImportCounts {
        created: count(row.created_rows),
        updated: count(row.updated_rows),
        unchanged: count(row.unchanged_rows),
        refused: count(row.refused_rows),
    };
    let state = match (row.committed_at, row.undone_at) {
        (Some(_), Some(at)) => {
            ImportState::Undone { at, counts, kept: row.kept.map(from_json).transpose()?.unwrap_or_default() }
        }
        (Some(at), None) => ImportState::Committed { at, counts },
        (None, _) if row.state == RUNNING => ImportState::Running,
        (None, _) if Import::is_kept(row.created_at, now) => ImportState::Waiting,
        (None, _) => ImportState::Gone,
    };
    let kind = Kind::parse(&row.kind).ok_or_else(|| Refusal::fault("an import has an unknown kind"))?;
    let (file_name, uploaded_at, trouble) = (row.file_name, row.created_at, row.trouble);
    Ok(Import { id: row.id, kind, file_name, by, uploaded_at, state, trouble })
}

fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<serde_json::Value, Refusal> {
    serde_json::to_value(value).map_err(Refusal::fault)
}

fn from_json<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Refusal> {
    serde_json::from_value(value).map_err(Refusal::fault)
}

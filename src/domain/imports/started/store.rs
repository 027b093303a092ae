//! Started imports in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::kernel::ids::{BusinessId, ImportId, MemberId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{import_progress, imports, members, worker_failures};
use crate::kernel::work::{Scope, SweepWork, View, Work};

use super::find::Started;
use super::running::Running;
use crate::domain::imports::import::runs;
use crate::domain::imports::store::{RUNNING, Stored, StoredRow, stored_of};

/// Under this name it is noted that a started import failed. There is one at a time in a business.
pub(super) const JOB: &str = "imports";

fn is_started() -> diesel::dsl::Eq<imports::state, &'static str> {
    imports::state.eq(RUNNING)
}

/// Refuses while an import of the business runs: it holds what another one would wait for.
pub(in super::super) fn require_none(work: &mut Work<'_>) -> Result<(), Refusal> {
    let running = imports::table.filter(imports::business_id.eq(work.business()).and(is_started()));
    let name: Option<String> = running.select(imports::file_name).first(work.conn()).optional()?;
    name.map_or(Ok(()), |file_name| Err(runs(&file_name)))
}

/// Leaves a waiting import of so many rows to the worker, under the lock of the business.
pub(in super::super) fn start(work: &mut Work<'_>, id: ImportId, rows: usize) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    let member = work.access().member().ok_or_else(Refusal::not_allowed)?;
    diesel::update(imports::table.find((business, id)))
        .set((
            imports::state.eq(RUNNING),
            imports::started_by.eq(member),
            imports::started_at.eq(now),
            imports::trouble.eq(None::<String>),
        ))
        .execute(work.conn())?;
    diesel::insert_into(import_progress::table)
        .values((
            import_progress::business_id.eq(business),
            import_progress::import_id.eq(id),
            import_progress::done_rows.eq(0),
            import_progress::all_rows.eq(i32::try_from(rows).map_err(Refusal::fault)?),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// The import that was started first and that nobody is at.
pub(super) fn oldest(work: &mut SweepWork<'_>) -> Result<Option<Started>, Refusal> {
    let waits = worker_failures::table
        .filter(worker_failures::job.eq(JOB).and(worker_failures::business_id.eq(imports::business_id)))
        .filter(worker_failures::next_attempt_at.gt(work.now()));
    let found: Option<(BusinessId, ImportId, MemberId)> = imports::table
        .filter(is_started())
        .filter(diesel::dsl::not(diesel::dsl::exists(waits)))
        .order((imports::started_at, imports::id))
        .select((imports::business_id, imports::id, imports::started_by.assume_not_null()))
        .for_update()
        .skip_locked()
        .first(work.conn_of_all_businesses())
        .optional()?;
    Ok(found.map(|(business, import, by)| Started { business, import, by }))
}

/// A started import of the acting member, locked until the transaction ends; none: another worker has it, or has done it.
pub(super) fn claim(work: &mut Work<'_>, id: ImportId) -> Result<Option<Stored>, Refusal> {
    let (business, now, member) = (work.business(), work.now(), work.access().member());
    let row: Option<StoredRow> = imports::table
        .find((business, id))
        .filter(is_started().and(imports::started_by.is_not_distinct_from(member)))
        .select(StoredRow::as_select())
        .for_update()
        .skip_locked()
        .first(work.conn())
        .optional()?;
    row.map(|row| stored_of(work.keyring(), row, String::new(), now)).transpose()
}

/// The name of its file, and locks it until the transaction ends; none: another worker is at it, or has done it.
pub(super) fn take(work: &mut SweepWork<'_>, started: Started) -> Result<Option<String>, Refusal> {
    let taken = imports::table
        .find((started.business, started.import))
        .filter(is_started())
        .select(imports::file_name)
        .for_update()
        .skip_locked()
        .first(work.conn_of_all_businesses())
        .optional()?;
    Ok(taken)
}

/// How often it has failed.
pub(super) fn failures(work: &mut SweepWork<'_>, started: Started) -> Result<i32, Refusal> {
    let known = worker_failures::table.find((JOB, started.business)).select(worker_failures::failures);
    Ok(known.first(work.conn_of_all_businesses()).optional()?.unwrap_or(0))
}

/// Lets it wait again, and says why.
pub(super) fn put_back(work: &mut SweepWork<'_>, started: Started, trouble: &str) -> Result<(), Refusal> {
    let key = (started.business, started.import);
    let conn = work.conn_of_all_businesses();
    diesel::update(imports::table.find(key))
        .set((
            imports::state.eq("uploaded"),
            imports::started_by.eq(None::<MemberId>),
            imports::started_at.eq(None::<DateTime<Utc>>),
            imports::trouble.eq(trouble),
        ))
        .execute(conn)?;
    diesel::delete(import_progress::table.find(key)).execute(conn)?;
    diesel::delete(worker_failures::table.find((JOB, started.business))).execute(conn)?;
    Ok(())
}

/// Writes how many rows are done, while it runs.
pub(super) fn write_progress(work: &mut SweepWork<'_>, started: Started, rows: usize) -> Result<(), Refusal> {
    diesel::update(import_progress::table.find((started.business, started.import)))
        .set(import_progress::done_rows.eq(i32::try_from(rows).map_err(Refusal::fault)?))
        .execute(work.conn_of_all_businesses())?;
    Ok(())
}

/// Forgets how far it came and how often it failed, once it is done.
pub(super) fn end_progress(work: &mut Work<'_>, id: ImportId) -> Result<(), Refusal> {
    let business = work.business();
    diesel::delete(import_progress::table.find((business, id))).execute(work.conn())?;
    diesel::delete(worker_failures::table.find((JOB, business))).execute(work.conn())?;
    Ok(())
}

/// How far it is; none: it does not run any more.
pub(in super::super) fn running(view: &mut View<'_>, id: ImportId) -> Result<Option<Running>, Refusal> {
    type Row = (String, DateTime<Utc>, i32, i32);
    let (business, now) = (view.business(), view.now());
    let starter = members::business_id.eq(imports::business_id).and(members::id.nullable().eq(imports::started_by));
    let progress =
        import_progress::business_id.eq(imports::business_id).and(import_progress::import_id.eq(imports::id));
    let row: Option<Row> = imports::table
        .inner_join(members::table.on(starter))
        .inner_join(import_progress::table.on(progress))
        .filter(imports::business_id.eq(business).and(imports::id.eq(id)).and(is_started()))
        .select((
            members::name,
            imports::started_at.assume_not_null(),
            import_progress::done_rows,
            import_progress::all_rows,
        ))
        .first(view.conn())
        .optional()?;
    let again = worker_failures::table.find((JOB, business)).select(worker_failures::next_attempt_at);
    let again_at: Option<DateTime<Utc>> = again.first(view.conn()).optional()?;
    Ok(row.map(|(by, since, done, rows)| Running {
        by,
        since,
        done: i64::from(done),
        rows: i64::from(rows),
        again_at: again_at.filter(|at| *at > now),
    }))
}

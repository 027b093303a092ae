//! The outbox, as the worker sees it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::kernel::ids::LetterId;
use crate::kernel::outbox::Recipient;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::letters;
use crate::kernel::work::SweepWork;

use super::letter::{ClaimedLetter, Outcome};
use super::settle::Settle;

const LONGEST_ERROR: usize = 500;

#[derive(Queryable, Selectable)]
#[diesel(table_name = letters, check_for_backend(diesel::pg::Pg))]
struct LetterRow {
    id: LetterId,
    kind: String,
    to_email: String,
    to_name: String,
    details: serde_json::Value,
    key_sealed: Option<Vec<u8>>,
    attempts: i32,
    created_at: DateTime<Utc>,
}

/// Leases the letters that are due until then, oldest first.
pub(super) fn claim_due(
    work: &mut SweepWork<'_>,
    batch: i64,
    until: DateTime<Utc>,
) -> Result<Vec<ClaimedLetter>, Refusal> {
    let now = work.now();
    let conn = work.conn_of_all_businesses();
    let due: Vec<LetterId> = letters::table
        .filter(letters::state.eq("waiting").and(letters::due_at.le(now)))
        .order((letters::due_at, letters::id))
        .limit(batch)
        .select(letters::id)
        .for_update()
        .skip_locked()
        .load(conn)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<LetterRow> = diesel::update(letters::table.filter(letters::id.eq_any(due)))
        .set(letters::due_at.eq(until))
        .returning(LetterRow::as_returning())
        .get_results(conn)?;
    rows.sort_by_key(|row| row.id);
    Ok(rows.into_iter().map(|row| claimed(row, until)).collect())
}

fn claimed(row: LetterRow, until: DateTime<Utc>) -> ClaimedLetter {
    ClaimedLetter {
        id: row.id,
        kind: row.kind,
        to: Recipient { email: row.to_email, name: row.to_name },
        details: row.details,
        created_at: row.created_at,
        key_sealed: row.key_sealed,
        attempts: row.attempts,
        leased_until: until,
    }
}

/// Sent is sent, also after the lease was over.
pub(super) fn mark_sent(work: &mut SweepWork<'_>, settle: &Settle) -> Result<(), Refusal> {
    let now = work.now();
    let waiting = letters::table.find(settle.id).filter(letters::state.eq("waiting"));
    diesel::update(waiting)
        .set((
            letters::state.eq("sent"),
            letters::sent_at.eq(now),
            letters::attempts.eq(letters::attempts + 1),
            letters::key_sealed.eq(None::<Vec<u8>>),
            letters::error.eq(None::<String>),
        ))
        .execute(work.conn_of_all_businesses())?;
    Ok(())
}

/// Makes it due again at that instant, unless its lease was over and somebody else has it.
pub(super) fn put_off(
    work: &mut SweepWork<'_>,
    settle: &Settle,
    attempts: i32,
    due_at: DateTime<Utc>,
) -> Result<(), Refusal> {
    let ours = letters::table
        .find(settle.id)
        .filter(letters::state.eq("waiting").and(letters::due_at.eq(settle.leased_until)));
    diesel::update(ours)
        .set((letters::attempts.eq(attempts), letters::due_at.eq(due_at), letters::error.eq(error_of(settle))))
        .execute(work.conn_of_all_businesses())?;
    Ok(())
}

/// Gives it up, unless its lease was over and somebody else has it.
pub(super) fn mark_failed(work: &mut SweepWork<'_>, settle: &Settle, attempts: i32) -> Result<(), Refusal> {
    let ours = letters::table
        .find(settle.id)
        .filter(letters::state.eq("waiting").and(letters::due_at.eq(settle.leased_until)));
    diesel::update(ours)
        .set((
            letters::state.eq("failed"),
            letters::attempts.eq(attempts),
            letters::key_sealed.eq(None::<Vec<u8>>),
            letters::error.eq(error_of(settle)),
        ))
        .execute(work.conn_of_all_businesses())?;
    Ok(())
}

/// What the mail server said, in one line that can be stored.
fn error_of(settle: &Settle) -> Option<String> {
    let said = match &settle.outcome {
        Outcome::Sent => return None,
        Outcome::PutOff(said) | Outcome::Refused(said) | Outcome::NobodyThere(said) => said,
    };
    let one_line = said.chars().map(|c| if c.is_control() { ' ' } else { c });
    Some(one_line.take(LONGEST_ERROR).collect())
}

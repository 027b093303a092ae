//! The letters of one business, as staff see them: to whom, which and how it went; never what they say.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::domain::support::resend::{LetterRow, LetterState};
use crate::kernel::ids::LetterId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{letters, members};
use crate::kernel::work::{Scope, Work};

type Row = (LetterId, String, String, String, DateTime<Utc>, Option<String>, bool);

type Columns = (
    letters::id,
    letters::kind,
    letters::to_email,
    letters::state,
    letters::created_at,
    letters::error,
    letters::carries_key,
);
const COLUMNS: Columns = (
    letters::id,
    letters::kind,
    letters::to_email,
    letters::state,
    letters::created_at,
    letters::error,
    letters::carries_key,
);

fn row_of((id, kind, to, state, created_at, error, carries_key): Row) -> LetterRow {
    LetterRow { id, kind, to, state: LetterState::of(&state), created_at, error, carries_key }
}

/// The newest letters before this one, at most so many.
pub(in crate::domain::support) fn newest(
    scope: &mut impl Scope,
    before: Option<LetterId>,
    at_most: i64,
) -> Result<Vec<LetterRow>, Refusal> {
    let all = letters::table
        .filter(letters::business_id.eq(scope.business()))
        .order(letters::id.desc())
        .limit(at_most)
        .select(COLUMNS)
        .into_boxed();
    let older = match before {
        Some(id) => all.filter(letters::id.lt(id)),
        None => all,
    };
    let rows: Vec<Row> = older.load(scope.conn())?;
    Ok(rows.into_iter().map(row_of).collect())
}

/// The letter of this id.
pub(in crate::domain::support) fn one(scope: &mut impl Scope, id: LetterId) -> Result<LetterRow, Refusal> {
    let row: Row = letters::table
        .find(id)
        .filter(letters::business_id.eq(scope.business()))
        .select(COLUMNS)
        .first(scope.conn())?;
    Ok(row_of(row))
}

/// Whether somebody who signs in to the business still has this address.
pub(in crate::domain::support) fn is_somebodys(scope: &mut impl Scope, email: &str) -> Result<bool, Refusal> {
    let theirs = members::table
        .filter(members::business_id.eq(scope.business()).and(members::status.eq("active")))
        .filter(members::email_folded.eq(email.to_lowercase()));
    Ok(diesel::select(diesel::dsl::exists(theirs)).get_result(scope.conn())?)
}

/// Puts the same letter into the outbox once more, as a new one: with the old Message-ID a mail program would drop it.
pub(in crate::domain::support) fn put_again(work: &mut Work<'_>, id: LetterId) -> Result<(), Refusal> {
    let now = work.now();
    type Copied = (Option<crate::kernel::ids::BusinessId>, String, String, String, serde_json::Value);
    let (business, kind, email, name, details): Copied = letters::table
        .find(id)
        .select((letters::business_id, letters::kind, letters::to_email, letters::to_name, letters::details))
        .first(work.conn())?;
    diesel::insert_into(letters::table)
        .values((
            letters::id.eq(LetterId::mint(now)),
            letters::business_id.eq(business),
            letters::kind.eq(kind),
            letters::to_email.eq(email),
            letters::to_name.eq(name),
            letters::details.eq(details),
            letters::state.eq("waiting"),
            letters::due_at.eq(now),
            letters::created_at.eq(now),
        ))
        .execute(work.conn())?;
    Ok(())
}

//! Once: a form or request that is sent twice does its thing once and gives the first answer twice.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::ids::{BusinessId, UserId};
use super::refusal::Refusal;
use super::schema::once_answers;
use super::secret::sha256;
use super::work::Work;

/// Tells one act from another: who, where, the form's `once` value and the whole body. The same `once` with another
/// body is a new act.
#[derive(Clone, Debug)]
pub struct Once(Vec<u8>);

impl Once {
    /// The act of this person (or visitor) at this path with this value and body.
    pub fn of(who: &str, path: &str, once: &str, body: &[u8]) -> Self {
        Self(sha256(&[who.as_bytes(), path.as_bytes(), once.as_bytes(), body]))
    }
}

/// What a door answers after a change: where to go and what to say there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The path to go to.
    pub location: String,
    /// One line saying what happened and what follows.
    pub flash: String,
    /// Where one post takes it back, for what can be undone.
    #[serde(default)]
    pub undo: Option<String>,
    /// The person this answer signs in, for sign-up and joining.
    pub signs_in: Option<UserId>,
    /// The business it leads into, when that is another one than before.
    pub enters: Option<BusinessId>,
    /// What a program is told.
    #[serde(default)]
    pub told: Option<serde_json::Value>,
    /// When it was given first; none: it is given for the first time.
    #[serde(skip)]
    pub first_given: Option<DateTime<Utc>>,
}

impl Answer {
    /// Go there, and say this.
    pub fn go(location: impl Into<String>, flash: impl Into<String>) -> Self {
        Self {
            location: location.into(),
            flash: flash.into(),
            undo: None,
            signs_in: None,
            enters: None,
            told: None,
            first_given: None,
        }
    }

    /// Tell a program this.
    pub fn tell(told: serde_json::Value) -> Self {
        Self { told: Some(told), ..Self::go("", "") }
    }

    /// The same, taken back by a post to this path.
    pub fn undone_at(self, path: impl Into<String>) -> Self {
        Self { undo: Some(path.into()), ..self }
    }

    /// The same, with this person signed in.
    pub fn signing_in(self, user: UserId) -> Self {
        Self { signs_in: Some(user), ..self }
    }

    /// The same, within this business.
    pub fn entering(self, business: BusinessId) -> Self {
        Self { enters: Some(business), ..self }
    }
}

/// Claims the act within the transaction that does it. A second post waits here for the first to commit, and then
/// gets the first one's answer.
pub(super) fn claim(work: &mut Work<'_>, once: &Once) -> Result<Option<Answer>, Refusal> {
    let now = work.now;
    let unanswered = serde_json::Value::Null;
    let claimed = diesel::insert_into(once_answers::table)
        .values((once_answers::key.eq(&once.0), once_answers::answer.eq(unanswered), once_answers::at.eq(now)))
        .on_conflict_do_nothing()
        .execute(work.connection())?;
    if claimed == 1 {
        return Ok(None);
    }
    let (stored, at): (serde_json::Value, DateTime<Utc>) =
        once_answers::table.find(&once.0).select((once_answers::answer, once_answers::at)).first(work.connection())?;
    let first: Answer = serde_json::from_value(stored).map_err(Refusal::fault)?;
    Ok(Some(Answer { first_given: Some(at), ..first }))
}

/// Keeps the answer of a claimed act.
pub(super) fn keep(work: &mut Work<'_>, once: &Once, answer: &Answer) -> Result<(), Refusal> {
    let stored = serde_json::to_value(answer).map_err(Refusal::fault)?;
    diesel::update(once_answers::table.find(&once.0))
        .set(once_answers::answer.eq(stored))
        .execute(work.connection())?;
    Ok(())
}

/// Forgets the answers from before that instant; says how many.
pub fn sweep(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<usize, Refusal> {
    Ok(diesel::delete(once_answers::table.filter(once_answers::at.lt(before))).execute(conn)?)
}

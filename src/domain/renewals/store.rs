//! Decisions in the database. A subscription that may be seen shows what was decided about it: callers look it up first.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Int4, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use crate::domain::subscriptions::decision::Decided;
use crate::kernel::fact::Change;
use crate::kernel::ids::{DecisionId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::renewal_decisions;
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, View, Work};

use super::decision::{Decision, Wish};
use super::of::Last;

type DecidedRow = (String, Option<i32>, String);
type DecidedColumns = (renewal_decisions::decision, renewal_decisions::seats, renewal_decisions::note);
const DECIDED: DecidedColumns = (renewal_decisions::decision, renewal_decisions::seats, renewal_decisions::note);

#[diesel::dsl::auto_type(no_type_alias)]
fn about(business: crate::kernel::ids::BusinessId, subscription: SubscriptionId, renews_on: NaiveDate) -> _ {
    renewal_decisions::table
        .filter(renewal_decisions::business_id.eq(business))
        .filter(renewal_decisions::subscription_id.eq(subscription))
        .filter(renewal_decisions::renews_on.eq(renews_on))
}

fn decided_of(decision: &str, seats: Option<i32>) -> Result<Decided, Refusal> {
    let seats = seats.map(u32::try_from).transpose().map_err(Refusal::fault)?;
    Decided::parse(decision, seats).ok_or_else(|| Refusal::fault("an unknown decision"))
}

/// What stands about a renewal of a locked subscription, with its note.
pub(super) fn written(
    work: &mut Work<'_>,
    subscription: SubscriptionId,
    renews_on: NaiveDate,
) -> Result<(Wish, String), Refusal> {
    let business = work.business();
    let found: Option<DecidedRow> =
        about(business, subscription, renews_on).select(DECIDED).first(work.conn()).optional()?;
    match found {
        Some((decision, seats, note)) => Ok((Some(decided_of(&decision, seats)?), note)),
        None => Ok((None, String::new())),
    }
}

/// Writes what stands from now on; what is undecided has no row.
pub(super) fn write(
    work: &mut Work<'_>,
    (subscription, renews_on): (SubscriptionId, NaiveDate),
    wish: Wish,
    note: &str,
) -> Result<(), Refusal> {
    let (business, now, member) = (work.business(), work.now(), work.access().member());
    diesel::delete(about(business, subscription, renews_on)).execute(work.conn())?;
    let Some(decided) = wish else {
        return Ok(());
    };
    let seats = match decided {
        Decided::Resize(seats) => Some(i32::try_from(seats).map_err(Refusal::fault)?),
        Decided::Renew | Decided::Cancel => None,
    };
    diesel::insert_into(renewal_decisions::table)
        .values((
            renewal_decisions::business_id.eq(business),
            renewal_decisions::id.eq(DecisionId::mint(now)),
            renewal_decisions::subscription_id.eq(subscription),
            renewal_decisions::renews_on.eq(renews_on),
            renewal_decisions::decision.eq(decided.code()),
            renewal_decisions::seats.eq(seats),
            renewal_decisions::note.eq(note),
            renewal_decisions::decided_by.eq(member),
            renewal_decisions::decided_at.eq(now),
        ))
        .execute(work.conn())?;
    Ok(())
}

#[derive(QueryableByName)]
struct StandsRow {
    #[diesel(sql_type = Nullable<Text>)]
    decision: Option<String>,
    #[diesel(sql_type = Nullable<Int4>)]
    seats: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    note: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    decided_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    decided_by: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    action: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    changes: Option<serde_json::Value>,
}

const STANDS: &str = "
SELECT d.decision, d.seats, d.note, d.decided_at, m.name AS decided_by, e.action, e.changes
FROM (SELECT $1 AS business_id, $2 AS subscription_id, $3 AS renews_on) k
LEFT JOIN renewal_decisions d
  ON d.business_id = k.business_id AND d.subscription_id = k.subscription_id AND d.renews_on = k.renews_on
LEFT JOIN members m ON m.business_id = d.business_id AND m.id = d.decided_by
LEFT JOIN LATERAL (
  SELECT action, changes FROM audit_entries
  WHERE business_id = k.business_id AND object_id = k.subscription_id
    AND action IN ('subscription.renewed', 'subscription.renewed_by_default')
  ORDER BY id DESC LIMIT 1
) e ON true";

/// What stands about a renewal of a visible subscription, and by whom; and the renewal that was written last, as the trail
/// tells of it.
pub(super) fn stands(
    view: &mut View<'_>,
    subscription: SubscriptionId,
    renews_on: Option<NaiveDate>,
) -> Result<(Option<Decision>, Option<Last>), Refusal> {
    let business = view.business();
    let row: StandsRow = Statement::new(STANDS)
        .bind::<SqlUuid, _>(business)
        .bind::<SqlUuid, _>(subscription)
        .bind::<Nullable<Date>, _>(renews_on)
        .get_result(view.conn())?;
    let decision = match (row.decision, row.decided_at) {
        (Some(decision), Some(at)) => {
            let decided = decided_of(&decision, row.seats)?;
            Some(Decision { decided, note: row.note.unwrap_or_default(), by: row.decided_by, at })
        }
        _ => None,
    };
    let last = match (row.action, row.changes) {
        (Some(action), Some(changes)) => last_of(&action, changes)?,
        _ => None,
    };
    Ok((decision, last))
}

/// The renewal is the day from which the entry moved it on.
fn last_of(action: &str, changes: serde_json::Value) -> Result<Option<Last>, Refusal> {
    let changes: Vec<Change> = serde_json::from_value(changes).map_err(Refusal::fault)?;
    let moved = changes.into_iter().find(|change| change.field == "Renews on").and_then(|change| change.before);
    let on = moved.and_then(|day| day.parse().ok());
    Ok(on.map(|on| Last { on, by_default: action == "subscription.renewed_by_default" }))
}

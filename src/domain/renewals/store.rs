//! Decisions in the database. A subscription that may be seen shows what was decided about it: callers look it up first.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use crate::domain::subscriptions::decision::Decided;
use crate::kernel::ids::{DecisionId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{audit_entries, members, renewal_decisions};
use crate::kernel::work::{Scope, View, Work};

use super::decision::{Decision, Wish};
use super::of::Last;

const RENEWED: &str = "subscription.renewed";
const BY_DEFAULT: &str = "subscription.renewed_by_default";

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

/// What stands about a renewal, and by whom.
pub(super) fn decision(
    view: &mut View<'_>,
    subscription: SubscriptionId,
    renews_on: NaiveDate,
) -> Result<Option<Decision>, Refusal> {
    let business = view.business();
    let by = members::business_id
        .eq(renewal_decisions::business_id)
        .and(members::id.nullable().eq(renewal_decisions::decided_by));
    let found: Option<(DecidedRow, Option<String>, DateTime<Utc>)> = about(business, subscription, renews_on)
        .left_join(members::table.on(by))
        .select((DECIDED, members::name.nullable(), renewal_decisions::decided_at))
        .first(view.conn())
        .optional()?;
    found
        .map(|((decision, seats, note), by, at)| Ok(Decision { decided: decided_of(&decision, seats)?, note, by, at }))
        .transpose()
}

/// The renewal of a visible subscription that was written last, as the trail tells of it.
pub(super) fn last(view: &mut View<'_>, subscription: SubscriptionId) -> Result<Option<Last>, Refusal> {
    let business = view.business();
    let found: Option<(String, serde_json::Value)> = audit_entries::table
        .filter(audit_entries::business_id.eq(business).and(audit_entries::object_id.eq(subscription.0)))
        .filter(audit_entries::action.eq_any([RENEWED, BY_DEFAULT]))
        .order(audit_entries::id.desc())
        .select((audit_entries::action, audit_entries::changes))
        .first(view.conn())
        .optional()?;
    let Some((action, changes)) = found else {
        return Ok(None);
    };
    let changes: Vec<crate::kernel::fact::Change> = serde_json::from_value(changes).map_err(Refusal::fault)?;
    let moved = changes.into_iter().find(|change| change.field == "Renews on").and_then(|change| change.before);
    let on = moved.and_then(|day| day.parse().ok());
    Ok(on.map(|on| Last { on, by_default: action == BY_DEFAULT }))
}

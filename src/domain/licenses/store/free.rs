//! Seats that nobody holds: found, made, given up and taken back.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;

use crate::kernel::ids::{self, LicenseId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, licenses};
use crate::kernel::work::{Scope, Sight, Work};

use super::super::license::State;
use super::{is_its_holder, visible};

/// The open seats of a subscription that nobody holds, the one that waited longest first.
fn free(sight: Sight, subscription: SubscriptionId) -> licenses::BoxedQuery<'static, Pg> {
    visible(sight)
        .filter(licenses::subscription_id.eq(subscription))
        .filter(licenses::state.eq(State::Open.code()))
        .filter(not(exists(assignments::table.filter(is_its_holder()))))
        .order(licenses::id)
}

/// The seat of a subscription that has waited longest for a holder.
pub fn oldest_free(work: &mut Work<'_>, subscription: SubscriptionId) -> Result<Option<LicenseId>, Refusal> {
    Ok(free(work.sight(), subscription).select(licenses::id).first(work.conn()).optional()?)
}

/// The same, of those without a license key.
pub fn oldest_free_without_key(
    work: &mut Work<'_>,
    subscription: SubscriptionId,
) -> Result<Option<LicenseId>, Refusal> {
    let without = free(work.sight(), subscription).filter(licenses::key_last4.is_null());
    Ok(without.select(licenses::id).first(work.conn()).optional()?)
}

/// So many of the seats that have waited longest.
pub fn oldest_frees(work: &mut Work<'_>, subscription: SubscriptionId, count: i64) -> Result<Vec<LicenseId>, Refusal> {
    Ok(free(work.sight(), subscription).limit(count).select(licenses::id).load(work.conn())?)
}

/// How many seats of a subscription can be held, whether or not they are.
pub fn open(work: &mut Work<'_>, subscription: SubscriptionId) -> Result<i64, Refusal> {
    Ok(visible(work.sight())
        .filter(licenses::subscription_id.eq(subscription))
        .filter(licenses::state.eq(State::Open.code()))
        .count()
        .get_result(work.conn())?)
}

/// Makes a seat that nobody holds yet.
pub fn insert(work: &mut Work<'_>, subscription: SubscriptionId) -> Result<LicenseId, Refusal> {
    let made = insert_many(work, subscription, 1)?;
    made.into_iter().next().ok_or_else(|| Refusal::fault("a license was not made"))
}

/// Makes so many seats that nobody holds yet.
pub fn insert_many(work: &mut Work<'_>, subscription: SubscriptionId, count: usize) -> Result<Vec<LicenseId>, Refusal> {
    let (business, now) = (work.business(), work.now());
    let made: Vec<LicenseId> = (0..count).map(|_| LicenseId::mint(now)).collect();
    let rows = made.iter().map(|id| {
        (
            licenses::business_id.eq(business),
            licenses::id.eq(*id),
            licenses::parse_id.eq(ids::parse_id()),
            licenses::subscription_id.eq(subscription),
            licenses::state.eq(State::Open.code()),
            licenses::created_at.eq(now),
        )
    });
    diesel::insert_into(licenses::table).values(rows.collect::<Vec<_>>()).execute(work.conn())?;
    Ok(made)
}

/// Gives up a seat.
pub fn set_retired(work: &mut Work<'_>, license: LicenseId) -> Result<(), Refusal> {
    let now = work.now();
    set_state(work, license, State::Retired, Some(now))
}

/// Lets a seat be held again.
pub fn set_reopened(work: &mut Work<'_>, license: LicenseId) -> Result<(), Refusal> {
    set_state(work, license, State::Open, None)
}

fn set_state(
    work: &mut Work<'_>,
    license: LicenseId,
    state: State,
    retired_at: Option<DateTime<Utc>>,
) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(licenses::table.find((business, license)))
        .set((licenses::state.eq(state.code()), licenses::retired_at.eq(retired_at)))
        .execute(work.conn())?;
    Ok(())
}

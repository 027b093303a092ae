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
use super::{INSERT_BATCH, is_its_holder, visible};

/// The open seats of a subscription that nobody holds, the one that waited longest first.
fn free(sight: Sight, subscription: SubscriptionId) -> licenses::BoxedQuery<'static, Pg> {
    visible(sight)
        .filter(licenses::subscription_id.eq(subscription))
        .filter(licenses::state.eq(State::Open.code()))
        .filter(not(exists(assignments::table.filter(is_its_holder()))))
        .order(licenses::id)
}

/// A seat that waits for a holder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Free {
    /// The seat; of two, the one that has waited longer comes first.
    pub license: LicenseId,
    /// Whether it has a license key.
    pub has_key: bool,
}

/// So many of the seats of a subscription that have waited longest for a holder.
pub fn oldest_frees(work: &mut Work<'_>, subscription: SubscriptionId, count: usize) -> Result<Vec<Free>, Refusal> {
    let some = free(work.sight(), subscription).limit(i64::try_from(count).map_err(Refusal::fault)?);
    let rows: Vec<(LicenseId, bool)> =
        some.select((licenses::id, licenses::key_last4.is_not_null())).load(work.conn())?;
    Ok(rows.into_iter().map(|(license, has_key)| Free { license, has_key }).collect())
}

/// The same, of those without a license key.
pub fn oldest_frees_without_key(
    work: &mut Work<'_>,
    subscription: SubscriptionId,
    count: usize,
) -> Result<Vec<LicenseId>, Refusal> {
    let without = free(work.sight(), subscription).filter(licenses::key_last4.is_null());
    let some = without.limit(i64::try_from(count).map_err(Refusal::fault)?);
    Ok(some.select(licenses::id).load(work.conn())?)
}

/// How many seats of a subscription can be held, whether or not they are.
pub fn open(work: &mut Work<'_>, subscription: SubscriptionId) -> Result<i64, Refusal> {
    Ok(visible(work.sight())
        .filter(licenses::subscription_id.eq(subscription))
        .filter(licenses::state.eq(State::Open.code()))
        .count()
        .get_result(work.conn())?)
}

/// Makes so many seats that nobody holds yet.
pub fn insert_many(work: &mut Work<'_>, subscription: SubscriptionId, count: usize) -> Result<Vec<LicenseId>, Refusal> {
    let (business, now) = (work.business(), work.now());
    let made: Vec<LicenseId> = (0..count).map(|_| LicenseId::mint(now)).collect();
    let row = |id: &LicenseId| {
        (
            licenses::business_id.eq(business),
            licenses::id.eq(*id),
            licenses::parse_id.eq(ids::parse_id()),
            licenses::subscription_id.eq(subscription),
            licenses::state.eq(State::Open.code()),
            licenses::created_at.eq(now),
        )
    };
    for batch in made.chunks(INSERT_BATCH) {
        let rows: Vec<_> = batch.iter().map(row).collect();
        diesel::insert_into(licenses::table).values(rows).execute(work.conn())?;
    }
    Ok(made)
}

/// Gives up seats.
pub fn set_retired(work: &mut Work<'_>, seats: &[LicenseId]) -> Result<(), Refusal> {
    let now = work.now();
    set_state(work, seats, State::Retired, Some(now))
}

/// Lets a seat be held again.
pub fn set_reopened(work: &mut Work<'_>, license: LicenseId) -> Result<(), Refusal> {
    set_state(work, &[license], State::Open, None)
}

fn set_state(
    work: &mut Work<'_>,
    seats: &[LicenseId],
    state: State,
    retired_at: Option<DateTime<Utc>>,
) -> Result<(), Refusal> {
    if seats.is_empty() {
        return Ok(());
    }
    let business = work.business();
    diesel::update(licenses::table)
        .filter(licenses::business_id.eq(business).and(licenses::id.eq_any(seats)))
        .set((licenses::state.eq(state.code()), licenses::retired_at.eq(retired_at)))
        .execute(work.conn())?;
    Ok(())
}

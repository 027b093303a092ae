//! The row lock of a subscription: seats and prices change only under it.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::access::Sees;
use crate::kernel::ids::{MemberId, ServiceId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{price_lines, services, subscriptions};
use crate::kernel::work::{Scope, Work};

use crate::domain::subscriptions::roll_forward::catch_up;
use crate::domain::subscriptions::subscription::Status;

use super::visible;

/// A subscription whose row is locked until the end of the transaction.
#[derive(Clone, Debug)]
pub struct Locked {
    /// The id.
    pub id: SubscriptionId,
    /// Its name.
    pub name: String,
    /// The name of its service.
    pub service: String,
    /// Its service.
    pub service_id: ServiceId,
    /// Who answers for it.
    pub owner: MemberId,
    /// Where it stands.
    pub status: Status,
    /// Seats paid for today; none: not counted.
    pub seats: Option<i64>,
}

impl Locked {
    /// Refuses whoever may see it but not change it: role user changes only what they own.
    pub fn require_changeable(&self, work: &Work<'_>) -> Result<(), Refusal> {
        match work.sight().sees {
            Sees::OnlyOf(member) if member != self.owner => Err(Refusal::not_allowed()),
            _ => Ok(()),
        }
    }
}

/// Locks a visible subscription, and first writes what its dates have brought. One that was removed is not found.
pub fn lock(work: &mut Work<'_>, id: SubscriptionId) -> Result<Locked, Refusal> {
    lock_many(work, &[id])?.pop().ok_or_else(Refusal::not_found)
}

/// The same for many, in the order of everybody who locks many: by id. What is not found is left out.
pub fn lock_many(work: &mut Work<'_>, ids: &[SubscriptionId]) -> Result<Vec<Locked>, Refusal> {
    let (business, today) = (work.business(), work.today());
    let found: Vec<(LockedRow, Option<NaiveDate>)> = visible(work.sight())
        .filter(subscriptions::id.eq_any(ids))
        .filter(subscriptions::removed_at.is_null())
        .order(subscriptions::id)
        .select((LOCKED, subscriptions::next_on))
        .for_update()
        .load(work.conn())?;
    let late: Vec<SubscriptionId> =
        found.iter().filter(|(_, next)| next.is_some_and(|next| next <= today)).map(|((id, ..), _)| *id).collect();
    let mut rows: Vec<LockedRow> = found.into_iter().map(|(row, _)| row).collect();
    if !late.is_empty() {
        for id in late {
            catch_up(work, id)?;
        }
        let locked: Vec<SubscriptionId> = rows.iter().map(|(id, ..)| *id).collect();
        rows = subscriptions::table
            .filter(subscriptions::business_id.eq(business).and(subscriptions::id.eq_any(locked)))
            .order(subscriptions::id)
            .select(LOCKED)
            .load(work.conn())?;
    }
    locked_of(work, rows)
}

/// Locks a visible subscription that was removed. One that is there is not found.
pub fn lock_removed(work: &mut Work<'_>, id: SubscriptionId) -> Result<Locked, Refusal> {
    let row = visible(work.sight())
        .filter(subscriptions::id.eq(id))
        .filter(subscriptions::removed_at.is_not_null())
        .select(LOCKED)
        .for_update()
        .first(work.conn())?;
    locked_of(work, vec![row])?.pop().ok_or_else(Refusal::not_found)
}

type LockedRow = (SubscriptionId, String, ServiceId, MemberId, String);
type LockedColumns =
    (subscriptions::id, subscriptions::name, subscriptions::service_id, subscriptions::owner_id, subscriptions::status);
const LOCKED: LockedColumns =
    (subscriptions::id, subscriptions::name, subscriptions::service_id, subscriptions::owner_id, subscriptions::status);

fn locked_of(work: &mut Work<'_>, rows: Vec<LockedRow>) -> Result<Vec<Locked>, Refusal> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let of: Vec<ServiceId> = rows.iter().map(|(_, _, service, ..)| *service).collect();
    let of_business = services::business_id.eq(work.business());
    let names: HashMap<ServiceId, String> = services::table
        .filter(of_business.and(services::id.eq_any(of)))
        .select((services::id, services::name))
        .load(work.conn())?
        .into_iter()
        .collect();
    let seats = seats_today(work, rows.iter().map(|(id, ..)| *id).collect())?;
    let locked = |(id, name, service_id, owner, status): LockedRow| {
        let status = Status::parse(&status).ok_or_else(|| Refusal::fault("a subscription has an unknown status"))?;
        let service = names.get(&service_id).cloned().ok_or_else(Refusal::not_found)?;
        Ok(Locked { id, name, service, service_id, owner, status, seats: seats.get(&id).copied().flatten() })
    };
    rows.into_iter().map(locked).collect()
}

/// Seats of the price line that counts today: of the latest date on or before it, the newest.
fn seats_today(work: &mut Work<'_>, ids: Vec<SubscriptionId>) -> Result<HashMap<SubscriptionId, Option<i64>>, Refusal> {
    let rows: Vec<(SubscriptionId, Option<i32>)> = price_lines::table
        .filter(price_lines::business_id.eq(work.business()).and(price_lines::subscription_id.eq_any(ids)))
        .filter(price_lines::from_on.le(work.today()))
        .distinct_on(price_lines::subscription_id)
        .order((price_lines::subscription_id, price_lines::from_on.desc(), price_lines::id.desc()))
        .select((price_lines::subscription_id, price_lines::seats))
        .load(work.conn())?;
    Ok(rows.into_iter().map(|(id, seats)| (id, seats.map(i64::from))).collect())
}

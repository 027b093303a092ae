//! The row lock of a subscription: seats and prices change only under it.

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
    let row = visible(work.sight())
        .filter(subscriptions::id.eq(id))
        .filter(subscriptions::removed_at.is_null())
        .select((LOCKED, subscriptions::next_on))
        .for_update()
        .first::<(LockedRow, Option<NaiveDate>)>(work.conn())?;
    let (mut row, next_on) = row;
    if next_on.is_some_and(|next| next <= work.today()) {
        catch_up(work, id)?;
        row = subscriptions::table.find((work.business(), id)).select(LOCKED).first(work.conn())?;
    }
    locked_of(work, row)
}

/// Locks a visible subscription that was removed. One that is there is not found.
pub fn lock_removed(work: &mut Work<'_>, id: SubscriptionId) -> Result<Locked, Refusal> {
    let row = visible(work.sight())
        .filter(subscriptions::id.eq(id))
        .filter(subscriptions::removed_at.is_not_null())
        .select(LOCKED)
        .for_update()
        .first(work.conn())?;
    locked_of(work, row)
}

type LockedRow = (SubscriptionId, String, ServiceId, MemberId, String);
type LockedColumns =
    (subscriptions::id, subscriptions::name, subscriptions::service_id, subscriptions::owner_id, subscriptions::status);
const LOCKED: LockedColumns =
    (subscriptions::id, subscriptions::name, subscriptions::service_id, subscriptions::owner_id, subscriptions::status);

fn locked_of(work: &mut Work<'_>, (id, name, service_id, owner, status): LockedRow) -> Result<Locked, Refusal> {
    let service = services::table.find((work.business(), service_id)).select(services::name).first(work.conn())?;
    let status = Status::parse(&status).ok_or_else(|| Refusal::fault("a subscription has an unknown status"))?;
    let seats = seats_today(work, id)?;
    Ok(Locked { id, name, service, service_id, owner, status, seats })
}

/// Seats of the price line that counts today: of the latest date on or before it, the newest.
fn seats_today(work: &mut Work<'_>, id: SubscriptionId) -> Result<Option<i64>, Refusal> {
    let seats: Option<Option<i32>> = price_lines::table
        .filter(price_lines::business_id.eq(work.business()).and(price_lines::subscription_id.eq(id)))
        .filter(price_lines::from_on.le(work.today()))
        .order((price_lines::from_on.desc(), price_lines::id.desc()))
        .select(price_lines::seats)
        .first(work.conn())
        .optional()?;
    Ok(seats.flatten().map(i64::from))
}

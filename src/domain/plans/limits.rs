//! Limits: checked under the lock of the business at every operation that adds, also if no worker ever ran.

use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Scope, Work};

use super::plan::Meter;
use super::store;

/// Takes the lock of the business and refuses when its plan has ended, or when `adding` more of the meter do not fit.
/// A change within the same transaction is counted.
pub fn require_room(work: &mut Work<'_>, meter: Meter, adding: i64) -> Result<(), Refusal> {
    let plan_subscription = store::lock(work)?;
    require_staying(work)?;
    if plan_subscription.is_ended(work.now()) {
        return Err(ended());
    }
    let Some(allowance) = plan_subscription.plan.allowance(meter) else {
        return Ok(());
    };
    let used = store::used(work, meter)?;
    if used + adding <= allowance {
        return Ok(());
    }
    let plan = &plan_subscription.plan.name;
    let message = format!(
        "The plan {plan} allows {allowance} {}, and {used} are in use. Choose a larger plan, or make room first.",
        noun(meter)
    );
    Err(Refusal::new(Kind::LimitReached, "plan_full", message).mended_at("/settings/plan"))
}

/// Takes the lock of the business and refuses when its plan has ended: for additions that no meter counts.
pub fn require_running(work: &mut Work<'_>) -> Result<(), Refusal> {
    let plan_subscription = store::lock(work)?;
    require_staying(work)?;
    match plan_subscription.is_ended(work.now()) {
        true => Err(ended()),
        false => Ok(()),
    }
}

/// Refuses when the business is being closed. Called under its lock.
fn require_staying(work: &mut Work<'_>) -> Result<(), Refusal> {
    if !store::is_closing(work)? {
        return Ok(());
    }
    let refusal = Refusal::conflict(
        "business_closing",
        "This business is being closed. Everything can still be read, exported, corrected and removed; to add \
         something, an owner keeps the business first.",
    );
    match work.access().may(Permission::CloseBusiness) {
        true => Err(refusal.mended_at("/settings/business")),
        false => Err(refusal),
    }
}

fn ended() -> Refusal {
    Refusal::new(
        Kind::LimitReached,
        "plan_ended",
        "The plan of this business has ended. Everything can still be read, exported, corrected and removed; to add \
         something, choose a plan first.",
    )
    .mended_at("/settings/plan")
}

fn noun(meter: Meter) -> &'static str {
    match meter {
        Meter::SignIns => "people who sign in",
        Meter::Subscriptions => "subscriptions",
        Meter::Seats => "seats",
        Meter::UsageEvents => "usage events a cycle",
    }
}

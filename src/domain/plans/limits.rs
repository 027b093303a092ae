//! Limits: checked under the lock of the business at every operation that adds, also if no worker ever ran.

use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Scope, Work};

use super::plan::Meter;
use super::{notice, store};

/// Takes the lock of the business and refuses when its plan has ended, or when `adding` more of the meter do not fit.
/// A change within the same transaction is counted.
pub fn require_room(work: &mut Work<'_>, meter: Meter, adding: i64) -> Result<(), Refusal> {
    let (current, today) = (store::lock(work)?, work.today());
    require_staying(work)?;
    if current.is_closed(work.now(), today) {
        return Err(ended());
    }
    let Some(allowance) = current.allowance(meter, today) else {
        return Ok(());
    };
    let used = store::used(work, meter, current.cycle_starts_at)?;
    if used + adding <= allowance {
        return notice::tell(work, &current, meter, (used, used + adding));
    }
    let plan = &current.given_plan(today).map_or(&current.plan, |(plan, _)| plan).name;
    let room = match adding {
        1 => String::new(),
        _ => format!(": there is room for {}, and {adding} would be added", (allowance - used).max(0)),
    };
    let message = format!(
        "The plan {plan} allows {allowance} {}, and {used} are in use{room}. Choose a larger plan, or make room first.",
        meter.noun()
    );
    Err(Refusal::new(Kind::LimitReached, "plan_full", message).mended_at("/settings/plan"))
}

/// Takes the lock of the business and refuses when its plan has ended: for additions that no meter counts.
pub fn require_running(work: &mut Work<'_>) -> Result<(), Refusal> {
    let current = store::lock(work)?;
    require_staying(work)?;
    match current.is_closed(work.now(), work.today()) {
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

/// What is said of whatever would be added.
pub fn ended() -> Refusal {
    Refusal::new(
        Kind::LimitReached,
        "plan_ended",
        "The plan of this business has ended. Everything can still be read, exported, corrected and removed; to add \
         something, choose a plan first.",
    )
    .mended_at("/settings/plan")
}

//! Counting: one conditional statement on the counter of the cycle, so that of many at once exactly those are counted
//! that fit.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::domain::plans::limits;
use crate::domain::plans::notice;
use crate::domain::plans::store as plans;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Scope, Work};

use super::event::{METER, instant};
use super::store;

/// Where the meter stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Used in this cycle.
    pub used: i64,
    /// Allowed in it; none: unlimited.
    pub limit: Option<i64>,
    /// When the next cycle begins.
    pub resets_at: DateTime<Utc>,
}

/// Counts so many more, or refuses all of them; owners are told when little or nothing is left.
pub fn count(work: &mut Work<'_>, more: i64) -> Result<Standing, Refusal> {
    let (now, today) = (work.now(), work.today());
    let current = plans::current(work)?;
    if current.is_closed(now, today) {
        return Err(limits::ended());
    }
    let (limit, cycle) = (current.allowance(METER, today), current.cycle_starts_at);
    let standing = |used| Standing { used, limit, resets_at: current.period_ends_at };
    let Some(used) = store::add(work, METER, cycle, more, limit)? else {
        return Err(over(standing(store::used(work, METER, cycle)?), now));
    };
    if current.has_extra(METER) {
        store::spend(work, METER, cycle, more)?;
    }
    notice::tell(work, &current, METER, (used - more, used))?;
    Ok(standing(used))
}

fn over(standing: Standing, now: DateTime<Utc>) -> Refusal {
    let Standing { used, limit, resets_at } = standing;
    let wait = u32::try_from((resets_at - now).num_seconds().max(1)).unwrap_or(u32::MAX);
    let limit_said = limit.unwrap_or_default();
    let message = format!(
        "The plan allows {limit_said} usage events in this cycle, and {used} are counted. Nothing of this was. The next \
         cycle begins at {}.",
        instant(resets_at)
    );
    let told = json!({ "used": used, "limit": limit, "resets_at": instant(resets_at) });
    Refusal { retry_after: Some(wait), ..Refusal::new(Kind::TooMany, "usage_limit", message).telling(told) }
}

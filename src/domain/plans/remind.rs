//! The sweep over plans that are about to end: their owners are told three days before the last day and on it, once
//! each. After an outage only the more urgent of the two is told, and nothing once another plan was chosen.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::{News, Told};
use crate::domain::notifications::tell::{self, To};
use crate::kernel::calendar::local_midnight;
use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::BusinessId;
use crate::kernel::operation::Sweep;
use crate::kernel::outbox::{Envelope, Sealed};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};
use crate::kernel::zones;

use super::fact::TrialEnding;
use super::reminder_store::{self as store, Due};
use super::store::{Owner, owners};

/// How many days before the last one it is first said.
const DAYS_BEFORE: u64 = 3;

/// Tells the owners of at most so many businesses that their plan ends soon; answers of how many.
pub struct RemindOfEnds {
    /// How many at once.
    pub batch: i64,
}

impl Sweep for RemindOfEnds {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let soon: Vec<Soon> = zones::everywhere(work.now()).filter_map(|(zone, today)| Soon::of(zone, today)).collect();
        let due = store::due(work, &soon, self.batch)?;
        if due.is_empty() {
            return Ok(work.unrecorded(Unrecorded::Delivery, 0));
        }
        let businesses: Vec<BusinessId> = due.iter().map(|one| one.business_id).collect();
        let of_business: HashMap<BusinessId, &Due> = due.iter().map(|one| (one.business_id, one)).collect();
        let mut told = Vec::new();
        for owner in owners(work.conn_of_all_businesses(), &businesses)? {
            if let Some(one) = of_business.get(&owner.business) {
                told.push((owner.business, news(one), To::with(owner.member, letter(work, one, &owner)?)));
            }
        }
        tell::tell_all(work, told)?;
        store::write_told(work, &due)?;
        Ok(work.unrecorded(Unrecorded::Delivery, due.len()))
    }
}

fn news(one: &Due) -> News {
    let when = if one.is_today { "today" } else { "soon" };
    let told = Told::about(&one.plan).of_day(last_day(one.ends_at, one.zone)).with(when);
    tell::news(Kind::PlanEnding, None, told)
}

fn letter(work: &SweepWork<'_>, one: &Due, owner: &Owner) -> Result<Sealed, Refusal> {
    let letter = TrialEnding {
        business: one.business.clone(),
        business_id: one.business_id,
        plan: one.plan.clone(),
        last_day: one.locale.date(last_day(one.ends_at, one.zone)),
        is_today: one.is_today,
    };
    work.seal(one.business_id, &Envelope::new(&owner.email, &owner.name, &letter))
}

/// Which ends are near in one zone: instants, so that the database need not know the zone.
pub(super) struct Soon {
    /// The zone.
    pub(super) zone: Tz,
    /// What ends from here on has its last day today or later.
    pub(super) from: DateTime<Utc>,
    /// What ends from here on has its last day tomorrow or later.
    pub(super) not_today: DateTime<Utc>,
    /// What ends from here on is too far away.
    pub(super) until: DateTime<Utc>,
}

impl Soon {
    fn of(zone: Tz, today: NaiveDate) -> Option<Self> {
        let midnight = |days| Some(local_midnight(today.checked_add_days(Days::new(days))?, zone));
        Some(Self { zone, from: midnight(1)?, not_today: midnight(2)?, until: midnight(DAYS_BEFORE + 2)? })
    }
}

fn last_day(ends_at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    let end = ends_at.with_timezone(&zone).date_naive();
    end.pred_opt().unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_three_days_and_the_last_one_are_near_wherever_the_day_begins() {
        let today = "2026-11-13".parse().unwrap();
        for zone in [Tz::UTC, Tz::Pacific__Kiritimati, Tz::America__Sao_Paulo] {
            let soon = Soon::of(zone, today).unwrap();
            let last = |at| last_day(at, zone).to_string();
            assert_eq!([last(soon.from), last(soon.not_today)], ["2026-11-13", "2026-11-14"], "{zone}");
            assert_eq!(last(soon.until), "2026-11-17", "{zone}");
        }
    }
}

//! The sweep over plans that are about to end: a letter three days before the last day and one on it, each once for
//! each owner. After an outage only the more urgent of the two goes out, and none once another plan was chosen.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::kernel::calendar::local_midnight;
use crate::kernel::fact::Unrecorded;
use crate::kernel::operation::Sweep;
use crate::kernel::outbox::Envelope;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};
use crate::kernel::zones;

use super::fact::TrialEnding;
use super::reminder_store as store;

/// How many days before the last one it is first said.
const DAYS_BEFORE: u64 = 3;

/// Writes at most so many letters about plans that end soon; answers how many.
pub struct RemindOfEnds {
    /// How many at once.
    pub batch: i64,
}

impl Sweep for RemindOfEnds {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let soon: Vec<Soon> = zones::everywhere(work.now()).filter_map(|(zone, today)| Soon::of(zone, today)).collect();
        let mut letters = Vec::new();
        for due in store::due(work, &soon, self.batch)? {
            let letter = TrialEnding {
                business: due.business,
                business_id: due.business_id,
                plan: due.plan,
                last_day: due.locale.date(last_day(due.ends_at, due.zone)),
                is_today: due.is_today,
            };
            let envelope = Envelope::new(&due.email, &due.name, &letter).once_for(due.occasion);
            letters.push(work.seal(due.business_id, &envelope)?);
        }
        let put = work.send_many(&letters)?;
        Ok(work.unrecorded(Unrecorded::Delivery, put))
    }
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

//! The months of the trail's table: each is made before it begins, so that retention can take it off as a whole.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};

use crate::kernel::db::{Db, Rounds};
use crate::kernel::fact::{Fact, Object};
use crate::kernel::ids::{self, BusinessId};
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::store;

/// Months that stand ready beyond the current one.
const AHEAD: u32 = 3;

/// Makes the months that are missing, and raises the alarm when entries lie in none. Says how many it made.
pub async fn keep_ahead(db: &Db, rounds: &Rounds) -> Result<usize, Refusal> {
    let made = db.sweep(rounds, MonthsAhead).await?;
    if db.sweep(rounds, Homeless).await? {
        tracing::error!(
            "entries of the audit trail lie in its default partition: their months cannot be made or taken off"
        );
    }
    Ok(made)
}

/// Makes this month and those ahead, where they do not stand yet. Each one made is a fact of the installation.
struct MonthsAhead;

impl Sweep for MonthsAhead {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let made = store::add_months(work, &months(work.now())?)?;
        let fact = |first: &NaiveDate| (BusinessId::INSTALLATION, MonthAdded { first: *first });
        let facts: Vec<_> = made.iter().map(fact).collect();
        work.record_many(&facts, made.len(), made.len())
    }
}

/// Whether entries lie in no month.
struct Homeless;

impl Sweep for Homeless {
    type Output = bool;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<bool>, Refusal> {
        let found = store::anything_in_no_month(work)?;
        work.record_many::<_, MonthAdded>(&[], 0, found)
    }
}

/// The first days of this month and of those ahead. Partitions are months of UTC.
fn months(now: DateTime<Utc>) -> Result<Vec<NaiveDate>, Refusal> {
    let first = now.date_naive().with_day(1);
    (0..=AHEAD)
        .map(|ahead| first.and_then(|first| first.checked_add_months(Months::new(ahead))))
        .collect::<Option<_>>()
        .ok_or_else(|| Refusal::fault("a month beyond the calendar"))
}

struct MonthAdded {
    first: NaiveDate,
}

impl Fact for MonthAdded {
    fn code(&self) -> &'static str {
        "audit.month_added"
    }

    fn object(&self) -> Object {
        let begins = self.first.and_time(NaiveTime::MIN).and_utc();
        Object::new("month", ids::floor(begins), self.first.format("%B %Y").to_string())
    }

    fn said(&self) -> String {
        format!("made room in the audit trail for {}", self.first.format("%B %Y"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_months_stand_ready_also_at_the_end_of_a_long_one() {
        let now = "2026-10-31T23:59:59Z".parse().unwrap();
        let firsts: Vec<String> = months(now).unwrap().iter().map(NaiveDate::to_string).collect();
        assert_eq!(firsts, ["2026-10-01", "2026-11-01", "2026-12-01", "2027-01-01"]);
    }
}

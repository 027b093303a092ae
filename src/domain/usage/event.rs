//! The bounds of what a program may report.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::domain::plans::plan::Meter;

/// What events count against.
pub const METER: Meter = Meter::UsageEvents;
/// What is said of a count that is none.
pub const WRONG_COUNT: &str = "Send a whole number from 1 to 1,000,000.";

const MOST: i64 = 1_000_000;
/// Clocks differ: so far ahead is still now.
const AHEAD: TimeDelta = TimeDelta::minutes(1);
const BEHIND: TimeDelta = TimeDelta::days(366);

/// A count as sent.
pub fn count(sent: i64) -> Option<i64> {
    (1..=MOST).contains(&sent).then_some(sent)
}

/// When something was used, as sent: within the last year, and never later than now.
pub fn used_at(written: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, &'static str> {
    let at = DateTime::parse_from_rfc3339(written).map_err(|_| "Write the time as 2026-11-27T09:30:00Z.")?.to_utc();
    match at {
        at if at > now + AHEAD => Err("That time has not come yet."),
        at if at < now - BEHIND => Err("That is more than a year ago."),
        at => Ok(at.min(now)),
    }
}

/// An instant as programs read it.
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_neither_nothing_nor_enormous() {
        assert_eq!([0, 1, 1_000_000, 1_000_001, i64::MIN].map(count), [None, Some(1), Some(1_000_000), None, None]);
    }

    #[test]
    fn a_use_lies_within_the_last_year() {
        let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
        assert_eq!(used_at("2026-11-22T13:00:00+01:00", now), Ok(now));
        assert_eq!(used_at("2026-11-22T12:00:59Z", now), Ok(now), "a clock that is a little fast");
        for wrong in ["2026-11-22T12:01:01Z", "2025-11-20T12:00:00Z", "2026-11-22", "", "9999-12-31T23:59:59Z"] {
            assert!(used_at(wrong, now).is_err(), "{wrong}");
        }
        assert_eq!(instant(now), "2026-11-22T12:00:00Z");
    }
}

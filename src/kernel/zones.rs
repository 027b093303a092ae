//! Every time zone at one instant, for sweeps over businesses in many of them. The database is never asked: its list of
//! zones may lack names that ours has, and one such name would stop a whole batch.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

/// Each zone there is, with its civil date at this instant.
pub fn everywhere(now: DateTime<Utc>) -> impl Iterator<Item = (Tz, NaiveDate)> {
    TZ_VARIANTS.iter().map(move |zone| (*zone, now.with_timezone(zone).date_naive()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_noon_in_london_it_is_tomorrow_on_kiritimati() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let day = |of: Tz| everywhere(now).find(|(zone, _)| *zone == of).map(|(_, day)| day.to_string());
        assert_eq!(day(Tz::Europe__London).as_deref(), Some("2026-11-22"));
        assert_eq!(day(Tz::Pacific__Kiritimati).as_deref(), Some("2026-11-23"));
        assert_eq!(day(Tz::US__Pacific).as_deref(), Some("2026-11-22"));
    }
}

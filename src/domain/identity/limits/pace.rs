//! How fast a count may grow, and how long whoever was too fast waits.

use chrono::{DateTime, TimeDelta, Utc};

/// How fast a count may grow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// So many within this time of the first of them.
    Within(i32, TimeDelta),
    /// So many, then one after each of ever longer pauses; begins anew after this time without any.
    Pausing(i32, TimeDelta),
}

/// One account from one network, or from one known browser.
pub const OWN: Pace = Pace::Pausing(5, TimeDelta::hours(24));
/// One account from everywhere unknown: never more than these in any minute.
pub const ACCOUNT_IN_A_MINUTE: Pace = Pace::Pausing(10, TimeDelta::minutes(1));
/// One account from everywhere unknown, slowly.
pub const ACCOUNT: Pace = Pace::Pausing(50, TimeDelta::hours(1));
/// All accounts from one network.
pub const NETWORK: Pace = Pace::Within(100, TimeDelta::hours(1));
/// Businesses founded from one network.
pub const SIGN_UPS: Pace = Pace::Within(20, TimeDelta::hours(1));
/// Known addresses that one network hears of.
pub const KNOWN_ADDRESSES: Pace = Pace::Within(10, TimeDelta::hours(1));
/// Letters of one kind to one address.
pub const LETTERS: Pace = Pace::Within(3, TimeDelta::hours(1));
/// Requests of one program.
pub const REQUESTS: Pace = Pace::Within(600, TimeDelta::minutes(1));
/// Letters for a new password that one network asks for.
pub const RESETS_OF_NETWORK: Pace = Pace::Within(20, TimeDelta::hours(1));
/// How often one calendar feed is fetched.
pub const FEED: Pace = Pace::Within(60, TimeDelta::hours(1));
/// How often calendar feeds are fetched from one network.
pub const FEEDS_OF_NETWORK: Pace = Pace::Within(3_000, TimeDelta::hours(1));

/// Seconds of the pauses after the last free try, after the next, and so on; the last one again and again.
pub const PAUSES: [i32; 5] = [60, 120, 240, 480, 900];

impl Pace {
    /// How many are free.
    pub fn tries(self) -> i32 {
        match self {
            Self::Within(tries, _) | Self::Pausing(tries, _) => tries,
        }
    }

    /// When a count taken at that time is of no more use.
    pub fn until(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Within(_, length) | Self::Pausing(_, length) => now + length,
        }
    }

    /// When the next one is free, after so many since then.
    pub fn free_at(self, tries: i32, since: DateTime<Utc>, until: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Within(..) => until,
            Self::Pausing(free, _) => {
                let nth = usize::try_from(tries - free).unwrap_or_default().min(PAUSES.len() - 1);
                let pause = PAUSES.get(nth).copied().unwrap_or_default();
                since + TimeDelta::seconds(pause.into())
            }
        }
    }
}

/// Whole seconds to wait, at least one.
pub fn seconds_until(free_at: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
    let millis = (free_at - now).num_milliseconds().max(1);
    u32::try_from((millis + 999) / 1000).unwrap_or(u32::MAX)
}

/// How long that is, for a person: never shorter than it is.
pub fn in_words(seconds: u32) -> String {
    match seconds {
        1 => "in 1 second".to_owned(),
        2..=90 => format!("in {seconds} seconds"),
        _ => format!("in {} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_quarter_of_an_hour_and_no_further() {
        let since: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let wait = |tries| (OWN.free_at(tries, since, since + TimeDelta::hours(24)) - since).num_seconds();
        assert_eq!([5, 6, 7, 8, 9, 10, 500].map(wait), [60, 120, 240, 480, 900, 900, 900]);
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_and_never_too_short() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(seconds_until(now + TimeDelta::milliseconds(1_001), now), 2);
        assert_eq!(seconds_until(now - TimeDelta::seconds(5), now), 1);
        assert_eq!([1, 60, 91, 900].map(in_words), ["in 1 second", "in 60 seconds", "in 2 minutes", "in 15 minutes"]);
    }
}

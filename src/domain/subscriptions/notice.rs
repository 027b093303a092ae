//! Notice: the last covered day, and by when to cancel.

use std::fmt;

use chrono::{Days, NaiveDate};
use serde::Serialize;
use thiserror::Error;

use crate::domain::subscriptions::schedule::Terms;
use crate::kernel::calendar::{Interval, Span};

/// The largest number of days or months of notice.
pub const MAX_NOTICE: u32 = 1200;

/// How long before the last covered day one must cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Calendar days.
    Days(u32),
    /// Calendar months, clamped to the length of the month.
    Months(u32),
}

/// Why a notice was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoticeError {
    /// The unit is none of ours, or the number is above [`MAX_NOTICE`].
    #[error("Write the notice as a number of days or months, at most {MAX_NOTICE}.")]
    Unknown,
    /// The notice cannot be kept within a term.
    #[error("The notice is longer than the term: shorten the notice, or correct the term.")]
    LongerThanTerm,
}

impl Notice {
    /// Reads `day` or `month` with a number from 0 to [`MAX_NOTICE`].
    pub fn parse(unit: &str, count: u32) -> Result<Self, NoticeError> {
        match unit.trim() {
            "day" if count <= MAX_NOTICE => Ok(Self::Days(count)),
            "month" if count <= MAX_NOTICE => Ok(Self::Months(count)),
            _ => Err(NoticeError::Unknown),
        }
    }

    /// The code of the unit.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Days(_) => "day",
            Self::Months(_) => "month",
        }
    }

    /// The number of units.
    pub fn count(self) -> u32 {
        match self {
            Self::Days(count) | Self::Months(count) => count,
        }
    }
}

impl fmt::Display for Notice {
    /// "30 days", "1 month", "none".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(0) | Self::Months(0) => f.write_str("none"),
            Self::Days(1) => f.write_str("1 day"),
            Self::Days(days) => write!(f, "{days} days"),
            Self::Months(1) => f.write_str("1 month"),
            Self::Months(months) => write!(f, "{months} months"),
        }
    }
}

/// The last day paid for: the day before the renewal.
pub fn last_covered_day(renewal: NaiveDate) -> NaiveDate {
    renewal.pred_opt().unwrap_or(renewal)
}

/// The last day on which cancelling still works, that day included: last covered day − notice, a month
/// clamped to its last day, which is the careful reading.
pub fn cancel_by(last_covered_day: NaiveDate, notice: Option<Notice>) -> NaiveDate {
    let earlier = match notice {
        None => Some(last_covered_day),
        Some(Notice::Days(days)) => last_covered_day.checked_sub_days(Days::new(days.into())),
        Some(Notice::Months(months)) => Span::Months(months).from(last_covered_day, -1),
    };
    earlier.unwrap_or(last_covered_day)
}

/// Refuses a notice that no term of this length could hold, taking months at their kindest: a notice of
/// 30 days or 1 month fits a term of 1 month or 30 days.
pub fn require_notice_fits(notice: Notice, terms: Terms) -> Result<(), NoticeError> {
    let fits = |term: Interval| match (notice, term.span()) {
        (Notice::Days(notice), Span::Days(term)) => notice <= term,
        (Notice::Months(notice), Span::Months(term)) => notice <= term,
        (Notice::Days(notice), Span::Months(term)) => u64::from(notice) <= days(term, 366, 31),
        (Notice::Months(notice), Span::Days(term)) => days(notice, 365, 28) <= u64::from(term),
    };
    match fits(terms.first) && fits(terms.following) {
        true => Ok(()),
        false => Err(NoticeError::LongerThanTerm),
    }
}

/// So many months in days, at so many days a year and a month.
fn days(months: u32, a_year: u64, a_month: u64) -> u64 {
    u64::from(months / 12) * a_year + u64::from(months % 12) * a_month
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect(text)
    }

    /// "3 month", "2 week".
    fn every(text: &str) -> Interval {
        let (count, unit) = text.split_once(' ').expect(text);
        Interval::parse(unit, count.parse().expect(count)).expect(text)
    }

    /// Last covered day, notice, cancel-by. What reporters of glpi-project/glpi bugs expected (3),
    /// dangcontracts.com's example of 60 days before a renewal on 1 January, and two computed month clamps.
    const CANCEL_BY: &[(&str, Notice, &str)] = &[
        ("2026-08-28", Notice::Months(2), "2026-06-28"),
        ("2021-09-27", Notice::Months(3), "2021-06-27"),
        ("2024-08-01", Notice::Months(3), "2024-05-01"),
        ("2025-12-31", Notice::Days(60), "2025-11-01"),
        ("2025-05-31", Notice::Months(3), "2025-02-28"),
        ("2024-03-31", Notice::Months(1), "2024-02-29"),
    ];

    #[test]
    fn cancel_by_counts_back_from_the_last_covered_day() {
        for (last, notice, expected) in CANCEL_BY {
            assert_eq!(cancel_by(date(last), Some(*notice)), date(expected), "{last} {notice:?}");
        }
        assert_eq!(last_covered_day(date("2026-01-01")), date("2025-12-31"));
        assert_eq!(cancel_by(date("2025-12-31"), None), date("2025-12-31"));
        assert_eq!(cancel_by(date("2025-12-31"), Some(Notice::Days(0))), date("2025-12-31"));
    }

    #[test]
    fn a_notice_fits_into_its_term() {
        for (notice, first, following, fits) in [
            (Notice::Days(30), "1 month", "1 month", true),
            (Notice::Days(31), "1 month", "1 month", true),
            (Notice::Days(32), "1 month", "1 month", false),
            (Notice::Months(1), "30 day", "30 day", true),
            (Notice::Months(1), "2 week", "2 week", false),
            (Notice::Days(366), "1 year", "1 year", true),
            (Notice::Days(367), "1 year", "1 year", false),
            (Notice::Months(12), "1 year", "12 month", true),
            (Notice::Months(12), "365 day", "365 day", true),
            (Notice::Months(13), "1 year", "1 year", false),
            (Notice::Months(18), "36 month", "12 month", false),
            (Notice::Days(0), "1 day", "1 day", true),
        ] {
            let expected = if fits { Ok(()) } else { Err(NoticeError::LongerThanTerm) };
            let answer = require_notice_fits(notice, Terms { first: every(first), following: every(following) });
            assert_eq!(answer, expected, "{notice:?} {first} {following}");
        }
    }

    #[test]
    fn a_notice_is_days_or_months() {
        assert_eq!(Notice::parse("day", 60), Ok(Notice::Days(60)));
        assert_eq!(Notice::parse("month", 3), Ok(Notice::Months(3)));
        assert_eq!(Notice::parse("week", 1), Err(NoticeError::Unknown));
        assert_eq!(Notice::parse("day", 1201), Err(NoticeError::Unknown));
    }
}

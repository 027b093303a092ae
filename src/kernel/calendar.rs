//! Pure date arithmetic: civil dates, intervals, cycle boundaries and local midnights.
//!
//! Boundary n of a cycle is `anchor + n × interval`, always counted from the anchor and clamped
//! to the length of the month, so 31 January, 28 February is followed by 31 March. Adding to the
//! last result would drift to the 28th and stay there.

use std::fmt;

use chrono::{DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime};
use chrono::{NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The largest number of units in one interval.
pub const MAX_COUNT: u32 = 1200;

/// One boundary of a cycle: its number, its civil date, its instant when a zone was asked for.
pub type Boundary = (i64, NaiveDate, Option<DateTime<Utc>>);

/// What an interval counts; a quarter is three months and not a unit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Calendar days, not 24 hours.
    Day,
    /// Seven days.
    Week,
    /// Calendar months, clamped to the length of the month.
    Month,
    /// Twelve months.
    Year,
}

/// A number of units from 1 to [`MAX_COUNT`]: "every 3 months".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Interval {
    unit: Unit,
    count: u32,
}

/// Why an interval was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IntervalError {
    /// The unit is none of ours.
    #[error("Choose day, week, month, quarter or year.")]
    UnknownUnit,
    /// The count is 0 or above [`MAX_COUNT`] of the unit counted.
    #[error("Write a whole number from 1 to {MAX_COUNT}; a quarter counts as 3 months.")]
    CountOutOfRange,
}

impl Unit {
    /// The word used in forms, URLs and the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

impl Interval {
    /// `count` units; refuses 0 and more than [`MAX_COUNT`].
    pub const fn new(unit: Unit, count: u32) -> Result<Self, IntervalError> {
        match count {
            1..=MAX_COUNT => Ok(Self { unit, count }),
            _ => Err(IntervalError::CountOutOfRange),
        }
    }

    /// Reads a unit word, `quarter` included (three months each), with its count.
    pub fn parse(unit: &str, count: u32) -> Result<Self, IntervalError> {
        let (unit, each) = match unit.trim() {
            "day" => (Unit::Day, 1),
            "week" => (Unit::Week, 1),
            "month" => (Unit::Month, 1),
            "quarter" => (Unit::Month, 3),
            "year" => (Unit::Year, 1),
            _ => return Err(IntervalError::UnknownUnit),
        };
        Self::new(unit, count.saturating_mul(each))
    }

    /// What is counted.
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// How many units, from 1 to [`MAX_COUNT`].
    pub const fn count(self) -> u32 {
        self.count
    }

    /// The interval in the only two measures that matter: whole days or whole months.
    pub const fn span(self) -> Span {
        match self.unit {
            Unit::Day => Span::Days(self.count),
            Unit::Week => Span::Days(self.count.saturating_mul(7)),
            Unit::Month => Span::Months(self.count),
            Unit::Year => Span::Months(self.count.saturating_mul(12)),
        }
    }
}

impl fmt::Display for Interval {
    /// "month", "3 months": what follows the word "every".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => f.write_str(self.unit.code()),
            count => write!(f, "{count} {}s", self.unit.code()),
        }
    }
}

/// A length of time on the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// Calendar days.
    Days(u32),
    /// Calendar months.
    Months(u32),
}

impl Span {
    /// `date` moved by `times` spans (back when negative), clamped once; `None` outside years 1 to 9999.
    pub fn from(self, date: NaiveDate, times: i64) -> Option<NaiveDate> {
        let moved = match self {
            Self::Days(days) => {
                let total = i64::from(days).checked_mul(times)?;
                let size = Days::new(total.unsigned_abs());
                if total < 0 { date.checked_sub_days(size) } else { date.checked_add_days(size) }
            }
            Self::Months(months) => {
                let total = i64::from(months).checked_mul(times)?;
                let size = Months::new(u32::try_from(total.unsigned_abs()).ok()?);
                if total < 0 { date.checked_sub_months(size) } else { date.checked_add_months(size) }
            }
        }?;
        (1..=9999).contains(&moved.year()).then_some(moved)
    }
}

/// The date of boundary `n`: anchor + n × interval, clamped from the anchor; `None` outside years 1 to 9999.
pub fn boundary(anchor: NaiveDate, interval: Interval, n: i64) -> Option<NaiveDate> {
    interval.span().from(anchor, n)
}

/// The greatest n whose boundary is on or before `date`; takes the same time however far apart they are.
pub fn index_at(anchor: NaiveDate, interval: Interval, date: NaiveDate) -> i64 {
    match interval.span() {
        Span::Days(days) => days_between(anchor, date).div_euclid(i64::from(days)),
        Span::Months(months) => {
            let months = i64::from(months);
            let apart = month_number(date) - month_number(anchor);
            let falls_in_this_month = apart.rem_euclid(months) == 0;
            let clamped_day = anchor.day().min(u32::from(date.num_days_in_month()));
            let not_yet = falls_in_this_month && clamped_day > date.day();
            apart.div_euclid(months) - i64::from(not_yet)
        }
    }
}

/// The first boundary on or after `date`, with its number; `None` beyond year 9999.
pub fn next_on_or_after(anchor: NaiveDate, interval: Interval, date: NaiveDate) -> Option<(i64, NaiveDate)> {
    let n = index_at(anchor, interval, date);
    let at_or_before = boundary(anchor, interval, n)?;
    match at_or_before == date {
        true => Some((n, date)),
        false => Some((n + 1, boundary(anchor, interval, n + 1)?)),
    }
}

/// Whole days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// The instant at which `date` begins in `zone`; see [`local_instant`] for clock changes at midnight.
pub fn local_midnight(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    local_instant(date.and_time(NaiveTime::MIN), zone)
}

/// The instant of a wall clock reading in `zone`: the earlier one when it happens twice; when the
/// clock skips it, the reading moved forward by the length of the gap.
pub fn local_instant(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => instant.to_utc(),
        LocalResult::None => {
            // The offset in force before the gap reads the wall time as if the clock had not been
            // moved. A day back is enough: Samoa once skipped 24 hours, and nobody skipped more.
            let day_before = wall - TimeDelta::days(1);
            let offset = zone.offset_from_utc_datetime(&day_before).fix();
            (wall - offset).and_utc()
        }
    }
}

/// Boundaries `from` to `to`, both included, those outside years 1 to 9999 left out.
pub fn cycles(anchor: NaiveDate, interval: Interval, from: i64, to: i64, zone: Option<Tz>) -> Vec<Boundary> {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(anchor);
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(anchor);
    let from = from.max(index_at(anchor, interval, first));
    let to = to.min(index_at(anchor, interval, last));
    (from..=to)
        .filter_map(|n| Some((n, boundary(anchor, interval, n)?)))
        .map(|(n, date)| (n, date, zone.map(|zone| local_midnight(date, zone))))
        .collect()
}

fn month_number(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// An interval as it is written in JSON, before it is checked.
#[derive(Serialize, Deserialize)]
struct Written {
    unit: Unit,
    count: u32,
}

impl TryFrom<Written> for Interval {
    type Error = IntervalError;

    fn try_from(written: Written) -> Result<Self, IntervalError> {
        Self::new(written.unit, written.count)
    }
}

impl From<Interval> for Written {
    fn from(interval: Interval) -> Self {
        Self { unit: interval.unit, count: interval.count }
    }
}

#[cfg(test)]
mod tests;

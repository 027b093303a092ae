//! The dates of a subscription: when it renews, when money is due, when a term ends.
//!
//! All dates are civil dates in the business's zone, and so is "today". Occurrences are counted from
//! the anchor, never from the last one. Nothing here looks at a clock or a database.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::kernel::calendar::{Interval, Span, boundary, index_at, next_on_or_after};

/// The earliest date a subscription may name: 1 January 1990.
pub const EARLIEST: NaiveDate = civil(1990, 1, 1);
/// The latest date a subscription may name or reach: 31 December 2200.
pub const LATEST: NaiveDate = civil(2200, 12, 31);

/// How often the money is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cycle {
    /// Every interval, from the anchor on.
    Every(Interval),
    /// Once; it never renews.
    Once,
}

/// What happens when a term ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoRenew {
    /// The next term begins unless somebody cancels.
    Auto,
    /// The next term begins only if somebody decides so.
    Manual,
    /// The term ends and nothing follows.
    Never,
}

/// The date everything is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The first day covered; the first renewal comes one interval later.
    Start(NaiveDate),
    /// A renewal; what came before is not known.
    Renewal(NaiveDate),
}

/// How long one is bound: the first term and each one after it; both are the cycle unless given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The term that begins with the start.
    pub first: Interval,
    /// Every later term.
    pub following: Interval,
}

/// Why the dates of a subscription were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ScheduleError {
    /// Neither date was given.
    #[error("Write the date of the next renewal, or the date it started.")]
    NoDate,
    /// The two dates given are not whole cycles apart.
    #[error("With this start and cycle the nearest renewal is {nearest}: correct one of the dates.")]
    DatesDisagree {
        /// The renewal nearest to the one given.
        nearest: NaiveDate,
    },
    /// A one-time purchase with a renewal date.
    #[error("A one-time purchase does not renew: leave the renewal date empty.")]
    OnceDoesNotRenew,
    /// Outside [`EARLIEST`] to [`LATEST`].
    #[error("Choose a date from {EARLIEST} to {LATEST}.")]
    DateOutOfRange,
    /// The next date lies after [`LATEST`].
    #[error("The next date would lie after {LATEST}: choose a shorter cycle or term.")]
    TooFarAhead,
}

impl AutoRenew {
    /// Every way, the usual one first.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Manual, Self::Never];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Manual => "manual",
            Self::Never => "never",
        }
    }
}

impl Terms {
    /// Terms as long as the cycle, the usual case.
    pub const fn like(cycle: Interval) -> Self {
        Self { first: cycle, following: cycle }
    }
}

impl Anchor {
    /// The anchor of the dates given: the start when it is known, else the renewal. Both must lie whole
    /// cycles apart; the error names the renewal nearest to the one given.
    pub fn choose(
        cycle: Cycle,
        starts_on: Option<NaiveDate>,
        renews_on: Option<NaiveDate>,
    ) -> Result<Self, ScheduleError> {
        starts_on.into_iter().chain(renews_on).try_for_each(require_in_range)?;
        match (cycle, starts_on, renews_on) {
            (_, None, None) => Err(ScheduleError::NoDate),
            (Cycle::Once, _, Some(_)) => Err(ScheduleError::OnceDoesNotRenew),
            (_, Some(start), None) => Ok(Self::Start(start)),
            (_, None, Some(renewal)) => Ok(Self::Renewal(renewal)),
            (Cycle::Every(interval), Some(start), Some(renewal)) => {
                let nearest = nearest_renewal(start, interval, renewal)?;
                match nearest == renewal {
                    true => Ok(Self::Start(start)),
                    false => Err(ScheduleError::DatesDisagree { nearest }),
                }
            }
        }
    }

    /// The date itself.
    pub const fn date(self) -> NaiveDate {
        match self {
            Self::Start(date) | Self::Renewal(date) => date,
        }
    }

    /// The number of the first boundary that is a renewal.
    const fn first_renewal(self) -> i64 {
        match self {
            Self::Start(_) => 1,
            Self::Renewal(_) => 0,
        }
    }
}

/// Refuses a date outside [`EARLIEST`] to [`LATEST`].
pub fn require_in_range(date: NaiveDate) -> Result<(), ScheduleError> {
    match (EARLIEST..=LATEST).contains(&date) {
        true => Ok(()),
        false => Err(ScheduleError::DateOutOfRange),
    }
}

/// The first renewal on or after today; a renewal that falls today is still to come, a past one rolls on.
pub fn next_renewal(anchor: Anchor, interval: Interval, today: NaiveDate) -> Result<NaiveDate, ScheduleError> {
    let found = next_on_or_after(anchor.date(), interval, today);
    let n = found.map(|(n, _)| n.max(anchor.first_renewal())).ok_or(ScheduleError::TooFarAhead)?;
    within_reach(boundary(anchor.date(), interval, n))
}

/// The first renewal after `date`: where to roll once the renewal on `date` has happened.
pub fn renewal_after(anchor: Anchor, interval: Interval, date: NaiveDate) -> Result<NaiveDate, ScheduleError> {
    let day_after = date.succ_opt().ok_or(ScheduleError::TooFarAhead)?;
    next_renewal(anchor, interval, day_after)
}

/// The days from `from` to `to`, both included, on which money is due, the start among them; none
/// before the anchor or after [`LATEST`].
pub fn occurrences(anchor: Anchor, interval: Interval, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let (from, to) = (from.max(anchor.date()), to.min(LATEST));
    let Some((first, _)) = next_on_or_after(anchor.date(), interval, from) else {
        return Vec::new();
    };
    (first..).map_while(|n| boundary(anchor.date(), interval, n)).take_while(|date| *date <= to).collect()
}

/// The days on which money was due since a known start: today and the 24 months before it, no further.
pub fn past_charges(starts_on: NaiveDate, interval: Interval, today: NaiveDate) -> Vec<NaiveDate> {
    let two_years_ago = Span::Months(24).from(today, -1).and_then(|date| date.succ_opt());
    let from = two_years_ago.unwrap_or(starts_on);
    occurrences(Anchor::Start(starts_on), interval, from, today)
}

/// The end of the term in force, which is its renewal and the first day not covered: the first end on
/// or after today when it renews by itself, else the end of the first term.
pub fn term_end(
    anchor: Anchor,
    terms: Terms,
    auto_renew: AutoRenew,
    today: NaiveDate,
) -> Result<NaiveDate, ScheduleError> {
    let first_end = within_reach(nth_term_end(anchor, terms, 0))?;
    let is_over = first_end < today;
    match auto_renew {
        AutoRenew::Auto if is_over => {
            // Ends counted from the clamped first end are at most days off those from the anchor, so
            // the right term is the one found or a neighbour.
            let about = index_at(first_end, terms.following, today);
            let near = about.saturating_sub(1).max(0)..=about.saturating_add(2);
            let ends = near.filter_map(|n| nth_term_end(anchor, terms, n));
            within_reach(ends.into_iter().find(|end| *end >= today))
        }
        _ => Ok(first_end),
    }
}

/// The end of the first term (n = 0) or of the n-th after it, counted from the anchor; `None` beyond
/// year 9999. For terms renewed by decision, one at a time.
pub fn nth_term_end(anchor: Anchor, terms: Terms, n: i64) -> Option<NaiveDate> {
    let following = terms.following.span();
    let start = match anchor {
        Anchor::Renewal(first_end) => return following.from(first_end, n),
        Anchor::Start(start) => start,
    };
    let together = |first: u32, later: u32| i64::from(later).checked_mul(n)?.checked_add(i64::from(first));
    match (terms.first.span(), following) {
        (Span::Days(first), Span::Days(later)) => Span::Days(1).from(start, together(first, later)?),
        (Span::Months(first), Span::Months(later)) => Span::Months(1).from(start, together(first, later)?),
        (first, later) => later.from(first.from(start, 1)?, n),
    }
}

fn nearest_renewal(start: NaiveDate, interval: Interval, renewal: NaiveDate) -> Result<NaiveDate, ScheduleError> {
    let n = index_at(start, interval, renewal).max(1);
    let before = within_reach(boundary(start, interval, n))?;
    let after = boundary(start, interval, n + 1).filter(|after| *after <= LATEST);
    let is_closer = |after: &NaiveDate| (*after - renewal).abs() < (renewal - before).abs();
    Ok(after.filter(is_closer).unwrap_or(before))
}

fn within_reach(date: Option<NaiveDate>) -> Result<NaiveDate, ScheduleError> {
    date.filter(|date| *date <= LATEST).ok_or(ScheduleError::TooFarAhead)
}

const fn civil(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

#[cfg(test)]
mod tests;

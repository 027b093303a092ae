//! How often, as people write it: a quarter stays a quarter, and "once" is no interval at all.

use std::fmt;

use crate::kernel::calendar::{Interval, IntervalError};

/// A number of days, weeks, months, quarters or years.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Every {
    unit: EveryUnit,
    count: u32,
    interval: Interval,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EveryUnit {
    /// Calendar days.
    Day,
    /// Seven days.
    Week,
    /// Calendar months.
    Month,
    /// Three months.
    Quarter,
    /// Twelve months.
    Year,
}

impl EveryUnit {
    /// Every unit, the usual ones first.
    pub const ALL: [Self; 5] = [Self::Month, Self::Year, Self::Quarter, Self::Week, Self::Day];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

impl Every {
    /// Reads a unit's code with a count.
    pub fn parse(unit: &str, count: u32) -> Result<Self, IntervalError> {
        let interval = Interval::parse(unit, count)?;
        let unit = EveryUnit::ALL.into_iter().find(|known| known.code() == unit.trim());
        Ok(Self { unit: unit.ok_or(IntervalError::UnknownUnit)?, count, interval })
    }

    /// The unit, as written.
    pub fn unit(self) -> EveryUnit {
        self.unit
    }

    /// The count, as written.
    pub fn count(self) -> u32 {
        self.count
    }

    /// The interval it stands for.
    pub fn interval(self) -> Interval {
        self.interval
    }
}

impl fmt::Display for Every {
    /// "month", "2 quarters": what follows the word "every".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => f.write_str(self.unit.code()),
            count => write!(f, "{count} {}s", self.unit.code()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_stays_a_quarter_and_counts_three_months() {
        let two = Every::parse("quarter", 2).expect("two quarters");
        assert_eq!((two.to_string().as_str(), two.interval().count()), ("2 quarters", 6));
        assert_eq!(Every::parse("month", 1).expect("a month").to_string(), "month");
        assert_eq!(Every::parse("once", 1), Err(IntervalError::UnknownUnit));
        assert_eq!(Every::parse("year", 0), Err(IntervalError::CountOutOfRange));
    }
}

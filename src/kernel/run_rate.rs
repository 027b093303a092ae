//! Run rate: what a price per cycle comes to in a year and in a month, as exact fractions.
//!
//! A year has 365.25 days, 365.25 ÷ 7 weeks, 12 months. The month shown is the year ÷ 12, rounded
//! once, so twelve exact months are always the year. One-time purchases have no run rate.

use std::cmp::Ordering;
use std::ops::Neg;

use crate::kernel::calendar::{Interval, Span};
use crate::kernel::currency::Currency;
use crate::kernel::money::{Money, MoneyError, divide_half_even};

/// Parts of a minor unit kept when a sum has too many unlike fractions to stay exact.
const FINEST: i128 = 1_000_000_000;

/// An exact fraction in lowest terms; its denominator is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rational {
    numerator: i128,
    denominator: i128,
}

impl Rational {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// The fraction in lowest terms; `None` when the denominator is 0 or the numbers are out of range.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        let common = greatest_common_divisor(numerator, denominator)?;
        let sign = denominator.signum();
        let numerator = numerator.checked_div(common)?.checked_mul(sign)?;
        let denominator = denominator.checked_div(common)?.checked_mul(sign)?;
        (denominator > 0).then_some(Self { numerator, denominator })
    }

    /// The number above the line.
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// The number below the line, above zero.
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// The sum when its fraction fits into 128 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        let denominator = self.denominator.checked_mul(other.denominator)?;
        Self::new(left.checked_add(right)?, denominator)
    }

    /// The sum: exact when it fits, else of both rounded to a billionth, so that a page of a thousand
    /// odd cycles still has a total.
    pub fn plus(self, other: Self) -> Self {
        self.checked_add(other).or_else(|| self.to_finest()?.checked_add(other.to_finest()?)).unwrap_or(self.max(other)) // Past 10^29 minor units, which no ledger reaches.
    }

    /// The fraction × a whole number; `None` on overflow.
    pub fn times(self, factor: i64) -> Option<Self> {
        Self::new(self.numerator.checked_mul(i128::from(factor))?, self.denominator)
    }

    /// The fraction ÷ a whole number; `None` on overflow or a division by zero.
    pub fn divided_by(self, divisor: i64) -> Option<Self> {
        Self::new(self.numerator, self.denominator.checked_mul(i128::from(divisor))?)
    }

    /// The nearest whole number, halves to the even one; `None` when it does not fit.
    pub fn round_half_even(self) -> Option<i64> {
        i64::try_from(divide_half_even(self.numerator, self.denominator)?).ok()
    }

    fn to_finest(self) -> Option<Self> {
        let whole = self.numerator.div_euclid(self.denominator).checked_mul(FINEST)?;
        let rest = self.numerator.rem_euclid(self.denominator);
        let part = match rest.checked_mul(FINEST) {
            Some(scaled) => divide_half_even(scaled, self.denominator)?,
            // Only for denominators above 10^29: their lowest digits weigh nothing.
            None => divide_half_even(rest, self.denominator.checked_div(FINEST)?)?.min(FINEST),
        };
        Self::new(whole.checked_add(part)?, FINEST)
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.numerator, other.numerator);
        let whole = left.div_euclid(self.denominator).cmp(&right.div_euclid(other.denominator));
        whole.then_with(|| {
            let left = Self { numerator: left.rem_euclid(self.denominator), ..*self };
            let right = Self { numerator: right.rem_euclid(other.denominator), ..*other };
            match (left.numerator, right.numerator) {
                (0, rest) => 0.cmp(&rest),
                (_, 0) => Ordering::Greater,
                // Both lie between 0 and 1, so their inverses compare the other way round.
                _ => right.inverse().cmp(&left.inverse()),
            }
        })
    }
}

impl Rational {
    const fn inverse(self) -> Self {
        Self { numerator: self.denominator, denominator: self.numerator }
    }
}

impl Neg for Rational {
    type Output = Self;

    fn neg(self) -> Self {
        Self { numerator: self.numerator.saturating_neg(), ..self }
    }
}

/// How often an interval fits into a year: 365.25 ÷ n for n days, 12 ÷ n for n months.
pub fn times_a_year(every: Interval) -> Rational {
    let (numerator, denominator) = match every.span() {
        Span::Days(days) => (1461, 4 * i128::from(days)),
        Span::Months(months) => (12, i128::from(months)),
    };
    Rational::new(numerator, denominator).unwrap_or(Rational::ZERO)
}

/// Minor units a year for a price of `minor` each interval, exact.
pub fn per_year(minor: i64, every: Interval) -> Rational {
    times_a_year(every).times(minor).unwrap_or(Rational::ZERO)
}

/// Minor units a month: a twelfth of [`per_year`], exact.
pub fn per_month(minor: i64, every: Interval) -> Rational {
    per_year(minor, every).divided_by(12).unwrap_or(Rational::ZERO)
}

/// A run rate as money to show: rounded once, half to even; refuses what does not fit.
pub fn shown(rate: Rational, currency: Currency) -> Result<Money, MoneyError> {
    let minor = rate.round_half_even().ok_or(MoneyError::TooLarge)?;
    Ok(Money::new(minor, currency))
}

fn greatest_common_divisor(left: i128, right: i128) -> Option<i128> {
    let (mut left, mut right) = (left.checked_abs()?, right.checked_abs()?);
    while right != 0 {
        (left, right) = (right, left.checked_rem(right)?);
    }
    Some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(count: u32, unit: &str) -> Interval {
        Interval::parse(unit, count).expect(unit)
    }

    fn fraction(numerator: i128, denominator: i128) -> Rational {
        Rational::new(numerator, denominator).expect("a fraction")
    }

    #[test]
    fn published_run_rates_are_met() {
        // Unit, count, price, a year, a month; from subtrackr's subscription tests, except the week
        // and the day, which they round to 52 weeks and 30.44 days.
        for (unit, count, price, year, month) in [
            ("month", 1, 1000, (12_000, 1), (1000, 1)),
            ("month", 2, 1000, (6000, 1), (500, 1)),
            ("year", 1, 12_000, (12_000, 1), (1000, 1)),
            ("year", 2, 12_000, (6000, 1), (500, 1)),
            ("year", 10, 20_000, (2000, 1), (500, 3)),
            ("quarter", 1, 3000, (12_000, 1), (1000, 1)),
            ("quarter", 2, 3000, (6000, 1), (500, 1)),
            ("week", 1, 1000, (365_250, 7), (60_875, 14)),
            ("day", 1, 100, (36_525, 1), (12_175, 4)),
        ] {
            let every = every(count, unit);
            assert_eq!(per_year(price, every), fraction(year.0, year.1), "{unit} {count}");
            assert_eq!(per_month(price, every), fraction(month.0, month.1), "{unit} {count}");
            assert_eq!(per_month(price, every).times(12), Some(per_year(price, every)));
        }
    }

    #[test]
    fn a_rate_is_rounded_once_half_to_even() {
        for (numerator, denominator, rounded) in
            [(500, 3, 167), (1, 2, 0), (3, 2, 2), (-1, 2, 0), (-3, 2, -2), (7, 1, 7), (-500, 3, -167)]
        {
            assert_eq!(fraction(numerator, denominator).round_half_even(), Some(rounded));
        }
        let shown = shown(fraction(60_875, 14), Currency::USD);
        assert_eq!(shown, Ok(Money::new(4348, Currency::USD)));
    }

    #[test]
    fn fractions_stay_in_lowest_terms_and_in_order() {
        assert_eq!(fraction(2, -4), fraction(-1, 2));
        assert_eq!(fraction(0, 7), Rational::ZERO);
        assert_eq!(Rational::new(1, 0), None);
        assert_eq!(Rational::new(0, 0), None);
        assert_eq!(fraction(1, 3).plus(fraction(1, 6)), fraction(1, 2));
        let mut some = [fraction(1, 2), fraction(-1, 2), fraction(2, 3), Rational::ZERO, fraction(-2, 3)];
        some.sort();
        let sorted = [fraction(-2, 3), fraction(-1, 2), Rational::ZERO, fraction(1, 2), fraction(2, 3)];
        assert_eq!(some, sorted);
        assert_eq!(-fraction(1, 2), fraction(-1, 2));
    }

    #[test]
    fn a_sum_over_every_length_of_cycle_still_has_a_total() {
        let rates = (1..=1200).map(|days| per_year(10_000_000_000_000, every(days, "day")));
        let total = rates.fold(Rational::ZERO, Rational::plus);
        // 365.25 × 10^13 × (1 + 1/2 + … + 1/1,200), rounded.
        assert_eq!(total.round_half_even(), Some(28_006_307_522_353_511));
    }
}

//! Money: whole minor units of one currency, never a float, never added across currencies.
//!
//! Parts of an amount are made by largest remainder, so that they sum to the whole; pro-rata
//! amounts are rounded once, half to even. How people write amounts is read in `amount.rs`.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::kernel::currency::Currency;

/// An amount in minor units (cents, fils, whole yen) of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative for a credit.
    pub minor: i64,
    /// The currency the minor units belong to.
    pub currency: Currency,
}

/// Why a sum or a share could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// The amounts are in different currencies.
    #[error("Amounts in {left} and {right} cannot be added: convert one of them first.")]
    DifferentCurrencies {
        /// The currency of the sum so far.
        left: Currency,
        /// The currency of the amount added.
        right: Currency,
    },
    /// The result does not fit into 64 bits of minor units.
    #[error("The amount is too large: write a smaller one.")]
    TooLarge,
    /// A share of a period that has no days.
    #[error("The period has no days: choose an end after its start.")]
    EmptyPeriod,
}

impl Money {
    /// So many minor units of a currency.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The sum; refuses another currency and an overflow.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        let (left, right) = (self.currency, other.currency);
        if left != right {
            return Err(MoneyError::DifferentCurrencies { left, right });
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, left))
    }

    /// The difference; refuses another currency and an overflow.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        let minor = other.minor.checked_neg().ok_or(MoneyError::TooLarge)?;
        self.checked_add(Self::new(minor, other.currency))
    }

    /// The amount for so many seats or packs; refuses an overflow.
    pub fn times(self, quantity: u32) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(i64::from(quantity)).ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    /// Equal parts that sum to the whole; minor units left over go to the first parts, one each.
    pub fn split(self, parts: u32) -> Vec<Self> {
        let weights = (0..parts).map(|_| 1).collect::<Vec<u64>>();
        self.share(&weights)
    }

    /// Parts in proportion to `weights` that sum to the whole, by largest remainder, earlier parts
    /// first among equals; equal parts when all weights are 0.
    pub fn share(self, weights: &[u64]) -> Vec<Self> {
        let whole = weights.iter().map(|weight| u128::from(*weight)).sum::<u128>();
        let Some(whole) = std::num::NonZeroU128::new(whole) else {
            let parts = u32::try_from(weights.len()).unwrap_or(u32::MAX);
            return if parts == 0 { Vec::new() } else { self.split(parts) };
        };
        let total = u128::from(self.minor.unsigned_abs());
        let exact = weights.iter().map(|weight| total * u128::from(*weight));
        let mut parts: Vec<Part> =
            exact.enumerate().map(|(place, exact)| Part { place, size: exact / whole, rest: exact % whole }).collect();

        let given = parts.iter().map(|part| part.size).sum::<u128>();
        let left_over = usize::try_from(total.saturating_sub(given)).unwrap_or(usize::MAX);
        parts.sort_by_key(|part| (Reverse(part.rest), part.place));
        parts.iter_mut().take(left_over).for_each(|part| part.size += 1);
        parts.sort_by_key(|part| part.place);
        parts.iter().map(|part| self.with_size(part.size)).collect()
    }

    /// This amount × part ÷ whole days, rounded once, half to even; see [`pro_rata`].
    pub fn pro_rata(self, part_days: i64, whole_days: i64) -> Result<Self, MoneyError> {
        let minor = pro_rata(self.minor, part_days, whole_days)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The plain number for forms, JSON and CSV: `1200.00`, `-0.05`, `1200` for yen.
    pub fn to_decimal_string(self) -> String {
        let units = self.currency.minor_units().unsigned_abs();
        let sign = if self.minor < 0 { "-" } else { "" };
        let size = self.minor.unsigned_abs();
        match usize::try_from(self.currency.exponent()) {
            Ok(0) | Err(_) => format!("{sign}{size}"),
            Ok(decimals) => format!("{sign}{}.{:0decimals$}", size / units, size % units),
        }
    }

    /// A part of this amount, with its sign.
    fn with_size(self, size: u128) -> Self {
        let size = i128::try_from(size).unwrap_or(i128::MAX);
        let signed = if self.minor < 0 { -size } else { size };
        // A part is never larger than the whole, so it always fits.
        Self::new(i64::try_from(signed).unwrap_or(self.minor), self.currency)
    }
}

/// One part of a share while it is being made.
struct Part {
    place: usize,
    size: u128,
    rest: u128,
}

impl fmt::Display for Money {
    /// `1200.00 USD`, for logs and the trail; people read the form of their locale.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal_string(), self.currency)
    }
}

/// `amount_minor` × `part_days` ÷ `whole_days` in minor units, rounded once, half to even; the whole
/// is the length of the whole period, even when only a piece of it was used.
pub fn pro_rata(amount_minor: i64, part_days: i64, whole_days: i64) -> Result<i64, MoneyError> {
    if whole_days <= 0 {
        return Err(MoneyError::EmptyPeriod);
    }
    let exact = i128::from(amount_minor) * i128::from(part_days);
    let rounded = divide_half_even(exact, i128::from(whole_days)).ok_or(MoneyError::EmptyPeriod)?;
    i64::try_from(rounded).map_err(|_| MoneyError::TooLarge)
}

/// The quotient rounded to the nearest whole number, halves to the even one; `None` unless `divisor` > 0.
pub(crate) fn divide_half_even(dividend: i128, divisor: i128) -> Option<i128> {
    if divisor <= 0 {
        return None;
    }
    let (floor, rest) = (dividend.div_euclid(divisor), dividend.rem_euclid(divisor));
    // Comparing the rest with what is missing spares doubling it, which could overflow.
    let round_up = match rest.cmp(&(divisor - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => floor.rem_euclid(2) == 1,
        std::cmp::Ordering::Greater => true,
    };
    Some(floor + i128::from(round_up))
}

/// Sums per currency, in the order of the codes; a currency appears once something was added in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<Currency, i64>);

impl Totals {
    /// The totals of all these amounts; refuses an overflow.
    pub fn of(amounts: impl IntoIterator<Item = Money>) -> Result<Self, MoneyError> {
        let mut totals = Self::default();
        for amount in amounts {
            totals.include(amount)?;
        }
        Ok(totals)
    }

    /// Adds one amount to the total of its currency; refuses an overflow.
    pub fn include(&mut self, amount: Money) -> Result<(), MoneyError> {
        let total = self.0.entry(amount.currency).or_default();
        *total = total.checked_add(amount.minor).ok_or(MoneyError::TooLarge)?;
        Ok(())
    }

    /// The total in one currency, zero when nothing was added in it.
    pub fn in_currency(&self, currency: Currency) -> Money {
        Money::new(self.0.get(&currency).copied().unwrap_or_default(), currency)
    }

    /// One amount per currency, in the order of the codes.
    pub fn iter(&self) -> impl Iterator<Item = Money> {
        self.0.iter().map(|(currency, minor)| Money::new(*minor, *currency))
    }

    /// Whether nothing was added at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests;

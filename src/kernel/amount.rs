//! How people write amounts: `1,200.00`, `1200`, `$12.58`, `1 200,50`, `CHF 119`.
//!
//! The rules are few, so that nobody is surprised: a point begins the decimals; commas, spaces and
//! apostrophes group thousands where they stand in the right places; a single comma with one or two
//! digits behind it, at the end, begins the decimals too. Everything else is refused in words.

use thiserror::Error;

use crate::kernel::currency::Currency;
use crate::kernel::money::Money;

/// The largest price, in minor units: 10^13.
pub const MAX_PRICE_MINOR: i64 = 10_000_000_000_000;

/// Why an amount could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AmountError {
    /// Nothing was written.
    #[error("Write an amount, such as 1,200.00.")]
    Empty,
    /// It is no number, or its separators stand in the wrong places.
    #[error("Write the amount as a number, such as 1,200.00.")]
    NotANumber,
    /// More decimals than the currency has.
    #[error("Write at most {at_most} decimals for {currency}.")]
    TooManyDecimals {
        /// The decimals of the currency.
        at_most: u32,
        /// The currency asked for.
        currency: Currency,
    },
    /// Decimals in a currency that has none.
    #[error("Write a whole number for {currency}, without decimals.")]
    NoDecimals {
        /// The currency asked for.
        currency: Currency,
    },
    /// The symbol or code beside the number is not the currency's.
    #[error("The amount names another currency: write it in {currency}, or change the currency.")]
    OtherCurrency {
        /// The currency asked for.
        currency: Currency,
    },
    /// Below zero where only a price makes sense.
    #[error("Write 0 or more.")]
    Negative,
    /// Above [`MAX_PRICE_MINOR`], or too large to count.
    #[error("The amount is too large: write a smaller one.")]
    TooLarge,
}

impl Money {
    /// Reads an amount in a known currency; a minus sign is allowed. The module says what can be read.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AmountError::Empty);
        }
        let (is_negative, number) = strip_sign_and_currency(text, currency)?;
        let (whole, decimals) = split_decimals(number);
        let digits = ungrouped(whole).ok_or(AmountError::NotANumber)?;
        let minor = to_minor(&digits, decimals, currency)?;
        Ok(Self::new(if is_negative { -minor } else { minor }, currency))
    }

    /// Reads a price: as [`Money::parse`], from 0 to [`MAX_PRICE_MINOR`].
    pub fn parse_price(text: &str, currency: Currency) -> Result<Self, AmountError> {
        match Self::parse(text, currency)? {
            price if price.minor < 0 => Err(AmountError::Negative),
            price if price.minor > MAX_PRICE_MINOR => Err(AmountError::TooLarge),
            price => Ok(price),
        }
    }
}

/// Takes off one sign and one currency mark, in either order, the mark on either side.
fn strip_sign_and_currency(text: &str, currency: Currency) -> Result<(bool, &str), AmountError> {
    let (sign_first, text) = strip_sign(text);
    let is_mark = |c: char| !c.is_ascii_digit() && !"-−.,".contains(c) && !is_space(c);
    let number = text.trim_start_matches(is_mark);
    let before = text.strip_suffix(number).unwrap_or_default();
    let (sign_second, number) = strip_sign(number.trim_start_matches(is_space));
    let bare = number.trim_end_matches(is_mark);
    let after = number.strip_prefix(bare).unwrap_or_default();
    let is_doubled = sign_first && sign_second || !before.is_empty() && !after.is_empty();
    if is_doubled || bare.is_empty() {
        return Err(AmountError::NotANumber);
    }
    match [before, after].into_iter().find(|mark| !mark.is_empty()) {
        Some(mark) if is_mark_of(mark, currency) => Ok((sign_first || sign_second, bare.trim_end_matches(is_space))),
        Some(mark) if Currency::is_mark(mark) => Err(AmountError::OtherCurrency { currency }),
        Some(_) => Err(AmountError::NotANumber),
        None => Ok((sign_first || sign_second, bare)),
    }
}

fn strip_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest.trim_start_matches(is_space)),
        None => (false, text),
    }
}

fn is_mark_of(mark: &str, currency: Currency) -> bool {
    mark.eq_ignore_ascii_case(currency.code()) || [currency.sign_at_home(), currency.sign_abroad()].contains(&mark)
}

/// The whole part and the decimals, when a point or a decimal comma begins some.
fn split_decimals(number: &str) -> (&str, Option<&str>) {
    if let Some((whole, decimals)) = number.rsplit_once('.') {
        return (whole, Some(decimals));
    }
    match number.split_once(',') {
        Some((whole, decimals)) if matches!(decimals.len(), 1..=2) => (whole, Some(decimals)),
        _ => (number, None),
    }
}

/// The digits without their group separators; `None` when one stands in the wrong place.
fn ungrouped(whole: &str) -> Option<String> {
    let separator = whole.chars().find(|c| !c.is_ascii_digit());
    let Some(separator) = separator else {
        return (!whole.is_empty()).then(|| whole.to_owned());
    };
    if !",'’".contains(separator) && !is_space(separator) {
        return None;
    }
    let groups: Vec<&str> = whole.split(separator).collect();
    let (first, rest) = groups.split_first()?;
    let (last, middle) = rest.split_last()?;
    let all_digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let in_thousands = (1..=3).contains(&first.len()) && middle.iter().all(|g| g.len() == 3);
    // India writes 1,20,000: pairs before the last three digits.
    let in_lakhs = separator == ',' && (1..=2).contains(&first.len()) && middle.iter().all(|group| group.len() == 2);
    (all_digits && last.len() == 3 && (in_thousands || in_lakhs)).then(|| groups.concat())
}

fn to_minor(whole: &str, decimals: Option<&str>, currency: Currency) -> Result<i64, AmountError> {
    let decimals = match decimals {
        Some(text) if text.is_empty() || text.bytes().any(|byte| !byte.is_ascii_digit()) => {
            return Err(AmountError::NotANumber);
        }
        text => text.unwrap_or_default(),
    };
    let at_most = currency.exponent();
    let missing = u32::try_from(decimals.len()).ok().and_then(|written| at_most.checked_sub(written));
    let Some(missing) = missing else {
        return Err(match at_most {
            0 => AmountError::NoDecimals { currency },
            _ => AmountError::TooManyDecimals { at_most, currency },
        });
    };
    let digits: i64 = format!("{whole}{decimals}").parse().map_err(|_| AmountError::TooLarge)?;
    digits.checked_mul(10_i64.saturating_pow(missing)).ok_or(AmountError::TooLarge)
}

/// Spaces that group thousands: plain, no-break, narrow no-break, thin.
const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect(code)
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, code, minor) in [
            ("1200", "USD", 120_000),
            ("1,200.00", "USD", 120_000),
            ("1,200", "USD", 120_000),
            ("1,200,000.5", "USD", 120_000_050),
            ("$12.58", "USD", 1258),
            ("$ 12.58", "USD", 1258),
            ("US$12.58", "USD", 1258),
            ("CA$12", "CAD", 1200),
            ("$12", "CAD", 1200),
            ("12.5", "USD", 1250),
            ("12,5", "EUR", 1250),
            ("12,50 €", "EUR", 1250),
            ("€9,120.00", "EUR", 912_000),
            ("1 200,50", "EUR", 120_050),
            ("1\u{202f}200,50\u{a0}€", "EUR", 120_050),
            ("1'200.50", "CHF", 120_050),
            ("CHF 1’200.50", "CHF", 120_050),
            ("chf119", "CHF", 11_900),
            ("119.00 USD", "USD", 11_900),
            ("1,20,000", "INR", 12_000_000),
            ("₹1,20,000.00", "INR", 12_000_000),
            ("R$ 1,200.00", "BRL", 120_000),
            ("120 kr", "SEK", 12_000),
            ("1200", "JPY", 1200),
            ("¥1,200", "JPY", 1200),
            ("1.234", "KWD", 1234),
            ("1,234", "KWD", 1_234_000),
            ("-12.58", "USD", -1258),
            ("−12.58", "USD", -1258),
            ("-$12.58", "USD", -1258),
            ("$-12.58", "USD", -1258),
            ("007", "USD", 700),
            ("-0", "USD", 0),
            ("92233720368547758.07", "USD", i64::MAX),
        ] {
            let expected = Money::new(minor, currency(code));
            assert_eq!(Money::parse(text, currency(code)), Ok(expected), "{text}");
        }
    }

    #[test]
    fn other_writings_are_refused_in_words() {
        let usd = currency("USD");
        let number = "Write the amount as a number, such as 1,200.00.";
        let two = "Write at most 2 decimals for USD.";
        let other = "The amount names another currency: write it in USD, or change the currency.";
        let large = "The amount is too large: write a smaller one.";
        for (text, sentence) in [
            ("", "Write an amount, such as 1,200.00."),
            ("  ", "Write an amount, such as 1,200.00."),
            ("1.200,50", number),
            ("1,2000", number),
            ("1,200,50", number),
            ("12,34,56", number),
            ("1,200 300", number),
            (",5", number),
            (".5", number),
            ("5.", number),
            ("1 2", number),
            ("1.2.3", number),
            ("--5", number),
            ("-$-5", number),
            ("$5$", number),
            ("5-", number),
            ("1e3", number),
            ("٣", number),
            ("free", number),
            ("12OO", number),
            ("12 apples", number),
            ("$", number),
            ("A$5", other),
            ("12.345", two),
            ("€5", other),
            ("5 EUR", other),
            ("92233720368547758.08", large),
            ("99999999999999999999", large),
        ] {
            let refused = Money::parse(text, usd).map_err(|error| error.to_string());
            assert_eq!(refused, Err(sentence.to_owned()), "{text:?}");
        }
        let yen = Money::parse("5.5", currency("JPY")).map_err(|error| error.to_string());
        assert_eq!(yen, Err("Write a whole number for JPY, without decimals.".to_owned()));
    }

    #[test]
    fn a_price_is_from_nothing_to_ten_trillion_minor_units() {
        let usd = currency("USD");
        assert_eq!(Money::parse_price("0", usd), Ok(Money::zero(usd)));
        assert_eq!(Money::parse_price("-0.01", usd), Err(AmountError::Negative));
        let most = Money::new(MAX_PRICE_MINOR, usd);
        assert_eq!(Money::parse_price("100,000,000,000.00", usd), Ok(most));
        assert_eq!(Money::parse_price("100,000,000,000.01", usd), Err(AmountError::TooLarge));
    }
}

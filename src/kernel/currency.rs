//! Currencies of ISO 4217 that money can be counted in.

use std::cmp::Ordering;
use std::fmt;

use iso_currency::Flag;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A currency of ISO 4217 with a minor unit; funds, metals and test codes are left out. Ordered by code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(iso_currency::Currency);

/// Code, sign at home, sign abroad; as in Unicode CLDR for English.
const SIGNS: &[(&str, &str, &str)] = &[
    ("AUD", "$", "A$"),
    ("BRL", "R$", "R$"),
    ("CAD", "$", "CA$"),
    ("CNY", "¥", "CN¥"),
    ("CZK", "Kč", "CZK"),
    ("DKK", "kr.", "DKK"),
    ("EUR", "€", "€"),
    ("GBP", "£", "£"),
    ("HKD", "HK$", "HK$"),
    ("ILS", "₪", "₪"),
    ("INR", "₹", "₹"),
    ("JPY", "¥", "¥"),
    ("KRW", "₩", "₩"),
    ("MXN", "$", "MX$"),
    ("NOK", "kr", "NOK"),
    ("NZD", "$", "NZ$"),
    ("PLN", "zł", "PLN"),
    ("SEK", "kr", "SEK"),
    ("SGD", "$", "S$"),
    ("TWD", "NT$", "NT$"),
    ("USD", "$", "US$"),
    ("VND", "₫", "₫"),
];

/// The text is no currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Write the currency as its three-letter code, such as USD or EUR.")]
pub struct UnknownCurrency;

impl Currency {
    /// Pounds sterling, 2 decimals.
    pub const GBP: Self = Self(iso_currency::Currency::GBP);
    /// Euros, 2 decimals.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);
    /// United States dollars, 2 decimals.
    pub const USD: Self = Self(iso_currency::Currency::USD);

    /// Reads a three-letter code in any case, with spaces around it.
    pub fn parse(text: &str) -> Result<Self, UnknownCurrency> {
        let code = text.trim().to_ascii_uppercase();
        let currency = iso_currency::Currency::from_code(&code).ok_or(UnknownCurrency)?;
        let flags = currency.flags();
        let is_no_money = flags.contains(&Flag::Fund) || flags.contains(&Flag::Special);
        match currency.exponent() {
            Some(_) if !is_no_money => Ok(Self(currency)),
            _ => Err(UnknownCurrency),
        }
    }

    /// The three capital letters of ISO 4217.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The name in English, such as "Swiss franc".
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The sign written where this is the currency of the country: `$` for Canadian dollars in Canada.
    pub fn sign_at_home(self) -> &'static str {
        self.signs().map_or(self.code(), |(at_home, _)| at_home)
    }

    /// The sign that tells it from all others: `CA$` for Canadian dollars, the code when there is none.
    pub fn sign_abroad(self) -> &'static str {
        self.signs().map_or(self.code(), |(_, abroad)| abroad)
    }

    /// Whether a text is the sign or the code of some currency.
    pub fn is_mark(text: &str) -> bool {
        let is_sign = SIGNS.iter().any(|(_, at_home, abroad)| text == *at_home || text == *abroad);
        is_sign || Self::parse(text).is_ok()
    }

    /// The currency a sign or code stands for. A sign of several is that of `home` when it is one of them, and else of
    /// the one that is known by it everywhere: `$` is the US dollar.
    pub fn of_mark(text: &str, home: Self) -> Option<Self> {
        let everywhere =
            SIGNS.iter().find(|(_, _, abroad)| text == *abroad).and_then(|(code, ..)| Self::parse(code).ok());
        [Some(home), everywhere, Some(Self::USD)]
            .into_iter()
            .flatten()
            .find(|currency| [currency.sign_at_home(), currency.sign_abroad()].contains(&text))
            .or_else(|| Self::parse(text).ok())
    }

    fn signs(self) -> Option<(&'static str, &'static str)> {
        let signs = SIGNS.iter().find(|(code, ..)| *code == self.code());
        signs.map(|(_, at_home, abroad)| (*at_home, *abroad))
    }

    /// How many decimals the minor unit stands for: JPY 0, USD 2, KWD 3.
    pub fn exponent(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }

    /// Minor units in one major unit: JPY 1, USD 100, KWD 1,000.
    pub fn minor_units(self) -> i64 {
        10_i64.saturating_pow(self.exponent())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(other.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;

    fn try_from(code: String) -> Result<Self, UnknownCurrency> {
        Self::parse(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stands_for_one_currency() {
        for (mark, home, code) in [
            ("$", Currency::EUR, Some("USD")),
            ("$", Currency::parse("CAD").unwrap(), Some("CAD")),
            ("CA$", Currency::EUR, Some("CAD")),
            ("€", Currency::USD, Some("EUR")),
            ("chf", Currency::USD, Some("CHF")),
            ("", Currency::USD, None),
            ("%", Currency::USD, None),
        ] {
            assert_eq!(Currency::of_mark(mark, home).map(Currency::code), code, "{mark}");
        }
    }

    #[test]
    fn a_currency_knows_its_decimals() {
        for (text, code, exponent, minor_units) in
            [("usd", "USD", 2, 100), (" JPY ", "JPY", 0, 1), ("KWD", "KWD", 3, 1000), ("CHF", "CHF", 2, 100)]
        {
            let currency = Currency::parse(text).expect(text);
            assert_eq!(currency.code(), code);
            assert_eq!((currency.exponent(), currency.minor_units()), (exponent, minor_units));
        }
    }

    #[test]
    fn signs_tell_dollars_apart_abroad() {
        for (code, at_home, abroad) in
            [("USD", "$", "US$"), ("CAD", "$", "CA$"), ("SEK", "kr", "SEK"), ("CHF", "CHF", "CHF")]
        {
            let currency = Currency::parse(code).expect(code);
            assert_eq!((currency.sign_at_home(), currency.sign_abroad()), (at_home, abroad));
        }
    }

    #[test]
    fn what_is_no_money_is_refused() {
        for text in ["", "US", "EURO", "XXX", "XAU", "XTS", "CHE", "CLF", "$"] {
            assert_eq!(Currency::parse(text), Err(UnknownCurrency), "{text}");
        }
    }

    #[test]
    fn currencies_stand_in_the_order_of_their_codes() {
        assert!(Currency::EUR < Currency::GBP && Currency::GBP < Currency::USD);
    }

    #[test]
    fn json_holds_the_code() {
        assert_eq!(serde_json::to_string(&Currency::EUR).ok().as_deref(), Some(r#""EUR""#));
        assert_eq!(serde_json::from_str(r#""EUR""#).ok(), Some(Currency::EUR));
        assert!(serde_json::from_str::<Currency>(r#""XXX""#).is_err());
    }
}

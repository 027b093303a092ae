//! How numbers, money, dates and times are written for a reader. The language stays English; order,
//! separators and the clock follow the locale.

mod table;

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::kernel::currency::Currency;
use crate::kernel::money::{Money, divide_half_even};

use table::{ALL, Clock, Grouping, NO_BREAK, Rules, Sign};

/// One locale of the closed list [`Locale::all`]; formats for a reader who reads English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Locale(&'static Rules);

/// The text is no locale of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Choose a language and region from the list, such as en-GB.")]
pub struct UnknownLocale;

impl Locale {
    /// Every locale that can be chosen, in the order of the list.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(Self)
    }

    /// Reads a code of the list, in any case, with `_` for `-`.
    pub fn parse(text: &str) -> Result<Self, UnknownLocale> {
        let code = text.trim().replace('_', "-");
        Self::all().find(|locale| locale.code().eq_ignore_ascii_case(&code)).ok_or(UnknownLocale)
    }

    /// The best of the list for a browser's `Accept-Language`: by weight, then by place; a region that
    /// is not here gives the first of its language, nothing known the default.
    pub fn from_accept_language(header: &str) -> Self {
        let mut wishes: Vec<(u16, &str)> = header.split(',').take(30).filter_map(wish).collect();
        wishes.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wishes.iter().find_map(|(_, tag)| Self::nearest(tag)).unwrap_or_default()
    }

    /// The code, such as `en-GB`, fit for the `lang` of a number or a setting.
    pub const fn code(self) -> &'static str {
        self.0.code
    }

    /// The name in English, for the list in settings.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The day on which a week begins in the region.
    pub fn first_weekday(self) -> Weekday {
        match self.code() {
            "en-US" | "en-CA" | "en-IN" | "pt-BR" | "pt-PT" | "ja-JP" => Weekday::Sun,
            _ => Weekday::Mon,
        }
    }

    /// The currency of the region.
    pub fn default_currency(self) -> Currency {
        Currency::parse(self.0.currency).unwrap_or(Currency::USD)
    }

    /// A whole number with its groups: `18,204`.
    pub fn number(self, number: i64) -> String {
        let minus = if number < 0 { "-" } else { "" };
        format!("{minus}{}", self.grouped(&number.unsigned_abs().to_string()))
    }

    /// An amount with all its decimals and its sign: `$16,200.00`, `9.120,00 €`; its spaces do not break.
    pub fn money(self, amount: Money) -> String {
        let plain = amount.to_decimal_string();
        let size = plain.trim_start_matches('-');
        let number = match size.split_once('.') {
            Some((whole, decimals)) => {
                format!("{}{}{decimals}", self.grouped(whole), self.0.decimal)
            }
            None => self.grouped(size),
        };
        self.signed(amount, &number)
    }

    /// An amount in whole units for charts, rounded half to even: `$16,200`.
    pub fn money_whole(self, amount: Money) -> String {
        let units = i128::from(amount.currency.minor_units());
        let rounded = divide_half_even(i128::from(amount.minor), units);
        let size = rounded.unwrap_or_default().unsigned_abs().to_string();
        self.signed(amount, &self.grouped(&size))
    }

    /// A date in a table: `27 Nov 2026`, `Nov 27, 2026`.
    pub fn date(self, date: NaiveDate) -> String {
        let pattern = if self.0.is_month_first { "%b %-d, %Y" } else { "%-d %b %Y" };
        date.format(pattern).to_string()
    }

    /// A date on which a person must act: `Friday 27 November 2026`.
    pub fn date_long(self, date: NaiveDate) -> String {
        let pattern = if self.0.is_month_first { "%A, %B %-d, %Y" } else { "%A %-d %B %Y" };
        date.format(pattern).to_string()
    }

    /// The time of day in a zone: `14:05`, `2:05 PM`; its space does not break.
    pub fn time(self, instant: DateTime<Utc>, zone: Tz) -> String {
        let pattern = match self.0.clock {
            Clock::Hours12 => "%-I:%M\u{a0}%p",
            Clock::Hours24 => "%H:%M",
        };
        instant.with_timezone(&zone).format(pattern).to_string()
    }

    /// The time of day in a zone to the second: `14:05:09`, `2:05:09 PM`; its space does not break.
    pub fn time_to_the_second(self, instant: DateTime<Utc>, zone: Tz) -> String {
        let pattern = match self.0.clock {
            Clock::Hours12 => "%-I:%M:%S\u{a0}%p",
            Clock::Hours24 => "%H:%M:%S",
        };
        instant.with_timezone(&zone).format(pattern).to_string()
    }

    /// Date and time in a zone: `27 Nov 2026, 14:05`.
    pub fn date_time(self, instant: DateTime<Utc>, zone: Tz) -> String {
        let date = instant.with_timezone(&zone).date_naive();
        format!("{}, {}", self.date(date), self.time(instant, zone))
    }

    fn nearest(tag: &str) -> Option<Self> {
        let exact = Self::parse(tag).ok();
        exact.or_else(|| {
            let language = tag.split(['-', '_']).next()?.to_ascii_lowercase();
            let language = match language.as_str() {
                "no" | "nn" => "nb",
                other => other,
            };
            Self::all().find(|locale| locale.code().split('-').next() == Some(language))
        })
    }

    fn grouped(self, digits: &str) -> String {
        let (least, later) = match self.0.grouping {
            Grouping::Thousands => (4, 3),
            Grouping::FromFiveDigits => (5, 3),
            Grouping::Lakhs => (4, 2),
        };
        if digits.len() < least {
            return digits.to_owned();
        }
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            let right = digits.len().saturating_sub(place);
            let starts_group = right == 3 || right > 3 && (right - 3).is_multiple_of(later);
            if place > 0 && starts_group {
                grouped.push_str(self.0.group);
            }
            grouped.push(digit);
        }
        grouped
    }

    fn signed(self, amount: Money, number: &str) -> String {
        let minus = if amount.minor < 0 { "-" } else { "" };
        let sign = self.sign_of(amount.currency);
        let ends_in_letter = sign.ends_with(char::is_alphabetic);
        match self.0.sign {
            Sign::After => format!("{minus}{number}{NO_BREAK}{sign}"),
            Sign::Before if !ends_in_letter => format!("{minus}{sign}{number}"),
            Sign::Before => format!("{minus}{sign}{NO_BREAK}{number}"),
            Sign::BeforeWithSpace => format!("{sign}{NO_BREAK}{minus}{number}"),
        }
    }

    /// A bare `$` is the region's own dollar, and the United States' where the region has none.
    fn sign_of(self, currency: Currency) -> &'static str {
        let own = self.default_currency();
        let has_no_dollar = own.sign_at_home() != "$";
        match currency == own || currency == Currency::USD && has_no_dollar {
            true => currency.sign_at_home(),
            false => currency.sign_abroad(),
        }
    }
}

/// One language of the header with its weight in thousandths; `None` for weight 0 and for `*`.
fn wish(part: &str) -> Option<(u16, &str)> {
    let (tag, quality) = part.split_once(';').unwrap_or((part, "q=1"));
    let quality = quality.trim().strip_prefix("q=")?;
    let (whole, decimals) = quality.split_once('.').unwrap_or((quality, ""));
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    let weight = match whole {
        "0" => thousandths.min(999),
        "1" => 1000,
        _ => return None,
    };
    (weight > 0 && tag.trim() != "*").then_some((weight, tag.trim()))
}

impl Default for Locale {
    /// English as in the United States, when nothing is known about the reader.
    fn default() -> Self {
        let [first, ..] = &ALL;
        Self(first)
    }
}

impl TryFrom<String> for Locale {
    type Error = UnknownLocale;

    fn try_from(code: String) -> Result<Self, UnknownLocale> {
        Self::parse(&code)
    }
}

impl From<Locale> for String {
    fn from(locale: Locale) -> Self {
        locale.code().to_owned()
    }
}

#[cfg(test)]
mod tests;

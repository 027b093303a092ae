//! The closed list of locales and how each writes, from Unicode CLDR.
//!
//! A table of our own, because icu_decimal brings two dozen crates while its currency formatter is
//! still experimental, and pure-rust-locales (2.4 MB of source) is data without a formatter. What is
//! needed is one row per locale.

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Rules {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) currency: &'static str,
    pub(super) grouping: Grouping,
    pub(super) group: &'static str,
    pub(super) decimal: &'static str,
    pub(super) sign: Sign,
    pub(super) is_month_first: bool,
    pub(super) clock: Clock,
}

/// Which digits stand together.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Grouping {
    /// 1,200 and 1,200,000.
    Thousands,
    /// 1200 but 12.000: four digits stand alone.
    FromFiveDigits,
    /// 12,00,000.
    Lakhs,
}

/// Where the currency's sign stands.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Sign {
    /// `$5`, and `CHF 5` for a sign that ends in a letter.
    Before,
    /// `€ 5`.
    BeforeWithSpace,
    /// `5 €`.
    After,
}

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Clock {
    Hours12,
    Hours24,
}

pub(super) const NO_BREAK: &str = "\u{a0}";
pub(super) const NARROW: &str = "\u{202f}";

use Clock::{Hours12, Hours24};
use Grouping::{FromFiveDigits, Lakhs, Thousands};
use Sign::{After, Before, BeforeWithSpace};

/// The first of a language is taken for a region that is not here.
#[rustfmt::skip]
pub(super) static ALL: [Rules; 22] = [
    rules("en-US", "English (United States)", "USD", Thousands, ",", ".", Before, true, Hours12),
    rules("en-GB", "English (United Kingdom)", "GBP", Thousands, ",", ".", Before, false, Hours24),
    rules("en-IE", "English (Ireland)", "EUR", Thousands, ",", ".", Before, false, Hours24),
    rules("en-AU", "English (Australia)", "AUD", Thousands, ",", ".", Before, false, Hours12),
    rules("en-CA", "English (Canada)", "CAD", Thousands, ",", ".", Before, true, Hours12),
    rules("en-IN", "English (India)", "INR", Lakhs, ",", ".", Before, false, Hours12),
    rules("de-DE", "German (Germany)", "EUR", Thousands, ".", ",", After, false, Hours24),
    rules("de-AT", "German (Austria)", "EUR", Thousands, ".", ",", BeforeWithSpace, false, Hours24),
    rules("de-CH", "German (Switzerland)", "CHF", Thousands, "’", ".", BeforeWithSpace, false, Hours24),
    rules("fr-FR", "French (France)", "EUR", Thousands, NARROW, ",", After, false, Hours24),
    rules("es-ES", "Spanish (Spain)", "EUR", FromFiveDigits, ".", ",", After, false, Hours24),
    rules("it-IT", "Italian (Italy)", "EUR", Thousands, ".", ",", After, false, Hours24),
    rules("nl-NL", "Dutch (Netherlands)", "EUR", Thousands, ".", ",", BeforeWithSpace, false, Hours24),
    rules("pt-BR", "Portuguese (Brazil)", "BRL", Thousands, ".", ",", BeforeWithSpace, false, Hours24),
    rules("pt-PT", "Portuguese (Portugal)", "EUR", FromFiveDigits, NO_BREAK, ",", After, false, Hours24),
    rules("pl-PL", "Polish (Poland)", "PLN", FromFiveDigits, NO_BREAK, ",", After, false, Hours24),
    rules("sv-SE", "Swedish (Sweden)", "SEK", Thousands, NO_BREAK, ",", After, false, Hours24),
    rules("da-DK", "Danish (Denmark)", "DKK", Thousands, ".", ",", After, false, Hours24),
    rules("nb-NO", "Norwegian (Norway)", "NOK", Thousands, NO_BREAK, ",", After, false, Hours24),
    rules("fi-FI", "Finnish (Finland)", "EUR", Thousands, NO_BREAK, ",", After, false, Hours24),
    rules("cs-CZ", "Czech (Czechia)", "CZK", Thousands, NO_BREAK, ",", After, false, Hours24),
    rules("ja-JP", "Japanese (Japan)", "JPY", Thousands, ",", ".", Before, false, Hours24),
];

#[expect(clippy::too_many_arguments, reason = "one table row, read across")]
const fn rules(
    code: &'static str,
    name: &'static str,
    currency: &'static str,
    grouping: Grouping,
    group: &'static str,
    decimal: &'static str,
    sign: Sign,
    is_month_first: bool,
    clock: Clock,
) -> Rules {
    Rules { code, name, currency, grouping, group, decimal, sign, is_month_first, clock }
}

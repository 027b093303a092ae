//! A tenant.

use chrono_tz::Tz;

use crate::kernel::access::{House, Standing};
use crate::kernel::ids::BusinessId;
use crate::kernel::locale::Locale;
use crate::kernel::refusal::Refusal;

const LONGEST_NAME: usize = 100;

/// A business's name as typed: trimmed, 1 to 100 characters, no control characters.
pub fn parse_name(text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    if name.is_empty() {
        return Err(Refusal::invalid("business", "Write the name of the business."));
    }
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Refusal::invalid("business", "Write a name of at most 100 characters, on one line."));
    }
    Ok(name.to_owned())
}

/// The house of a new business: currency and zone of the founder's region, to be checked by the owner.
pub fn new_house(business: BusinessId, locale: Locale) -> House {
    House { business, zone: home_zone(locale), currency: locale.default_currency(), locale, standing: Standing::Active }
}

fn home_zone(locale: Locale) -> Tz {
    match locale.code().split_once('-').map_or("", |(_, region)| region) {
        "US" => Tz::America__New_York,
        "CA" => Tz::America__Toronto,
        "BR" => Tz::America__Sao_Paulo,
        "AU" => Tz::Australia__Sydney,
        "IN" => Tz::Asia__Kolkata,
        "JP" => Tz::Asia__Tokyo,
        "IE" => Tz::Europe__Dublin,
        "DE" => Tz::Europe__Berlin,
        "AT" => Tz::Europe__Vienna,
        "CH" => Tz::Europe__Zurich,
        "FR" => Tz::Europe__Paris,
        "ES" => Tz::Europe__Madrid,
        "IT" => Tz::Europe__Rome,
        "NL" => Tz::Europe__Amsterdam,
        "PT" => Tz::Europe__Lisbon,
        "PL" => Tz::Europe__Warsaw,
        "SE" => Tz::Europe__Stockholm,
        "DK" => Tz::Europe__Copenhagen,
        "NO" => Tz::Europe__Oslo,
        "FI" => Tz::Europe__Helsinki,
        "CZ" => Tz::Europe__Prague,
        "GB" => Tz::Europe__London,
        _ => Tz::UTC,
    }
}

//! A license key: what unlocks the software, encrypted at rest and shown only by its end.

use crate::kernel::refusal::Refusal;

/// The longest key that can be kept.
const LONGEST: usize = 500;
/// Of shorter keys nothing is shown, because the end would be too much of them.
const SHORTEST_SHOWN: usize = 8;
/// How many characters of the end are shown.
const SHOWN: usize = 4;

/// A license key in the clear. Never in a list, a letter, the trail or a log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LicenseKey(String);

impl LicenseKey {
    /// Reads a key as typed: one line, nothing unprintable.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        match text.chars().count() {
            0 => Err(Refusal::invalid("key", "Write the license key.")),
            1..=LONGEST if !text.chars().any(char::is_control) => Ok(Self(text.to_owned())),
            _ => Err(Refusal::invalid("key", "Write the key on one line, with at most 500 characters.")),
        }
    }

    /// Reads what was opened from its seal.
    pub(super) fn opened(bytes: Vec<u8>) -> Result<Self, Refusal> {
        String::from_utf8(bytes).map(Self).map_err(|_| Refusal::fault("a license key is no text"))
    }

    /// The key itself, for whoever may see it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What lists show of it.
    pub fn hint(&self) -> KeyHint {
        let length = self.0.chars().count();
        let shown = if length < SHORTEST_SHOWN { 0 } else { SHOWN };
        KeyHint(self.0.chars().skip(length - shown).collect())
    }
}

impl std::fmt::Debug for LicenseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LicenseKey(…)")
    }
}

/// The end of a license key, as lists and the trail show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyHint(String);

impl KeyHint {
    /// As it is stored beside the sealed key.
    pub(super) fn stored(end: String) -> Self {
        Self(end)
    }

    /// The characters that are stored in the clear.
    pub(super) fn end(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for KeyHint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "••••{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_key_is_shown_and_of_a_short_one_nothing() {
        for (key, shown) in
            [("ABCD-EFGH-7F2K", "••••7F2K"), ("ABCD7F2K", "••••7F2K"), ("7F2K", "••••"), ("schlüßél", "••••üßél")]
        {
            assert_eq!(LicenseKey::parse(key).unwrap().hint().to_string(), shown);
        }
    }

    #[test]
    fn a_key_is_one_line_of_text_and_never_in_debug() {
        assert_eq!(LicenseKey::parse("  ABCD 1234 ").unwrap().reveal(), "ABCD 1234");
        for wrong in ["", "  ", "AB\nCD", "AB\u{7}CD", &"x".repeat(501)] {
            assert_eq!(LicenseKey::parse(wrong).unwrap_err().field, Some("key"), "{wrong:?}");
        }
        assert_eq!(format!("{:?}", LicenseKey::parse("ABCD-1234").unwrap()), "LicenseKey(…)");
    }
}

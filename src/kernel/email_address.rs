//! E-mail addresses: as typed for display and sending, folded for comparison.

use email_address::{EmailAddress as Syntax, Options};

use super::refusal::Refusal;

const LONGEST: usize = 254;

/// An address that can be written to. Two are equal when their folded forms are.
#[derive(Clone, Debug)]
pub struct EmailAddress {
    typed: String,
    folded: String,
}

impl EmailAddress {
    /// Reads an address; refuses display names, control characters, bare hosts and more than 254 characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let typed = text.trim();
        let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
        let is_plain = typed.len() <= LONGEST && !typed.chars().any(|c| c.is_control() || c == '"');
        if !is_plain || Syntax::parse_with_options(typed, options).is_err() {
            return Err(Refusal::invalid("email", "Write an address such as name@company.com."));
        }
        Ok(Self { typed: typed.to_owned(), folded: typed.to_lowercase() })
    }

    /// As the person wrote it.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// Lower case: what unique keys and look-ups use.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_compare_folded_and_keep_their_spelling() {
        let address = EmailAddress::parse(" Uma.Usher@Acme.example ").unwrap();
        assert_eq!(address.as_str(), "Uma.Usher@Acme.example");
        assert_eq!(address, EmailAddress::parse("uma.usher@acme.example").unwrap());
    }

    #[test]
    fn what_cannot_be_written_to_is_refused() {
        let long = format!("{}@acme.example", "a".repeat(250));
        for wrong in [
            "",
            "uma",
            "uma@acme",
            "uma@",
            "@acme.example",
            "a b@acme.example",
            "Uma <u@acme.example>",
            "u@acme.example\r\nBcc: x@y.example",
            "u@acme.example,x@y.example",
            "\"u\"@acme.example",
            long.as_str(),
        ] {
            assert!(EmailAddress::parse(wrong).is_err(), "{wrong}");
        }
    }
}

//! The base URL: the one address every link, cookie and origin check stands on.

use std::net::SocketAddr;

use url::{Host, Url};

use super::ConfigError;

const NAME: &str = "SUBLEDGER_BASE_URL";

/// Scheme, host and port: https, or http on this very machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads the setting, or takes the address that is listened on.
    pub(super) fn read(given: Option<(&'static str, String)>, addr: SocketAddr) -> Result<Self, ConfigError> {
        match given {
            Some((_, text)) => Self::parse(&text),
            None => Self::parse(&format!("http://{addr}")).map_err(|_| ConfigError::Missing {
                name: NAME,
                right: "SUBLEDGER_ADDR is not a loopback address, so set the https address that people use, such \
                        as https://subledger.example.com",
            }),
        }
    }

    /// Reads an address that is https, or http on a loopback host, and has no path.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let wrong = |right: &str| Err(ConfigError::wrong((NAME, text), right));
        let example = "it must be an address such as https://subledger.example.com";
        let Ok(url) = Url::parse(text) else {
            return wrong(example);
        };
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return wrong(example);
        }
        if !url.username().is_empty() || url.password().is_some() {
            // The value is not repeated, because it holds a password.
            return Err(ConfigError::hidden(NAME, "holds a user name or a password", example));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return wrong("it must end after the host and port, without a path");
        }
        let base = Self(url);
        match base.is_https() || base.is_loopback() {
            true => Ok(base),
            false => wrong("it must start with https://, because http is only for localhost, 127.0.0.1 and [::1]"),
        }
    }

    /// Whether the host is this very machine: `localhost`, 127.0.0.0/8 or `[::1]`.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// Whether the connection is encrypted.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The host alone, as it stands in the address.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Scheme, host and port as a browser sends them, such as `https://subledger.example.com`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The full address of a path such as `/join?key=…`; it never leaves this origin.
    pub fn join(&self, path: &str) -> String {
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("{}{slash}{path}", self.origin())
    }
}

impl std::fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.origin())
    }
}

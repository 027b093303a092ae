//! The mail server: a few kept connections, and what its answers mean for a letter.

use std::time::Duration;

use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::{Host, Url};

use crate::domain::letters::letter::Outcome;
use crate::kernel::refusal::Refusal;

/// For each word of the conversation.
const PATIENCE: Duration = Duration::from_secs(15);
/// For a whole letter: far below the lease on it.
const PATIENCE_IN_ALL: Duration = Duration::from_secs(45);
const KEPT_CONNECTIONS: u32 = 10;
const SUBMISSION_PORT: u16 = 587;

/// Answers about us and our sign-in, not about the letter: 421 and the codes of authentication.
const ABOUT_US: [u16; 6] = [421, 454, 530, 534, 535, 538];

/// Reads `SUBLEDGER_SMTP_URL`. A password goes over the network only within TLS, also when the address does not ask
/// for it.
pub(super) fn settings(address: &str) -> Result<AsyncSmtpTransportBuilder, Refusal> {
    // The address may hold a password, so neither it nor what the parser says about it is repeated.
    let wrong =
        || Refusal::fault("SUBLEDGER_SMTP_URL cannot be used: it must be like smtps://user:password@mail.example.com.");
    let url = Url::parse(address).map_err(|_| wrong())?;
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(address).map_err(|_| wrong())?;
    let host = url.host_str().ok_or_else(wrong)?;
    let asks_for_tls = url.scheme() == "smtps" || url.query_pairs().any(|(name, _)| name == "tls");
    let builder = match url.password().is_some() && !asks_for_tls && !is_this_machine(&url) {
        false => builder,
        true => builder
            .port(url.port().unwrap_or(SUBMISSION_PORT))
            .tls(Tls::Required(TlsParameters::new(host.to_owned()).map_err(|_| wrong())?)),
    };
    Ok(builder.timeout(Some(PATIENCE)).pool_config(PoolConfig::new().max_size(KEPT_CONNECTIONS)))
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => matches!(name, "localhost" | "127.0.0.1"),
        None => false,
    }
}

/// A mail server and the connections kept to it.
pub(super) struct Server {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Server {
    pub(super) fn open(settings: AsyncSmtpTransportBuilder) -> Self {
        Self { transport: settings.build() }
    }

    /// Connects and signs in, or asks a kept connection whether it still stands.
    pub(super) async fn greet(&self) -> Result<(), String> {
        match tokio::time::timeout(PATIENCE_IN_ALL, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("the mail server hung up".to_owned()),
            Ok(Err(error)) => Err(in_words(&error)),
            Err(_) => Err(too_slow()),
        }
    }

    pub(super) async fn send(&self, message: Message) -> Outcome {
        match tokio::time::timeout(PATIENCE_IN_ALL, self.transport.send(message)).await {
            Ok(Ok(_)) => Outcome::Sent,
            Ok(Err(error)) => meaning(&error),
            Err(_) => Outcome::PutOff(too_slow()),
        }
    }
}

/// What an answer, or none, means for the letter. A line that is cut counts as a try: the letter may have been taken,
/// and whoever gets it again shall not get it every minute.
fn meaning(error: &Error) -> Outcome {
    let said = in_words(error);
    let is_about_us = error.status().is_some_and(|code| ABOUT_US.contains(&u16::from(code)));
    match is_about_us {
        true => Outcome::NobodyThere(said),
        // Permanent, or a message that cannot be said here, such as to an address the server has no alphabet for.
        false if error.is_permanent() || error.is_client() => Outcome::Refused(said),
        false => Outcome::PutOff(said),
    }
}

fn in_words(error: &Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        said = format!("{said}: {deeper}");
        cause = deeper.source();
    }
    said
}

fn too_slow() -> String {
    format!("the mail server took longer than {} seconds", PATIENCE_IN_ALL.as_secs())
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn a_password_never_goes_out_in_the_clear() {
        let shown = |address: &str| format!("{:?}", settings(address).unwrap());
        for closed in
            ["smtp://u:p@mail.example.com", "smtps://u:p@mail.example.com", "smtp://u:p@mail.example.com?tls=required"]
        {
            let shown = shown(closed);
            assert!(shown.contains("Required") || shown.contains("Wrapper"), "{closed}: {shown}");
        }
        for open in ["smtp://mail.example.com", "smtp://u:p@127.0.0.1:2525", "smtp://u:p@localhost:2525"] {
            assert!(shown(open).contains("tls: None"), "{open}: {}", shown(open));
        }
    }

    #[test]
    fn a_bad_address_is_refused_without_repeating_it() {
        let refused = settings("smtp://user:hunter2@mail.example.com?tls=maybe").unwrap_err();
        assert!(!format!("{refused:?}").contains("hunter2"));
    }
}

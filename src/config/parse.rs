//! One function per setting: from what was typed to what it means.

use std::net::{IpAddr, SocketAddr};

use chrono::TimeDelta;
use ipnet::IpNet;
use url::Url;

use crate::kernel::secret::sha256;

use super::{BaseUrl, ConfigError, Database, Mail, PlanChanges, ServerUrl, SignUp};

/// A setting's name with its value, if it is set.
type Given = Option<(&'static str, String)>;

const SHORTEST_KEY: usize = 24;
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The three addresses of a server, or the private one.
pub(super) fn database(url: Given, read: Given, migrate: Given) -> Result<Database, ConfigError> {
    let parse = |(name, url): (&'static str, String)| match has_scheme(&url, &["postgres", "postgresql"]) {
        true => Ok(ServerUrl(url)),
        false => Err(ConfigError::hidden(
            name,
            "is not the address of a PostgreSQL",
            "it must be like postgresql://user:password@host/database",
        )),
    };
    let Some(url) = url else {
        return match read.or(migrate) {
            Some(_) => Err(ConfigError::Missing {
                name: "DATABASE_URL",
                right: "it must be set when DATABASE_READ_URL or SUBLEDGER_MIGRATE_URL is set",
            }),
            None => Ok(Database::Private),
        };
    };
    let url = parse(url)?;
    let migrate = migrate.map(parse).transpose()?.unwrap_or_else(|| url.clone());
    Ok(Database::Url { read: read.map(parse).transpose()?, migrate, url })
}

/// The address to listen on.
pub(super) fn addr(given: Given) -> Result<SocketAddr, ConfigError> {
    let (name, text) = given.unwrap_or_else(|| ("SUBLEDGER_ADDR", "127.0.0.1:8080".to_owned()));
    let right = "it must be a number address and a port, such as 127.0.0.1:8080 or [::1]:8080";
    text.parse().map_err(|_| ConfigError::wrong((name, &text), right))
}

/// The mail server, or the folder.
pub(super) fn mail(given: Given) -> Result<Mail, ConfigError> {
    let Some((name, text)) = given else {
        return Ok(Mail::Folder);
    };
    let has_host = Url::parse(&text).is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()));
    match has_host && has_scheme(&text, &["smtp", "smtps"]) {
        true => Ok(Mail::Smtp(ServerUrl(text))),
        false => Err(ConfigError::hidden(
            name,
            "is not the address of a mail server",
            "it must be like smtps://user:password@mail.example.com or smtp://mail.example.com:25",
        )),
    }
}

/// The sender, which a mail server needs and a folder does not.
pub(super) fn mail_from(given: Given, mail: &Mail) -> Result<String, ConfigError> {
    match (given, mail) {
        (Some((_, text)), _) if is_sender(&text) => Ok(text),
        (Some((name, text)), _) => Err(ConfigError::wrong(
            (name, &text),
            "it must be an e-mail address, such as subledger@example.com or Subledger <subledger@example.com>",
        )),
        (None, Mail::Folder) => Ok("Subledger <subledger@localhost>".to_owned()),
        (None, Mail::Smtp(_)) => Err(ConfigError::Missing {
            name: "SUBLEDGER_MAIL_FROM",
            right: "with SUBLEDGER_SMTP_URL it must be set to the sender's address, such as subledger@example.com",
        }),
    }
}

/// Who may sign up.
pub(super) fn sign_up(given: Given) -> Result<SignUp, ConfigError> {
    let words = [("open", SignUp::Open), ("invite", SignUp::Invite), ("closed", SignUp::Closed)];
    one_of(given, SignUp::Open, &words, "it must be open, invite or closed")
}

/// How plans change.
pub(super) fn plan_changes(given: Given) -> Result<PlanChanges, ConfigError> {
    let words = [("self", PlanChanges::ByOwners), ("request", PlanChanges::OnRequest)];
    one_of(given, PlanChanges::ByOwners, &words, "it must be self or request")
}

/// The key of whoever reads the figures: kept as its hash, so that it is never printed.
pub(super) fn metrics_key(given: Given) -> Result<Option<Vec<u8>>, ConfigError> {
    let Some((name, text)) = given else {
        return Ok(None);
    };
    match text.len() >= SHORTEST_KEY && text.chars().all(|c| c.is_ascii_graphic()) {
        true => Ok(Some(sha256(&[text.as_bytes()]))),
        false => Err(ConfigError::hidden(
            name,
            "can be guessed",
            "it must be 24 letters and digits or more, as `openssl rand -hex 24` makes them",
        )),
    }
}

/// Whether `serve` works too.
pub(super) fn worker(given: Given) -> Result<bool, ConfigError> {
    one_of(given, true, &[("on", true), ("off", false)], "it must be on or off")
}

/// Networks and single addresses, separated by commas or spaces.
pub(super) fn trusted_proxies(given: Given) -> Result<Vec<IpNet>, ConfigError> {
    let Some((name, text)) = given else {
        return Ok(Vec::new());
    };
    let parse = |part: &str| part.parse().ok().or_else(|| Some(IpNet::from(part.parse::<IpAddr>().ok()?)));
    let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            parse(part).ok_or_else(|| {
                let right = "it must be networks separated by commas, such as 10.0.0.0/8,192.0.2.7";
                ConfigError::wrong((name, &text), right)
            })
        })
        .collect()
}

/// A level, or directives such as `info,diesel=debug`.
pub(super) fn log(given: Given) -> Result<String, ConfigError> {
    let Some((name, text)) = given else {
        return Ok("info".to_owned());
    };
    let is_level = |word: &str| LEVELS.contains(&word.trim().to_ascii_lowercase().as_str());
    let is_directive =
        |part: &str| part.split_once('=').is_some_and(|(target, level)| !target.trim().is_empty() && is_level(level));
    match text.split(',').all(|part| is_level(part) || is_directive(part)) {
        true => Ok(text),
        false => {
            let right = "it must be off, error, warn, info, debug or trace, or directives such as info,diesel=debug";
            Err(ConfigError::wrong((name, &text), right))
        }
    }
}

/// How far the clock is moved, which nobody but a person at this very machine may ask for.
pub(super) fn clock_offset(given: Given, base_url: &BaseUrl) -> Result<TimeDelta, ConfigError> {
    let Some((name, text)) = given else {
        return Ok(TimeDelta::zero());
    };
    let right = "it must be a whole number of days, hours, minutes or seconds, such as 31d, 12h or -2d";
    let offset = time_delta(&text).ok_or_else(|| ConfigError::wrong((name, &text), right))?;
    match base_url.is_loopback() {
        true => Ok(offset),
        false => Err(ConfigError::wrong(
            (name, &text),
            "the clock can be moved only when SUBLEDGER_BASE_URL is on localhost, so remove the setting",
        )),
    }
}

/// Up to a hundred years either way.
fn time_delta(text: &str) -> Option<TimeDelta> {
    let unit = text.chars().last()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok()?;
    let offset = match unit {
        'd' => TimeDelta::try_days(number),
        'h' => TimeDelta::try_hours(number),
        'm' => TimeDelta::try_minutes(number),
        's' => TimeDelta::try_seconds(number),
        _ => None,
    }?;
    (offset.num_days().abs() <= 36_525).then_some(offset)
}

fn one_of<T: Copy>(given: Given, default: T, words: &[(&str, T)], right: &str) -> Result<T, ConfigError> {
    let Some((name, text)) = given else {
        return Ok(default);
    };
    let found = words.iter().find(|(word, _)| *word == text);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| ConfigError::wrong((name, &text), right))
}

/// libpq's addresses are not all URLs (several hosts, sockets), so only their beginning is looked at.
fn has_scheme(text: &str, schemes: &[&str]) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| schemes.contains(&scheme))
}

/// `name@host`, alone or as `Name <name@host>`.
fn is_sender(text: &str) -> bool {
    let address = match text.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>'),
        None => Some(text),
    };
    let Some((local, host)) = address.and_then(|address| address.split_once('@')) else {
        return false;
    };
    let plain = |character: char| !character.is_whitespace() && !character.is_control();
    let in_host = |character: char| character.is_alphanumeric() || matches!(character, '.' | '-');
    let local_is_plain = local.chars().all(|character| plain(character) && !"<>@,;:\"()[]\\".contains(character));
    let host_has_labels = host.split('.').all(|label| !label.is_empty());
    !local.is_empty()
        && local_is_plain
        && host_has_labels
        && host.chars().all(in_host)
        && !text.chars().any(char::is_control)
}

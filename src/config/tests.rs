//! Every setting at its default and set, and what is never printed.

use std::collections::HashMap;

use super::*;

/// 32 different bytes.
pub(super) const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// 32 others.
const OTHER: &str = "AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The settings of an environment with these and nothing else.
pub(super) fn read(settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let settings: HashMap<&str, &str> = settings.iter().copied().collect();
    Config::from_env(|name| settings.get(name).map(|value| (*value).to_owned()))
}

/// The sentence with which these settings are refused.
pub(super) fn refusal(settings: &[(&str, &str)]) -> String {
    match read(settings) {
        Ok(config) => panic!("{settings:?} was taken: {config:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_empty_environment_is_a_private_installation_on_this_machine() {
    let config = read(&[]).unwrap();
    assert_eq!(config.database, Database::Private);
    assert_eq!(config.data, PathBuf::from("./data"));
    assert_eq!(config.addr.to_string(), "127.0.0.1:8080");
    assert_eq!(config.base_url.origin(), "http://127.0.0.1:8080");
    assert!(config.secret.is_none() && config.secret_old.is_none());
    assert_eq!(config.mail, Mail::Folder);
    assert_eq!(config.mail_from, "Subledger <subledger@localhost>");
    assert_eq!((config.sign_up, config.plan_changes), (SignUp::Open, PlanChanges::ByOwners));
    assert!(config.worker && config.trusted_proxies.is_empty());
    assert_eq!((config.log.as_str(), config.clock_offset), ("info", TimeDelta::zero()));
}

#[test]
fn every_setting_is_taken() {
    let config = read(&[
        ("DATABASE_URL", "postgres://app:pw@db/books"),
        ("DATABASE_READ_URL", "postgresql://app:pw@one,two/books"),
        ("SUBLEDGER_MIGRATE_URL", "postgresql:///books?host=/run/postgresql"),
        ("SUBLEDGER_DATA", "/srv/subledger"),
        ("SUBLEDGER_ADDR", "0.0.0.0:80"),
        ("SUBLEDGER_BASE_URL", "https://subledger.example.com/"),
        ("SUBLEDGER_SECRET", SECRET),
        ("SUBLEDGER_SECRET_OLD", OTHER),
        ("SUBLEDGER_SMTP_URL", "smtps://user:pw@mail.example.com"),
        ("SUBLEDGER_MAIL_FROM", "Our books <books@example.com>"),
        ("SUBLEDGER_SIGN_UP", "invite"),
        ("SUBLEDGER_PLAN_CHANGES", "request"),
        ("SUBLEDGER_METRICS_KEY", "a-key-for-the-figures-only"),
        ("SUBLEDGER_WORKER", "off"),
        ("SUBLEDGER_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7,2001:db8::/32"),
        ("SUBLEDGER_LOG", "info,diesel=debug"),
    ])
    .unwrap();
    let Database::Url { url, read, migrate } = &config.database else { panic!() };
    assert_eq!(url.expose(), "postgres://app:pw@db/books");
    assert_eq!(read.as_ref().unwrap().expose(), "postgresql://app:pw@one,two/books");
    assert_eq!(migrate.expose(), "postgresql:///books?host=/run/postgresql");
    assert_eq!(config.base_url.join("/join?key=1"), "https://subledger.example.com/join?key=1");
    assert_eq!(config.secret.as_ref().unwrap().expose()[31], 31);
    assert_eq!(config.trusted_proxies.len(), 3);
    assert_eq!(config.trusted_proxies[1].to_string(), "192.0.2.7/32");
    assert_eq!((config.sign_up, config.plan_changes), (SignUp::Invite, PlanChanges::OnRequest));
    assert!(!config.worker && config.metrics_key.is_some_and(|hash| hash.len() == 32));
}

#[test]
fn no_password_and_no_secret_is_printed() {
    let config = read(&[
        ("DATABASE_URL", "postgres://app:hush@db/books"),
        ("SUBLEDGER_SECRET", SECRET),
        ("SUBLEDGER_SMTP_URL", "smtp://user:hush@mail"),
        ("SUBLEDGER_MAIL_FROM", "a@b"),
    ])
    .unwrap();
    let printed = format!("{config:?}");
    assert!(!printed.contains("hush") && !printed.contains("31"), "{printed}");
    for name in ["DATABASE_URL", "SUBLEDGER_SECRET", "SUBLEDGER_SMTP_URL", "SUBLEDGER_METRICS_KEY"] {
        let refused = refusal(&[(name, "hush://user:hush@h")]);
        assert!(refused.starts_with(name) && !refused.contains("hush"), "{refused}");
    }
    assert!(!refusal(&[("SUBLEDGER_BASE_URL", "https://ann:hush@host")]).contains("hush"));
}

#[test]
fn http_is_for_this_machine_only() {
    let right =
        ["http://localhost:3000", "http://127.8.9.1", "http://[::1]:80", "https://x.example", "https://10.0.0.1"];
    for url in right {
        assert!(read(&[("SUBLEDGER_BASE_URL", url)]).is_ok(), "{url}");
    }
    let wrong = [
        "http://x.example",
        "http://localhost.example",
        "http://10.0.0.1:8080",
        "http://0.0.0.0:8080",
        "ftp://localhost",
        "localhost:8080",
        "https://x.example/books",
        "https://x.example/?a",
        "https://x.example/#a",
        "nonsense",
    ];
    for url in wrong {
        let refused = refusal(&[("SUBLEDGER_BASE_URL", url)]);
        assert!(refused.starts_with(&format!("SUBLEDGER_BASE_URL is \"{url}\": it must ")), "{refused}");
    }
    let refused = refusal(&[("SUBLEDGER_ADDR", "0.0.0.0:8080")]);
    assert!(refused.starts_with("SUBLEDGER_BASE_URL is missing: SUBLEDGER_ADDR is not a loopback"), "{refused}");
}

#[test]
fn a_link_never_leaves_the_base_url() {
    let base = BaseUrl::parse("https://x.example:8443").unwrap();
    for (path, link) in [("/a", "/a"), ("a?b=c", "/a?b=c"), ("//evil.example", "//evil.example"), ("", "/")] {
        assert_eq!(base.join(path), format!("https://x.example:8443{link}"));
    }
    assert!(base.is_https() && !base.is_loopback());
    assert_eq!(BaseUrl::parse("https://X.example:443/").unwrap().to_string(), "https://x.example");
}

#[test]
fn an_empty_value_is_no_value_and_spaces_around_one_do_not_count() {
    let config = read(&[("SUBLEDGER_SMTP_URL", ""), ("DATABASE_URL", "  "), ("SUBLEDGER_WORKER", " off ")]).unwrap();
    assert_eq!((config.mail, config.database, config.worker), (Mail::Folder, Database::Private, false));
}

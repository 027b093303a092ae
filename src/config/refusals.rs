//! What is refused, and with which sentence.

use chrono::TimeDelta;

use super::tests::{SECRET, read, refusal};

#[test]
fn the_secret_is_32_bytes_and_no_placeholder() {
    let zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for text in ["secret", "AAEC", zeros, &format!("{SECRET}AA"), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg=="] {
        let refused = refusal(&[("SUBLEDGER_SECRET", text)]);
        assert!(refused.starts_with("SUBLEDGER_SECRET is not a secret: it must be 32 random bytes"), "{refused}");
    }
    let refused = refusal(&[("DATABASE_URL", "postgres://db/books")]);
    assert!(refused.starts_with("SUBLEDGER_SECRET is missing: with DATABASE_URL it must be set"), "{refused}");
    let refused = refusal(&[("SUBLEDGER_SECRET", SECRET), ("SUBLEDGER_SECRET_OLD", SECRET)]);
    assert!(refused.starts_with("SUBLEDGER_SECRET_OLD is the same as SUBLEDGER_SECRET"), "{refused}");
}

#[test]
fn the_clock_moves_only_on_this_machine() {
    let cases = [
        ("31d", TimeDelta::days(31)),
        ("12h", TimeDelta::hours(12)),
        ("-2d", TimeDelta::days(-2)),
        ("90m", TimeDelta::minutes(90)),
        ("+5s", TimeDelta::seconds(5)),
    ];
    for (text, offset) in cases {
        assert_eq!(read(&[("SUBLEDGER_CLOCK_OFFSET", text)]).unwrap().clock_offset, offset);
    }
    for text in ["31", "d", "1.5d", "1w", "d31", "99999999999d", "9223372036854775807s", "ä"] {
        let refused = refusal(&[("SUBLEDGER_CLOCK_OFFSET", text)]);
        assert!(refused.starts_with("SUBLEDGER_CLOCK_OFFSET is") && refused.contains("such as 31d"), "{refused}");
    }
    let refused = refusal(&[("SUBLEDGER_CLOCK_OFFSET", "1d"), ("SUBLEDGER_BASE_URL", "https://x.example")]);
    assert!(refused.contains("only when SUBLEDGER_BASE_URL is on localhost"), "{refused}");
}

#[test]
fn a_bad_value_names_its_setting_and_says_what_is_right() {
    let smtp = ("SUBLEDGER_SMTP_URL", "smtp://mail.example.com");
    let cases: [(&[(&str, &str)], &str); 17] = [
        (&[("SUBLEDGER_ADDR", "localhost:8080")], "SUBLEDGER_ADDR is \"localhost:8080\": it must be a number"),
        (&[("SUBLEDGER_ADDR", "127.0.0.1")], "SUBLEDGER_ADDR is \"127.0.0.1\": it must be a number"),
        (&[("SUBLEDGER_SIGN_UP", "yes")], "SUBLEDGER_SIGN_UP is \"yes\": it must be open, invite or closed."),
        (&[("SUBLEDGER_PLAN_CHANGES", "Self")], "SUBLEDGER_PLAN_CHANGES is \"Self\": it must be self or request."),
        (&[("SUBLEDGER_WORKER", "true")], "SUBLEDGER_WORKER is \"true\": it must be on or off."),
        (&[("SUBLEDGER_TRUSTED_PROXIES", "10.0.0.0/40")], "SUBLEDGER_TRUSTED_PROXIES is \"10.0.0.0/40\": it must"),
        (&[("SUBLEDGER_TRUSTED_PROXIES", "proxy")], "SUBLEDGER_TRUSTED_PROXIES is \"proxy\": it must be networks"),
        (&[("SUBLEDGER_LOG", "inof")], "SUBLEDGER_LOG is \"inof\": it must be off, error"),
        (&[("SUBLEDGER_LOG", "info,=debug")], "SUBLEDGER_LOG is \"info,=debug\": it must be"),
        (&[("SUBLEDGER_SMTP_URL", "mail.example.com")], "SUBLEDGER_SMTP_URL is not the address of a mail server"),
        (&[("SUBLEDGER_SMTP_URL", "smtp://")], "SUBLEDGER_SMTP_URL is not the address of a mail server"),
        (&[("SUBLEDGER_SMTP_URL", "https://mail")], "SUBLEDGER_SMTP_URL is not the address of a mail server"),
        (&[smtp], "SUBLEDGER_MAIL_FROM is missing: with SUBLEDGER_SMTP_URL it must be set"),
        (&[smtp, ("SUBLEDGER_MAIL_FROM", "books")], "SUBLEDGER_MAIL_FROM is \"books\": it must be an e-mail address"),
        (&[("DATABASE_URL", "mysql://db")], "DATABASE_URL is not the address of a PostgreSQL: it must be like"),
        (&[("DATABASE_READ_URL", "postgres://db")], "DATABASE_URL is missing: it must be set when DATABASE_READ_URL"),
        (&[("SUBLEDGER_MIGRATE_URL", "postgres://db")], "DATABASE_URL is missing: it must be set when DATABASE_"),
    ];
    for (settings, sentence) in cases {
        let refused = refusal(settings);
        assert!(refused.starts_with(sentence), "{refused}");
        assert!(refused.ends_with('.') && !refused.contains('\n'), "{refused}");
    }
}

#[test]
fn senders_are_addresses() {
    for sender in ["a@b", "books@example.com", "Our books <books+x@sub.example.com>", "<a@b.c>", "jürgen@müller.de"] {
        assert!(read(&[("SUBLEDGER_MAIL_FROM", sender)]).is_ok(), "{sender}");
    }
    for sender in ["@b", "a@", "a b@c", "a@b@c", "Books <a@b", "a@b..c", "a@b c", "Books a@b>", "x\r\nBcc: <a@b>"] {
        assert!(read(&[("SUBLEDGER_MAIL_FROM", sender)]).is_err(), "{sender}");
    }
}

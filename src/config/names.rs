//! The names of the settings, so that a misspelt one is not silently ignored.

use super::ConfigError;

/// Every setting of the program that starts with our name.
const KNOWN: [&str; 15] = [
    "SUBLEDGER_ADDR",
    "SUBLEDGER_BASE_URL",
    "SUBLEDGER_CLOCK_OFFSET",
    "SUBLEDGER_DATA",
    "SUBLEDGER_LOG",
    "SUBLEDGER_MAIL_FROM",
    "SUBLEDGER_METRICS_KEY",
    "SUBLEDGER_MIGRATE_URL",
    "SUBLEDGER_PLAN_CHANGES",
    "SUBLEDGER_SECRET",
    "SUBLEDGER_SECRET_OLD",
    "SUBLEDGER_SIGN_UP",
    "SUBLEDGER_SMTP_URL",
    "SUBLEDGER_TRUSTED_PROXIES",
    "SUBLEDGER_WORKER",
];

/// Names that others read: the launcher of the private PostgreSQL, and the tests.
const ELSEWHERE: [&str; 2] = ["SUBLEDGER_PG_BIN", "SUBLEDGER_BIN"];

/// Those whose names others chose.
const GIVEN: [&str; 2] = ["DATABASE_URL", "DATABASE_READ_URL"];

/// Every setting's name.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    GIVEN.into_iter().chain(KNOWN)
}

/// Refuses a name that starts like ours and is none of ours.
pub(super) fn require_known(names: impl IntoIterator<Item = String>) -> Result<(), ConfigError> {
    let ours = |name: &String| name.starts_with("SUBLEDGER_");
    let known = |name: &String| KNOWN.contains(&name.as_str()) || ELSEWHERE.contains(&name.as_str());
    match names.into_iter().find(|name| ours(name) && !known(name)) {
        Some(name) => Err(ConfigError::Unknown { nearest: nearest(&name), name }),
        None => Ok(()),
    }
}

fn nearest(name: &str) -> &'static str {
    KNOWN.into_iter().min_by_key(|known| distance(name, known)).unwrap_or("SUBLEDGER_DATA")
}

/// How many letters must be added, dropped or replaced to make one name the other.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (line, wanted) in left.chars().enumerate() {
        let mut before = line + 1;
        let mut next = vec![before];
        for (pair, found) in row.windows(2).zip(right.chars()) {
            let [diagonal, above] = pair else { continue };
            let replaced = diagonal + usize::from(wanted != found);
            before = replaced.min(above + 1).min(before + 1);
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_letters() {
        let cases = [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("sign_up", "signup", 1), ("kitten", "sitting", 3)];
        for (left, right, letters) in cases {
            assert_eq!(distance(left, right), letters, "{left} {right}");
        }
    }

    #[test]
    fn a_misspelt_name_is_refused_with_the_right_one() {
        let cases = [
            ("SUBLEDGER_SIGNUP", "SUBLEDGER_SIGN_UP"),
            ("SUBLEDGER_BASEURL", "SUBLEDGER_BASE_URL"),
            ("SUBLEDGER_OLD_SECRET", "SUBLEDGER_SECRET"),
        ];
        for (name, nearest) in cases {
            let refused = require_known([name.to_owned()]).unwrap_err().to_string();
            assert_eq!(refused, format!("{name} is not a setting of Subledger: did you mean {nearest}?"));
        }
    }

    #[test]
    fn known_names_and_those_of_others_pass() {
        let others = ["SUBLEDGER_PG_BIN", "SUBLEDGER_BIN", "HOME", "SUBLEDGERS"];
        assert!(require_known(KNOWN.into_iter().chain(others).map(str::to_owned)).is_ok());
    }
}

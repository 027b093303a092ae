//! The floor plan of the house, held by reading the source: who may import whom, and what may stand only where.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as told"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// One source file: its path below the project, and its lines without unit tests and comments.
struct Source {
    path: String,
    lines: Vec<String>,
    length: usize,
}

fn sources(folder: &str) -> Vec<Source> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join(folder), &mut |path| {
        if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(path).unwrap();
            let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let is_code = |line: &&str| !line.trim_start().starts_with("//");
            let lines = product.lines().filter(is_code).map(str::to_owned).collect();
            let path = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            found.push(Source { path, lines, length: text.lines().count() });
        }
    });
    assert!(!found.is_empty(), "{folder} holds no source");
    found
}

fn walk(folder: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => walk(&path, visit),
            false => visit(&path),
        }
    }
}

/// Where `word` stands in files below `folder` that `allowed` does not let through.
fn misplaced(folder: &str, word: &str, allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources(folder) {
        for line in source.lines.iter().filter(|line| line.contains(word) && !allowed(&source.path)) {
            found.push(format!("{}: {}", source.path, line.trim()));
        }
    }
    found
}

#[track_caller]
fn stands_only(folder: &str, words: &[&str], allowed: impl Fn(&str) -> bool + Copy) {
    let found: Vec<String> = words.iter().flat_map(|word| misplaced(folder, word, allowed)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

fn nowhere(_: &str) -> bool {
    false
}

#[test]
fn the_kernel_knows_no_feature_and_no_edge() {
    let edges = ["crate::domain", "crate::http", "crate::worker", "crate::mail", "crate::app", "crate::config"];
    stands_only("src/kernel", &edges, nowhere);
    stands_only("src/kernel", &["actix_web", "askama", "lettre"], nowhere);
}

#[test]
fn the_domain_knows_no_edge() {
    let edges = ["crate::http", "crate::worker", "crate::mail", "crate::app", "crate::config"];
    stands_only("src/domain", &edges, nowhere);
    stands_only("src/domain", &["actix_web", "askama", "lettre"], nowhere);
}

#[test]
fn pages_and_worker_do_not_know_each_other() {
    stands_only("src/http", &["crate::worker", "lettre::"], nowhere);
    stands_only("src/http", &["crate::mail"], |path| path == "src/http/pages/dev_mail.rs");
    stands_only("src/worker", &["crate::http", "actix_web"], nowhere);
}

#[test]
fn tables_are_named_only_by_stores() {
    let is_store = |path: &str| path.ends_with("store.rs") || path.contains("/store/");
    stands_only("src", &["kernel::schema"], |path| path.starts_with("src/kernel/") || is_store(path));
}

#[test]
fn blocking_threads_and_pools_have_one_door_each() {
    stands_only("src", &["spawn_blocking", "web::block"], |path| path == "src/kernel/blocking.rs");
    stands_only("src", &["r2d2::"], |path| path == "src/kernel/pool.rs");
    stands_only("src", &["begin_transaction"], |path| matches!(path, "src/kernel/pool.rs" | "src/kernel/db.rs"));
}

#[test]
fn access_is_proved_in_one_place_and_doors_without_a_tenant_are_listed() {
    stands_only("src", &["Access::prove(", "Rounds::prove("], |path| path.starts_with("src/domain/access/"));
    let doors =
        ["src/domain/access/", "src/domain/identity/", "src/domain/support/", "src/worker/", "src/kernel/db.rs"];
    stands_only("src", &["before_tenant("], |path| doors.iter().any(|door| path.starts_with(door)));
}

#[test]
fn time_has_one_clock() {
    stands_only("src", &["Utc::now", "Local::now", "SystemTime::now"], |path| path == "src/kernel/clock.rs");
    stands_only("src", &["now()\"", "CURRENT_TIMESTAMP", "CURRENT_DATE", "clock_timestamp"], nowhere);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations");
    walk(&root, &mut |path| {
        let sql = fs::read_to_string(path).unwrap().to_lowercase();
        for word in ["now()", "current_timestamp", "current_date", "clock_timestamp"] {
            assert!(!sql.contains(word), "{}: {word}", path.display());
        }
    });
}

#[test]
fn money_is_never_a_float() {
    stands_only("src/domain", &["f32", "f64"], nowhere);
    stands_only("src/kernel", &["f32", "f64"], nowhere);
}

#[test]
fn files_can_be_read_in_one_sitting_and_folders_say_what_they_are() {
    for source in sources("src").iter().chain(&sources("tests")) {
        let is_generated = source.path == "src/kernel/schema.rs";
        assert!(is_generated || source.length <= 400, "{} has {} lines", source.path, source.length);
    }
    walk(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |path| {
        if path.ends_with("mod.rs") {
            assert!(fs::read_to_string(path).unwrap().starts_with("//!"), "{}", path.display());
        }
    });
}

/// What each feature may import of the others; nothing else, and nobody imports `access`.
const MAY_IMPORT: [(&str, &[&str]); 18] = [
    ("access", &["identity", "team", "api_keys", "support"]),
    ("businesses", &["team", "identity", "plans"]),
    ("team", &["identity", "plans", "notifications"]),
    ("subscriptions", &["team", "services", "plans", "notifications"]),
    ("licenses", &["subscriptions", "services", "usage", "team", "plans", "notifications"]),
    ("usage", &["plans"]),
    ("api_keys", &[]),
    ("renewals", &["subscriptions", "licenses", "plans", "team"]),
    ("imports", &["licenses", "subscriptions", "team", "plans", "services", "notifications"]),
    ("exports", &["imports", "licenses", "subscriptions", "team"]),
    ("home", &["licenses", "subscriptions", "team", "plans", "audit"]),
    ("audit", &["team"]),
    ("plans", &["notifications"]),
    ("identity", &[]),
    ("services", &[]),
    ("notifications", &[]),
    ("letters", &[]),
    ("support", &["businesses", "identity", "plans", "team"]),
];

#[test]
fn features_import_only_downwards() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.into_iter().collect();
    let mut wrong = BTreeSet::new();
    for source in sources("src/domain") {
        let Some(feature) = source.path.split('/').nth(2).filter(|_| source.path.matches('/').count() > 2) else {
            continue;
        };
        let may = allowed.get(feature).unwrap_or_else(|| panic!("say what {feature} may import"));
        for named in source.lines.iter().flat_map(|line| features_named(line)) {
            if named != feature && !may.contains(&named.as_str()) {
                wrong.insert(format!("{} imports {named}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn features_named(line: &str) -> Vec<String> {
    let named = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    let mut found = Vec::new();
    for rest in line.split("crate::domain::").skip(1) {
        match rest.strip_prefix('{') {
            None => found.push(named(rest)),
            Some(list) => found.extend(list.split(',').map(|part| named(part.trim()))),
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

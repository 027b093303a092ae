//! Every code that a fact or a refused attempt can write, and every kind of object, has its words in the trail's filter.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as told"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use subledger::domain::audit::words::{Action, Kind};

const MEND: &str = "add it, with its words, to src/domain/audit/words.rs";

#[test]
fn every_action_that_can_be_written_has_words() {
    let mut written = BTreeSet::new();
    visit(&mut |path, product| {
        for fact in product.split(" Fact for ").skip(1) {
            let code = fact.split("fn code(&self)").nth(1).unwrap_or_default();
            let codes = quoted(code.split("\n    fn ").next().unwrap_or_default());
            // The kernel's own fact takes its code from the attempt that was refused.
            assert!(!codes.is_empty() || path.ends_with("trail.rs"), "{path}: a fact without a code in sight");
            written.extend(codes);
        }
        for attempt in product.split("Attempt {").skip(1) {
            let code = attempt.split("action: \"").nth(1).and_then(|rest| rest.split('"').next());
            written.extend(code.map(str::to_owned));
        }
    });
    let known: BTreeSet<String> = Action::all().map(|action| action.code().to_owned()).collect();
    let missing: Vec<_> = written.difference(&known).collect();
    assert!(missing.is_empty(), "{missing:?}: {MEND}");
    let idle: Vec<_> = known.difference(&written).collect();
    assert!(idle.is_empty(), "{idle:?}: nothing writes it, so it cannot be looked for");
}

#[test]
fn every_kind_of_object_has_words() {
    let mut written = BTreeSet::new();
    visit(&mut |_, product| {
        for made in product.split("Object::new(").skip(1) {
            let kind = made.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            written.extend(kind.map(str::to_owned));
        }
    });
    let known: BTreeSet<String> = Kind::all().map(|kind| kind.code().to_owned()).collect();
    assert_eq!(written, known, "{MEND}");
}

fn quoted(code: &str) -> Vec<String> {
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Shows every source file, without its unit tests.
fn visit(show: &mut impl FnMut(&str, &str)) {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                show(&path.to_string_lossy(), text.split("#[cfg(test)]").next().unwrap());
            }
        }
    }
}

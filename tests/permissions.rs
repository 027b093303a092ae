//! Who may do what, as a document: a change of it shows in review.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as told"
)]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use subledger::kernel::permission::{Permission, Role};

#[test]
fn the_matrix_of_roles_is_the_one_that_was_agreed() {
    let mut table = String::new();
    for permission in Permission::ALL {
        let may = |role: Role| {
            if role.permissions().allow(permission) { role.code() } else { "–" }
        };
        let name = format!("{permission:?}");
        writeln!(table, "{name:<22} {}", Role::ALL.map(|role| format!("{:<8}", may(role))).concat().trim_end())
            .unwrap();
    }
    insta::assert_snapshot!("matrix", table);
}

#[test]
fn every_operation_and_question_names_the_permission_that_was_agreed() {
    let mut found = Vec::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain"), &mut found);
    found.sort();
    assert!(found.len() > 3);
    insta::assert_snapshot!("needs", found.join("\n"));
}

fn visit(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let feature = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let mut current = None;
        for line in text.lines().map(str::trim) {
            if let Some((kind, name)) = line.strip_prefix("impl ").and_then(|rest| rest.split_once(" for ")) {
                let is_ours = kind == "Operation" || kind == "Question";
                current = is_ours.then(|| format!("{feature}: {kind} {}", name.trim_end_matches(" {")));
            }
            if let (Some(rest), Some(of)) = (
                line.strip_prefix("const NEEDS: Permission = Permission::"),
                current.take_if(|_| line.starts_with("const NEEDS")),
            ) {
                found.push(format!("{of} needs {}", rest.trim_end_matches(';')));
            }
        }
    }
}

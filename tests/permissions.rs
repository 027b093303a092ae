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

use subledger::kernel::permission::{Permission, Permissions, Role, SupportMode};

#[test]
fn the_matrix_of_roles_is_the_one_that_was_agreed() {
    let mut table = String::new();
    for permission in Permission::ALL {
        let may = |role: Role| {
            if role.permissions().allow(permission) { role.code() } else { "–" }
        };
        let name = format!("{permission:?}");
        let support = |mode: SupportMode| if mode.permissions().allow(permission) { mode.code() } else { "–" };
        let staff = if Permissions::STAFF.allow(permission) { "staff" } else { "–" };
        let roles = Role::ALL.map(|role| format!("{:<8}", may(role))).concat();
        let sessions = SupportMode::ALL.map(|mode| format!("{:<6}", support(mode))).concat();
        writeln!(table, "{name:<22} {roles}{sessions}{staff}").unwrap();
    }
    insta::assert_snapshot!("matrix", table);
}

#[test]
fn what_a_support_session_may_do_was_agreed_for_every_operation_and_question() {
    let mut found = Vec::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain"), &mut found);
    found.sort();
    let told = found.iter().map(|line| {
        let (of, needs) = line.split_once(" needs ").unwrap();
        let permission = Permission::ALL.into_iter().find(|permission| format!("{permission:?}") == needs).unwrap();
        let modes = SupportMode::ALL.into_iter().filter(|mode| mode.permissions().allow(permission));
        let may: Vec<&str> = modes.map(SupportMode::code).collect();
        format!("{of}: {}", if may.is_empty() { "never".to_owned() } else { may.join(", ") })
    });
    insta::assert_snapshot!("support", told.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_session_that_reads_may_change_nothing() {
    let mut found = Vec::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain"), &mut found);
    for line in found.iter().filter(|line| line.contains(": Operation ")) {
        let (_, needs) = line.split_once(" needs ").unwrap();
        let permission = Permission::ALL.into_iter().find(|permission| format!("{permission:?}") == needs).unwrap();
        assert!(!SupportMode::Read.permissions().allow(permission), "{line}");
    }
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

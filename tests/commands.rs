//! What a command prints, as a program would read it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as told"
)]

use std::process::{Command, Output};

fn cycles(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_subledger")).arg("cycles").args(arguments).env_clear().output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = cycles(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn cycles_prints_number_local_date_and_instant() {
    let monthly = ["--anchor", "2025-01-31", "--unit", "month", "--count", "1", "--from", "-1", "--to", "2"];
    assert_eq!(
        printed(&monthly),
        "-1,2024-12-31,2024-12-31T00:00:00Z\n0,2025-01-31,2025-01-31T00:00:00Z\n\
         1,2025-02-28,2025-02-28T00:00:00Z\n2,2025-03-31,2025-03-31T00:00:00Z\n"
    );
    let in_berlin = [&monthly[..6], &["--from", "5", "--to", "5", "--zone", "Europe/Berlin"]].concat();
    assert_eq!(printed(&in_berlin), "5,2025-06-30,2025-06-29T22:00:00Z\n");
}

#[test]
fn every_golden_boundary_is_printed() {
    let golden = include_str!("golden/cycles.txt");
    for line in golden.lines().filter(|line| line.starts_with(char::is_numeric)).step_by(7) {
        let (cycle, known) = line.split_once(": ").unwrap();
        let (anchor, every) = cycle.split_once(" every ").unwrap();
        let (count, unit) = every.split_once(' ').unwrap();
        let unit = unit.trim_end_matches('s');
        for (n, expected) in known.split(' ').map(|pair| pair.split_once('=').unwrap()) {
            let arguments =
                ["--anchor", anchor, "--unit", unit, "--count", count, "--from", n, "--to", n, "--zone", "UTC"];
            assert_eq!(printed(&arguments), format!("{n},{expected},{expected}T00:00:00Z\n"), "{line}");
        }
    }
}

#[test]
fn what_is_no_cycle_is_refused_in_one_sentence() {
    for (wrong, said) in [
        (["--anchor", "2025-01-31", "--unit", "fortnight", "--from", "0", "--to", "1"], "Choose day, week"),
        (["--anchor", "2025-02-30", "--unit", "day", "--from", "0", "--to", "1"], "invalid value"),
        (["--anchor", "2025-01-31", "--unit", "day", "--from", "0", "--to", "x"], "invalid value"),
    ] {
        let output = cycles(&wrong);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && error.contains(said), "{error}");
    }
}

//! Guards the cells of an export against being run as a formula by a spreadsheet, and takes the guard
//! off again on import, so that a round trip changes nothing. For text only: a number such as `-5.00`
//! is written bare.

use std::borrow::Cow;

use super::refusal::Refusal;

/// The cell with a leading `'` when a spreadsheet could take it for a formula; [`unguard_cell`] undoes it.
pub fn guard_cell(cell: &str) -> Cow<'_, str> {
    match is_risky(cell) {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

/// The cell without the `'` that [`guard_cell`] put there; other cells come back as they are.
pub fn unguard_cell(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(bare) if is_risky(bare) => bare,
        _ => cell,
    }
}

/// Rows as lines of a file: RFC 4180, every cell guarded.
pub fn lines<Row>(rows: impl IntoIterator<Item = Row>) -> Result<Vec<u8>, Refusal>
where
    Row: IntoIterator,
    Row::Item: AsRef<str>,
{
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        let guarded = row.into_iter().map(|cell| guard_cell(cell.as_ref()).into_owned());
        writer.write_record(guarded).map_err(Refusal::fault)?;
    }
    writer.into_inner().map_err(|error| Refusal::fault(error.error()))
}

/// Whether the first character after any apostrophes begins a formula. The apostrophes count, so that
/// a cell somebody really wrote as `'=x` comes back with its own apostrophe.
fn is_risky(cell: &str) -> bool {
    let first = cell.trim_start_matches('\'').chars().next();
    let full_width = ['＝', '＋', '－', '＠'];
    first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n') || full_width.contains(&c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_guarded_and_come_back() {
        for (cell, guarded) in [
            ("=1+1", "'=1+1"),
            ("+49 30 1234", "'+49 30 1234"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            ("'=1", "''=1"),
            ("'quoted", "'quoted"),
            ("Figma", "Figma"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(guard_cell(cell), guarded, "{cell:?}");
            assert_eq!(unguard_cell(guarded), cell, "{guarded:?}");
        }
    }

    proptest! {
        #[test]
        fn a_round_trip_changes_nothing(cell in "['=+@\t\r\n－a-]{0,6}") {
            let guarded = guard_cell(&cell);
            prop_assert_eq!(unguard_cell(&guarded), cell.as_str());
        }
    }
}

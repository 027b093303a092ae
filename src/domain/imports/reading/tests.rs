use proptest::prelude::*;

use super::*;

/// Headers, then each row as "line: cell|cell".
fn read(text: &str) -> Result<(String, Vec<String>), SheetError> {
    let sheet = Sheet::read(text.as_bytes())?;
    let show = |row: &SheetRow| format!("{}: {}", row.line, row.cells.join("|"));
    Ok((sheet.headers.join("|"), sheet.rows.iter().map(show).collect()))
}

#[test]
fn files_of_all_programs_read_alike() {
    #[rustfmt::skip]
    let cases = [
        ("unix", "A,B\n1,2\n3,4\n", "A|B", vec!["2: 1|2", "3: 3|4"]),
        ("no last line end", "A,B\n1,2", "A|B", vec!["2: 1|2"]),
        ("windows", "A,B\r\n1,2\r\n3,4\r\n", "A|B", vec!["2: 1|2", "3: 3|4"]),
        ("old mac", "A,B\r1,2\r3,4", "A|B", vec!["2: 1|2", "3: 3|4"]),
        ("mixed", "A,B\r\n1,2\n3,4\r5,6\r\n", "A|B", vec!["2: 1|2", "3: 3|4", "4: 5|6"]),
        ("byte-order mark", "\u{feff}A,B\n1,2\n", "A|B", vec!["2: 1|2"]),
        ("mark and quote", "\u{feff}\"A\",B\n1,2\n", "A|B", vec!["2: 1|2"]),
        ("quotes", "A,B\n\"x, y\",\"he said \"\"hi\"\"\"\n", "A|B", vec!["2: x, y|he said \"hi\""]),
        ("empty quotes", "A,B\n\"\",2\n", "A|B", vec!["2: |2"]),
        ("two lines in a cell", "A,B\n\"x\ny\",1\n2,3\n", "A|B", vec!["2: x\ny|1", "4: 2|3"]),
        ("windows lines in a cell", "A,B\r\n\"x\r\ny\",1\r\n2,3", "A|B", vec!["2: x\r\ny|1", "4: 2|3"]),
        ("old mac lines in a cell", "A,B\r\"x\ry\",1\r2,3", "A|B", vec!["2: x\ry|1", "4: 2|3"]),
        ("a quote inside", "A,B\n5\" disk,2\n", "A|B", vec!["2: 5\" disk|2"]),
        ("text after a quote", "A,B\n\"x\"y,2\n", "A|B", vec!["2: xy|2"]),
        ("blank lines", "\nA,B\n\n1,2\n,\n  \n3,4\n\n", "A|B", vec!["4: 1|2", "7: 3|4"]),
        ("short rows", "A,B,C\n1\n1,2\n", "A|B|C", vec!["2: 1||", "3: 1|2|"]),
        ("empty cells beyond", "A,B\n1,2,,\n", "A|B", vec!["2: 1|2"]),
        ("empty headers at the end", "A,B,,\n1,2,,\n", "A|B", vec!["2: 1|2"]),
        ("an empty header between", "A,,C,\n1,2,3,\n", "A||C", vec!["2: 1|2|3"]),
        ("spaces", " A , B \n 1 ,2\n", "A|B", vec!["2:  1 |2"]),
        ("a header on two lines", "\"First\r\n name\",B\n1,2\n", "First name|B", vec!["3: 1|2"]),
        ("semicolons", "A;B\n1,5;2\n", "A|B", vec!["2: 1,5|2"]),
        ("semicolons and a comma", "\"A, b\";B;C\n1;2;3\n", "A, b|B|C", vec!["2: 1|2|3"]),
        ("semicolons, old mac", "A;B\r1,5;2,5", "A|B", vec!["2: 1,5|2,5"]),
        ("tabs", "A\tB\n1\t2\n", "A|B", vec!["2: 1|2"]),
        ("one column", "A\n1\n2\n", "A", vec!["2: 1", "3: 2"]),
        ("guarded formula", "A,B\n'=1+1,'quoted\n", "A|B", vec!["2: =1+1|'quoted"]),
        ("letters of the world", "Imię,名\nŻaneta,花子\n", "Imię|名", vec!["2: Żaneta|花子"]),
    ];
    for (name, text, headers, rows) in cases {
        let rows = rows.into_iter().map(str::to_owned).collect();
        assert_eq!(read(text), Ok((headers.to_owned(), rows)), "{name}");
    }
}

#[test]
fn files_that_cannot_be_read_say_what_to_do() {
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let not_utf_8 = "The file is not UTF-8: save it as CSV UTF-8 and upload it again.";
    let empty = "The file is empty: it needs a line of column names and a line for each row.";
    let nul = |line| {
        format!(
            "Line {line} holds a NUL character, so this is not a CSV file: \
             save it as CSV UTF-8 and upload it again."
        )
    };
    let wide = "A,".repeat(MAX_COLUMNS) + "A";
    #[rustfmt::skip]
    let cases: Vec<(&str, Vec<u8>, String)> = vec![
        ("nothing", b"".to_vec(), empty.into()),
        ("only a mark", "\u{feff}".into(), empty.into()),
        ("only blank lines", b"\n,,\n \r\n".to_vec(), empty.into()),
        ("only a header", b"A,B\n\n".to_vec(), "The file has column names but no rows: add a line for each row.".into()),
        ("UTF-16 with a mark", utf_16("\u{feff}A,B\n1,2"), not_utf_8.into()),
        ("UTF-16 without", utf_16("A,B\n1,2"), nul(1)),
        ("NUL", b"A,B\n1,\0\n".to_vec(), nul(2)),
        ("Windows-1252", b"A,B\nJos\xe9,2\n".to_vec(), not_utf_8.into()),
        ("open quote", b"A,B\n1,2\n\"x,3\n4,5\n".to_vec(), "The quote opened on line 3 is never closed: add the closing quote.".into()),
        ("open quote, old mac", b"A,B\r1,2\r\"x,3\r4,5".to_vec(), "The quote opened on line 3 is never closed: add the closing quote.".into()),
        ("a cell too many", b"A,B\n1,2\n1,2,3\n".to_vec(), "Line 3 has 3 cells, but there are 2 columns: put quotes around a cell with a comma in it.".into()),
        ("same header", b"Email,Name,EMAIL \n1,2,3\n".to_vec(), "Two columns are called “EMAIL”: rename one of them.".into()),
        ("large", vec![b'a'; MAX_BYTES + 1], "The file is larger than 5 MB: split it and import the parts one after another.".into()),
        ("long", ("A\n".to_owned() + &"1\n".repeat(MAX_ROWS + 1)).into(), "The file has more than 20,000 rows: split it and import the parts one after another.".into()),
        ("wide", (wide + "\n1").into(), "Line 1 has more than 200 columns: remove those that are not needed.".into()),
        ("deep", ("A\n\n".to_owned() + &"é".repeat(MAX_CELL_CHARS + 1)).into(), "Line 3 has a cell of more than 10,000 characters: shorten it.".into()),
    ];
    for (name, bytes, sentence) in cases {
        let refused = Sheet::read(&bytes).map_err(|error| error.to_string());
        assert_eq!(refused, Err(sentence), "{name}");
    }
}

#[test]
fn the_limits_themselves_are_allowed() {
    let rows = "A\n".to_owned() + &"1\n".repeat(MAX_ROWS);
    assert_eq!(Sheet::read(rows.as_bytes()).map(|sheet| sheet.rows.len()), Ok(MAX_ROWS));
    let cell = "é".repeat(MAX_CELL_CHARS);
    assert!(read(&format!("A\n{cell}\n")).is_ok());
    let header = (1..=MAX_COLUMNS).map(|column| format!("c{column}")).collect::<Vec<_>>().join(",");
    assert!(read(&format!("{header}\n1\n")).is_ok());
}

#[test]
fn dates_are_read_in_two_ways_only() {
    for (text, expected) in [
        ("2022-03-18", Some((2022, 3, 18))),
        (" 2022-03-18 ", Some((2022, 3, 18))),
        ("03/18/2022", Some((2022, 3, 18))),
        ("3/8/2022", Some((2022, 3, 8))),
        ("2024-02-29", Some((2024, 2, 29))),
        ("2023-02-29", None),
        ("18/03/2022", None),
        ("03/18/22", None),
        ("18.03.2022", None),
        ("18 Mar 2022", None),
        ("2022/03/18", None),
        ("2022-3-18", None),
        ("2022-03-18T00:00:00Z", None),
        ("+022-03-18", None),
        ("1899-12-31", None),
        ("2201-01-01", None),
        ("44638", None),
        ("٢٠٢٢-٠٣-١٨", None),
        ("", None),
    ] {
        let expected = expected.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
        assert_eq!(parse_date(text).ok(), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn what_the_csv_crate_writes_is_read_as_it_was(
        rows in prop::collection::vec(prop::collection::vec("[a ,;\"\r\n\té]{0,8}", 3), 1..8),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["a", "b", "c"]).expect("header");
        rows.iter().for_each(|row| writer.write_record(row).expect("row"));
        let bytes = writer.into_inner().expect("bytes");

        let is_blank = |row: &&Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
        let expected: Vec<Vec<String>> = rows.iter().filter(|row| !is_blank(row)).cloned().collect();
        match Sheet::read(&bytes) {
            Ok(sheet) => {
                let cells: Vec<_> = sheet.rows.into_iter().map(|row| row.cells).collect();
                prop_assert_eq!(cells, expected);
            }
            Err(error) => {
                prop_assert_eq!(error, SheetError::NoRows);
                prop_assert!(expected.is_empty());
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Sheet::read(&bytes);
    }
}

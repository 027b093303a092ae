//! Reads an uploaded CSV file into headers and rows, whatever program wrote it.
//!
//! A reader of our own instead of the csv crate, which reads an unclosed quote to the end of the file
//! without a word and counts only LF as a line: here every mistake is told with its line.

use chrono::NaiveDate;
use thiserror::Error;

use crate::kernel::guard::unguard_cell;

/// The largest file: 5 MB.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// The most rows below the header.
pub const MAX_ROWS: usize = 20_000;
/// The most columns.
pub const MAX_COLUMNS: usize = 200;
/// The most characters in one cell.
pub const MAX_CELL_CHARS: usize = 10_000;

/// A file that was read: its headers, and below them its rows, every row as long as the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The header cells on one line, without spaces around them; an empty one cannot be mapped.
    pub headers: Vec<String>,
    /// The rows that hold anything.
    pub rows: Vec<SheetRow>,
}

/// One row of a [`Sheet`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The line of the file it begins on, from 1; the header is usually line 1.
    pub line: usize,
    /// One cell per header, line ends inside them kept, formula guards taken off.
    pub cells: Vec<String>,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SheetError {
    /// More than [`MAX_BYTES`].
    #[error("The file is larger than 5 MB: split it and import the parts one after another.")]
    TooLarge,
    /// UTF-16, or bytes that are no UTF-8.
    #[error("The file is not UTF-8: save it as CSV UTF-8 and upload it again.")]
    NotUtf8,
    /// A NUL character, so it is hardly text.
    #[error("Line {line} holds a NUL character, so this is not a CSV file: save it as CSV UTF-8 and upload it again.")]
    Nul {
        /// The line it is on.
        line: usize,
    },
    /// No header.
    #[error("The file is empty: it needs a line of column names and a line for each row.")]
    Empty,
    /// A header and nothing below it.
    #[error("The file has column names but no rows: add a line for each row.")]
    NoRows,
    /// A quoted cell that never ends.
    #[error("The quote opened on line {line} is never closed: add the closing quote.")]
    UnclosedQuote {
        /// The line of the opening quote.
        line: usize,
    },
    /// More than [`MAX_ROWS`].
    #[error("The file has more than 20,000 rows: split it and import the parts one after another.")]
    TooManyRows,
    /// More than [`MAX_COLUMNS`].
    #[error("Line {line} has more than 200 columns: remove those that are not needed.")]
    TooManyColumns {
        /// The line with too many.
        line: usize,
    },
    /// More than [`MAX_CELL_CHARS`] in one cell.
    #[error("Line {line} has a cell of more than 10,000 characters: shorten it.")]
    CellTooLong {
        /// The line the row begins on.
        line: usize,
    },
    /// A row with more cells than there are columns.
    #[error(
        "Line {line} has {cells} cells, but there are {columns} columns: put quotes around a cell with a comma in it."
    )]
    TooManyCells {
        /// The line the row begins on.
        line: usize,
        /// How many cells it has.
        cells: usize,
        /// How many columns the header names.
        columns: usize,
    },
    /// Two columns of one name.
    #[error("Two columns are called “{header}”: rename one of them.")]
    DuplicateHeader {
        /// The name they share.
        header: String,
    },
}

impl Sheet {
    /// Reads a whole file within the limits above: UTF-8 with or without a byte-order mark; commas, or
    /// semicolons or tabs where the header has more of them; lines ended by LF, CR LF or CR.
    pub fn read(bytes: &[u8]) -> Result<Self, SheetError> {
        if bytes.len() > MAX_BYTES {
            return Err(SheetError::TooLarge);
        }
        let records = Records::new(text(bytes)?);
        let mut records = records.filter(|record| !matches!(record, Ok(row) if row.is_blank()));
        let headers = headers(records.next().ok_or(SheetError::Empty)??)?;
        let mut rows = Vec::new();
        for record in records {
            if rows.len() == MAX_ROWS {
                return Err(SheetError::TooManyRows);
            }
            rows.push(record?.fit(headers.len())?);
        }
        match rows.is_empty() {
            true => Err(SheetError::NoRows),
            false => Ok(Self { headers, rows }),
        }
    }
}

fn text(bytes: &[u8]) -> Result<&str, SheetError> {
    let is_utf_16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    if is_utf_16 {
        return Err(SheetError::NotUtf8);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| SheetError::NotUtf8)?;
    if let Some((before, _)) = text.split_once('\0') {
        return Err(SheetError::Nul { line: 1 + before.matches('\n').count() });
    }
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn headers(row: SheetRow) -> Result<Vec<String>, SheetError> {
    // A header on two lines becomes one line: browsers rewrite line ends in the names of form fields.
    let one_line = |cell: &String| cell.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut headers: Vec<String> = row.cells.iter().map(one_line).collect();
    while headers.last().is_some_and(String::is_empty) {
        headers.pop();
    }
    let mut seen = std::collections::HashSet::new();
    let twice = |header: &&String| !header.is_empty() && !seen.insert(header.to_lowercase());
    match headers.iter().find(twice) {
        Some(header) => Err(SheetError::DuplicateHeader { header: header.clone() }),
        None => Ok(headers),
    }
}

impl SheetRow {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    /// The row with one cell per column; empty cells beyond the last column are dropped.
    fn fit(mut self, columns: usize) -> Result<Self, SheetError> {
        let beyond = self.cells.iter().skip(columns).any(|cell| !cell.trim().is_empty());
        if beyond {
            let (line, cells) = (self.line, self.cells.len());
            return Err(SheetError::TooManyCells { line, cells, columns });
        }
        self.cells.resize(columns, String::new());
        Ok(self)
    }
}

/// Splits a text into rows of cells.
struct Records<'text> {
    rest: std::iter::Peekable<std::str::Chars<'text>>,
    separator: char,
    line: usize,
}

impl<'text> Records<'text> {
    fn new(text: &'text str) -> Self {
        let mut lines = text.split(['\n', '\r']);
        let header = lines.find(|line| !line.trim().is_empty()).unwrap_or_default();
        let used = |separator: &char| header.matches(*separator).count();
        // Of equals the last wins, so a header without any separator is read with commas.
        let separator = ['\t', ';', ','].into_iter().max_by_key(used).unwrap_or(',');
        Self { rest: text.chars().peekable(), separator, line: 1 }
    }

    /// The next character, CR LF and CR taken as LF, lines counted.
    fn next_char(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        self.line += usize::from(next == '\n' || next == '\r' && self.rest.peek() != Some(&'\n'));
        Some(next)
    }

    /// The inside of a quoted cell, its opening quote already read.
    fn quoted(&mut self, cell: &mut String) -> Result<(), SheetError> {
        let line = self.line;
        while let Some(next) = self.next_char() {
            match next {
                '"' if self.rest.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' => return Ok(()),
                other => cell.push(other),
            }
        }
        Err(SheetError::UnclosedQuote { line })
    }

    fn record(&mut self) -> Result<SheetRow, SheetError> {
        let line = self.line;
        let (mut cells, mut cell) = (Vec::new(), String::new());
        let mut is_at_start = true;
        loop {
            let next = self.next_char();
            let ends_row = matches!(next, None | Some('\r' | '\n'));
            match next {
                Some('"') if is_at_start => self.quoted(&mut cell)?,
                Some(other) if !ends_row && other != self.separator => cell.push(other),
                _ => {
                    if cell.chars().count() > MAX_CELL_CHARS {
                        return Err(SheetError::CellTooLong { line });
                    }
                    cells.push(unguard_cell(&std::mem::take(&mut cell)).to_owned());
                }
            }
            if cells.len() > MAX_COLUMNS {
                return Err(SheetError::TooManyColumns { line });
            }
            is_at_start = next == Some(self.separator);
            if ends_row {
                if next == Some('\r') && self.rest.peek() == Some(&'\n') {
                    self.next_char();
                }
                return Ok(SheetRow { line, cells });
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<SheetRow, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest.peek()?;
        Some(self.record())
    }
}

/// The cell is no date we can read for sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Write the date as year-month-day, such as 2026-11-27, or as month/day/year, such as 11/27/2026.")]
pub struct UnreadableDate;

/// Reads `2026-11-27` or `11/27/2026`, with years from 1900 to 2200; nothing else, least of all a guess.
pub fn parse_date(text: &str) -> Result<NaiveDate, UnreadableDate> {
    let text = text.trim();
    let separator = if text.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = text.split(separator).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let (year, month, day) = match (separator, parts.as_slice(), lengths.as_slice()) {
        ('-', [year, month, day], [4, 2, 2]) => (year, month, day),
        ('/', [month, day, year], [1 | 2, 1 | 2, 4]) => (year, month, day),
        _ => return Err(UnreadableDate),
    };
    let number = |digits: &str| match digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => digits.parse::<u16>().map_err(|_| UnreadableDate),
        false => Err(UnreadableDate),
    };
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
        .filter(|_| (1900..=2200).contains(&year))
        .ok_or(UnreadableDate)
}

#[cfg(test)]
mod tests;

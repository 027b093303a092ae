//! What is asked of an import: the fields of its forms and the rows its address names.

use crate::domain::imports::columns::Mapping;
use crate::domain::imports::dry_run::RowsPage;
use crate::domain::imports::import::parse_file_name;
use crate::domain::imports::kind::Kind;
use crate::domain::imports::reading::SheetError;
use crate::domain::imports::row::Outcome;
use crate::domain::imports::upload::Upload;
use crate::kernel::refusal::{self, Refusal};

use super::form::{FormErrors, Posted};
use super::upload::UploadedFile;

/// A file, and what it holds.
pub fn parse_upload(posted: &Posted, file: UploadedFile) -> Result<Upload, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["kind"]));
    let kind = Kind::parse(posted.get("kind"));
    let unknown = || Refusal::invalid("kind", "Choose what the file holds: people, subscriptions or seats.");
    let kind = errors.take(kind.ok_or_else(unknown));
    let file = errors.take(match file {
        UploadedFile::None => Err(Refusal::invalid("file", "Choose a CSV file.")),
        UploadedFile::TooLarge => Err(SheetError::TooLarge.into()),
        UploadedFile::File { name, content } => Ok((name, content)),
    });
    let read = kind.zip(file);
    errors.or(read.map(|(kind, (name, content))| Upload { kind, file_name: parse_file_name(&name), content }))
}

/// `map[header] = field`, blank for a column that is left out; none when the form says nothing of columns.
pub fn parse_mapping(posted: &Posted) -> Result<Option<Mapping>, Refusal> {
    let header_of = |name: &str| name.strip_prefix("map[")?.strip_suffix(']').map(str::to_owned);
    let others: Vec<&str> = posted.fields().map(|(name, _)| name).filter(|name| header_of(name).is_none()).collect();
    if let Some(unknown) = others.iter().find(|name| **name != "commit") {
        let shown: String = unknown.chars().take(40).collect();
        let message = format!("This form has no field “{shown}”. Open the page again and send it once more.");
        return Err(Refusal::new(refusal::Kind::Invalid, "unknown_field", message));
    }
    let columns: Vec<(String, &str)> =
        posted.fields().filter_map(|(name, code)| Some((header_of(name)?, code.trim()))).collect();
    let read = columns.iter().filter(|(_, code)| !code.is_empty());
    let mapping: Mapping = read.map(|(header, code)| (header.clone(), (*code).to_owned())).collect();
    Ok((!columns.is_empty()).then_some(mapping))
}

/// Which rows of a dry run are asked for.
#[derive(serde::Deserialize, Default)]
pub struct RowsAsked {
    outcome: Option<String>,
    after: Option<String>,
    before: Option<String>,
}

impl RowsAsked {
    /// The outcome they are narrowed to.
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome.as_deref().and_then(Outcome::parse)
    }

    /// The page of them.
    pub fn page(&self) -> RowsPage {
        let line = |asked: &Option<String>| asked.as_ref().and_then(|line| line.parse().ok());
        match (line(&self.after), line(&self.before)) {
            (Some(line), _) => RowsPage::After(line),
            (None, Some(line)) => RowsPage::Before(line),
            (None, None) => RowsPage::First,
        }
    }
}

//! What is asked of an import: the fields of its forms and the rows its address names.

use crate::domain::imports::choices::{Chosen, Newcomers};
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

/// `map[header] = field`, blank for a column that is left out, and `add_people`; what the form does not say stays as it was
/// chosen.
pub fn parse_chosen(posted: &Posted) -> Result<Chosen, Refusal> {
    let header_of = |name: &str| name.strip_prefix("map[")?.strip_suffix(']').map(str::to_owned);
    let others: Vec<&str> = posted.fields().map(|(name, _)| name).filter(|name| header_of(name).is_none()).collect();
    if let Some(unknown) = others.iter().find(|name| !["commit", "add_people"].contains(name)) {
        let shown: String = unknown.chars().take(40).collect();
        let message = format!("This form has no field “{shown}”. Open the page again and send it once more.");
        return Err(Refusal::new(refusal::Kind::Invalid, "unknown_field", message));
    }
    let columns: Vec<(String, &str)> =
        posted.fields().filter_map(|(name, code)| Some((header_of(name)?, code.trim()))).collect();
    let read = columns.iter().filter(|(_, code)| !code.is_empty());
    let mapping: Mapping = read.map(|(header, code)| (header.clone(), (*code).to_owned())).collect();
    let newcomers = match posted.all("add_people").next() {
        None => None,
        Some("1") => Some(Newcomers::Added),
        Some("0") => Some(Newcomers::LeftOut),
        Some(_) => {
            return Err(Refusal::invalid("add_people", "Choose whether to add the people who are not in People."));
        }
    };
    Ok(Chosen { mapping: (!columns.is_empty()).then_some(mapping), newcomers })
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

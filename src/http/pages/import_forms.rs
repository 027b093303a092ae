//! What is asked of an import: the fields of its forms and the rows its address names.

use crate::domain::imports::dry_run::{Outcome, RowsPage};
use crate::domain::imports::import::parse_file_name;
use crate::domain::imports::people_file::{PeopleField, PeopleMapping};
use crate::domain::imports::reading::SheetError;
use crate::domain::imports::upload::Upload;
use crate::kernel::refusal::{Kind, Refusal};

use super::form::{FormErrors, Posted};
use super::upload::UploadedFile;

/// A file of people.
pub fn parse_upload(posted: &Posted, file: UploadedFile) -> Result<Upload, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["kind"]));
    if posted.get("kind") != "people" {
        errors.add(Refusal::invalid(
            "kind",
            "Only people can be imported from a file so far. Open the page again and upload a file of people.",
        ));
    }
    let file = errors.take(match file {
        UploadedFile::None => Err(Refusal::invalid("file", "Choose a CSV file.")),
        UploadedFile::TooLarge => Err(SheetError::TooLarge.into()),
        UploadedFile::File { name, content } => Ok(Upload { file_name: parse_file_name(&name), content }),
    });
    errors.or(file)
}

/// `map[header] = field`, blank for a column that is left out; none when the form says nothing of columns.
pub fn parse_mapping(posted: &Posted) -> Result<Option<PeopleMapping>, Refusal> {
    let header_of = |name: &str| name.strip_prefix("map[")?.strip_suffix(']').map(str::to_owned);
    let others: Vec<&str> = posted.fields().map(|(name, _)| name).filter(|name| header_of(name).is_none()).collect();
    if let Some(unknown) = others.iter().find(|name| **name != "commit") {
        let shown: String = unknown.chars().take(40).collect();
        let message = format!("This form has no field “{shown}”. Open the page again and send it once more.");
        return Err(Refusal::new(Kind::Invalid, "unknown_field", message));
    }
    let columns: Vec<(String, &str)> =
        posted.fields().filter_map(|(name, code)| Some((header_of(name)?, code.trim()))).collect();
    let read = columns.iter().filter(|(_, code)| !code.is_empty()).map(|(header, code)| {
        let unknown = || Refusal::invalid("map", format!("There is no field “{code}”: choose one of the list."));
        Ok((header.clone(), PeopleField::parse(code).ok_or_else(unknown)?))
    });
    let mapping: PeopleMapping = read.collect::<Result<_, Refusal>>()?;
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

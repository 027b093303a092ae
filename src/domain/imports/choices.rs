//! What somebody chooses of a file before it is imported.

use crate::kernel::refusal::Refusal;

use super::columns::Mapping;
use super::kind::Kind;

/// What is chosen of a waiting file; it is kept with the file.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Choices {
    /// Our field for each header that is read.
    pub mapping: Mapping,
    /// What becomes of people whom a file of seats names and who are not in People.
    pub newcomers: Newcomers,
}

/// What becomes of the people a file of seats names who are not in People.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Newcomers {
    /// Their rows are left out.
    #[default]
    LeftOut,
    /// They are added, without a sign-in, and get their seats.
    Added,
}

/// What a form says of the choices; what it leaves out stays as it was chosen.
#[derive(Clone, Default, Debug)]
pub struct Chosen {
    /// The columns.
    pub mapping: Option<Mapping>,
    /// What becomes of newcomers.
    pub newcomers: Option<Newcomers>,
}

impl Chosen {
    /// The choices as this form changes them.
    pub(super) fn over(&self, kind: Kind, kept: &Choices) -> Result<Choices, Refusal> {
        if kind != Kind::Licenses && self.newcomers == Some(Newcomers::Added) {
            return Err(Refusal::invalid("add_people", "Only a file of seats adds people by the way."));
        }
        Ok(Choices {
            mapping: self.mapping.clone().unwrap_or_else(|| kept.mapping.clone()),
            newcomers: self.newcomers.unwrap_or(kept.newcomers),
        })
    }
}

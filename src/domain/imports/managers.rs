//! Finds the manager a row of a people file names, by address or by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::imports::people_plan::RowWarning;
use crate::kernel::email_address::EmailAddress;

/// The manager's folded address, or why none is set.
pub type FoundManager = Result<String, RowWarning>;

/// Everybody who can be a manager: people of the file and of the list.
#[derive(Debug, Default)]
pub struct Managers {
    emails: BTreeSet<String>,
    by_name: BTreeMap<String, BTreeSet<String>>,
}

impl Managers {
    /// All these people, each a folded address and a name, which may be empty.
    pub fn of<'a>(people: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut managers = Self::default();
        for (email, name) in people {
            managers.emails.insert(email.to_owned());
            if !name.is_empty() {
                let same_name = managers.by_name.entry(folded_name(name)).or_default();
                same_name.insert(email.to_owned());
            }
        }
        managers
    }

    /// The one person a cell names by address or name, unless it is the person of the row, whose folded
    /// address is `own`.
    pub fn find(&self, text: &str, own: Option<&str>) -> FoundManager {
        let unknown = || RowWarning::ManagerUnknown { manager: text.to_owned() };
        let email = match EmailAddress::parse(text) {
            Ok(address) => self.emails.get(address.folded()).ok_or_else(unknown)?,
            Err(_) => {
                let same_name = self.by_name.get(&folded_name(text)).ok_or_else(unknown)?;
                let mut emails = same_name.iter();
                match (emails.next(), emails.next()) {
                    (Some(only), None) => only,
                    _ => {
                        return Err(RowWarning::ManagerAmbiguous { manager: text.to_owned() });
                    }
                }
            }
        };
        match own == Some(email.as_str()) {
            true => Err(RowWarning::ManagerIsSelf),
            false => Ok(email.clone()),
        }
    }
}

/// Lower case, single spaces, and "Usher, Uma" turned round.
fn folded_name(name: &str) -> String {
    let turned = name.split_once(',').map(|(last, first)| format!("{first} {last}"));
    let name = turned.as_deref().unwrap_or(name).to_lowercase();
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

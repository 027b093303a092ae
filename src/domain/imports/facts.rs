//! What the trail says of an import and of everybody in it.

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::{ImportId, MemberId};

use super::import::{ImportCounts, Kept};
use super::kind::Kind;
use super::people_file::PeopleField;

/// What the trail says of a file.
pub(super) enum ImportFact {
    Committed { import: ImportId, kind: Kind, file_name: String, counts: ImportCounts },
    Undone { import: ImportId, file_name: String, removed: usize, restored: usize, kept: Vec<Kept> },
}

impl Fact for ImportFact {
    fn code(&self) -> &'static str {
        match self {
            Self::Committed { .. } => "import.committed",
            Self::Undone { .. } => "import.undone",
        }
    }

    fn object(&self) -> Object {
        let (Self::Committed { import, file_name, .. } | Self::Undone { import, file_name, .. }) = self;
        Object::new("import", *import, file_name)
    }

    fn said(&self) -> String {
        match self {
            Self::Undone { file_name, .. } => format!("undid the import of {file_name}"),
            Self::Committed { kind, file_name, counts, .. } => match (counts.created, counts.updated) {
                (0, 0) => format!("imported {file_name}, which changed {}", kind.none()),
                (created, 0) => format!("imported {} from {file_name}", kind.count(created)),
                (0, updated) => format!("changed {} from {file_name}", kind.count(updated)),
                (created, updated) => {
                    format!("imported {} and changed {updated} from {file_name}", kind.count(created))
                }
            },
        }
    }

    fn changes(&self) -> Vec<Change> {
        match self {
            Self::Committed { counts, .. } => vec![
                Change::set("Created", counts.created.to_string()),
                Change::set("Updated", counts.updated.to_string()),
                Change::set("Unchanged", counts.unchanged.to_string()),
                Change::set("Refused rows", counts.refused.to_string()),
            ],
            Self::Undone { removed, restored, kept, .. } => {
                let kept = kept.iter().map(|kept| Change::set("Kept", format!("{} {}", kept.name, kept.why)));
                let counts =
                    [Change::set("Taken out", removed.to_string()), Change::set("Put back", restored.to_string())];
                counts.into_iter().chain(kept).collect()
            }
        }
    }
}

/// A field as the trail names it, also when a person is changed by hand.
pub(super) fn field_name(field: PeopleField) -> &'static str {
    match field {
        PeopleField::JoinedOn => "Joined",
        PeopleField::LeftOn => "Left",
        other => other.label(),
    }
}

/// What the trail says of one person.
pub(super) struct PersonFact {
    pub(super) member: MemberId,
    pub(super) name: String,
    pub(super) file_name: String,
    pub(super) deed: Deed,
    pub(super) changes: Vec<Change>,
}

/// What happened to one person.
#[derive(Clone, Copy)]
pub(super) enum Deed {
    Added,
    Changed,
    Removed,
    Restored,
}

impl Fact for PersonFact {
    fn code(&self) -> &'static str {
        match self.deed {
            Deed::Added => "member.added",
            Deed::Changed | Deed::Restored => "member.changed",
            Deed::Removed => "member.removed",
        }
    }

    fn object(&self) -> Object {
        Object::new("member", self.member, &self.name)
    }

    fn said(&self) -> String {
        let Self { name, file_name, .. } = self;
        match self.deed {
            Deed::Added => format!("added {name} from {file_name}"),
            Deed::Changed => format!("changed {name} from {file_name}"),
            Deed::Removed => format!("took {name} out again, undoing {file_name}"),
            Deed::Restored => format!("put {name} back as before {file_name}"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        self.changes.clone()
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn the_trail_counts_people_in_words() {
        let said = |created, updated| {
            let counts = ImportCounts { created, updated, unchanged: 2, refused: 1 };
            let import = ImportId::mint(DateTime::UNIX_EPOCH);
            ImportFact::Committed { import, kind: Kind::People, file_name: "people.csv".to_owned(), counts }.said()
        };
        assert_eq!(said(95, 0), "imported 95 people from people.csv");
        assert_eq!(said(1, 0), "imported 1 person from people.csv");
        assert_eq!(said(0, 3), "changed 3 people from people.csv");
        assert_eq!(said(2, 3), "imported 2 people and changed 3 from people.csv");
        assert_eq!(said(0, 0), "imported people.csv, which changed nobody");
    }
}

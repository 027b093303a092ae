//! A client's own note in the trail. Who and when are always ours.

use uuid::Uuid;

use crate::kernel::fact::{Fact, Object};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::entry::About;
use super::store;
use super::words::Kind;

const LONGEST: usize = 2_000;

/// The text of a note: 1 to 2,000 characters, on as many lines as one likes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note(String);

impl Note {
    /// Reads what was typed.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::invalid("note", "Write the note."));
        }
        if text.chars().count() > LONGEST {
            let message = "Shorten the note to at most 2,000 characters; nothing was saved.";
            return Err(Refusal::invalid("note", message));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            let message = "The note holds a character that cannot be printed. Type it again instead of pasting it.";
            return Err(Refusal::invalid("note", message));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Adds a note about an object that the trail knows, or about the business.
pub struct AddNote {
    /// What to say.
    pub note: Note,
    /// About what.
    pub object: Option<Uuid>,
}

impl Operation for AddNote {
    const NEEDS: Permission = Permission::AddNote;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let about = match self.object {
            Some(object) if object != work.business().0 => store::latest_about(work, object)?,
            _ => store::about_business(work)?,
        };
        let kind = Kind::parse(&about.kind).ok_or_else(|| Refusal::fault("an object of a kind that is not listed"))?;
        let fact = NoteAdded { about, kind, note: self.note.clone() };
        work.record(&fact, ())
    }
}

struct NoteAdded {
    about: About,
    kind: Kind,
    note: Note,
}

impl Fact for NoteAdded {
    fn code(&self) -> &'static str {
        "note.added"
    }

    fn object(&self) -> Object {
        Object::new(self.kind.code(), self.about.id, &self.about.label)
    }

    /// The text itself, quoted, so that it is found by its words and not taken for one of our sentences.
    fn said(&self) -> String {
        format!("noted about {}: “{}”", self.about.label, self.note.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_text_that_can_be_read() {
        let read = |text: &str| Note::parse(text).map(|note| note.0);
        assert_eq!(read("  Asked Figma.\r\nThey agreed.\n").unwrap(), "Asked Figma.\nThey agreed.");
        assert!(read(&"ä".repeat(2_000)).is_ok());
        for wrong in ["", " \n ", &"ä".repeat(2_001), "a\u{7}b", "a\rb"] {
            assert_eq!(read(wrong).unwrap_err().field, Some("note"), "{wrong:?}");
        }
    }
}

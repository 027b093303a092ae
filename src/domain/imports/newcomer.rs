//! Somebody whom a file of seats adds to People: a name and an address, and nothing else is known yet.

use crate::domain::team::everybody::Standing;
use crate::domain::team::member::{MemberStatus, NewMember};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::fact::Change;

use super::facts::field_name;
use super::people_file::PeopleField;

/// Somebody new.
#[derive(Clone)]
pub(super) struct Newcomer {
    pub(super) name: String,
    pub(super) email: EmailAddress,
}

impl Newcomer {
    /// As they are put into the list: without a sign-in.
    pub(super) fn new_member(&self) -> NewMember {
        NewMember {
            name: self.name.clone(),
            email: self.email.clone(),
            sign_in: None,
            status: MemberStatus::Directory,
            department: String::new(),
            manager: None,
            joined_on: None,
            left_on: None,
        }
    }

    /// How they stand then.
    pub(super) fn standing(&self) -> Standing {
        Standing {
            name: self.name.clone(),
            department: String::new(),
            manager: None,
            joined_on: None,
            left_on: None,
            status: MemberStatus::Directory,
        }
    }

    /// What the trail says is written of them.
    pub(super) fn told(&self) -> Vec<Change> {
        vec![
            Change::set(field_name(PeopleField::Email), self.email.as_str()),
            Change::set(field_name(PeopleField::Name), &self.name),
            Change::set("Status", MemberStatus::Directory.label()),
        ]
    }
}

//! Reading the address of the page and the form that invites.

use crate::domain::team::invitation::{InvitationState, parse_addresses, parse_message};
use crate::domain::team::invite::Invite;
use crate::domain::team::member::parse_department;
use crate::domain::team::roster::Turn;
use crate::http::pages::form::{FormErrors, Posted};
use crate::kernel::ids::InvitationId;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;

/// What can be asked for in the address of the page.
pub struct Asked {
    /// Which invitations.
    pub state: InvitationState,
    /// Which page of them.
    pub turn: Turn,
    /// Whom to invite, one to a line, as People hands them over.
    pub emails: String,
}

impl Default for Asked {
    fn default() -> Self {
        Self { state: InvitationState::Pending, turn: Turn::First, emails: String::new() }
    }
}

impl Asked {
    /// What this query asks for; what it cannot mean is left out.
    pub fn of(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let id = InvitationId::parse(&value);
            match (name.as_ref(), id) {
                ("state", _) => asked.state = InvitationState::parse(&value).unwrap_or(asked.state),
                ("after", Some(id)) => asked.turn = Turn::After(id),
                ("before", Some(id)) => asked.turn = Turn::Before(id),
                ("emails", _) => {
                    asked.emails.push_str(value.trim());
                    asked.emails.push('\n');
                }
                _ => {}
            }
        }
        asked.emails.truncate(asked.emails.trim_end().len());
        asked
    }
}

/// Whom to invite as what, or all that is wrong with the form.
pub fn invitation(posted: &Posted) -> Result<Invite, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["emails", "role", "department", "message"]));
    let all: Vec<&str> = posted.all("emails").collect();
    let addresses = errors.take(parse_addresses(&all.join("\n")));
    let role = errors.take(role(posted.get("role")));
    let department = errors.take(parse_department(posted.get("department")));
    let message = errors.take(parse_message(posted.get("message")));
    let read = addresses.zip(role).zip(department).zip(message);
    errors.or(read.map(|(((addresses, role), department), message)| Invite { addresses, role, department, message }))
}

fn role(code: &str) -> Result<Role, Refusal> {
    Role::parse(code).ok_or_else(|| Refusal::invalid("role", "Choose one of the roles of the list."))
}

//! The console: every business with its plan, use and health.

use chrono::{DateTime, NaiveDate, Utc};

use crate::kernel::ids::BusinessId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::store;

/// Businesses of one page.
const PAGE: i64 = 50;

/// The newest businesses that fit the words: part of the name or of an owner's address, or a whole application id.
pub struct Businesses {
    /// What is looked for; empty for all.
    pub words: String,
    /// Where the page begins; none: with the newest.
    pub before: Option<BusinessId>,
}

/// One page of businesses, newest first.
pub struct BusinessesPage {
    /// The businesses.
    pub rows: Vec<Row>,
    /// Older ones are those before this.
    pub older: Option<BusinessId>,
}

/// One business of the list.
pub struct Row {
    /// The id.
    pub id: BusinessId,
    /// The name.
    pub name: String,
    /// The public id.
    pub application_id: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// The plan's name.
    pub plan: String,
    /// The plan whose limits it was given, and until when.
    pub lent: Option<(String, NaiveDate)>,
    /// What is used of it.
    pub used: Use,
    /// What is wrong with it, if anything.
    pub health: Health,
}

/// How much is used.
#[derive(Clone, Copy, Default, Debug)]
pub struct Use {
    /// People who sign in, and pending invitations.
    pub sign_ins: i64,
    /// Subscriptions in trial or active.
    pub subscriptions: i64,
    /// Open seats.
    pub seats: i64,
}

/// What is wrong with a business, the gravest thing first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Health {
    /// Staff have suspended it.
    Suspended,
    /// It is about to be gone.
    Closing,
    /// The worker has set something of it aside.
    Failing,
    /// Its plan has ended.
    Ended,
    /// Nothing.
    Well,
}

impl Health {
    /// How a business is.
    pub fn of(status: &str, is_ended: bool, is_failing: bool) -> Self {
        match status {
            "suspended" => Self::Suspended,
            "closing" => Self::Closing,
            _ if is_failing => Self::Failing,
            _ if is_ended => Self::Ended,
            _ => Self::Well,
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Suspended => "Suspended",
            Self::Closing => "Closing",
            Self::Failing => "Worker failing",
            Self::Ended => "Plan ended",
            Self::Well => "Well",
        }
    }
}

impl Question for Businesses {
    const NEEDS: Permission = Permission::SeeConsole;
    type Output = BusinessesPage;

    fn find(&self, view: &mut View<'_>) -> Result<BusinessesPage, Refusal> {
        let now = view.now();
        let mut rows = store::console::page(view.conn(), self, PAGE + 1, now)?;
        let page = usize::try_from(PAGE).map_err(Refusal::fault)?;
        let there_is_more = rows.len() > page;
        rows.truncate(page);
        let older = rows.last().filter(|_| there_is_more).map(|row| row.id);
        Ok(BusinessesPage { rows, older })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_thing_is_said() {
        assert_eq!(Health::of("suspended", true, true), Health::Suspended);
        assert_eq!(Health::of("closing", true, true), Health::Closing);
        assert_eq!(Health::of("active", true, true), Health::Failing);
        assert_eq!(Health::of("active", true, false), Health::Ended);
        assert_eq!(Health::of("active", false, false), Health::Well);
    }
}

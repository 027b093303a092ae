//! All support sessions, for staff to review.

use crate::kernel::access::Actor;
use crate::kernel::ids::SupportSessionId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::session::SupportSession;
use super::store;

/// Sessions of one page.
const PAGE: i64 = 50;

/// The newest sessions before this one.
pub struct Sessions {
    /// Where the page begins; none: with the newest.
    pub before: Option<SupportSessionId>,
}

/// One page of sessions, newest first.
pub struct SessionsPage {
    /// The sessions.
    pub sessions: Vec<SupportSession>,
    /// Older ones are those before this.
    pub older: Option<SupportSessionId>,
}

impl Question for Sessions {
    const NEEDS: Permission = Permission::SeeConsole;
    type Output = SessionsPage;

    fn find(&self, view: &mut View<'_>) -> Result<SessionsPage, Refusal> {
        let mut sessions = store::sessions::of_all(view.conn(), self.before, PAGE + 1)?;
        let page = usize::try_from(PAGE).map_err(Refusal::fault)?;
        let there_is_more = sessions.len() > page;
        sessions.truncate(page);
        let older = sessions.last().filter(|_| there_is_more).map(|session| session.id);
        Ok(SessionsPage { sessions, older })
    }
}

/// The session the acting staff member is in, if they are in one.
pub struct OwnOpen;

impl Question for OwnOpen {
    const NEEDS: Permission = Permission::SeeConsole;
    type Output = Option<SupportSession>;

    fn find(&self, view: &mut View<'_>) -> Result<Option<SupportSession>, Refusal> {
        let Actor::Staff { user } = view.access().actor() else {
            return Err(Refusal::not_found());
        };
        let now = view.now();
        Ok(store::sessions::open_of(view.conn(), user, now)?.pop())
    }
}

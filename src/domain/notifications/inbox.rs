//! One member's inbox, the newest first.

use crate::kernel::ids::NotificationId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::kind::Kind;
use super::notification::Notification;
use super::store;

/// Messages on one page.
pub const PAGE: usize = 50;

/// More than this are not counted: "99+".
pub const MOST_COUNTED: i64 = 100;

/// A page of the acting member's inbox.
#[derive(Default)]
pub struct InboxOf {
    /// Only what was not read.
    pub is_unread: bool,
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// After which message the page begins.
    pub after: Option<NotificationId>,
}

/// One page.
pub struct Inbox {
    /// The messages.
    pub notifications: Vec<Notification>,
    /// How many were not read, of any kind; at most [`MOST_COUNTED`].
    pub unread: i64,
    /// After which message the next page begins.
    pub next: Option<NotificationId>,
}

impl Question for InboxOf {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Inbox;

    fn find(&self, view: &mut View<'_>) -> Result<Inbox, Refusal> {
        let member = view.access().member().ok_or_else(Refusal::not_allowed)?;
        let limit = i64::try_from(PAGE).map_err(Refusal::fault)? + 1;
        let mut notifications = store::page(view, member, self, limit)?;
        let has_more = notifications.len() > PAGE;
        notifications.truncate(PAGE);
        let next = notifications.last().filter(|_| has_more).map(|last| last.id);
        let unread = store::unread(view, member)?;
        Ok(Inbox { notifications, unread, next })
    }
}

//! Where a person is signed in, and ending that.

use chrono::{DateTime, Utc};

use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Deed, OwnFact};
use super::sessions::SeenFrom;
use super::{browser, session_store, store};

/// One sign-in that still lives.
pub struct Device {
    /// The id by which its person may end it.
    pub id: String,
    /// From where it was last used.
    pub from: SeenFrom,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the hour.
    pub seen_at: DateTime<Utc>,
}

/// Where this person is signed in, the last used first.
pub async fn list(db: &Db, user: UserId) -> Result<Vec<Device>, Refusal> {
    let now = db.clock().now();
    db.before_tenant(move |conn| session_store::of_user(conn, user, now)).await
}

/// Ends one of a person's sign-ins.
pub struct EndSession {
    /// Whose.
    pub user: UserId,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
    /// Which.
    pub session: String,
}

impl Operation for EndSession {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        // Anything else is no id, and may be no text that the database takes.
        if !self.session.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Refusal::not_found());
        }
        let ended = session_store::end_one(work.conn(), self.user, &self.session)?.ok_or_else(Refusal::not_found)?;
        let name = store::user(work.conn(), self.user)?.name;
        let what = browser::in_words(&ended.from.user_agent);
        work.record_in(&self.businesses, &OwnFact { user: self.user, name, deed: Deed::EndedSession { what } }, ())
    }
}

/// Ends all of a person's sign-ins but the one they act from.
pub struct EndOtherSessions {
    /// Whose.
    pub user: UserId,
    /// Where they are active.
    pub businesses: Vec<BusinessId>,
    /// The one that stays.
    pub keep: String,
}

impl Operation for EndOtherSessions {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = usize;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<usize>, Refusal> {
        let count = session_store::end_others(work.conn(), self.user, &self.keep)?;
        if count == 0 {
            return Ok(work.nothing_changed(0));
        }
        let name = store::user(work.conn(), self.user)?.name;
        let fact = OwnFact { user: self.user, name, deed: Deed::EndedOtherSessions { count } };
        work.record_in(&self.businesses, &fact, count)
    }
}

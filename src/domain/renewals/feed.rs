//! A member's calendar feed: one address each, made, made anew and turned off by themselves. Its key is shown once.

use chrono::{DateTime, Utc};

use crate::kernel::fact::{Fact, Object};
use crate::kernel::ids::MemberId;
use crate::kernel::operation::{Operation, Question};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, View, Work};

use super::feed_store as store;

/// Makes the feed of whoever asks, or gives it a new key; the old one works no more.
pub struct MakeFeed;

impl Operation for MakeFeed {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Key;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Key>, Refusal> {
        let (member, name) = themselves(work)?;
        let key = Key::random();
        let is_new = store::write(work, member, &key.hash())?;
        let what = if is_new { Happened::Made } else { Happened::MadeAnew };
        work.record(&FeedFact { member, name, what }, key)
    }
}

/// Turns the feed of whoever asks off.
pub struct EndFeed;

impl Operation for EndFeed {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let (member, name) = themselves(work)?;
        match store::delete(work, member)? {
            true => work.record(&FeedFact { member, name, what: Happened::Ended }, ()),
            false => Ok(work.nothing_changed(())),
        }
    }
}

/// The feed of whoever asks, without its key.
pub struct OwnFeed;

/// When it was made, and when a program last fetched it.
pub struct Feed {
    /// When its key was made.
    pub made_at: DateTime<Utc>,
    /// When it was last fetched, to the hour.
    pub read_at: Option<DateTime<Utc>>,
}

impl Question for OwnFeed {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Option<Feed>;

    fn find(&self, view: &mut View<'_>) -> Result<Option<Feed>, Refusal> {
        match view.access().member() {
            Some(member) => store::feed(view, member),
            None => Err(Refusal::not_allowed()),
        }
    }
}

fn themselves(work: &mut Work<'_>) -> Result<(MemberId, String), Refusal> {
    let member = work.access().member().ok_or_else(Refusal::not_allowed)?;
    let name = store::name(work, member)?;
    Ok((member, name))
}

enum Happened {
    Made,
    MadeAnew,
    Ended,
}

struct FeedFact {
    member: MemberId,
    name: String,
    what: Happened,
}

impl Fact for FeedFact {
    fn code(&self) -> &'static str {
        match self.what {
            Happened::Made | Happened::MadeAnew => "calendar_feed.made",
            Happened::Ended => "calendar_feed.ended",
        }
    }

    fn object(&self) -> Object {
        Object::new("member", self.member, &self.name)
    }

    fn said(&self) -> String {
        match self.what {
            Happened::Made => "made a calendar feed of their renewals",
            Happened::MadeAnew => "gave their calendar feed a new address",
            Happened::Ended => "turned their calendar feed off",
        }
        .to_owned()
    }
}

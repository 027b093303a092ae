//! Leaving: the worker's sweep over everybody whose last day has passed without anybody writing it down. Whoever is
//! not an owner is kept out from that day on in any case; this ends their sign-in for good and frees its place. The
//! last active owner of a business stays, date and all, for without one nobody could mend it.

mod store;

use chrono::NaiveDate;

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::MemberId;
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};
use crate::kernel::zones;

use super::member::MemberStatus;

/// Lets those leave whose last day has passed, of at most so many businesses; answers how many people.
pub struct LetLeave {
    /// How many businesses at once.
    pub batch: i64,
}

impl Sweep for LetLeave {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let days: Vec<_> = zones::everywhere(work.now()).collect();
        let conn = work.conn_of_all_businesses();
        let businesses = store::lock_due(conn, &days, self.batch)?;
        let left = store::let_leave(conn, &days, &businesses)?;
        let rows = left.len();
        let facts = left.into_iter().map(|row| {
            let before = MemberStatus::parse(&row.before).ok_or_else(|| Refusal::fault("an unknown status"))?;
            Ok((row.business_id, HasLeft { member: row.id, name: row.name, last_day: row.left_on, before }))
        });
        let facts: Vec<_> = facts.collect::<Result<_, Refusal>>()?;
        work.record_many(&facts, rows, rows)
    }
}

/// The last day of a person has passed.
struct HasLeft {
    member: MemberId,
    name: String,
    last_day: NaiveDate,
    before: MemberStatus,
}

impl Fact for HasLeft {
    fn code(&self) -> &'static str {
        "member.left"
    }

    fn object(&self) -> Object {
        Object::new("member", self.member, &self.name)
    }

    fn said(&self) -> String {
        format!("let {} leave after their last day, {}", self.name, self.last_day)
    }

    fn changes(&self) -> Vec<Change> {
        let (before, after) = (self.before.label().to_owned(), MemberStatus::Left.label().to_owned());
        vec![Change::new("Status", Some(before), Some(after))]
    }
}

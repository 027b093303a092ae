//! One decision about many renewals: all of them or none, with an entry for each.

use chrono::NaiveDate;

use crate::domain::subscriptions::decision::Decided;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::decide::{Decide, decide};
use super::decision::Wish;

/// The most that are decided at once: two pages of the agenda.
const MOST: usize = 100;

/// The same for each of these renewals; a note that stood with another decision goes with it.
pub struct DecideMany {
    /// Which, as they were looked at.
    pub renewals: Vec<(SubscriptionId, NaiveDate)>,
    /// What is wanted.
    pub wish: Wish,
}

/// How many were decided.
pub struct Many {
    /// Those that are another way than before.
    pub changed: usize,
    /// Those that were so already.
    pub unchanged: usize,
    /// Those whose last day to cancel is past.
    pub late: usize,
}

impl Operation for DecideMany {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Many;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Many>, Refusal> {
        if matches!(self.wish, Some(Decided::Resize(_))) {
            return Err(Refusal::invalid("decision", "Seats are decided one subscription at a time."));
        }
        let mut renewals = self.renewals.clone();
        // One order for everybody, so that two who decide on the same ones wait and do not deadlock.
        renewals.sort();
        renewals.dedup();
        match renewals.len() {
            0 => return Err(Refusal::invalid("renewal", "Tick the renewals that this is about first.")),
            1..=MOST => {}
            _ => return Err(Refusal::invalid("renewal", format!("Tick at most {MOST} renewals at once."))),
        }
        let (mut facts, mut many) = (Vec::new(), Many { changed: 0, unchanged: 0, late: 0 });
        for (subscription, renews_on) in renewals {
            let asked = Decide { subscription, renews_on: Some(renews_on), wish: self.wish, note: String::new() };
            let (stands, fact) = decide(work, &asked)?;
            many.changed += usize::from(stands.is_new);
            many.unchanged += usize::from(!stands.is_new);
            many.late += usize::from(stands.is_late);
            facts.extend(fact);
        }
        work.record_all(&facts, many)
    }
}

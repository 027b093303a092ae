//! One change to many subscriptions: all of them or none, with an entry for each.

use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::fact::{Happened, SubscriptionFact, details_changes};
use super::store;
use super::subscription::{Details, Subscription, require_own};

/// The most that are changed at once: two pages of the list.
const MOST: usize = 100;

/// What is done to each of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ToEach {
    /// Somebody else answers for it.
    Owner(MemberId),
    /// It is taken off the list.
    Remove,
}

/// Changes each of these subscriptions alike.
pub struct ChangeMany {
    /// Which.
    pub ids: Vec<SubscriptionId>,
    /// How.
    pub to_each: ToEach,
}

impl Operation for ChangeMany {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = usize;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<usize>, Refusal> {
        let mut ids = self.ids.clone();
        // One order for everybody, so that two who change the same ones wait and do not deadlock.
        ids.sort();
        ids.dedup();
        match ids.len() {
            0 => return Err(Refusal::invalid("id", "Tick the subscriptions that this is about first.")),
            1..=MOST => {}
            _ => return Err(Refusal::invalid("id", format!("Tick at most {MOST} subscriptions at once."))),
        }
        let (mut facts, mut held) = (Vec::new(), Vec::new());
        for id in ids {
            store::lock(work, id)?.require_changeable(work)?;
            let subscription = store::find(work, id)?;
            let name = subscription.details.name.clone();
            let what = match &self.to_each {
                ToEach::Remove => match store::seats_held(work, id)? {
                    0 => remove(work, id).map(Some)?,
                    seats => {
                        held.push(format!("{name} ({seats})"));
                        None
                    }
                },
                ToEach::Owner(owner) => {
                    let details = Details { owner: *owner, ..subscription.details.clone() };
                    write(work, &subscription, &details)?
                }
            };
            facts.extend(what.map(|what| SubscriptionFact { id, name, what }));
        }
        match held.is_empty() {
            true => {
                let count = facts.len();
                work.record_all(&facts, count)
            }
            false => Err(Refusal::conflict(
                "seats_held",
                format!("People hold seats of {}. Revoke them first; nothing was removed.", held.join(", ")),
            )),
        }
    }
}

fn remove(work: &mut Work<'_>, id: SubscriptionId) -> Result<Happened, Refusal> {
    store::set_removed(work, &[id])?;
    Ok(Happened::Removed)
}

/// Writes the details when they differ, and says what to record.
fn write(work: &mut Work<'_>, before: &Subscription, after: &Details) -> Result<Option<Happened>, Refusal> {
    if *after == before.details {
        return Ok(None);
    }
    let owner = match after.owner == before.owner.id {
        true => before.owner.clone(),
        false => {
            require_own(work.sight().sees, after.owner)?;
            store::new_owner(work, after.owner)?
        }
    };
    store::update(work, before.id, after, before.service_id, before.standing())?;
    Ok(Some(Happened::Changed(details_changes(Some((&before.details, &before.owner.name)), (after, &owner.name)))))
}

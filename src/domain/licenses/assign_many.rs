//! Giving many seats in one act: many people get a seat of one subscription, or one person gets many. All or nothing;
//! whoever has a seat already is left out and counted.

use std::collections::BTreeSet;

use crate::domain::notifications;
use crate::domain::notifications::tell::To;
use crate::domain::plans::limits;
use crate::domain::subscriptions;
use crate::domain::subscriptions::store::Locked;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::operation::Operation;
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::error::LicenseError;
use super::give::{Gift, give_all};
use super::letters::{Tell, given_news, seat_given};
use super::license::{Holder, require_assignable};
use super::store;

/// The most people or subscriptions of one act.
pub const MOST: usize = 500;

/// Gives each of these people a seat of each of these subscriptions; one of the two is one.
pub struct AssignMany {
    /// Of what.
    pub subscriptions: BTreeSet<SubscriptionId>,
    /// To whom.
    pub people: People,
    /// Whether letters tell them.
    pub tell: Tell,
}

/// People named by id and by address, each once.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// By id.
    pub ids: BTreeSet<MemberId>,
    /// By address.
    pub addresses: Vec<EmailAddress>,
}

impl People {
    /// One more by address, unless the same one is there.
    pub fn add_address(&mut self, address: EmailAddress) {
        if !self.addresses.contains(&address) {
            self.addresses.push(address);
        }
    }

    /// How many names there are.
    pub fn count(&self) -> usize {
        self.ids.len() + self.addresses.len()
    }
}

/// What became of it.
pub struct GivenMany {
    /// Of what, when it was of one.
    pub subscription: Option<SubscriptionId>,
    /// The names of what seats were given of.
    pub names: Vec<String>,
    /// Who got a seat, when it was one person.
    pub person: Option<(MemberId, String)>,
    /// How many seats were given.
    pub given: usize,
    /// How many were there already.
    pub had: usize,
    /// How many letters go out.
    pub told: usize,
}

impl Operation for AssignMany {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = GivenMany;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<GivenMany>, Refusal> {
        limits::require_running(work)?;
        let ids: Vec<SubscriptionId> = self.subscriptions.iter().copied().collect();
        let locked = subscriptions::store::lock_many(work, &ids)?;
        if locked.len() != ids.len() {
            return Err(Refusal::not_found());
        }
        for subscription in &locked {
            subscription.require_changeable(work)?;
            require_assignable(subscription.status, &subscription.name).map_err(|error| on("subscription", error))?;
        }
        let holders = self.holders(work)?;
        let mut facts = Vec::new();
        let (mut had, mut told) = (0, 0);
        for subscription in &locked {
            let new = without_seat(work, subscription, &holders)?;
            had += holders.len() - new.len();
            let gifts: Vec<Gift<'_>> = new.iter().copied().map(Gift::plain).collect();
            facts.extend(give_all(work, subscription, &gifts, |_, refusal| refusal)?);
            told += tell_all(work, subscription, &new, self.tell)?;
        }
        let given = GivenMany {
            subscription: locked.first().filter(|_| locked.len() == 1).map(|one| one.id),
            names: locked.into_iter().map(|subscription| subscription.name).collect(),
            person: holders.first().filter(|_| holders.len() == 1).map(|one| (one.id, one.name.clone())),
            given: facts.len(),
            had,
            told,
        };
        work.record_all(&facts, given)
    }
}

impl AssignMany {
    /// Everybody who is named, each once; refuses with the names of those who are not there or cannot hold a seat.
    fn holders(&self, work: &mut Work<'_>) -> Result<Vec<Holder>, Refusal> {
        let ids: Vec<MemberId> = self.people.ids.iter().copied().collect();
        let folded: Vec<&str> = self.people.addresses.iter().map(EmailAddress::folded).collect();
        let found = store::by_ids_and_addresses(work, &ids, &folded)?;
        if ids.iter().any(|id| !found.iter().any(|(holder, _)| holder.id == *id)) {
            return Err(Refusal::not_found());
        }
        let unknown = self.people.addresses.iter().filter(|one| !found.iter().any(|(_, known)| known == one.folded()));
        let unknown: Vec<String> = unknown.map(EmailAddress::to_string).collect();
        if !unknown.is_empty() {
            return Err(LicenseError::UnknownPeople { addresses: unknown }.into());
        }
        let holders: Vec<Holder> = found.into_iter().map(|(holder, _)| holder).collect();
        let gone: Vec<String> = holders.iter().filter(|one| one.is_gone()).map(|one| one.name.clone()).collect();
        match gone.is_empty() {
            true => Ok(holders),
            false => Err(LicenseError::PeopleAreGone { people: gone }.into()),
        }
    }
}

/// Those who have no seat of this subscription yet.
fn without_seat<'a>(
    work: &mut Work<'_>,
    subscription: &Locked,
    holders: &'a [Holder],
) -> Result<Vec<&'a Holder>, Refusal> {
    let ids: Vec<MemberId> = holders.iter().map(|holder| holder.id).collect();
    let have = store::holders_among(work, &ids, subscription.id)?;
    Ok(holders.iter().filter(|holder| !have.contains(&holder.id)).collect())
}

/// Tells everybody; how many letters go out.
fn tell_all(work: &mut Work<'_>, subscription: &Locked, people: &[&Holder], tell: Tell) -> Result<usize, Refusal> {
    if people.is_empty() {
        return Ok(0);
    }
    let signature = store::signature(work)?;
    let mut to = Vec::new();
    for holder in people {
        to.push(match tell.includes(holder) {
            true => {
                let letter = seat_given(work, subscription, holder, None, &signature);
                To::with(holder.id, work.seal(&Envelope::new(&holder.email, &holder.name, &letter))?)
            }
            false => To::inbox(holder.id),
        });
    }
    notifications::tell::tell(work, &given_news(subscription, signature.by.as_deref()), to)
}

fn on(field: &'static str, error: LicenseError) -> Refusal {
    Refusal::from(error).at(field)
}

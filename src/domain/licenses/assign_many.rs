//! Giving many seats in one act: many people get a seat of one subscription, or one person gets many. All or nothing;
//! whoever has a seat already is left out and counted.

use std::collections::BTreeSet;

use crate::domain::notifications;
use crate::domain::notifications::tell::To;
use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::domain::subscriptions;
use crate::domain::subscriptions::store::Locked;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::operation::Operation;
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::error::LicenseError;
use super::facts::{Happened, LicenseFact};
use super::give::note_low;
use super::letters::{Tell, given_news, seat_given};
use super::license::{Holder, require_assignable};
use super::requests;
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
        // In the order of their ids, so that two such acts never wait for each other.
        let mut locked = Vec::new();
        for id in &self.subscriptions {
            let subscription = subscriptions::store::lock(work, *id)?;
            subscription.require_changeable(work)?;
            require_assignable(subscription.status, &subscription.name).map_err(|error| on("subscription", error))?;
            locked.push(subscription);
        }
        let holders = self.holders(work)?;
        let mut facts = Vec::new();
        let (mut had, mut told) = (0, 0);
        for subscription in &locked {
            let new = without_seat(work, subscription, &holders)?;
            had += holders.len() - new.len();
            facts.extend(give_all(work, subscription, &new)?);
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

/// Gives each of them a seat: those that waited longest, and new ones for the rest.
fn give_all(work: &mut Work<'_>, subscription: &Locked, people: &[&Holder]) -> Result<Vec<LicenseFact>, Refusal> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let held = store::held(work, subscription.id)?;
    let wanted = i64::try_from(people.len()).map_err(Refusal::fault)?;
    if let Some(seats) = subscription.seats.filter(|seats| held + wanted > *seats) {
        let (free, subscription) = ((seats - held).max(0), subscription.name.clone());
        return Err(LicenseError::TooFewSeats { wanted, free, seats, subscription }.into());
    }
    let licenses = seats_for(work, subscription.id, people.len())?;
    let pairs: Vec<(LicenseId, MemberId)> =
        licenses.iter().copied().zip(people.iter().map(|holder| holder.id)).collect();
    if store::begin_assignments(work, subscription.id, &pairs)? != pairs.len() {
        return Err(Refusal::fault("a seat that was free under the lock is held"));
    }
    let ids: Vec<MemberId> = people.iter().map(|holder| holder.id).collect();
    requests::settle(work, subscription, &ids)?;
    note_low(work, subscription, held, held + wanted)?;
    let facts = licenses.into_iter().zip(people).map(|(license, holder)| {
        let what = Happened::Assigned { holder: holder.name.clone(), expires_on: None, key: None };
        LicenseFact { license, subscription: subscription.name.clone(), what }
    });
    Ok(facts.collect())
}

fn seats_for(work: &mut Work<'_>, subscription: SubscriptionId, count: usize) -> Result<Vec<LicenseId>, Refusal> {
    let mut licenses = store::oldest_frees(work, subscription, i64::try_from(count).map_err(Refusal::fault)?)?;
    let missing = count - licenses.len();
    if missing > 0 {
        limits::require_room(work, Meter::Seats, i64::try_from(missing).map_err(Refusal::fault)?)?;
        licenses.extend(store::insert_many(work, subscription, missing)?);
    }
    Ok(licenses)
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

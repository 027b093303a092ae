//! Seats that a file tells of: given and changed under the same locks and rules as one by one, but many in one act and
//! without letters. The files are read in `imports`; `taken_back` is how an import is undone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::domain::subscriptions;
use crate::domain::subscriptions::store::Locked;
use crate::kernel::calendar::local_midnight;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::error::LicenseError;
use super::extend::{self, extended};
use super::facts::{Happened, LicenseFact};
use super::give::{Gift, give_all, require_new_holders};
use super::held::{self, Held};
use super::last_use::Source;
use super::license::{Holder, require_assignable, require_not_past, require_open};
use super::license_key::LicenseKey;
use super::store;

/// What a file says of a seat, beside who holds it.
#[derive(Clone, Default)]
pub struct Said {
    /// The last day; none: nothing is said of it.
    pub expires_on: Option<NaiveDate>,
    /// The license key; none: nothing is said of it.
    pub key: Option<LicenseKey>,
    /// The day of the last use; none: nothing is said of it.
    pub last_used_on: Option<NaiveDate>,
}

/// Locks the subscriptions whose seats a file is about, as whoever may change them. What is not found is left out.
pub fn lock(work: &mut Work<'_>, ids: &BTreeSet<SubscriptionId>) -> Result<BTreeMap<SubscriptionId, Locked>, Refusal> {
    let locked = subscriptions::store::lock_many(work, &ids.iter().copied().collect::<Vec<_>>())?;
    for subscription in &locked {
        subscription.require_changeable(work)?;
    }
    Ok(locked.into_iter().map(|subscription| (subscription.id, subscription)).collect())
}

/// The people of a file. Locked, so that nobody deactivates them until the seats are theirs.
pub fn receivers(work: &mut Work<'_>, people: &BTreeSet<MemberId>) -> Result<HashMap<MemberId, Holder>, Refusal> {
    let people: Vec<MemberId> = people.iter().copied().collect();
    let found = store::by_ids_and_addresses(work, &people, &[])?;
    Ok(found.into_iter().map(|(holder, _)| (holder.id, holder)).collect())
}

/// Gives seats of a locked subscription, and records them; `blame` says of which of them a refusal is.
pub fn give(
    work: &mut Work<'_>,
    subscription: &Locked,
    seats: &[(&Holder, &Said)],
    blame: impl Fn(usize, Refusal) -> Refusal,
) -> Result<(), Refusal> {
    let today = work.today();
    for (nth, (_, said)) in seats.iter().enumerate() {
        require_assignable(subscription.status, &subscription.name).map_err(|error| blame(nth, error.into()))?;
        require_not_past(said.expires_on, today).map_err(|error| blame(nth, error.into()))?;
    }
    let gifts = seats.iter().map(|(holder, said)| Gift { holder, expires_on: said.expires_on, key: said.key.as_ref() });
    let gifts: Vec<Gift<'_>> = gifts.collect();
    require_new_holders(work, subscription, &gifts, &blame)?;
    let given = give_all(work, subscription, &gifts, &blame)?;
    let (mut facts, mut uses) = (Vec::new(), LastUses::of(work));
    for (fact, (holder, said)) in given.into_iter().zip(seats) {
        let license = fact.license;
        facts.push(fact);
        if let Some(day) = said.last_used_on {
            uses.set(license, Some(day));
            let what = Happened::LastUseSet { holder: holder.name.clone(), before: None, after: day };
            facts.push(LicenseFact { license, subscription: subscription.name.clone(), what });
        }
    }
    uses.write(work)?;
    work.also_all(&facts)
}

/// What a file changes of a held seat.
pub struct Amendment<'a> {
    /// The seat.
    pub license: LicenseId,
    /// What it says.
    pub said: &'a Said,
    /// The last use that is known.
    pub known_use: Option<NaiveDate>,
}

/// Changes held seats of locked subscriptions where the file says something else, and records it. A key is only given to
/// a seat that has none.
pub fn amend(
    work: &mut Work<'_>,
    locked: &BTreeMap<SubscriptionId, Locked>,
    amendments: &[Amendment<'_>],
    blame: impl Fn(usize, Refusal) -> Refusal,
) -> Result<(), Refusal> {
    let today = work.today();
    let ids: Vec<LicenseId> = amendments.iter().map(|amendment| amendment.license).collect();
    let mut seats = held::of_locked(work, locked, &ids)?;
    let mut amended = Vec::new();
    for (nth, amendment) in amendments.iter().enumerate() {
        let seat = seats.remove(&amendment.license).ok_or_else(Refusal::not_found);
        let held = seat.and_then(|(license, subscription, holder)| Held::of(license, subscription, holder));
        amended.push((amendment, held.map_err(|refusal| blame(nth, refusal))?));
    }
    let (mut facts, mut last_days, mut keys, mut uses) = (Vec::new(), Vec::new(), Vec::new(), LastUses::of(work));
    for (nth, (Amendment { license: id, said, known_use }, held)) in amended.iter().enumerate() {
        let Held { license, subscription, assignment } = held;
        let fact = |what| LicenseFact { license: *id, subscription: subscription.name.clone(), what };
        require_open(license).map_err(|error| blame(nth, error.into()))?;
        if said.expires_on.is_some() {
            facts.extend(extended(held, said.expires_on, today).map_err(|error| blame(nth, error.into()))?);
            last_days.push((held, said.expires_on));
        }
        if let Some(key) = said.key.as_ref().filter(|_| license.key.is_none()) {
            keys.push((*id, key));
            facts.push(fact(Happened::KeySet { before: None, after: key.hint() }));
        }
        if let Some(day) = said.last_used_on {
            uses.set(*id, Some(day));
            let holder = assignment.holder.name.clone();
            facts.push(fact(Happened::LastUseSet { holder, before: *known_use, after: day }));
        }
    }
    extend::write(work, &last_days)?;
    store::seal_keys(work, &keys)?;
    uses.write(work)?;
    work.also_all(&facts)
}

/// Keeps license keys on seats of a locked subscription that nobody holds, and records it: on those that waited longest
/// without a key, and on new ones. Answers the seats in the order of the keys.
pub fn keep_keys(
    work: &mut Work<'_>,
    subscription: &Locked,
    keys: &[&LicenseKey],
    blame: impl Fn(usize, Refusal) -> Refusal,
) -> Result<Vec<(LicenseId, Made)>, Refusal> {
    require_assignable(subscription.status, &subscription.name).map_err(|error| blame(0, error.into()))?;
    let free = store::oldest_frees_without_key(work, subscription.id, keys.len())?;
    let made = match keys.len() - free.len() {
        0 => Vec::new(),
        missing => add_free(work, subscription, (keys.len(), missing), blame)?,
    };
    let seats = free.into_iter().map(|license| (license, Made::Before));
    let seats: Vec<_> = seats.chain(made.into_iter().map(|license| (license, Made::ByTheImport))).collect();
    let sealed: Vec<_> = seats.iter().zip(keys).map(|((license, _), key)| (*license, *key)).collect();
    store::seal_keys(work, &sealed)?;
    let fact = |((license, is_made), key): (&(LicenseId, Made), &&LicenseKey)| {
        let what = match is_made {
            Made::Before => Happened::KeySet { before: None, after: key.hint() },
            Made::ByTheImport => Happened::Added { key: key.hint() },
        };
        LicenseFact { license: *license, subscription: subscription.name.clone(), what }
    };
    work.also_all(&seats.iter().zip(keys).map(fact).collect::<Vec<_>>())?;
    Ok(seats)
}

/// Makes the free seats that are missing for so many keys.
fn add_free(
    work: &mut Work<'_>,
    subscription: &Locked,
    (keys, missing): (usize, usize),
    blame: impl Fn(usize, Refusal) -> Refusal,
) -> Result<Vec<LicenseId>, Refusal> {
    let (open, wanted) = (store::open(work, subscription.id)?, i64::try_from(missing).map_err(Refusal::fault)?);
    if let Some(seats) = subscription.seats.filter(|seats| open + wanted > *seats) {
        let room = keys - missing + usize::try_from(seats - open).unwrap_or(0);
        let told = |number: usize| i64::try_from(number).map_err(Refusal::fault);
        let (keys, name) = (told(keys)?, subscription.name.clone());
        let error = LicenseError::TooFewForKeys { keys, room: told(room)?, seats, subscription: name };
        return Err(blame(room, error.into()));
    }
    limits::require_room(work, Meter::Seats, wanted)?;
    store::insert_many(work, subscription.id, missing)
}

/// Whose a seat is that an import gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    /// It was there before.
    Before,
    /// The import made it.
    ByTheImport,
}

/// Days of last use on their way into the books: each is the beginning of the day in the zone of the business.
pub(super) struct LastUses {
    zone: Tz,
    uses: Vec<(LicenseId, Option<DateTime<Utc>>)>,
}

impl LastUses {
    /// None yet.
    pub(super) fn of(work: &Work<'_>) -> Self {
        Self { zone: work.house().zone, uses: Vec::new() }
    }

    /// One more; none: nobody knows.
    pub(super) fn set(&mut self, license: LicenseId, day: Option<NaiveDate>) {
        self.uses.push((license, day.map(|day| local_midnight(day, self.zone))));
    }

    /// Writes them.
    pub(super) fn write(&self, work: &mut Work<'_>) -> Result<(), Refusal> {
        store::set_last_uses(work, &self.uses, Source::Import)
    }
}

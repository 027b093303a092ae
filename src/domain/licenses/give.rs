//! Giving seats, one or many, whatever the occasion: assigned, asked for, in a file. Under the locks of the business and the
//! subscription, so that no two people get one seat and no more are given than were bought, through whatever door.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Told;
use crate::domain::notifications::tell::{self, To, news};
use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::domain::subscriptions::store::{Locked, seats_held};
use crate::kernel::ids::{LicenseId, MemberId};
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::error::LicenseError;
use super::facts::{Happened, LicenseFact, SeatsLow};
use super::letters::SeatsFew;
use super::license::{Holder, require_free_seat, require_free_seats};
use super::license_key::LicenseKey;
use super::low;
use super::requests;
use super::store::{self, Free};

/// A seat for one person.
pub(super) struct Gift<'a> {
    /// To whom.
    pub(super) holder: &'a Holder,
    /// The last day of the seat, which still counts.
    pub(super) expires_on: Option<NaiveDate>,
    /// The license key that goes with it.
    pub(super) key: Option<&'a LicenseKey>,
}

impl<'a> Gift<'a> {
    /// A seat without a last day and without a key.
    pub(super) fn plain(holder: &'a Holder) -> Self {
        Self { holder, expires_on: None, key: None }
    }
}

/// Gives one seat of a locked subscription. Answers what is to be recorded; whatever follows from it is recorded already.
pub(super) fn give(work: &mut Work<'_>, subscription: &Locked, gift: Gift<'_>) -> Result<LicenseFact, Refusal> {
    let gifts = [gift];
    require_new_holders(work, subscription, &gifts, |_, refusal| refusal)?;
    let held = seats_held(work, subscription.id)?;
    require_free_seat(subscription.seats, held, &subscription.name)?;
    let facts = hand_out(work, subscription, held, &gifts, |_, refusal| refusal)?;
    facts.into_iter().next().ok_or_else(|| Refusal::fault("a seat was not given"))
}

/// Gives many seats of a locked subscription in one act, all or none, to people who can hold one and have none; `blame`
/// says of which of them a refusal is. Answers as one does.
pub(super) fn give_all(
    work: &mut Work<'_>,
    subscription: &Locked,
    gifts: &[Gift<'_>],
    blame: impl Fn(usize, Refusal) -> Refusal,
) -> Result<Vec<LicenseFact>, Refusal> {
    if gifts.is_empty() {
        return Ok(Vec::new());
    }
    let held = seats_held(work, subscription.id)?;
    require_free_seats(subscription.seats, (held, count(gifts.len())?), &subscription.name)?;
    hand_out(work, subscription, held, gifts, blame)
}

/// Refuses people who cannot hold a seat, or have one of this subscription.
pub(super) fn require_new_holders(
    work: &mut Work<'_>,
    subscription: &Locked,
    gifts: &[Gift<'_>],
    blame: impl Fn(usize, Refusal) -> Refusal,
) -> Result<(), Refusal> {
    for (nth, gift) in gifts.iter().enumerate() {
        gift.holder.require_can_hold().map_err(|error| blame(nth, error.into()))?;
    }
    let people: Vec<MemberId> = gifts.iter().map(|gift| gift.holder.id).collect();
    let have: HashSet<MemberId> = store::holders_among(work, &people, subscription.id)?.into_iter().collect();
    match gifts.iter().enumerate().find(|(_, gift)| have.contains(&gift.holder.id)) {
        Some((nth, gift)) => {
            let (person, subscription) = (gift.holder.name.clone(), subscription.name.clone());
            Err(blame(nth, LicenseError::AlreadyHasSeat { person, subscription }.into()))
        }
        None => Ok(()),
    }
}

/// Finds a seat for each, now that there is room for all, and writes what goes with it.
fn hand_out(
    work: &mut Work<'_>,
    subscription: &Locked,
    held: i64,
    gifts: &[Gift<'_>],
    blame: impl Fn(usize, Refusal) -> Refusal,
) -> Result<Vec<LicenseFact>, Refusal> {
    let licenses = find_seats(work, subscription, gifts, blame)?;
    let given = || licenses.iter().copied().zip(gifts);
    let pairs: Vec<(LicenseId, MemberId)> = given().map(|(license, gift)| (license, gift.holder.id)).collect();
    if store::begin_assignments(work, subscription.id, &pairs)? != gifts.len() {
        return Err(Refusal::fault("a seat that was free under the lock is held"));
    }
    let last_days =
        given().filter(|(_, gift)| gift.expires_on.is_some()).map(|(license, gift)| (license, gift.expires_on));
    store::set_expiries(work, &last_days.collect::<Vec<_>>())?;
    let keys: Vec<(LicenseId, &LicenseKey)> =
        given().filter_map(|(license, gift)| Some((license, gift.key?))).collect();
    store::seal_keys(work, &keys)?;
    let people: Vec<MemberId> = gifts.iter().map(|gift| gift.holder.id).collect();
    requests::settle(work, subscription, &people)?;
    note_low(work, subscription, held, held + count(gifts.len())?)?;
    Ok(given().map(|(license, gift)| fact(subscription, license, gift)).collect())
}

/// The seats that waited longest, and new ones for the rest. A key of one's own goes on a seat that has none: the key of
/// another seat is never overwritten.
fn find_seats(
    work: &mut Work<'_>,
    subscription: &Locked,
    gifts: &[Gift<'_>],
    blame: impl Fn(usize, Refusal) -> Refusal,
) -> Result<Vec<LicenseId>, Refusal> {
    let id = subscription.id;
    let mut free = store::oldest_frees(work, id, gifts.len())?;
    if gifts.iter().any(|gift| gift.key.is_some()) {
        let without = store::oldest_frees_without_key(work, id, gifts.len())?;
        free.extend(without.into_iter().map(|license| Free { license, has_key: false }));
        free.sort();
        free.dedup();
    }
    let taken = taken(&free, gifts.iter().map(|gift| gift.key.is_some()));
    let missing = taken.iter().filter(|seat| seat.is_none()).count();
    if missing == 0 {
        return Ok(taken.into_iter().flatten().collect());
    }
    let is_left_out = |(seat, gift): (&Option<LicenseId>, &Gift<'_>)| seat.is_none() && gift.key.is_some();
    if let Some(nth) = taken.iter().zip(gifts).position(is_left_out) {
        let is_there = store::open(work, id)?;
        let wanted = is_there + count(missing)?;
        if subscription.seats.is_some_and(|seats| wanted > seats) {
            let error = LicenseError::FreeSeatsHaveKeys { subscription: subscription.name.clone() };
            return Err(blame(nth, error.into()));
        }
    }
    limits::require_room(work, Meter::Seats, count(missing)?)?;
    let mut made = store::insert_many(work, id, missing)?.into_iter();
    Ok(taken.into_iter().filter_map(|seat| seat.or_else(|| made.next())).collect())
}

/// Which free seat each takes, of those that have waited longest first; whoever brings a key takes one without. None: a
/// new one.
fn taken(free: &[Free], with_keys: impl Iterator<Item = bool>) -> Vec<Option<LicenseId>> {
    let mut gone: HashSet<LicenseId> = HashSet::new();
    let (mut any, mut without) = (free.iter(), free.iter().filter(|seat| !seat.has_key));
    let mut take = |brings_key: bool| {
        let mut is_left = |seat: &&Free| gone.insert(seat.license);
        let seat = if brings_key { without.find(&mut is_left) } else { any.find(&mut is_left) };
        seat.map(|seat| seat.license)
    };
    with_keys.map(&mut take).collect()
}

fn fact(subscription: &Locked, license: LicenseId, gift: &Gift<'_>) -> LicenseFact {
    let (holder, expires_on) = (gift.holder.name.clone(), gift.expires_on);
    let what = Happened::Assigned { holder, expires_on, key: gift.key.map(LicenseKey::hint) };
    LicenseFact { license, subscription: subscription.name.clone(), what }
}

fn count(number: usize) -> Result<i64, Refusal> {
    i64::try_from(number).map_err(Refusal::fault)
}

/// Records that few seats are left, when these are the ones that brought it about.
fn note_low(work: &mut Work<'_>, subscription: &Locked, before: i64, after: i64) -> Result<(), Refusal> {
    let Some(seats) = subscription.seats else {
        return Ok(());
    };
    let Some(threshold) = low::reached(seats, before, after) else {
        return Ok(());
    };
    let (id, name) = (subscription.id, subscription.name.clone());
    tell_low(work, subscription, after, seats)?;
    work.also(&SeatsLow { subscription: id, name, held: after, seats, threshold })
}

/// Tells whoever answers for the subscription and those who run the books. Letters go to whoever answers for it, or else
/// to the owners; who gave the seat knows, and gets none.
fn tell_low(work: &mut Work<'_>, subscription: &Locked, held: i64, seats: i64) -> Result<(), Refusal> {
    let business = store::signature(work)?.business;
    let readers = store::low_readers(work, subscription.owner)?;
    let answers = |reader: &store::Reader| reader.id == subscription.owner;
    let is_escalated = !readers.iter().any(answers);
    let mut to = Vec::new();
    for reader in readers {
        let is_written_to = answers(&reader) || (is_escalated && reader.role == Some(Role::Owner));
        if !is_written_to || Some(reader.id) == work.access().member() {
            to.push(To::inbox(reader.id));
            continue;
        }
        let letter = SeatsFew {
            name: reader.name.clone(),
            business: business.clone(),
            business_id: work.business(),
            subscription: subscription.name.clone(),
            subscription_id: subscription.id,
            held,
            seats,
        };
        to.push(To::with(reader.id, work.seal(&Envelope::new(&reader.email, &reader.name, &letter))?));
    }
    let told = Told::about(&subscription.name).with(format!("{held} of {seats}"));
    tell::tell_state(work, &news(Kind::SeatsLow, Some(subscription.id.0), told), to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_brings_a_key_takes_the_oldest_free_seat_without_one_and_nobody_takes_a_seat_twice() {
        let seat = |nth: u128, has_key| Free { license: LicenseId(uuid::Uuid::from_u128(nth)), has_key };
        let free = [seat(1, true), seat(2, false), seat(3, true), seat(4, false)];
        for (with_keys, seats) in [
            (&[false, false][..], &[Some(1), Some(2)][..]),
            (&[true, false, true], &[Some(2), Some(1), Some(4)]),
            (&[false, false, true, true], &[Some(1), Some(2), Some(4), None]),
            (&[true, true, true, false, false, false], &[Some(2), Some(4), None, Some(1), Some(3), None]),
            (&[], &[]),
        ] {
            let number = |seat: Option<LicenseId>| seat.map(|seat| seat.0.as_u128());
            let taken: Vec<_> = taken(&free, with_keys.iter().copied()).into_iter().map(number).collect();
            assert_eq!(taken, seats, "{with_keys:?}");
        }
    }
}

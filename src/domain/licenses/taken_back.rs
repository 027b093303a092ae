//! What an import of seats did is taken back, many seats in one act, as long as they stand as the import left them. The
//! subscriptions are locked.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::subscriptions::store::Locked;
use crate::kernel::fact::Change;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::Work;

use super::facts::{Happened, LicenseFact};
use super::from_file::{LastUses, Made};
use super::held::{self, Held};
use super::license::State;
use super::store;

/// A seat that an import gave.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// The seat.
    pub license: LicenseId,
    /// To whom.
    pub member: MemberId,
    /// Whether the import gave it its key.
    pub got_key: bool,
    /// Whose the seat is.
    pub is_made: Made,
}

/// Takes back seats that an import gave, where the same person still holds them, and records it; answers who lost one.
/// A seat that the import made is retired, and loses the key it brought.
pub fn take_out(
    work: &mut Work<'_>,
    locked: &BTreeMap<SubscriptionId, Locked>,
    given: &[Given],
) -> Result<Vec<MemberId>, Refusal> {
    let mut seats = held::of_locked(work, locked, &given.iter().map(|one| one.license).collect::<Vec<_>>())?;
    let mut taken = Vec::new();
    for one in given {
        if let Some((license, subscription, Some(assignment))) = seats.remove(&one.license)
            && assignment.holder.id == one.member
        {
            taken.push((one, Held { license, subscription, assignment }));
        }
    }
    held::end_all(work, &taken.iter().map(|(_, held)| held).collect::<Vec<_>>())?;
    let those = |which: fn(&Given) -> bool| -> Vec<LicenseId> {
        taken.iter().filter(|(one, _)| which(one)).map(|(one, _)| one.license).collect()
    };
    store::clear_keys(work, &those(|one| one.got_key))?;
    store::set_retired(work, &those(|one| one.is_made == Made::ByTheImport))?;
    let fact = |(one, held): &(&Given, Held)| {
        let (holder, expires_on) = (held.assignment.holder.name.clone(), held.license.expires_on);
        let what = Happened::TakenOut { holder, expires_on };
        LicenseFact { license: one.license, subscription: held.subscription.name.clone(), what }
    };
    work.also_all(&taken.iter().map(fact).collect::<Vec<_>>())?;
    Ok(taken.into_iter().map(|(one, _)| one.member).collect())
}

/// A seat that an import changed.
#[derive(Clone, Copy, Debug)]
pub struct Amended {
    /// The seat.
    pub license: LicenseId,
    /// The last day it had.
    pub expires_on: Option<NaiveDate>,
    /// Whether the import gave it its key.
    pub got_key: bool,
    /// The day of the last use before, and as it is known now.
    pub last_used_on: (Option<NaiveDate>, Option<NaiveDate>),
}

/// Puts seats that an import changed back as they were, and records it.
pub fn put_back(
    work: &mut Work<'_>,
    locked: &BTreeMap<SubscriptionId, Locked>,
    amended: &[Amended],
) -> Result<(), Refusal> {
    let mut seats = held::of_locked(work, locked, &amended.iter().map(|one| one.license).collect::<Vec<_>>())?;
    let (mut facts, mut uses) = (Vec::new(), LastUses::of(work));
    for one in amended {
        let (license, subscription, assignment) = seats.remove(&one.license).ok_or_else(Refusal::not_found)?;
        let Held { license, subscription, assignment } = Held::of(license, subscription, assignment)?;
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let key = license.key.as_ref().filter(|_| one.got_key).map(ToString::to_string);
        let (used_before, used_now) = one.last_used_on;
        let changes = [
            Change::between("Expires", day(license.expires_on), day(one.expires_on)),
            Change::between("License key", key, None),
            Change::between("Last used", day(used_now), day(used_before)),
        ];
        if used_now != used_before {
            uses.set(one.license, used_before);
        }
        let changes = changes.into_iter().flatten().collect();
        let what = Happened::PutBack { holder: assignment.holder.name, changes };
        facts.push(LicenseFact { license: one.license, subscription: subscription.name, what });
    }
    let last_days: Vec<_> = amended.iter().map(|one| (one.license, one.expires_on)).collect();
    store::set_expiries(work, &last_days)?;
    let keys: Vec<LicenseId> = amended.iter().filter(|one| one.got_key).map(|one| one.license).collect();
    store::clear_keys(work, &keys)?;
    uses.write(work)?;
    work.also_all(&facts)
}

/// A key that an import brought for a free seat.
#[derive(Clone, Debug)]
pub struct Brought {
    /// The seat.
    pub license: LicenseId,
    /// How the key ends.
    pub ends: String,
    /// Whose the seat is.
    pub is_made: Made,
}

/// What became of a key that was to be taken back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyBack {
    /// It was.
    Taken,
    /// Somebody was given the seat since, or it has another key.
    Moved,
    /// The seat was given up since.
    GivenUp,
}

/// Takes back keys that an import brought for free seats, and the seats it made, and records it. What became of each, in
/// their order; a seat that was given up since is left alone.
pub fn take_keys(
    work: &mut Work<'_>,
    locked: &BTreeMap<SubscriptionId, Locked>,
    brought: &[Brought],
) -> Result<Vec<KeyBack>, Refusal> {
    let mut seats = held::of_locked(work, locked, &brought.iter().map(|one| one.license).collect::<Vec<_>>())?;
    let (mut back, mut taken, mut facts) = (Vec::new(), Vec::new(), Vec::new());
    for one in brought {
        let (license, subscription, assignment) = seats.remove(&one.license).ok_or_else(Refusal::not_found)?;
        let key = license.key.filter(|key| key.to_string() == one.ends);
        back.push(match (license.state, assignment, key) {
            (State::Retired, ..) => KeyBack::GivenUp,
            (State::Open, None, Some(key)) => {
                taken.push(one);
                let what = Happened::KeyTakenBack { key, is_made: one.is_made };
                facts.push(LicenseFact { license: one.license, subscription: subscription.name, what });
                KeyBack::Taken
            }
            (State::Open, ..) => KeyBack::Moved,
        });
    }
    store::clear_keys(work, &taken.iter().map(|one| one.license).collect::<Vec<_>>())?;
    let made = taken.iter().filter(|one| one.is_made == Made::ByTheImport);
    store::set_retired(work, &made.map(|one| one.license).collect::<Vec<_>>())?;
    work.also_all(&facts)?;
    Ok(back)
}

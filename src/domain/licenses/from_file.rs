//! Seats that a file tells of: given, changed and taken back under the same locks and rules as one by one, but without
//! letters. The files are read in `imports`.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::domain::subscriptions;
use crate::domain::subscriptions::store::Locked;
use crate::kernel::calendar::local_midnight;
use crate::kernel::fact::Change;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::error::LicenseError;
use super::extend::Extend;
use super::facts::{Happened, LicenseFact};
use super::give::Gift;
use super::held::{self, Held};
use super::last_use::Source;
use super::license::{State, require_assignable, require_not_past, require_open};
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

/// A held seat as it was before an import.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    /// The last day.
    pub expires_on: Option<NaiveDate>,
    /// Whether the import gave it its key.
    pub got_key: bool,
    /// The day of the last use.
    pub last_used_on: Option<NaiveDate>,
}

/// Locks a subscription whose seats a file is about.
pub fn lock(work: &mut Work<'_>, id: SubscriptionId) -> Result<Locked, Refusal> {
    let subscription = subscriptions::store::lock(work, id)?;
    subscription.require_changeable(work)?;
    Ok(subscription)
}

/// Gives a seat of a locked subscription, and records it.
pub fn give(work: &mut Work<'_>, subscription: &Locked, member: MemberId, said: &Said) -> Result<LicenseId, Refusal> {
    require_assignable(subscription.status, &subscription.name)?;
    require_not_past(said.expires_on, work.today())?;
    let holder = store::by_id(work, member)?.ok_or_else(Refusal::not_found)?;
    let gift = Gift { subscription, holder: &holder, expires_on: said.expires_on, key: said.key.as_ref() };
    let fact = gift.give(work)?;
    work.also(&fact)?;
    if let Some(day) = said.last_used_on {
        set_last_use(work, fact.license, Some(day))?;
        let what = Happened::LastUseSet { holder: holder.name, before: None, after: day };
        work.also(&LicenseFact { license: fact.license, subscription: subscription.name.clone(), what })?;
    }
    Ok(fact.license)
}

/// Changes a held seat of a locked subscription where the file says something else, and records it. A key is only given
/// to a seat that has none.
pub fn amend(work: &mut Work<'_>, id: LicenseId, said: &Said, known_use: Option<NaiveDate>) -> Result<(), Refusal> {
    if said.expires_on.is_some() {
        Extend { license: id, expires_on: said.expires_on }.within(work)?;
    }
    let held = Held::to_change(work, id)?;
    require_open(&held.license)?;
    let Held { license, subscription, assignment } = held;
    let holder = assignment.holder.name;
    let record = |work: &mut Work<'_>, what| {
        work.also(&LicenseFact { license: id, subscription: subscription.name.clone(), what })
    };
    if let Some(key) = said.key.as_ref().filter(|_| license.key.is_none()) {
        store::seal_key(work, id, key)?;
        record(work, Happened::KeySet { before: None, after: key.hint() })?;
    }
    if let Some(day) = said.last_used_on {
        set_last_use(work, id, Some(day))?;
        record(work, Happened::LastUseSet { holder, before: known_use, after: day })?;
    }
    Ok(())
}

/// Takes back a seat that an import gave, if the same person still holds it; whether they did. A seat that the import
/// made is retired, and loses the key it brought.
pub fn take_out(
    work: &mut Work<'_>,
    id: LicenseId,
    member: MemberId,
    got_key: bool,
    is_made: Made,
) -> Result<bool, Refusal> {
    let (license, subscription, assignment) = held::lock(work, id)?;
    subscription.require_changeable(work)?;
    if assignment.as_ref().is_none_or(|assignment| assignment.holder.id != member) {
        return Ok(false);
    }
    let held = Held::of(license, subscription, assignment)?;
    held.end(work)?;
    let Held { license, subscription, assignment } = held;
    if got_key {
        store::clear_key(work, id)?;
    }
    if is_made == Made::ByTheImport {
        store::set_retired(work, id)?;
    }
    let what = Happened::TakenOut { holder: assignment.holder.name, expires_on: license.expires_on };
    work.also(&LicenseFact { license: id, subscription: subscription.name, what })?;
    Ok(true)
}

/// Keeps a license key on a seat of a locked subscription that nobody holds, and records it: on the one that waited
/// longest without a key, else on a new one.
pub fn keep_key(work: &mut Work<'_>, subscription: &Locked, key: &LicenseKey) -> Result<(LicenseId, Made), Refusal> {
    require_assignable(subscription.status, &subscription.name)?;
    let (license, is_made) = match store::oldest_free_without_key(work, subscription.id)? {
        Some(license) => (license, Made::Before),
        None => (add_free(work, subscription)?, Made::ByTheImport),
    };
    store::seal_key(work, license, key)?;
    let what = match is_made {
        Made::Before => Happened::KeySet { before: None, after: key.hint() },
        Made::ByTheImport => Happened::Added { key: key.hint() },
    };
    work.also(&LicenseFact { license, subscription: subscription.name.clone(), what })?;
    Ok((license, is_made))
}

fn add_free(work: &mut Work<'_>, subscription: &Locked) -> Result<LicenseId, Refusal> {
    let open = store::open(work, subscription.id)?;
    if let Some(seats) = subscription.seats.filter(|seats| open >= *seats) {
        return Err(
            LicenseError::TooFewForKeys { keys: 1, room: 0, seats, subscription: subscription.name.clone() }.into()
        );
    }
    limits::require_room(work, Meter::Seats, 1)?;
    store::insert(work, subscription.id)
}

/// Takes back a key that an import brought for a free seat, and the seat if the import made it, and records it. Whether
/// the seat is still as the import left it; one that was given up since is left alone.
pub fn take_key_back(work: &mut Work<'_>, id: LicenseId, ends: &str, is_made: Made) -> Result<KeyBack, Refusal> {
    let (license, subscription, assignment) = held::lock(work, id)?;
    subscription.require_changeable(work)?;
    let key = license.key.filter(|key| key.to_string() == ends);
    let key = match (license.state, assignment, key) {
        (State::Retired, ..) => return Ok(KeyBack::GivenUp),
        (State::Open, None, Some(key)) => key,
        (State::Open, ..) => return Ok(KeyBack::Moved),
    };
    store::clear_key(work, id)?;
    if is_made == Made::ByTheImport {
        store::set_retired(work, id)?;
    }
    let what = Happened::KeyTakenBack { key, is_made };
    work.also(&LicenseFact { license: id, subscription: subscription.name, what })?;
    Ok(KeyBack::Taken)
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

/// Whose a seat is that an import gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    /// It was there before.
    Before,
    /// The import made it.
    ByTheImport,
}

/// Puts a seat that an import changed back as it was, and records it.
pub fn put_back(
    work: &mut Work<'_>,
    id: LicenseId,
    before: Before,
    now_used: Option<NaiveDate>,
) -> Result<(), Refusal> {
    let held = Held::to_change(work, id)?;
    let Held { license, subscription, assignment } = held;
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    let key = license.key.as_ref().filter(|_| before.got_key).map(ToString::to_string);
    let changes = [
        Change::between("Expires", day(license.expires_on), day(before.expires_on)),
        Change::between("License key", key, None),
        Change::between("Last used", day(now_used), day(before.last_used_on)),
    ];
    store::set_expiry(work, id, before.expires_on)?;
    if before.got_key {
        store::clear_key(work, id)?;
    }
    if now_used != before.last_used_on {
        set_last_use(work, id, before.last_used_on)?;
    }
    let what = Happened::PutBack { holder: assignment.holder.name, changes: changes.into_iter().flatten().collect() };
    work.also(&LicenseFact { license: id, subscription: subscription.name, what })
}

/// The instant of a day of last use: its beginning in the zone of the business.
fn set_last_use(work: &mut Work<'_>, id: LicenseId, day: Option<NaiveDate>) -> Result<(), Refusal> {
    let zone = work.house().zone;
    let at: Option<DateTime<Utc>> = day.map(|day| local_midnight(day, zone));
    store::set_last_use(work, id, at, Source::Import)
}

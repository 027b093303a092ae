//! Giving a seat, whatever the occasion: assigned, asked for, many at once. Under the locks of the business and the
//! subscription, so that no two people get one seat and no more are given than were bought, through whatever door.

use chrono::NaiveDate;

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Told;
use crate::domain::notifications::tell::{self, To, news};
use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::domain::subscriptions::store::Locked;
use crate::kernel::ids::LicenseId;
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::error::LicenseError;
use super::facts::{Happened, LicenseFact, SeatsLow};
use super::letters::SeatsFew;
use super::license::{Holder, require_free_seat};
use super::license_key::LicenseKey;
use super::low;
use super::requests;
use super::store;

/// A seat for one person.
pub(super) struct Gift<'a> {
    /// Of what; its row is locked.
    pub(super) subscription: &'a Locked,
    /// To whom.
    pub(super) holder: &'a Holder,
    /// The last day of the seat, which still counts.
    pub(super) expires_on: Option<NaiveDate>,
    /// The license key that goes with it.
    pub(super) key: Option<&'a LicenseKey>,
}

impl Gift<'_> {
    /// Finds room for the person, and only then a seat: the one that waited longest, else a new one. Answers what is to
    /// be recorded; whatever follows from it is recorded already.
    pub(super) fn give(&self, work: &mut Work<'_>) -> Result<LicenseFact, Refusal> {
        let subscription = self.subscription;
        self.holder.require_can_hold()?;
        if store::holds_seat(work, self.holder.id, subscription.id)? {
            return Err(self.already());
        }
        let held = store::held(work, subscription.id)?;
        require_free_seat(subscription.seats, held, &subscription.name)?;
        let license = self.find_seat(work)?;
        let begun = store::begin_assignment(work, license, subscription.id, self.holder.id)?;
        begun.ok_or_else(|| self.already())?;
        store::set_expiry(work, license, self.expires_on)?;
        if let Some(key) = self.key {
            store::seal_key(work, license, key)?;
        }
        requests::settle(work, subscription, &[self.holder.id])?;
        note_low(work, subscription, held, held + 1)?;
        Ok(self.fact(license))
    }

    /// A key of one's own goes on a seat that has none: the key of another seat is never overwritten.
    fn find_seat(&self, work: &mut Work<'_>) -> Result<LicenseId, Refusal> {
        let id = self.subscription.id;
        let free = match self.key {
            None => store::oldest_free(work, id)?,
            Some(_) => store::oldest_free_without_key(work, id)?,
        };
        if let Some(license) = free {
            return Ok(license);
        }
        let is_there = store::open(work, id)?;
        if self.subscription.seats.is_some_and(|seats| is_there >= seats) {
            return Err(LicenseError::FreeSeatsHaveKeys { subscription: self.subscription.name.clone() }.into());
        }
        limits::require_room(work, Meter::Seats, 1)?;
        store::insert(work, id)
    }

    fn already(&self) -> Refusal {
        let (person, subscription) = (self.holder.name.clone(), self.subscription.name.clone());
        LicenseError::AlreadyHasSeat { person, subscription }.into()
    }

    fn fact(&self, license: LicenseId) -> LicenseFact {
        let (holder, expires_on) = (self.holder.name.clone(), self.expires_on);
        let what = Happened::Assigned { holder, expires_on, key: self.key.map(LicenseKey::hint) };
        LicenseFact { license, subscription: self.subscription.name.clone(), what }
    }
}

/// Records that few seats are left, when these are the ones that brought it about.
pub(super) fn note_low(work: &mut Work<'_>, subscription: &Locked, before: i64, after: i64) -> Result<(), Refusal> {
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

//! What operations and questions are given: a connection within a transaction, one instant, one tenant, the trail.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::PgConnection;

use super::access::{Access, House, Sees};
use super::fact::{Fact, Unrecorded};
use super::ids::{BusinessId, MemberId, UserId};
use super::operation::Reads;
use super::outbox::{self, Envelope, Letter, Sealed};
use super::permission::Role;
use super::refusal::Refusal;
use super::secret::Keyring;
use super::trail;

/// Which tenant a store may touch, and what of it may be seen.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// The tenant.
    pub business: BusinessId,
    /// What of it.
    pub sees: Sees,
}

/// What every function of a `store.rs` takes: without one there is no connection.
pub trait Scope {
    /// The tenant and what may be seen of it.
    fn sight(&self) -> Sight;
    /// The connection, within its transaction.
    fn conn(&mut self) -> &mut PgConnection;
    /// The one instant of this work.
    fn now(&self) -> DateTime<Utc>;
    /// Zone, currency and locale of the business.
    fn house(&self) -> House;
    /// The tenant.
    fn business(&self) -> BusinessId {
        self.sight().business
    }
    /// The civil date in the business's zone.
    fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.house().zone).date_naive()
    }
}

/// For questions: one snapshot, no writes.
pub struct View<'c> {
    pub(super) conn: &'c mut PgConnection,
    pub(super) access: Access,
    pub(super) keyring: &'c Keyring,
    pub(super) now: DateTime<Utc>,
    pub(super) reads: Reads,
    pub(super) taken: u32,
}

impl View<'_> {
    /// Who asks.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Opens what rests encrypted.
    pub fn keyring(&self) -> &Keyring {
        self.keyring
    }
}

impl Scope for View<'_> {
    fn sight(&self) -> Sight {
        Sight { business: self.access.business(), sees: self.access.sees() }
    }

    fn conn(&mut self) -> &mut PgConnection {
        self.taken += 1;
        assert!(self.reads == Reads::Snapshot || self.taken == 1, "a question of one statement asked twice");
        self.conn
    }

    fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn house(&self) -> House {
        self.access.house()
    }
}

/// For operations: a transaction that commits only with an entry in the trail.
pub struct Work<'c> {
    pub(super) conn: &'c mut PgConnection,
    pub(super) access: Access,
    pub(super) keyring: &'c Keyring,
    pub(super) now: DateTime<Utc>,
    pub(super) facts: u32,
    /// Of those, how many are the worker's.
    pub(super) caught_up: u32,
}

/// The receipt of an operation: made only by recording, by changing nothing, or by naming why it is not recorded.
#[must_use]
pub struct Audited<T> {
    pub(super) value: T,
    pub(super) written: bool,
}

impl Work<'_> {
    /// Who acts.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Encrypts and opens what rests encrypted.
    pub fn keyring(&self) -> &Keyring {
        self.keyring
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        self.conn
    }

    /// Writes the fact and gives the receipt.
    pub fn record<T>(&mut self, fact: &impl Fact, value: T) -> Result<Audited<T>, Refusal> {
        self.also(fact)?;
        Ok(Audited { value, written: true })
    }

    /// Writes many facts at once and gives the receipt; without any, nothing was changed.
    pub fn record_all<T, F: Fact>(&mut self, facts: &[F], value: T) -> Result<Audited<T>, Refusal> {
        let entries =
            (self.facts..).zip(facts).map(|(nth, fact)| trail::entry(&self.access, self.now, nth, fact)).collect();
        trail::write(self.conn, entries)?;
        let written = !facts.is_empty() || self.facts > self.caught_up;
        self.facts += u32::try_from(facts.len()).map_err(Refusal::fault)?;
        Ok(Audited { value, written })
    }

    /// Writes one more fact; the operation must still end in a receipt that writes.
    pub fn also(&mut self, fact: &impl Fact) -> Result<(), Refusal> {
        let entry = trail::entry(&self.access, self.now, self.facts, fact);
        self.facts += 1;
        trail::write(self.conn, vec![entry])
    }

    /// Writes a fact of what was due anyway, as the worker's, who has not come round yet. An operation that then changes
    /// nothing leaves it to the worker after all.
    pub fn also_of_worker(&mut self, fact: &impl Fact) -> Result<(), Refusal> {
        let entry = trail::entry_of_worker(self.access.business(), self.now, self.facts, fact);
        self.facts += 1;
        self.caught_up += 1;
        trail::write(self.conn, vec![entry])
    }

    /// Writes many more facts at once; the operation must still end in a receipt that writes.
    pub fn also_all<F: Fact>(&mut self, facts: &[F]) -> Result<(), Refusal> {
        self.record_all(facts, ()).map(drop)
    }

    /// Writes a fact about a person into each of these businesses, or into the installation's when there is none.
    pub fn record_in<T>(
        &mut self,
        businesses: &[BusinessId],
        fact: &impl Fact,
        value: T,
    ) -> Result<Audited<T>, Refusal> {
        self.also_in(businesses, fact)?;
        Ok(Audited { value, written: true })
    }

    /// Writes one more fact about a person in the same places; the operation must still end in a receipt that writes.
    pub fn also_in(&mut self, businesses: &[BusinessId], fact: &impl Fact) -> Result<(), Refusal> {
        let installation = [BusinessId::INSTALLATION];
        let places = if businesses.is_empty() { &installation[..] } else { businesses };
        let entries = trail::entries_in(self.conn, &self.access, (self.now, self.facts), places, fact)?;
        self.facts += 1;
        trail::write(self.conn, entries)
    }

    /// Says that nothing was changed; whatever was written is rolled back.
    pub fn nothing_changed<T>(&self, value: T) -> Audited<T> {
        Audited { value, written: false }
    }

    /// Commits without an entry, for the closed list of what is not audited.
    pub fn unrecorded<T>(&self, _why: Unrecorded, value: T) -> Audited<T> {
        Audited { value, written: true }
    }

    /// Puts a letter into the outbox, to be sent after the commit.
    pub fn send<L: Letter>(&mut self, envelope: &Envelope<'_, L>) -> Result<(), Refusal> {
        // A letter to a person about their own sign-in belongs to no business.
        let business = Some(self.access.business()).filter(|business| *business != BusinessId::INSTALLATION);
        let sealed = outbox::seal(self.keyring, business, self.now, envelope)?;
        outbox::put(self.conn, &[sealed]).map(drop)
    }

    /// Makes a letter ready for [`Work::send_many`].
    pub fn seal<L: Letter>(&self, envelope: &Envelope<'_, L>) -> Result<Sealed, Refusal> {
        outbox::seal(self.keyring, Some(self.access.business()), self.now, envelope)
    }

    /// Puts letters into the outbox, however many, in few statements.
    pub fn send_many(&mut self, sealed: &[Sealed]) -> Result<(), Refusal> {
        outbox::put(self.conn, sealed).map(drop)
    }

    /// From here on the actor is this member: whoever signed up or joined has just become one.
    pub fn become_member(&mut self, member: MemberId, user: UserId, role: Role) {
        self.access = self.access.as_member(member, user, role);
    }
}

impl Scope for Work<'_> {
    fn sight(&self) -> Sight {
        Sight { business: self.access.business(), sees: self.access.sees() }
    }

    fn conn(&mut self) -> &mut PgConnection {
        self.conn
    }

    fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn house(&self) -> House {
        self.access.house()
    }
}

/// For sweeps: many businesses at once. Not a [`Scope`], so no tenant store function can be called with it.
pub struct SweepWork<'c> {
    pub(super) conn: &'c mut PgConnection,
    pub(super) keyring: &'c Keyring,
    pub(super) now: DateTime<Utc>,
}

impl SweepWork<'_> {
    /// The connection; every claimed row carries its business.
    pub fn conn_of_all_businesses(&mut self) -> &mut PgConnection {
        self.conn
    }

    /// The one instant of this batch.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Writes one fact per changed row and gives the receipt; a count that differs is a fault, and rolls back.
    pub fn record_many<T, F: Fact>(
        &mut self,
        facts: &[(BusinessId, F)],
        rows_changed: usize,
        value: T,
    ) -> Result<Audited<T>, Refusal> {
        if facts.len() != rows_changed {
            return Err(Refusal::fault(format!("{rows_changed} rows changed, {} facts recorded", facts.len())));
        }
        let entries = (0..)
            .zip(facts)
            .map(|(nth, (business, fact))| trail::entry_of_worker(*business, self.now, nth, fact))
            .collect();
        trail::write(self.conn, entries)?;
        Ok(Audited { value, written: rows_changed > 0 })
    }

    /// Commits without an entry, for the closed list of what is not audited.
    pub fn unrecorded<T>(&self, _why: Unrecorded, value: T) -> Audited<T> {
        Audited { value, written: true }
    }

    /// Encrypts and opens what rests encrypted.
    pub fn keyring(&self) -> &Keyring {
        self.keyring
    }

    /// Puts a letter about this business into the outbox.
    pub fn send<L: Letter>(&mut self, business: BusinessId, envelope: &Envelope<'_, L>) -> Result<(), Refusal> {
        let sealed = self.seal(business, envelope)?;
        self.send_many(&[sealed]).map(drop)
    }

    /// Makes a letter about this business ready for [`SweepWork::send_many`].
    pub fn seal<L: Letter>(&self, business: BusinessId, envelope: &Envelope<'_, L>) -> Result<Sealed, Refusal> {
        outbox::seal(self.keyring, Some(business), self.now, envelope)
    }

    /// Puts letters into the outbox, however many, in few statements; says how many were not there already.
    pub fn send_many(&mut self, sealed: &[Sealed]) -> Result<usize, Refusal> {
        outbox::put(self.conn, sealed)
    }

    /// Puts a letter into the outbox that outlives the business it is about.
    pub fn send_outliving<L: Letter>(&mut self, envelope: &Envelope<'_, L>) -> Result<(), Refusal> {
        let sealed = outbox::seal(self.keyring, None, self.now, envelope)?;
        self.send_many(&[sealed]).map(drop)
    }
}

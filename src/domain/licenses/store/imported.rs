//! What an import of seats compares with, and what only an import writes.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, licenses};
use crate::kernel::secret::{Keyring, Purpose};
use crate::kernel::work::{Scope, Work};

use super::super::last_use::Source;
use super::super::license::State;
use super::super::license_key::{KeyHint, LicenseKey};
use super::{is_its_holder, visible};

/// A held seat, in short.
#[derive(Clone, Debug)]
pub struct HeldSeat {
    /// The seat.
    pub license: LicenseId,
    /// Of what.
    pub subscription: SubscriptionId,
    /// Who holds it.
    pub member: MemberId,
    /// The last day.
    pub expires_on: Option<NaiveDate>,
    /// The end of its license key.
    pub key: Option<KeyHint>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When the seat was made.
    pub made_at: DateTime<Utc>,
}

type Row =
    (LicenseId, SubscriptionId, MemberId, Option<NaiveDate>, Option<String>, Option<DateTime<Utc>>, DateTime<Utc>);

/// Every seat that somebody holds.
pub fn all_held(scope: &mut impl Scope) -> Result<Vec<HeldSeat>, Refusal> {
    let rows: Vec<Row> = visible(scope.sight())
        .inner_join(assignments::table.on(is_its_holder()))
        .select((
            licenses::id,
            licenses::subscription_id,
            assignments::member_id,
            licenses::expires_on,
            licenses::key_last4,
            licenses::last_used_at,
            licenses::created_at,
        ))
        .load(scope.conn())?;
    let seat = |(license, subscription, member, expires_on, key, last_used_at, made_at): Row| HeldSeat {
        license,
        subscription,
        member,
        expires_on,
        key: key.map(KeyHint::stored),
        last_used_at,
        made_at,
    };
    Ok(rows.into_iter().map(seat).collect())
}

/// Writes when a seat was last used and how that is known, or that nobody knows.
pub fn set_last_use(
    work: &mut Work<'_>,
    license: LicenseId,
    at: Option<DateTime<Utc>>,
    source: Source,
) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(licenses::table.find((business, license)))
        .set((licenses::last_used_at.eq(at), licenses::last_used_source.eq(at.map(|_| source.code()))))
        .execute(work.conn())?;
    Ok(())
}

/// A seat whose license key ends as one of a file does, held or free.
pub struct SealedSeat {
    license: LicenseId,
    /// Of what.
    pub subscription: SubscriptionId,
    /// Whether it can be held.
    pub state: State,
    sealed: Vec<u8>,
}

impl SealedSeat {
    /// The key in the clear, to compare it with that of the file.
    pub fn open(&self, keyring: &Keyring) -> Result<LicenseKey, Refusal> {
        LicenseKey::opened(keyring.open(Purpose::LicenseKey, self.license.0.as_bytes(), &self.sealed)?)
    }
}

/// Every seat whose license key ends like one of these.
pub fn with_keys_ending(scope: &mut impl Scope, ends: &[KeyHint]) -> Result<Vec<SealedSeat>, Refusal> {
    let ends: Vec<&str> = ends.iter().map(KeyHint::end).collect();
    let rows: Vec<(LicenseId, SubscriptionId, String, Vec<u8>)> = visible(scope.sight())
        .filter(licenses::key_last4.eq_any(ends))
        .select((licenses::id, licenses::subscription_id, licenses::state, licenses::key_sealed.assume_not_null()))
        .load(scope.conn())?;
    let seat = |(license, subscription, state, sealed): (LicenseId, SubscriptionId, String, Vec<u8>)| {
        let state = State::parse(&state).ok_or_else(|| Refusal::fault("a license has an unknown state"))?;
        Ok(SealedSeat { license, subscription, state, sealed })
    };
    rows.into_iter().map(seat).collect()
}

/// How many open seats of each subscription have a key and no holder.
pub fn free_with_key(scope: &mut impl Scope) -> Result<HashMap<SubscriptionId, i64>, Refusal> {
    let rows: Vec<SubscriptionId> = visible(scope.sight())
        .filter(licenses::state.eq(State::Open.code()))
        .filter(licenses::key_last4.is_not_null())
        .filter(not(exists(assignments::table.filter(is_its_holder()))))
        .select(licenses::subscription_id)
        .load(scope.conn())?;
    let mut counts = HashMap::new();
    for subscription in rows {
        *counts.entry(subscription).or_default() += 1;
    }
    Ok(counts)
}

/// How often each of these people was given a seat, ever.
pub fn seats_given(work: &mut Work<'_>, people: &[MemberId]) -> Result<HashMap<MemberId, usize>, Refusal> {
    let rows: Vec<MemberId> = assignments::table
        .filter(assignments::business_id.eq(work.business()).and(assignments::member_id.eq_any(people)))
        .select(assignments::member_id)
        .load(work.conn())?;
    let mut counts = HashMap::new();
    for member in rows {
        *counts.entry(member).or_default() += 1;
    }
    Ok(counts)
}

/// Forgets which seats these people held, because an import that added them and gave them the seats is undone: they were
/// never anybody of the business. The trail keeps it.
pub fn forget_assignments(work: &mut Work<'_>, people: &[MemberId]) -> Result<(), Refusal> {
    let business = work.business();
    diesel::delete(assignments::table)
        .filter(assignments::business_id.eq(business).and(assignments::member_id.eq_any(people)))
        .filter(assignments::ended_at.is_not_null())
        .execute(work.conn())?;
    Ok(())
}

//! What an import of seats compares with, and what only an import writes.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, licenses};
use crate::kernel::secret::{Keyring, Purpose};
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, Work};

use super::super::last_use::Source;
use super::super::license::State;
use super::super::license_key::{KeyHint, LicenseKey};
use super::{visible, visible_assignments};

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

/// Every seat that can be held, as an import compares with it.
#[derive(Default)]
pub struct OpenSeats {
    /// Those that somebody holds.
    pub held: Vec<HeldSeat>,
    /// How many of each subscription have a key and no holder.
    pub free_with_key: HashMap<SubscriptionId, i64>,
}

type Row = (LicenseId, SubscriptionId, Option<NaiveDate>, Option<String>, Option<DateTime<Utc>>, DateTime<Utc>);

/// Every seat that can be held, in two statements that are put together here: within the transaction that has just
/// written them PostgreSQL has no statistics, and would look through all holders anew for every seat.
pub fn open_seats(scope: &mut impl Scope) -> Result<OpenSeats, Refusal> {
    let holders: HashMap<LicenseId, MemberId> = visible_assignments(scope.sight())
        .select((assignments::license_id, assignments::member_id))
        .load(scope.conn())?
        .into_iter()
        .collect();
    let rows: Vec<Row> = visible(scope.sight())
        .filter(licenses::state.eq(State::Open.code()))
        .select((
            licenses::id,
            licenses::subscription_id,
            licenses::expires_on,
            licenses::key_last4,
            licenses::last_used_at,
            licenses::created_at,
        ))
        .load(scope.conn())?;
    let mut seats = OpenSeats::default();
    for (license, subscription, expires_on, key, last_used_at, made_at) in rows {
        let key = key.map(KeyHint::stored);
        match holders.get(&license).copied() {
            Some(member) => {
                let seat = HeldSeat { license, subscription, member, expires_on, key, last_used_at, made_at };
                seats.held.push(seat);
            }
            None => *seats.free_with_key.entry(subscription).or_default() += i64::from(key.is_some()),
        }
    }
    Ok(seats)
}

const SET_LAST_USES: &str = "
UPDATE licenses l SET last_used_at = v.at, last_used_source = CASE WHEN v.at IS NULL THEN NULL ELSE $1 END
FROM unnest($2, $3) AS v (id, at) WHERE l.business_id = $4 AND l.id = v.id";

/// Writes when seats were last used and how that is known, or that nobody knows.
pub fn set_last_uses(
    work: &mut Work<'_>,
    seats: &[(LicenseId, Option<DateTime<Utc>>)],
    source: Source,
) -> Result<(), Refusal> {
    if seats.is_empty() {
        return Ok(());
    }
    let (ids, instants): (Vec<LicenseId>, Vec<Option<DateTime<Utc>>>) = seats.iter().copied().unzip();
    let business = work.business();
    Statement::new(SET_LAST_USES)
        .bind::<Text, _>(source.code())
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Nullable<Timestamptz>>, _>(instants)
        .bind::<SqlUuid, _>(business)
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

/// How often each of these people was given a seat, ever.
pub fn seats_given(work: &mut Work<'_>, people: &[MemberId]) -> Result<HashMap<MemberId, i64>, Refusal> {
    let rows: Vec<(MemberId, i64)> = assignments::table
        .filter(assignments::business_id.eq(work.business()).and(assignments::member_id.eq_any(people)))
        .group_by(assignments::member_id)
        .select((assignments::member_id, count_star()))
        .load(work.conn())?;
    Ok(rows.into_iter().collect())
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

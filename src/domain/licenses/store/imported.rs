//! What an import of seats compares with, and what only an import writes.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, licenses};
use crate::kernel::work::{Scope, Work};

use super::super::last_use::Source;
use super::super::license_key::KeyHint;
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

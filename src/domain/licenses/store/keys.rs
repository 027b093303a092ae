//! License keys at rest: sealed for their own seat and purpose, with their end beside them.

use diesel::prelude::*;
use diesel::sql_types::{Array, Bytea, Text, Uuid as SqlUuid};

use crate::kernel::ids::LicenseId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::licenses;
use crate::kernel::secret::Purpose;
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, Work};

use super::super::license_key::LicenseKey;
use super::visible;

/// Seals a key for a seat, in the place of the one it had.
pub fn seal_key(work: &mut Work<'_>, license: LicenseId, key: &LicenseKey) -> Result<(), Refusal> {
    seal_keys(work, &[(license, key)])
}

const SEAL: &str = "
UPDATE licenses l SET key_sealed = v.sealed, key_last4 = v.ending
FROM unnest($1, $2, $3) AS v (id, sealed, ending) WHERE l.business_id = $4 AND l.id = v.id";

/// Seals each of these keys for its own seat.
pub fn seal_keys(work: &mut Work<'_>, keys: &[(LicenseId, &LicenseKey)]) -> Result<(), Refusal> {
    if keys.is_empty() {
        return Ok(());
    }
    let (mut ids, mut sealed, mut endings) = (Vec::new(), Vec::new(), Vec::new());
    for (license, key) in keys {
        ids.push(*license);
        sealed.push(work.keyring().seal(Purpose::LicenseKey, license.0.as_bytes(), key.reveal().as_bytes())?);
        endings.push(key.hint().end().to_owned());
    }
    let business = work.business();
    Statement::new(SEAL)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Bytea>, _>(sealed)
        .bind::<Array<Text>, _>(endings)
        .bind::<SqlUuid, _>(business)
        .execute(work.conn())?;
    Ok(())
}

/// Takes the keys off these seats.
pub fn clear_keys(work: &mut Work<'_>, seats: &[LicenseId]) -> Result<(), Refusal> {
    if seats.is_empty() {
        return Ok(());
    }
    let business = work.business();
    diesel::update(licenses::table)
        .filter(licenses::business_id.eq(business).and(licenses::id.eq_any(seats)))
        .set((licenses::key_sealed.eq(None::<Vec<u8>>), licenses::key_last4.eq(None::<String>)))
        .execute(work.conn())?;
    Ok(())
}

/// The key of a seat in the clear, if it has one.
pub fn key(work: &mut Work<'_>, license: LicenseId) -> Result<Option<LicenseKey>, Refusal> {
    let sealed: Option<Vec<u8>> =
        visible(work.sight()).filter(licenses::id.eq(license)).select(licenses::key_sealed).first(work.conn())?;
    let opened = sealed.map(|sealed| work.keyring().open(Purpose::LicenseKey, license.0.as_bytes(), &sealed));
    opened.transpose()?.map(LicenseKey::opened).transpose()
}

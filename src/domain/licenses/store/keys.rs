//! License keys at rest: sealed for their own seat and purpose, with their end beside them.

use diesel::prelude::*;

use crate::kernel::ids::LicenseId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::licenses;
use crate::kernel::secret::Purpose;
use crate::kernel::work::{Scope, Work};

use super::super::license_key::LicenseKey;
use super::visible;

/// Seals a key for a seat, in the place of the one it had.
pub fn seal_key(work: &mut Work<'_>, license: LicenseId, key: &LicenseKey) -> Result<(), Refusal> {
    let sealed = work.keyring().seal(Purpose::LicenseKey, license.0.as_bytes(), key.reveal().as_bytes())?;
    let business = work.business();
    diesel::update(licenses::table.find((business, license)))
        .set((licenses::key_sealed.eq(Some(sealed)), licenses::key_last4.eq(Some(key.hint().end()))))
        .execute(work.conn())?;
    Ok(())
}

/// Takes the key off a seat.
pub fn clear_key(work: &mut Work<'_>, license: LicenseId) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(licenses::table.find((business, license)))
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

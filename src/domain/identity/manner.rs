//! How one person reads times and numbers: as they chose, else as the first of their businesses does.

use chrono_tz::Tz;

use crate::kernel::db::Db;
use crate::kernel::ids::UserId;
use crate::kernel::locale::Locale;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::profile_store;

/// Zone and locale of one reader.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Where their clock hangs.
    pub zone: Tz,
    /// How they write numbers and dates.
    pub locale: Locale,
}

/// How this person reads times and numbers.
pub async fn of(db: &Db, user: UserId) -> Result<Manner, Refusal> {
    db.before_tenant(move |conn| profile_store::manner(conn, user)).await
}

/// This moment, as a letter to this person writes it: `22 Nov 2026, 14:05 (Europe/Lisbon)`.
pub(super) fn written(work: &mut Work<'_>, user: UserId) -> Result<String, Refusal> {
    let now = work.now();
    let Manner { zone, locale } = profile_store::manner(work.conn(), user)?;
    Ok(format!("{} ({})", locale.date_time(now, zone), zone.name()))
}

//! What the worker does to seats, of all businesses at once.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Text, Uuid};

use crate::kernel::ids::{BusinessId, LicenseId};
use crate::kernel::refusal::Refusal;

/// A held seat whose last day has passed, now that the trail says so.
#[derive(QueryableByName)]
pub struct Expired {
    /// In which business.
    #[diesel(sql_type = Uuid)]
    pub business_id: BusinessId,
    /// Which.
    #[diesel(sql_type = Uuid)]
    pub id: LicenseId,
    /// The name of what it is a seat of.
    #[diesel(sql_type = Text)]
    pub subscription: String,
    /// Who holds it.
    #[diesel(sql_type = Text)]
    pub holder: String,
    /// Its last day.
    #[diesel(sql_type = Date)]
    pub last_day: NaiveDate,
}

const EXPIRE: &str = "
WITH due AS (
  SELECT l.business_id, l.id FROM licenses l
  JOIN businesses b ON b.id = l.business_id
  JOIN unnest($1, $2) AS days (zone, today) ON days.zone = b.zone
  WHERE l.state = 'open' AND l.expires_on < days.today AND l.expiry_told_on IS DISTINCT FROM l.expires_on
  ORDER BY l.expires_on, l.id LIMIT $3 FOR UPDATE OF l SKIP LOCKED),
told AS (
  UPDATE licenses l SET expiry_told_on = l.expires_on FROM due
  WHERE l.business_id = due.business_id AND l.id = due.id
  RETURNING l.business_id, l.id, l.subscription_id, l.expires_on)
SELECT told.business_id, told.id, s.name AS subscription, coalesce(m.name, 'nobody') AS holder,
       told.expires_on AS last_day
FROM told
JOIN subscriptions s ON s.business_id = told.business_id AND s.id = told.subscription_id
LEFT JOIN assignments a ON a.business_id = told.business_id AND a.license_id = told.id AND a.ended_at IS NULL
LEFT JOIN members m ON m.business_id = a.business_id AND m.id = a.member_id
ORDER BY told.business_id, told.id";

/// Marks at most so many seats whose last day lies behind in their business's zone and was not told of, oldest first.
/// Another worker's rows are left to it.
pub(in super::super) fn expire_due(
    conn: &mut PgConnection,
    days: &[(Tz, NaiveDate)],
    at_most: i64,
) -> Result<Vec<Expired>, Refusal> {
    let (zones, days): (Vec<Tz>, Vec<NaiveDate>) = days.iter().copied().unzip();
    let zones: Vec<String> = zones.into_iter().map(|zone| zone.name().to_owned()).collect();
    Ok(diesel::sql_query(EXPIRE)
        .bind::<Array<Text>, _>(zones)
        .bind::<Array<Date>, _>(days)
        .bind::<BigInt, _>(at_most)
        .load(conn)?)
}

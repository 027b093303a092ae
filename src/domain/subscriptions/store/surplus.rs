//! Free seats that are not paid for any more: of one subscription under its lock, and of all businesses at once.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Text, Timestamptz, Uuid};

use crate::kernel::ids::{BusinessId, LicenseId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, Work};

/// A seat that was just retired.
#[derive(QueryableByName)]
pub(in super::super) struct Retired {
    #[diesel(sql_type = Uuid)]
    pub(in super::super) business_id: BusinessId,
    #[diesel(sql_type = Uuid)]
    pub(in super::super) id: LicenseId,
    #[diesel(sql_type = Text)]
    pub(in super::super) subscription: String,
}

/// A subscription by its key.
#[derive(QueryableByName)]
pub(in super::super) struct Locked {
    #[diesel(sql_type = Uuid)]
    business_id: BusinessId,
    #[diesel(sql_type = Uuid)]
    id: SubscriptionId,
}

/// The zones and their days come first. `open` are the subscriptions that have free seats: how many can be
/// held, how many are; `paid` is what the price line of today counts, or nothing.
const DUE: &str = "
WITH open AS (
  SELECT l.business_id, l.subscription_id, count(*) AS seats, count(a.id) AS held FROM licenses l
  LEFT JOIN assignments a ON a.business_id = l.business_id AND a.license_id = l.id AND a.ended_at IS NULL
  WHERE l.state = 'open' GROUP BY l.business_id, l.subscription_id HAVING count(*) > count(a.id))
SELECT s.business_id, s.id FROM open
JOIN subscriptions s ON s.business_id = open.business_id AND s.id = open.subscription_id
JOIN businesses b ON b.id = s.business_id
JOIN unnest($1, $2) AS days (zone, today) ON days.zone = b.zone
CROSS JOIN LATERAL (
  SELECT p.seats FROM price_lines p
  WHERE p.business_id = s.business_id AND p.subscription_id = s.id AND p.from_on <= days.today
  ORDER BY p.from_on DESC, p.id DESC LIMIT 1) paid
WHERE paid.seats IS NOT NULL AND open.seats > greatest(paid.seats, open.held)
ORDER BY s.business_id, s.id LIMIT $3 FOR UPDATE OF s SKIP LOCKED";

/// Takes the locks of at most so many subscriptions with surplus seats; those that others hold wait for another round.
pub(in super::super) fn lock_due(
    conn: &mut PgConnection,
    days: &[(Tz, NaiveDate)],
    at_most: i64,
) -> Result<Vec<Locked>, Refusal> {
    let (zones, days) = columns(days);
    Ok(diesel::sql_query(DUE)
        .bind::<Array<Text>, _>(zones)
        .bind::<Array<Date>, _>(days)
        .bind::<BigInt, _>(at_most)
        .load(conn)?)
}

const RETIRE: &str = "
WITH free AS (
  SELECT l.business_id, l.id, l.subscription_id, s.name,
         row_number() OVER (PARTITION BY l.business_id, l.subscription_id ORDER BY l.key_last4 IS NOT NULL, l.id DESC)
           AS place,
         (SELECT count(*) FROM licenses o
          WHERE o.business_id = s.business_id AND o.subscription_id = s.id AND o.state = 'open') - paid.seats AS too_many
  FROM unnest($1, $2) AS locked (business_id, id)
  JOIN subscriptions s ON s.business_id = locked.business_id AND s.id = locked.id
  JOIN businesses b ON b.id = s.business_id
  JOIN unnest($3, $4) AS days (zone, today) ON days.zone = b.zone
  CROSS JOIN LATERAL (
    SELECT p.seats FROM price_lines p
    WHERE p.business_id = s.business_id AND p.subscription_id = s.id AND p.from_on <= days.today
    ORDER BY p.from_on DESC, p.id DESC LIMIT 1) paid
  JOIN licenses l ON l.business_id = s.business_id AND l.subscription_id = s.id AND l.state = 'open'
  WHERE paid.seats IS NOT NULL AND NOT EXISTS (
    SELECT FROM assignments a WHERE a.business_id = l.business_id AND a.license_id = l.id AND a.ended_at IS NULL))
UPDATE licenses l SET state = 'retired', retired_at = $5 FROM free
WHERE l.business_id = free.business_id AND l.id = free.id AND free.place <= free.too_many
RETURNING l.business_id, l.id, free.name AS subscription";

/// Retires what is too many of these subscriptions, looked at anew now that they are locked.
pub(in super::super) fn retire_of(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    days: &[(Tz, NaiveDate)],
    locked: &[Locked],
) -> Result<Vec<Retired>, Refusal> {
    if locked.is_empty() {
        return Ok(Vec::new());
    }
    let (businesses, ids): (Vec<BusinessId>, Vec<SubscriptionId>) =
        locked.iter().map(|one| (one.business_id, one.id)).unzip();
    let (zones, days) = columns(days);
    Ok(Statement::new(RETIRE)
        .bind::<Array<Uuid>, _>(businesses)
        .bind::<Array<Uuid>, _>(ids)
        .bind::<Array<Text>, _>(zones)
        .bind::<Array<Date>, _>(days)
        .bind::<Timestamptz, _>(now)
        .load(conn)?)
}

/// The same for one subscription, whose lock is held.
pub(in super::super) fn retire(work: &mut Work<'_>, id: SubscriptionId) -> Result<Vec<LicenseId>, Refusal> {
    let (now, today, zone) = (work.now(), work.today(), work.house().zone);
    let locked = [Locked { business_id: work.business(), id }];
    let retired = retire_of(work.conn(), now, &[(zone, today)], &locked)?;
    Ok(retired.into_iter().map(|row| row.id).collect())
}

/// The names of the zones, and the days.
fn columns(days: &[(Tz, NaiveDate)]) -> (Vec<String>, Vec<NaiveDate>) {
    days.iter().map(|(zone, day)| (zone.name().to_owned(), *day)).unzip()
}

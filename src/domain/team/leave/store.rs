//! Whose last day has passed, of all businesses at once.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Text, Uuid};

use crate::kernel::ids::{BusinessId, MemberId};
use crate::kernel::refusal::Refusal;

/// Somebody who has just left.
#[derive(QueryableByName)]
pub(super) struct Left {
    #[diesel(sql_type = Uuid)]
    pub(super) business_id: BusinessId,
    #[diesel(sql_type = Uuid)]
    pub(super) id: MemberId,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Date)]
    pub(super) left_on: NaiveDate,
    #[diesel(sql_type = Text)]
    pub(super) before: String,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Uuid)]
    business_id: BusinessId,
}

/// Members `m` whose last day lies behind in their business's zone, but for the active owner who goes last: with the
/// others gone, the business would be nobody's. An invitation that waits is closed first, by hand or by its time.
const LEAVING: &str = "
members m
JOIN businesses b ON b.id = m.business_id
JOIN unnest($1, $2) AS days (zone, today) ON days.zone = b.zone
WHERE m.status IN ('directory', 'active', 'deactivated') AND m.left_on < days.today
  AND (m.status <> 'active' OR m.role <> 'owner' OR EXISTS (
    SELECT FROM members o
    WHERE o.business_id = m.business_id AND o.status = 'active' AND o.role = 'owner'
      AND (coalesce(o.left_on, 'infinity'), o.id) > (m.left_on, m.id)))";

/// Takes the locks of at most so many businesses that somebody is leaving; those that others hold wait for another
/// round. Under it nobody becomes or ceases to be an owner.
pub(super) fn lock_due(
    conn: &mut PgConnection,
    days: &[(Tz, NaiveDate)],
    at_most: i64,
) -> Result<Vec<BusinessId>, Refusal> {
    let sql = format!(
        "SELECT s.business_id FROM plan_subscriptions s WHERE s.business_id IN (SELECT m.business_id FROM {LEAVING}) \
         ORDER BY s.business_id LIMIT $3 FOR UPDATE OF s SKIP LOCKED"
    );
    let rows: Vec<Locked> = bound(sql, days).bind::<BigInt, _>(at_most).load(conn)?;
    Ok(rows.into_iter().map(|row| row.business_id).collect())
}

/// Lets those leave who are leaving one of these businesses, looked at anew now that their locks are held.
pub(super) fn let_leave(
    conn: &mut PgConnection,
    days: &[(Tz, NaiveDate)],
    businesses: &[BusinessId],
) -> Result<Vec<Left>, Refusal> {
    if businesses.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "WITH leaving AS (SELECT m.business_id, m.id, m.status FROM {LEAVING} AND m.business_id = ANY($3) FOR UPDATE OF m) \
         UPDATE members m SET status = 'left' FROM leaving \
         WHERE m.business_id = leaving.business_id AND m.id = leaving.id \
         RETURNING m.business_id, m.id, m.name, m.left_on, leaving.status AS before"
    );
    Ok(bound(sql, days).bind::<Array<Uuid>, _>(businesses.to_vec()).load(conn)?)
}

type Bound = diesel::query_builder::BoxedSqlQuery<'static, diesel::pg::Pg, diesel::query_builder::SqlQuery>;

/// The statement with the days of all zones as its first parameters.
fn bound(sql: String, days: &[(Tz, NaiveDate)]) -> Bound {
    let (zones, days): (Vec<Tz>, Vec<NaiveDate>) = days.iter().copied().unzip();
    let zones: Vec<String> = zones.into_iter().map(|zone| zone.name().to_owned()).collect();
    diesel::sql_query(sql).into_boxed().bind::<Array<Text>, _>(zones).bind::<Array<Date>, _>(days)
}

//! Whose plan ends soon, over all businesses.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text, Timestamptz, Uuid as SqlUuid};

use crate::kernel::ids::BusinessId;
use crate::kernel::locale::Locale;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::SweepWork;

use super::remind::Soon;

/// A business whose owners are to be told.
pub(super) struct Due {
    pub(super) business_id: BusinessId,
    pub(super) business: String,
    pub(super) zone: Tz,
    pub(super) locale: Locale,
    pub(super) plan: String,
    pub(super) ends_at: DateTime<Utc>,
    pub(super) is_today: bool,
}

#[derive(QueryableByName)]
struct DueRow {
    #[diesel(sql_type = SqlUuid)]
    business_id: BusinessId,
    #[diesel(sql_type = Text)]
    business: String,
    #[diesel(sql_type = Text)]
    zone: String,
    #[diesel(sql_type = Text)]
    locale: String,
    #[diesel(sql_type = Text)]
    plan: String,
    #[diesel(sql_type = Timestamptz)]
    ends_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    is_today: bool,
}

/// Locked, so that two workers do not tell the same; one that somebody holds is left for the next round. The bounds in
/// front are for the index; no zone is further than that from another.
const DUE: &str = "
SELECT s.business_id, b.name AS business, b.zone, b.locale, p.name AS plan, s.period_ends_at AS ends_at, stage.is_today
FROM plan_subscriptions s
JOIN plans p ON p.id = s.plan_id AND NOT p.renews
JOIN businesses b ON b.id = s.business_id AND b.status = 'active'
JOIN unnest($3, $4, $5, $6) AS soon (zone, first, not_today, until)
  ON soon.zone = b.zone AND s.period_ends_at >= soon.first AND s.period_ends_at < soon.until
CROSS JOIN LATERAL (SELECT s.period_ends_at < soon.not_today AS is_today) AS stage
WHERE s.ended_at IS NULL AND s.next_plan_id IS NULL AND s.period_ends_at > $1 AND s.period_ends_at < $2
  AND (s.told_of_end IS DISTINCT FROM s.period_ends_at OR (stage.is_today AND NOT s.told_on_last_day))
ORDER BY s.period_ends_at, s.business_id
LIMIT $7
FOR UPDATE OF s SKIP LOCKED";

/// The businesses whose owners were not told yet, the nearest end first.
pub(super) fn due(work: &mut SweepWork<'_>, soon: &[Soon], at_most: i64) -> Result<Vec<Due>, Refusal> {
    let now = work.now();
    let column = |of: fn(&Soon) -> DateTime<Utc>| soon.iter().map(of).collect::<Vec<_>>();
    let rows: Vec<DueRow> = diesel::sql_query(DUE)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(now + TimeDelta::days(7))
        .bind::<Array<Text>, _>(soon.iter().map(|one| one.zone.name()).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(column(|one| one.from))
        .bind::<Array<Timestamptz>, _>(column(|one| one.not_today))
        .bind::<Array<Timestamptz>, _>(column(|one| one.until))
        .bind::<BigInt, _>(at_most)
        .load(work.conn_of_all_businesses())?;
    rows.into_iter().map(read).collect()
}

fn read(row: DueRow) -> Result<Due, Refusal> {
    Ok(Due {
        business_id: row.business_id,
        business: row.business,
        zone: row.zone.parse().map_err(Refusal::fault)?,
        locale: Locale::parse(&row.locale).unwrap_or_default(),
        plan: row.plan,
        ends_at: row.ends_at,
        is_today: row.is_today,
    })
}

const WRITE_TOLD: &str = "
UPDATE plan_subscriptions s SET told_of_end = s.period_ends_at, told_on_last_day = v.is_today
FROM unnest($1, $2) AS v (business_id, is_today)
WHERE s.business_id = v.business_id";

/// Writes that the owners of these were told.
pub(super) fn write_told(work: &mut SweepWork<'_>, due: &[Due]) -> Result<(), Refusal> {
    diesel::sql_query(WRITE_TOLD)
        .bind::<Array<SqlUuid>, _>(due.iter().map(|one| one.business_id).collect::<Vec<_>>())
        .bind::<Array<Bool>, _>(due.iter().map(|one| one.is_today).collect::<Vec<_>>())
        .execute(work.conn_of_all_businesses())?;
    Ok(())
}

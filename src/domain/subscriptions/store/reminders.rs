//! Reminders over all businesses: what is to be looked at, what was told already, and who is told.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use crate::kernel::due::Which;
use crate::kernel::ids::{BusinessId, MemberId, SubscriptionId};
use crate::kernel::locale::Locale;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::SweepWork;

use crate::domain::subscriptions::reminders::ladder::{Ladders, Rung, Step};

use super::late::{Claim, LateRow, claim_by};

/// Claims what is to be looked at, as `claim_by` does. What is late is left until its dates are written.
pub(in super::super) fn claim_to_remind(
    work: &mut SweepWork<'_>,
    which: &Which<(BusinessId, SubscriptionId)>,
) -> Result<Vec<LateRow>, Refusal> {
    let also = "b.status = 'active' AND (s.next_on IS NULL OR s.next_on > days.today)";
    claim_by(work, which, &Claim { day: "remind_on", job: "reminders", also })
}

/// What the reminders of a subscription need to know besides its dates.
pub(in super::super) struct Around {
    /// When it was entered.
    pub(in super::super) entered_at: DateTime<Utc>,
    /// The zone of the business.
    pub(in super::super) zone: Tz,
    /// When the business wants to be reminded.
    pub(in super::super) ladders: Ladders,
    /// The steps that were taken already.
    pub(in super::super) taken: Vec<Step>,
}

#[derive(QueryableByName)]
struct AroundRow {
    #[diesel(sql_type = SqlUuid)]
    id: SubscriptionId,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    zone: String,
    #[diesel(sql_type = Array<Int4>)]
    cancel_by_steps: Vec<i32>,
    #[diesel(sql_type = Array<Int4>)]
    renewal_steps: Vec<i32>,
}

const AROUND: &str = "
SELECT s.id, s.created_at, b.zone, b.cancel_by_steps, b.renewal_steps
FROM unnest($1, $2) AS k (business_id, id)
JOIN subscriptions s ON s.business_id = k.business_id AND s.id = k.id
JOIN businesses b ON b.id = s.business_id";

#[derive(QueryableByName)]
struct StepRow {
    #[diesel(sql_type = SqlUuid)]
    subscription_id: SubscriptionId,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Int4)]
    days: i32,
    #[diesel(sql_type = Date)]
    on_day: NaiveDate,
    #[diesel(sql_type = Text)]
    state: String,
}

const TAKEN: &str = "
SELECT r.subscription_id, r.kind, r.days, r.on_day, r.state
FROM unnest($1, $2) AS k (business_id, id)
JOIN renewal_reminders r ON r.business_id = k.business_id AND r.subscription_id = k.id";

impl StepRow {
    fn step(&self) -> Option<Step> {
        Some(Step { rung: Rung::parse(&self.kind)?, days: u32::try_from(self.days).ok()?, on: self.on_day })
    }
}

/// What stands around each of these subscriptions, in two statements.
pub(in super::super) fn around(
    work: &mut SweepWork<'_>,
    keys: &[(BusinessId, SubscriptionId)],
) -> Result<HashMap<SubscriptionId, Around>, Refusal> {
    let (businesses, ids): (Vec<BusinessId>, Vec<SubscriptionId>) = keys.iter().copied().unzip();
    let rows: Vec<AroundRow> = diesel::sql_query(AROUND)
        .bind::<Array<SqlUuid>, _>(&businesses)
        .bind::<Array<SqlUuid>, _>(&ids)
        .load(work.conn_of_all_businesses())?;
    let steps: Vec<StepRow> = diesel::sql_query(TAKEN)
        .bind::<Array<SqlUuid>, _>(&businesses)
        .bind::<Array<SqlUuid>, _>(&ids)
        .load(work.conn_of_all_businesses())?;
    let mut taken: HashMap<SubscriptionId, Vec<Step>> = HashMap::new();
    for (id, step) in steps.iter().filter_map(|row| Some((row.subscription_id, row.step()?))) {
        taken.entry(id).or_default().push(step);
    }
    let days = |steps: Vec<i32>| steps.into_iter().filter_map(|days| u32::try_from(days).ok()).collect();
    let around = rows.into_iter().map(|row| {
        let one = Around {
            entered_at: row.created_at,
            zone: row.zone.parse().map_err(Refusal::fault)?,
            ladders: Ladders { cancel_by: days(row.cancel_by_steps), renewal: days(row.renewal_steps) },
            taken: taken.remove(&row.id).unwrap_or_default(),
        };
        Ok((row.id, one))
    });
    around.collect()
}

const RECORD: &str = "
INSERT INTO renewal_reminders (business_id, subscription_id, kind, days, on_day, state, recorded_at)
SELECT v.business_id, v.subscription_id, v.kind, v.days, v.on_day, CASE WHEN v.told THEN 'sent' ELSE 'passed_over' END, $7
FROM unnest($1, $2, $3, $4, $5, $6) AS v (business_id, subscription_id, kind, days, on_day, told)
ON CONFLICT DO NOTHING
RETURNING subscription_id, kind, days, on_day, state";

/// Writes steps as taken, and says which of those to be told were not there already: only these are told.
pub(in super::super) fn record_steps(
    work: &mut SweepWork<'_>,
    steps: &[(BusinessId, SubscriptionId, Step, bool)],
) -> Result<Vec<(SubscriptionId, Step)>, Refusal> {
    if steps.is_empty() {
        return Ok(Vec::new());
    }
    let now = work.now();
    let days = steps.iter().map(|(_, _, step, _)| i32::try_from(step.days)).collect::<Result<Vec<_>, _>>();
    let rows: Vec<StepRow> = diesel::sql_query(RECORD)
        .bind::<Array<SqlUuid>, _>(steps.iter().map(|(business, ..)| *business).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(steps.iter().map(|(_, id, ..)| *id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(steps.iter().map(|(_, _, step, _)| step.rung.code()).collect::<Vec<_>>())
        .bind::<Array<Int4>, _>(days.map_err(Refusal::fault)?)
        .bind::<Array<Date>, _>(steps.iter().map(|(_, _, step, _)| step.on).collect::<Vec<_>>())
        .bind::<Array<Bool>, _>(steps.iter().map(|(.., told)| *told).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(now)
        .load(work.conn_of_all_businesses())?;
    let told = rows.iter().filter(|row| row.state == "sent");
    Ok(told.filter_map(|row| Some((row.subscription_id, row.step()?))).collect())
}

const LOOK_AGAIN: &str = "
UPDATE subscriptions s SET remind_on = v.remind_on
FROM unnest($1, $2, $3) AS v (business_id, id, remind_on)
WHERE s.business_id = v.business_id AND s.id = v.id";

/// Writes when each of these is to be looked at again.
pub(in super::super) fn look_again(
    work: &mut SweepWork<'_>,
    when: &[(BusinessId, SubscriptionId, Option<NaiveDate>)],
) -> Result<(), Refusal> {
    diesel::sql_query(LOOK_AGAIN)
        .bind::<Array<SqlUuid>, _>(when.iter().map(|(business, ..)| *business).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(when.iter().map(|(_, id, _)| *id).collect::<Vec<_>>())
        .bind::<Array<Nullable<Date>>, _>(when.iter().map(|(.., day)| *day).collect::<Vec<_>>())
        .execute(work.conn_of_all_businesses())?;
    Ok(())
}

/// Takes out steps for days that are long over, at most so many; says how many.
pub(in super::super) fn forget_steps(
    work: &mut SweepWork<'_>,
    until: NaiveDate,
    at_most: i64,
) -> Result<usize, Refusal> {
    Ok(diesel::sql_query(
        "DELETE FROM renewal_reminders WHERE ctid = ANY(ARRAY(
           SELECT ctid FROM renewal_reminders WHERE on_day < $1 ORDER BY on_day LIMIT $2 FOR UPDATE SKIP LOCKED))",
    )
    .bind::<Date, _>(until)
    .bind::<BigInt, _>(at_most)
    .execute(work.conn_of_all_businesses())?)
}

/// Whom to ask for, of a subscription.
pub(in super::super) struct Ask {
    /// Whose subscription.
    pub(in super::super) business: BusinessId,
    /// Which.
    pub(in super::super) id: SubscriptionId,
    /// The civil date there.
    pub(in super::super) today: NaiveDate,
    /// Whether the owners of the business are told in any case, not only when its own owner cannot be reached.
    pub(in super::super) owners_too: bool,
}

/// Somebody who is told about a subscription.
#[derive(QueryableByName)]
pub(in super::super) struct Reader {
    #[diesel(sql_type = SqlUuid)]
    pub(in super::super) subscription: SubscriptionId,
    #[diesel(sql_type = SqlUuid)]
    pub(in super::super) member: MemberId,
    #[diesel(sql_type = Text)]
    pub(in super::super) name: String,
    #[diesel(sql_type = Text)]
    pub(in super::super) email: String,
    #[diesel(sql_type = Text)]
    pub(in super::super) business: String,
    #[diesel(sql_type = Text)]
    locale: String,
    /// The owner of the subscription, when that person cannot be reached.
    #[diesel(sql_type = Nullable<Text>)]
    pub(in super::super) gone: Option<String>,
}

impl Reader {
    /// How their business writes dates and money.
    pub(in super::super) fn locale(&self) -> Locale {
        Locale::parse(&self.locale).unwrap_or_default()
    }
}

/// The owner of a subscription while that person signs in; else, or besides, the owners of the business.
const READERS: &str = "
SELECT k.id AS subscription, m.id AS member, m.name, m.email, b.name AS business, b.locale,
       CASE WHEN here.signs_in THEN NULL ELSE o.name END AS gone
FROM unnest($1, $2, $3, $4) AS k (business_id, id, today, owners_too)
JOIN subscriptions s ON s.business_id = k.business_id AND s.id = k.id
JOIN businesses b ON b.id = s.business_id
JOIN members o ON o.business_id = s.business_id AND o.id = s.owner_id
CROSS JOIN LATERAL (
  SELECT o.status = 'active' AND o.user_id IS NOT NULL AND (o.left_on IS NULL OR o.left_on >= k.today) AS signs_in) AS here
CROSS JOIN LATERAL (
  SELECT o.id, o.name, o.email WHERE here.signs_in
  UNION
  SELECT w.id, w.name, w.email FROM members w
  WHERE (k.owners_too OR NOT here.signs_in) AND w.business_id = s.business_id AND w.role = 'owner'
    AND w.status = 'active' AND (w.left_on IS NULL OR w.left_on >= k.today)) AS m
ORDER BY k.id, m.id";

/// Everybody who is told about these subscriptions.
pub(in super::super) fn readers(conn: &mut PgConnection, asked: &[Ask]) -> Result<Vec<Reader>, Refusal> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    Ok(diesel::sql_query(READERS)
        .bind::<Array<SqlUuid>, _>(asked.iter().map(|one| one.business).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(asked.iter().map(|one| one.id).collect::<Vec<_>>())
        .bind::<Array<Date>, _>(asked.iter().map(|one| one.today).collect::<Vec<_>>())
        .bind::<Array<Bool>, _>(asked.iter().map(|one| one.owners_too).collect::<Vec<_>>())
        .load(conn)?)
}

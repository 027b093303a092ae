//! Subscriptions with steps that are due: claimed by the worker, or read by whoever looks before it came round.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use crate::kernel::due::Which;
use crate::kernel::ids::{BusinessId, PriceLineId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::subscriptions;
use crate::kernel::work::{Scope, SweepWork, Work};
use crate::kernel::zones;

use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::price_line::{PriceLine, PriceList};
use crate::domain::subscriptions::roll::Rolling;
use crate::domain::subscriptions::roll_forward::Due;

use super::prices::price_of;
use super::read::{DATED, DatedRow, dates_of};

/// How many of one business are rolled before a list of it is drawn; with a worker there are none.
const MOST_READ: i64 = 1_000;

/// A row that is due, as it is written.
#[derive(QueryableByName)]
pub struct LateRow {
    #[diesel(sql_type = SqlUuid)]
    pub(in super::super) business_id: BusinessId,
    #[diesel(sql_type = SqlUuid)]
    pub(in super::super) id: SubscriptionId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Date)]
    today: NaiveDate,
    #[diesel(embed)]
    dated: DatedRow,
}

type ReadRow = (BusinessId, SubscriptionId, String, DatedRow);

impl LateRow {
    fn of((business_id, id, name, dated): ReadRow, today: NaiveDate) -> Self {
        Self { business_id, id, name, today, dated }
    }
}

/// Claims what is due, locked, the oldest first; rows that another worker holds are left to it.
pub(in super::super) fn claim(
    work: &mut SweepWork<'_>,
    which: &Which<(BusinessId, SubscriptionId)>,
) -> Result<Vec<LateRow>, Refusal> {
    claim_by(work, which, &Claim { day: "next_on", job: "subscription", also: "true" })
}

/// What makes a subscription due for a job of the worker.
pub(super) struct Claim {
    /// The column of the day on which it is.
    pub(super) day: &'static str,
    /// The job that failures of one are kept under.
    pub(super) job: &'static str,
    /// What must hold besides, of `s` and its business `b` on `days.today`.
    pub(super) also: &'static str,
}

/// Claims what is due by `claim`, locked, the longest waiting first; rows that another worker holds are left to it.
pub(super) fn claim_by(
    work: &mut SweepWork<'_>,
    which: &Which<(BusinessId, SubscriptionId)>,
    Claim { day, job, also }: &Claim,
) -> Result<Vec<LateRow>, Refusal> {
    let now = work.now();
    // The bound on the latest day of all zones is for the index.
    let sql = format!(
        "SELECT s.business_id, s.id, s.name, days.today, {DATED}
         FROM subscriptions s
         JOIN businesses b ON b.id = s.business_id
         JOIN unnest($1, $2) AS days (zone, today) ON days.zone = b.zone
         WHERE s.removed_at IS NULL AND s.{day} <= $3 AND s.{day} <= days.today AND {also}
           AND ($5::uuid[] IS NULL OR s.id = ANY($5))
           AND NOT EXISTS (SELECT FROM worker_failures f WHERE f.business_id = s.business_id
                           AND f.job = '{job} ' || s.id AND f.next_attempt_at > $6)
         ORDER BY s.{day}, s.business_id, s.id
         LIMIT $4
         FOR UPDATE OF s SKIP LOCKED"
    );
    let (zones, todays): (Vec<Tz>, Vec<NaiveDate>) = zones::everywhere(now).unzip();
    let zones: Vec<&str> = zones.iter().map(|zone| zone.name()).collect();
    Ok(diesel::sql_query(sql)
        .bind::<Array<Text>, _>(zones)
        .bind::<Array<Date>, _>(&todays)
        .bind::<Nullable<Date>, _>(todays.iter().max())
        .bind::<BigInt, _>(which.at_most()?)
        .bind::<Nullable<Array<SqlUuid>>, _>(which.only(|(_, id)| *id))
        .bind::<Timestamptz, _>(now)
        .load(work.conn_of_all_businesses())?)
}

/// What is late in this business today, as it stands after the steps that are due; nothing is written.
pub fn late(scope: &mut impl Scope) -> Result<Vec<Due>, Refusal> {
    let (business, today) = (scope.business(), scope.today());
    let rows: Vec<ReadRow> = subscriptions::table
        .filter(subscriptions::business_id.eq(business).and(subscriptions::removed_at.is_null()))
        .filter(subscriptions::next_on.le(today))
        .order((subscriptions::next_on, subscriptions::id))
        .limit(MOST_READ)
        .select((subscriptions::business_id, subscriptions::id, subscriptions::name, DatedRow::as_select()))
        .load(scope.conn())?;
    let rows = rows.into_iter().map(|row| LateRow::of(row, today)).collect();
    let mut late = read(scope.conn(), rows)?;
    for one in &mut late {
        one.rolling.catch_up(today);
    }
    Ok(late)
}

/// Locks what is late in this business, in the order of everybody who locks many.
pub(in super::super) fn lock_late(work: &mut Work<'_>) -> Result<Vec<SubscriptionId>, Refusal> {
    let (business, today) = (work.business(), work.today());
    Ok(subscriptions::table
        .filter(subscriptions::business_id.eq(business).and(subscriptions::removed_at.is_null()))
        .filter(subscriptions::next_on.le(today))
        .order(subscriptions::id)
        .limit(MOST_READ)
        .select(subscriptions::id)
        .for_update()
        .load(work.conn())?)
}

/// One of them with what decides its steps, not rolled yet.
pub(in super::super) fn due(
    conn: &mut PgConnection,
    business: BusinessId,
    id: SubscriptionId,
    today: NaiveDate,
) -> Result<Due, Refusal> {
    let row: ReadRow = subscriptions::table
        .find((business, id))
        .select((subscriptions::business_id, subscriptions::id, subscriptions::name, DatedRow::as_select()))
        .first(conn)?;
    read(conn, vec![LateRow::of(row, today)])?.pop().ok_or_else(Refusal::not_found)
}

/// The rows with their prices, decisions and held seats, each in one statement.
pub(in super::super) fn read(conn: &mut PgConnection, rows: Vec<LateRow>) -> Result<Vec<Due>, Refusal> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let keys = Keys::of(&rows);
    let (mut lines, mut decisions, held) = (keys.lines(conn)?, keys.decisions(conn)?, keys.held(conn)?);
    let due = rows.into_iter().map(|row| {
        let unreadable = || Refusal::fault(format!("subscription {} cannot be read", row.id));
        let list = lines.remove(&row.id).unwrap_or_default();
        let list = list.into_iter().map(|line| line.read(&row.dated.currency)).collect::<Result<_, Refusal>>()?;
        let rolling = Rolling {
            dates: dates_of(&row.dated).ok_or_else(unreadable)?,
            cost_model: row.dated.cost_model().ok_or_else(unreadable)?,
            standing: row.dated.standing().ok_or_else(unreadable)?,
            decisions: decisions.remove(&row.id).unwrap_or_default(),
            prices: PriceList::of(list),
            held: held.get(&row.id).copied().unwrap_or(0),
        };
        Ok(Due { business: row.business_id, id: row.id, name: row.name, today: row.today, rolling })
    });
    due.collect()
}

/// The keys of some rows, as columns.
struct Keys {
    businesses: Vec<BusinessId>,
    ids: Vec<SubscriptionId>,
}

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = SqlUuid)]
    subscription_id: SubscriptionId,
    #[diesel(sql_type = SqlUuid)]
    id: PriceLineId,
    #[diesel(sql_type = Date)]
    from_on: NaiveDate,
    #[diesel(sql_type = Int8)]
    cost_minor: i64,
    #[diesel(sql_type = Nullable<Int4>)]
    seats: Option<i32>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct DecisionRow {
    #[diesel(sql_type = SqlUuid)]
    subscription_id: SubscriptionId,
    #[diesel(sql_type = Date)]
    renews_on: NaiveDate,
    #[diesel(sql_type = Text)]
    decision: String,
    #[diesel(sql_type = Nullable<Int4>)]
    seats: Option<i32>,
}

#[derive(QueryableByName)]
struct HeldRow {
    #[diesel(sql_type = SqlUuid)]
    subscription_id: SubscriptionId,
    #[diesel(sql_type = Int8)]
    held: i64,
}

impl Keys {
    fn of(rows: &[LateRow]) -> Self {
        Self {
            businesses: rows.iter().map(|row| row.business_id).collect(),
            ids: rows.iter().map(|row| row.id).collect(),
        }
    }

    fn load<Row>(&self, conn: &mut PgConnection, sql: &'static str) -> Result<Vec<Row>, Refusal>
    where
        Row: QueryableByName<diesel::pg::Pg> + 'static,
    {
        Ok(diesel::sql_query(sql)
            .bind::<Array<SqlUuid>, _>(&self.businesses)
            .bind::<Array<SqlUuid>, _>(&self.ids)
            .load(conn)?)
    }

    fn lines(&self, conn: &mut PgConnection) -> Result<HashMap<SubscriptionId, Vec<LineRow>>, Refusal> {
        let rows: Vec<LineRow> = self.load(conn, LINES)?;
        let mut lines: HashMap<_, Vec<LineRow>> = HashMap::new();
        for row in rows {
            lines.entry(row.subscription_id).or_default().push(row);
        }
        Ok(lines)
    }

    fn decisions(
        &self,
        conn: &mut PgConnection,
    ) -> Result<HashMap<SubscriptionId, BTreeMap<NaiveDate, Decided>>, Refusal> {
        let rows: Vec<DecisionRow> = self.load(conn, DECISIONS)?;
        let mut decisions: HashMap<_, BTreeMap<_, _>> = HashMap::new();
        for row in rows {
            let seats = row.seats.map(u32::try_from).transpose().map_err(Refusal::fault)?;
            let decided = Decided::parse(&row.decision, seats).ok_or_else(|| Refusal::fault("an unknown decision"))?;
            decisions.entry(row.subscription_id).or_default().insert(row.renews_on, decided);
        }
        Ok(decisions)
    }

    fn held(&self, conn: &mut PgConnection) -> Result<HashMap<SubscriptionId, i64>, Refusal> {
        let rows: Vec<HeldRow> = self.load(conn, HELD)?;
        Ok(rows.into_iter().map(|row| (row.subscription_id, row.held)).collect())
    }
}

const LINES: &str = "
SELECT p.subscription_id, p.id, p.from_on, p.cost_minor, p.seats, p.created_at
FROM unnest($1, $2) AS s (business_id, id)
JOIN price_lines p ON p.business_id = s.business_id AND p.subscription_id = s.id";

/// Decisions of terms that are over no longer matter.
const DECISIONS: &str = "
SELECT d.subscription_id, d.renews_on, d.decision, d.seats
FROM unnest($1, $2) AS k (business_id, id)
JOIN subscriptions s ON s.business_id = k.business_id AND s.id = k.id
JOIN renewal_decisions d ON d.business_id = s.business_id AND d.subscription_id = s.id AND d.renews_on >= s.renews_on";

const HELD: &str = "
SELECT a.subscription_id, count(*) AS held
FROM unnest($1, $2) AS s (business_id, id)
JOIN assignments a ON a.business_id = s.business_id AND a.subscription_id = s.id AND a.ended_at IS NULL
GROUP BY a.subscription_id";

impl LineRow {
    fn read(self, currency: &str) -> Result<PriceLine, Refusal> {
        let price = price_of(currency, self.cost_minor, self.seats)?;
        Ok(PriceLine { id: self.id, from_on: self.from_on, price, entered_at: self.created_at })
    }
}

//! Every seat as it stood at the end of a day, in one statement a page.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{BigInt, Date, Int4, Nullable, Text, Timestamptz, Uuid};

use crate::domain::services::service::folded;
use crate::domain::subscriptions::every::Every;
use crate::domain::subscriptions::price_line::Price;
use crate::domain::subscriptions::subscription::CostModel;
use crate::kernel::access::Sees;
use crate::kernel::currency::Currency;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::super::all::{AnySeat, EndOfDay, Filter, cost_of_seat};
use super::super::last_use::LastUse;
use super::super::license::Status;
use super::super::license_key::KeyHint;
use super::people::holder_of;

/// The seats visible to whoever asks: those of the business ($1), of what a member ($2) owns, and those that member
/// holds now; as they stood at the end ($3) of a day ($4), of what was not removed by then. Only what decides which of them
/// are shown: the rest is looked up for a page of them.
const SEATS: &str = "
WITH stood AS (
  SELECT l.id, l.subscription_id, s.name_folded AS subscription_folded, a.given_at, a.member_id,
         CASE WHEN a.id IS NULL THEN NULL WHEN a.ended_at IS NULL THEN l.expires_on ELSE a.expires_on END AS expires_on,
         l.retired_at < $3 AS is_retired
  FROM licenses l
  JOIN subscriptions s ON s.business_id = l.business_id AND s.id = l.subscription_id
  LEFT JOIN assignments a ON a.business_id = l.business_id AND a.license_id = l.id
    AND a.given_at < $3 AND (a.ended_at IS NULL OR a.ended_at >= $3)
  WHERE l.business_id = $1 AND l.created_at < $3 AND (s.removed_at IS NULL OR s.removed_at >= $3)
    AND ($2 IS NULL OR s.owner_id = $2 OR a.member_id = $2 AND EXISTS (
      SELECT FROM assignments own WHERE own.business_id = l.business_id AND own.license_id = l.id
        AND own.member_id = $2 AND own.ended_at IS NULL))
    AND ";

/// With these words ($5).
const WITH_WORDS: &str = "(s.name_folded LIKE $5 OR EXISTS (
      SELECT FROM members m WHERE m.business_id = $1 AND m.id = a.member_id
        AND (m.name_folded LIKE $5 OR m.email_folded LIKE $5)))";

/// Of whatever name: then nobody's name is looked at.
const WITHOUT_WORDS: &str = "$5 = '%%'";

const STATUS: &str = "),
seats AS (
  SELECT stood.*, CASE WHEN is_retired THEN 'retired' WHEN expires_on < $4 THEN 'expired'
    WHEN member_id IS NOT NULL THEN 'assigned' ELSE 'free' END AS status
  FROM stood)";

const PAGE: &str = ",
page AS MATERIALIZED (
  SELECT * FROM seats
  WHERE ($6 = '' OR status = $6)
    AND ($7 IS NULL OR (subscription_folded, id) > (
      SELECT s.name_folded, l.id FROM licenses l
      JOIN subscriptions s ON s.business_id = l.business_id AND s.id = l.subscription_id
      WHERE l.business_id = $1 AND l.id = $7))
  ORDER BY subscription_folded, id LIMIT $8)
SELECT page.*, s.name AS subscription_name, v.name AS service_name, l.key_last4, l.last_used_at, l.last_used_source,
       m.name AS member_name, m.email AS member_email, m.department AS member_department, m.status AS member_status,
       m.left_on AS member_left_on, s.currency::text AS currency, s.cost_model, s.pack_size, s.cycle_unit, s.cycle_count,
       p.cost_minor, p.seats AS paid_seats
FROM page
JOIN licenses l ON l.business_id = $1 AND l.id = page.id
JOIN subscriptions s ON s.business_id = $1 AND s.id = page.subscription_id
JOIN services v ON v.business_id = $1 AND v.id = s.service_id
LEFT JOIN members m ON m.business_id = $1 AND m.id = page.member_id
LEFT JOIN LATERAL (
  SELECT cost_minor, seats FROM price_lines p
  WHERE p.business_id = $1 AND p.subscription_id = page.subscription_id AND p.from_on <= $4
  ORDER BY p.from_on DESC, p.id DESC LIMIT 1
) p ON true
ORDER BY page.subscription_folded, page.id";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Uuid)]
    id: LicenseId,
    #[diesel(sql_type = Uuid)]
    subscription_id: SubscriptionId,
    #[diesel(sql_type = Text)]
    subscription_name: String,
    #[diesel(sql_type = Text)]
    service_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    key_last4: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_used_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    last_used_source: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    given_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Uuid>)]
    member_id: Option<MemberId>,
    #[diesel(sql_type = Nullable<Text>)]
    member_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    member_email: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    member_department: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    member_status: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    member_left_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    expires_on: Option<NaiveDate>,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = Text)]
    cost_model: String,
    #[diesel(sql_type = Nullable<Int4>)]
    pack_size: Option<i32>,
    #[diesel(sql_type = Text)]
    cycle_unit: String,
    #[diesel(sql_type = Int4)]
    cycle_count: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    cost_minor: Option<i64>,
    #[diesel(sql_type = Nullable<Int4>)]
    paid_seats: Option<i32>,
}

/// So many seats from after one on, by the name of what they are seats of.
pub fn all(
    view: &mut View<'_>,
    filter: &Filter,
    end: EndOfDay,
    after: Option<LicenseId>,
    limit: i64,
) -> Result<Vec<AnySeat>, Refusal> {
    let today = view.today();
    let Some(query) = seats(view, filter, end, PAGE) else {
        return Ok(Vec::new());
    };
    let rows: Vec<Row> = query
        .bind::<Text, _>(filter.status.map_or("", Status::code))
        .bind::<Nullable<Uuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .load(view.conn())?;
    rows.into_iter().map(|row| row.seat(end, today)).collect()
}

/// How many seats there are of each status.
#[derive(QueryableByName, Clone, Copy, Debug, Default)]
pub struct Counted {
    /// Held, and not past their last day.
    #[diesel(sql_type = BigInt)]
    pub assigned: i64,
    /// Held by nobody.
    #[diesel(sql_type = BigInt)]
    pub free: i64,
    /// Past their last day.
    #[diesel(sql_type = BigInt)]
    pub expired: i64,
    /// Given up.
    #[diesel(sql_type = BigInt)]
    pub retired: i64,
}

impl Counted {
    /// Of one status.
    pub fn of(&self, status: Status) -> i64 {
        match status {
            Status::Assigned => self.assigned,
            Status::Free => self.free,
            Status::Expired => self.expired,
            Status::Retired => self.retired,
        }
    }

    /// Of all.
    pub fn total(&self) -> i64 {
        self.assigned + self.free + self.expired + self.retired
    }
}

const COUNTS: &str = "
SELECT count(*) FILTER (WHERE status = 'assigned') AS assigned, count(*) FILTER (WHERE status = 'free') AS free,
       count(*) FILTER (WHERE status = 'expired') AS expired, count(*) FILTER (WHERE status = 'retired') AS retired
FROM seats";

/// Counts the seats with these words by their status.
pub fn counts(view: &mut View<'_>, filter: &Filter, end: EndOfDay) -> Result<Counted, Refusal> {
    match seats(view, filter, end, COUNTS) {
        Some(query) => Ok(query.get_result(view.conn())?),
        None => Ok(Counted::default()),
    }
}

type Bound = BoxedSqlQuery<'static, diesel::pg::Pg, SqlQuery>;

/// The statement with its first parameters; none for whoever sees nothing.
fn seats(view: &View<'_>, filter: &Filter, end: EndOfDay, rest: &str) -> Option<Bound> {
    let only = match view.sight().sees {
        Sees::All => None,
        Sees::OnlyOf(member) => Some(member),
        Sees::Nothing => return None,
    };
    let like = format!("%{}%", folded(&filter.words).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let words = if filter.words.is_empty() { WITHOUT_WORDS } else { WITH_WORDS };
    let bound = diesel::sql_query(format!("{SEATS}{words}{STATUS}{rest}"))
        .into_boxed()
        .bind::<Uuid, _>(view.business())
        .bind::<Nullable<Uuid>, _>(only)
        .bind::<Timestamptz, _>(end.over_at)
        .bind::<Date, _>(end.day)
        .bind::<Text, _>(like);
    Some(bound)
}

impl Row {
    fn seat(self, end: EndOfDay, today: NaiveDate) -> Result<AnySeat, Refusal> {
        let status = Status::parse(&self.status).ok_or_else(|| Refusal::fault("a seat has an unknown status"))?;
        let is_today = end.day == today;
        let last_use = LastUse::stored(self.last_used_at, self.last_used_source.as_deref())?;
        let cost = self.cost()?;
        let person = match (self.member_id, self.member_name, self.member_email, self.member_department) {
            (Some(id), Some(name), Some(email), Some(department)) => {
                let status = self.member_status.unwrap_or_default();
                Some(holder_of((id, name, email, department, status, self.member_left_on), today)?)
            }
            _ => None,
        };
        Ok(AnySeat {
            license: self.id,
            subscription: self.subscription_id,
            subscription_name: self.subscription_name,
            service_name: self.service_name,
            holder: person.zip(self.given_at),
            expires_on: self.expires_on,
            status,
            key: self.key_last4.map(KeyHint::stored),
            last_use: last_use.filter(|_| is_today),
            cost,
        })
    }

    fn cost(&self) -> Result<Option<(Money, Option<Every>)>, Refusal> {
        let Some(minor) = self.cost_minor else {
            return Ok(None);
        };
        let small = |number: Option<i32>| number.and_then(|number| u32::try_from(number).ok());
        let currency = Currency::parse(&self.currency).map_err(Refusal::fault)?;
        let model = CostModel::parse(&self.cost_model, small(self.pack_size))?;
        let price = Price { cost: Money::new(minor, currency), seats: small(self.paid_seats) };
        let count = u32::try_from(self.cycle_count).map_err(Refusal::fault)?;
        let cycle = match self.cycle_unit.as_str() {
            "once" => None,
            unit => Some(Every::parse(unit, count).map_err(Refusal::fault)?),
        };
        Ok(cost_of_seat(price, model).map(|cost| (cost, cycle)))
    }
}

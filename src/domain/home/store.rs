//! What home reads, each in one statement.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Int4, Int8, Nullable, Text, Uuid as SqlUuid};

use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::every::Every;
use crate::domain::subscriptions::price_line::Price;
use crate::domain::subscriptions::store::late;
use crate::domain::subscriptions::subscription::CostModel;
use crate::kernel::currency::Currency;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, licenses, members, subscriptions};
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, View};

use super::mine::OwnSeat;
use super::overview::{Live, Steps};

#[derive(QueryableByName)]
struct LiveRow {
    #[diesel(sql_type = SqlUuid)]
    id: SubscriptionId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = Text)]
    cycle_unit: String,
    #[diesel(sql_type = Int4)]
    cycle_count: i32,
    #[diesel(sql_type = Text)]
    cost_model: String,
    #[diesel(sql_type = Nullable<Int4>)]
    pack_size: Option<i32>,
    #[diesel(sql_type = Nullable<Int8>)]
    cost_minor: Option<i64>,
    #[diesel(sql_type = Nullable<Int4>)]
    seats: Option<i32>,
    #[diesel(sql_type = Nullable<Date>)]
    renews_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    cancel_by: Option<NaiveDate>,
    #[diesel(sql_type = Int8)]
    held: i64,
    #[diesel(sql_type = Int8)]
    held_by_gone: i64,
    #[diesel(sql_type = Bool)]
    is_orphan: bool,
    #[diesel(sql_type = Nullable<Text>)]
    decision: Option<String>,
    #[diesel(sql_type = Nullable<Int4>)]
    decided_seats: Option<i32>,
}

// The OFFSET keeps those who are gone first and their seats second, also where there are no statistics yet.
const LIVE: &str = "
WITH gone AS MATERIALIZED (
  SELECT seat.subscription_id, count(*) AS seats
  FROM members m CROSS JOIN LATERAL (
    SELECT subscription_id FROM assignments
    WHERE business_id = m.business_id AND member_id = m.id AND ended_at IS NULL OFFSET 0) seat
  WHERE (m.status IN ('deactivated', 'left') OR m.left_on < $1) AND m.business_id = $2 GROUP BY seat.subscription_id)
SELECT s.id, s.name, o.name AS owner, s.currency::text, s.cycle_unit, s.cycle_count, s.cost_model, s.pack_size,
       p.cost_minor, p.seats, s.renews_on, s.cancel_by,
       (SELECT count(*) FROM assignments
        WHERE business_id = s.business_id AND subscription_id = s.id AND ended_at IS NULL) AS held,
       coalesce(g.seats, 0) AS held_by_gone,
       o.status IN ('deactivated', 'left') OR coalesce(o.left_on < $1, false) AS is_orphan,
       d.decision, d.seats AS decided_seats
FROM subscriptions s
JOIN members o ON o.business_id = s.business_id AND o.id = s.owner_id
LEFT JOIN LATERAL (
  SELECT cost_minor, seats FROM price_lines
  WHERE business_id = s.business_id AND subscription_id = s.id AND from_on <= $1
  ORDER BY from_on DESC, id DESC LIMIT 1
) p ON true
LEFT JOIN gone g ON g.subscription_id = s.id
LEFT JOIN renewal_decisions d
  ON d.business_id = s.business_id AND d.subscription_id = s.id AND d.renews_on = s.renews_on
WHERE s.business_id = $2 AND s.removed_at IS NULL AND s.status IN ('trial', 'active')";

/// Every subscription in trial or active, with its price of today and its seats; what is late as of today.
pub(super) fn live(view: &mut View<'_>) -> Result<Vec<Live>, Refusal> {
    let (business, today) = (view.business(), view.today());
    let late = late(view)?;
    let rows: Vec<LiveRow> =
        Statement::new(LIVE).bind::<Date, _>(today).bind::<SqlUuid, _>(business).load(view.conn())?;
    let mut live = rows.into_iter().map(live_of).collect::<Result<Vec<Live>, Refusal>>()?;
    for one in late {
        let (standing, price) = (one.rolling.standing, one.rolling.prices.on(today).map(|line| line.price));
        match live.iter().position(|row| row.id == one.id) {
            Some(place) if !standing.status.is_live() => drop(live.remove(place)),
            place => {
                if let Some(row) = place.and_then(|place| live.get_mut(place)) {
                    let renewal = standing.coming.renews_on;
                    (row.renews_on, row.cancel_by, row.price) = (renewal, standing.coming.cancel_by, price);
                    row.decided = renewal.and_then(|day| one.rolling.decisions.get(&day)).copied();
                }
            }
        }
    }
    Ok(live)
}

fn live_of(row: LiveRow) -> Result<Live, Refusal> {
    let currency = Currency::parse(&row.currency).map_err(Refusal::fault)?;
    let count = u32::try_from(row.cycle_count).map_err(Refusal::fault)?;
    let cycle = match row.cycle_unit.as_str() {
        "once" => None,
        unit => Some(Every::parse(unit, count).map_err(Refusal::fault)?.interval()),
    };
    let small = |number: Option<i32>| number.and_then(|number| u32::try_from(number).ok());
    let seats = small(row.seats);
    Ok(Live {
        id: row.id,
        name: row.name,
        owner: row.owner,
        cycle,
        cost_model: CostModel::parse(&row.cost_model, small(row.pack_size))?,
        price: row.cost_minor.map(|minor| Price { cost: Money::new(minor, currency), seats }),
        renews_on: row.renews_on,
        cancel_by: row.cancel_by,
        held: row.held,
        held_by_gone: row.held_by_gone,
        is_orphan: row.is_orphan,
        decided: row.decision.and_then(|code| Decided::parse(&code, small(row.decided_seats))),
    })
}

#[derive(QueryableByName)]
struct StepsRow {
    #[diesel(sql_type = Bool)]
    has_checked: bool,
    #[diesel(sql_type = Bool)]
    has_people: bool,
    #[diesel(sql_type = Bool)]
    has_team: bool,
    #[diesel(sql_type = Bool)]
    has_key: bool,
}

const STEPS: &str = "
SELECT EXISTS (SELECT FROM businesses WHERE id = $1 AND checked_at IS NOT NULL) AS has_checked,
       EXISTS (SELECT FROM members WHERE business_id = $1 OFFSET 1) AS has_people,
       EXISTS (SELECT FROM members WHERE business_id = $1 AND status IN ('active', 'invited') OFFSET 1) AS has_team,
       EXISTS (SELECT FROM api_keys WHERE business_id = $1 AND kind = 'sdk') AS has_key";

/// Which first steps have been taken.
pub(super) fn steps(view: &mut View<'_>, live: &[Live]) -> Result<Steps, Refusal> {
    let business = view.business();
    let row: StepsRow = Statement::new(STEPS).bind::<SqlUuid, _>(business).get_result(view.conn())?;
    Ok(Steps {
        has_checked: row.has_checked,
        has_subscription: !live.is_empty(),
        has_people: row.has_people,
        has_team: row.has_team,
        has_key: row.has_key,
        has_seat: live.iter().any(|one| one.held > 0),
    })
}

/// The seats of one member; role user may ask for their own only, which the caller's access says.
pub(super) fn seats_of(view: &mut View<'_>, member: MemberId) -> Result<Vec<OwnSeat>, Refusal> {
    type Row = (LicenseId, SubscriptionId, String, String, DateTime<Utc>, Option<NaiveDate>);
    let business = view.business();
    let rows: Vec<Row> = assignments::table
        .inner_join(
            licenses::table
                .on(licenses::business_id.eq(assignments::business_id).and(licenses::id.eq(assignments::license_id))),
        )
        .inner_join(
            subscriptions::table.on(subscriptions::business_id
                .eq(assignments::business_id)
                .and(subscriptions::id.eq(assignments::subscription_id))),
        )
        .inner_join(
            members::table
                .on(members::business_id.eq(subscriptions::business_id).and(members::id.eq(subscriptions::owner_id))),
        )
        .filter(assignments::business_id.eq(business).and(assignments::member_id.eq(member)))
        .filter(assignments::ended_at.is_null())
        .order((subscriptions::name_folded, assignments::id))
        .select((
            licenses::id,
            subscriptions::id,
            subscriptions::name,
            members::name,
            assignments::given_at,
            licenses::expires_on,
        ))
        .load(view.conn())?;
    Ok(rows
        .into_iter()
        .map(|(license, subscription, name, owner, given_at, expires_on)| OwnSeat {
            license,
            subscription,
            name,
            owner,
            given_at,
            expires_on,
        })
        .collect())
}

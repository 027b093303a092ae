//! What the console shows of businesses.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Timestamptz, Uuid as SqlUuid};

use crate::domain::plans::store::{PlanRow, PlanSubscriptionRow, Written, standing_of};
use crate::domain::support::console::{Businesses, Health, Row, Use};
use crate::domain::support::show::{Failure, Team, TeamMember};
use crate::kernel::ids::{self, BusinessId, MemberId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, members, plan_overrides, plan_subscriptions, plans, users, worker_failures};
use crate::kernel::work::Scope;

type PlaceRow = (BusinessId, String, String, (String, String), DateTime<Utc>);

/// The newest businesses before this place that fit the words, at most so many.
pub(in crate::domain::support) fn page(
    conn: &mut PgConnection,
    asked: &Businesses,
    at_most: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Row>, Refusal> {
    let mut query = businesses::table
        .filter(businesses::id.ne(BusinessId::INSTALLATION))
        .order(businesses::id.desc())
        .limit(at_most)
        .into_boxed();
    if let Some(before) = asked.before {
        query = query.filter(businesses::id.lt(before));
    }
    let words = asked.words.trim();
    if !words.is_empty() {
        let pattern = format!("%{}%", escaped(words));
        let of_owner = members::table
            .filter(members::role.eq("owner").and(members::status.eq("active")))
            .filter(members::email_folded.like(pattern.to_lowercase()))
            .select(members::business_id);
        let named = businesses::name.ilike(pattern);
        let id = ids::from_text(words).map(BusinessId).unwrap_or(BusinessId::INSTALLATION);
        query = query.filter(
            named
                .or(businesses::application_id.eq(words.to_owned()))
                .or(businesses::id.eq(id))
                .or(businesses::id.eq_any(of_owner)),
        );
    }
    let found: Vec<PlaceRow> = query
        .select((
            businesses::id,
            businesses::name,
            businesses::application_id,
            (businesses::status, businesses::zone),
            businesses::created_at,
        ))
        .load(conn)?;
    with_plans(conn, found, now)
}

fn with_plans(conn: &mut PgConnection, found: Vec<PlaceRow>, now: DateTime<Utc>) -> Result<Vec<Row>, Refusal> {
    let ids: Vec<BusinessId> = found.iter().map(|(id, ..)| *id).collect();
    let mut planned = plans_of(conn, &ids)?;
    let failing: Vec<BusinessId> = worker_failures::table
        .filter(worker_failures::business_id.eq_any(&ids))
        .select(worker_failures::business_id)
        .distinct()
        .load(conn)?;
    let uses = uses(conn, &ids, now)?;
    let mut lent = lent(conn, &ids, now)?;
    let row = |(id, name, application_id, (status, zone), created_at): PlaceRow| {
        // A zone that is none is the worker's to stumble over: staff see the list all the same.
        let zone = zone.parse().unwrap_or(Tz::UTC);
        let standing = planned.remove(&id).map(|written| standing_of(written, zone, now)).transpose()?;
        let today = now.with_timezone(&zone).date_naive();
        let lent = lent.remove(&id).and_then(|plans| plans.into_iter().find(|(_, until)| *until >= today));
        let is_ended = lent.is_none() && standing.as_ref().is_some_and(|standing| standing.is_ended(now));
        let health = Health::of(&status, is_ended, failing.contains(&id));
        Ok(Row {
            id,
            name,
            application_id,
            created_at,
            plan: standing.map(|standing| standing.plan.name).unwrap_or_default(),
            lent,
            used: uses.get(&id).copied().unwrap_or_default(),
            health,
        })
    };
    found.into_iter().map(row).collect()
}

type Lent = HashMap<BusinessId, Vec<(String, NaiveDate)>>;

/// The plans whose limits these businesses were given and may still have, newest first.
fn lent(conn: &mut PgConnection, ids: &[BusinessId], now: DateTime<Utc>) -> Result<Lent, Refusal> {
    // Somewhere it is still yesterday.
    let yesterday = (now - TimeDelta::days(1)).date_naive();
    let rows: Vec<(BusinessId, String, NaiveDate)> = plan_overrides::table
        .inner_join(plans::table)
        .filter(plan_overrides::business_id.eq_any(ids))
        .filter(plan_overrides::kind.eq("plan").and(plan_overrides::taken_back_at.is_null()))
        .filter(plan_overrides::expires_on.ge(yesterday))
        .order(plan_overrides::given_at.desc())
        .select((plan_overrides::business_id, plans::name, plan_overrides::expires_on))
        .load(conn)?;
    let mut lent = Lent::new();
    for (business, plan, until) in rows {
        lent.entry(business).or_default().push((plan, until));
    }
    Ok(lent)
}

/// The plan subscriptions of these businesses, as they are written.
fn plans_of(conn: &mut PgConnection, ids: &[BusinessId]) -> Result<HashMap<BusinessId, Written>, Refusal> {
    let next_plans = diesel::alias!(plans as next_plans);
    let next_plan = next_plans.fields(<PlanRow as Selectable<Pg>>::construct_selection()).nullable();
    let rows: Vec<(BusinessId, Written)> = plan_subscriptions::table
        .inner_join(plans::table.on(plans::id.eq(plan_subscriptions::plan_id)))
        .left_join(next_plans.on(next_plans.field(plans::id).nullable().eq(plan_subscriptions::next_plan_id)))
        .filter(plan_subscriptions::business_id.eq_any(ids))
        .select((plan_subscriptions::business_id, (PlanSubscriptionRow::as_select(), PlanRow::as_select(), next_plan)))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

#[derive(QueryableByName)]
struct UseRow {
    #[diesel(sql_type = SqlUuid)]
    business_id: BusinessId,
    #[diesel(sql_type = BigInt)]
    sign_ins: i64,
    #[diesel(sql_type = BigInt)]
    subscriptions: i64,
    #[diesel(sql_type = BigInt)]
    seats: i64,
}

const USES: &str = "
    SELECT b.id AS business_id,
      (SELECT count(*) FROM members m WHERE m.business_id = b.id AND m.status = 'active')
        + (SELECT count(*) FROM invitations i WHERE i.business_id = b.id AND i.state = 'pending' AND i.expires_at > $2)
        AS sign_ins,
      (SELECT count(*) FROM subscriptions s WHERE s.business_id = b.id AND s.removed_at IS NULL
        AND s.status IN ('trial', 'active')) AS subscriptions,
      (SELECT count(*) FROM licenses l WHERE l.business_id = b.id AND l.state = 'open') AS seats
    FROM businesses b WHERE b.id = ANY ($1)";

fn uses(conn: &mut PgConnection, ids: &[BusinessId], now: DateTime<Utc>) -> Result<HashMap<BusinessId, Use>, Refusal> {
    let rows: Vec<UseRow> =
        diesel::sql_query(USES).bind::<Array<SqlUuid>, _>(ids.to_vec()).bind::<Timestamptz, _>(now).load(conn)?;
    let used = |row: UseRow| {
        (row.business_id, Use { sign_ins: row.sign_ins, subscriptions: row.subscriptions, seats: row.seats })
    };
    Ok(rows.into_iter().map(used).collect())
}

/// What is typed into a search box is searched for as it stands.
fn escaped(words: &str) -> String {
    words.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect()
}

/// Public id, state, why it is suspended, and since when the business is there.
pub(in crate::domain::support) fn details(
    scope: &mut impl Scope,
) -> Result<(String, String, Option<String>, DateTime<Utc>), Refusal> {
    let business = scope.business();
    Ok(businesses::table
        .find(business)
        .select((businesses::application_id, businesses::status, businesses::suspended_because, businesses::created_at))
        .first(scope.conn())?)
}

/// Those who sign in, highest role first, at most so many, and how many people there are in all.
pub(in crate::domain::support) fn team(scope: &mut impl Scope, at_most: i64) -> Result<Team, Refusal> {
    let business = scope.business();
    let rows: Vec<(MemberId, String, String, Option<String>, bool)> = members::table
        .inner_join(users::table)
        .filter(members::business_id.eq(business).and(members::status.eq("active")))
        .order((members::role.eq("owner").desc(), members::role.eq("admin").desc(), members::name_folded, members::id))
        .limit(at_most)
        .select((members::id, members::name, members::email, members::role, users::is_staff))
        .load(scope.conn())?;
    let people: i64 = members::table.filter(members::business_id.eq(business)).count().get_result(scope.conn())?;
    let member = |(id, name, email, role, is_staff): (MemberId, String, String, Option<String>, bool)| TeamMember {
        id,
        name,
        email,
        role: role.unwrap_or_default(),
        is_staff,
    };
    Ok(Team { shown: rows.into_iter().map(member).collect(), people })
}

/// What the worker has set aside for this business.
pub(in crate::domain::support) fn failures(scope: &mut impl Scope) -> Result<Vec<Failure>, Refusal> {
    type Row = (String, i32, DateTime<Utc>, DateTime<Utc>, String);
    let rows: Vec<Row> = worker_failures::table
        .filter(worker_failures::business_id.eq(scope.business()))
        .order(worker_failures::job)
        .select((
            worker_failures::job,
            worker_failures::failures,
            worker_failures::first_failed_at,
            worker_failures::next_attempt_at,
            worker_failures::error,
        ))
        .load(scope.conn())?;
    let failure = |(job, count, since, next, error)| Failure { job, count, since, next, error };
    Ok(rows.into_iter().map(failure).collect())
}

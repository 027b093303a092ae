//! The list, by key both ways, with price and seats of each row in the same statement.

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::kernel::ids::SubscriptionId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, members, price_lines, services, subscriptions};
use crate::kernel::work::{Scope, Sight};

use crate::domain::services::service::folded;
use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::list::{Answered, Filters, From, Key, Listed, Place, Renewing, Shown, Sort};
use crate::domain::subscriptions::roll_forward::Due;

use super::as_of_now::{AsOfNow, DateSql};
use super::prices::price_of;
use super::read::{OwnerRow, SubscriptionRow, of_owner, of_service, subscription_of};
use super::visible;

type Query = subscriptions::BoxedQuery<'static, Pg>;
type Figures = (String, Option<NaiveDate>, Option<i64>, Option<i32>, Option<i64>);
/// Price and seats on the day of the renewal, and what was decided about it.
type RenewalFigures = (Option<i64>, Option<i32>, Option<String>, Option<i32>);
type PricedRow = (SubscriptionRow, String, OwnerRow, Figures, RenewalFigures);

/// So many rows of the list from a place on; backwards when the page before is asked for.
pub(in super::super) fn page(
    scope: &mut impl Scope,
    filters: &Filters,
    from: &From,
    (late, rows): (&[Due], usize),
) -> Result<Vec<Listed>, Refusal> {
    let today = scope.today();
    let now = AsOfNow::of(late);
    let query = placed(narrowed(scope.sight(), filters, &now), (filters.sort, &now), from);
    let limit = i64::try_from(rows).map_err(Refusal::fault)?;
    let found: Vec<PricedRow> = query
        .limit(limit)
        .inner_join(services::table.on(of_service()))
        .inner_join(members::table.on(of_owner()))
        .select((
            SubscriptionRow::as_select(),
            services::name,
            (members::name, members::status, members::left_on),
            (
                subscriptions::name_folded,
                now.date_of(filters.sort),
                line_today(today).select(price_lines::cost_minor).single_value(),
                line_today(today).select(price_lines::seats).single_value(),
                held().single_value(),
            ),
            (now.cost_at_renewal(), now.seats_at_renewal(), now.decision(), now.decided_seats()),
        ))
        .load(scope.conn())?;
    found.into_iter().map(|row| Ok(now.apply(listed(row, filters.sort, today)?, today))).collect()
}

/// How many rows all pages have.
pub(in super::super) fn count(scope: &mut impl Scope, filters: &Filters, late: &[Due]) -> Result<i64, Refusal> {
    Ok(narrowed(scope.sight(), filters, &AsOfNow::of(late)).count().get_result(scope.conn())?)
}

fn narrowed(sight: Sight, filters: &Filters, now: &AsOfNow<'_>) -> Query {
    let seen = visible(sight).into_boxed();
    let mut query = match filters.shown {
        Shown::All => seen.filter(subscriptions::removed_at.is_null()),
        Shown::Of(status) => seen.filter(subscriptions::removed_at.is_null()).filter(now.status().eq(status.code())),
        Shown::Removed => seen.filter(subscriptions::removed_at.is_not_null()),
    };
    if !filters.category.is_empty() {
        query = query.filter(subscriptions::category.eq(filters.category.clone()));
    }
    if !filters.department.is_empty() {
        query = query.filter(subscriptions::department.eq(filters.department.clone()));
    }
    if let Some(renewing) = filters.renewing {
        query = coming(query, renewing, now);
    }
    if let Some(owner) = filters.owner {
        query = query.filter(subscriptions::owner_id.eq(owner));
    }
    match filters.words.is_empty() {
        true => query,
        false => with_words(query, sight, &filters.words),
    }
}

/// Only what renews, and so has a last day to cancel.
fn coming(query: Query, renewing: Renewing, now: &AsOfNow<'_>) -> Query {
    let (cancel_by, renews_on) = (|| now.date_of(Sort::CancelBy), || now.date_of(Sort::Renewal));
    let query = query
        .filter(cancel_by().is_not_null())
        .filter(renews_on().ge(renewing.from))
        .filter(renews_on().le(renewing.to));
    let query = match renewing.act_by {
        Some(day) => query.filter(cancel_by().le(day)),
        None => query,
    };
    match renewing.answered {
        None => query,
        Some(Answered::Undecided) => query.filter(now.decision().is_null()),
        Some(answer) => query.filter(now.decision().eq(answer.code())),
    }
}

fn with_words(query: Query, sight: Sight, words: &str) -> Query {
    let like = format!("%{}%", folded(words).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let of_services = services::table
        .filter(services::business_id.eq(sight.business).and(services::name_folded.like(like.clone())))
        .select(services::id);
    let of_owners = members::table
        .filter(members::business_id.eq(sight.business).and(members::name_folded.like(like.clone())))
        .select(members::id);
    let tags = sql::<Text>("lower(array_to_string(subscriptions.tags, ','))");
    query.filter(
        subscriptions::name_folded
            .like(like.clone())
            .or(subscriptions::service_id.eq_any(of_services))
            .or(subscriptions::owner_id.eq_any(of_owners))
            .or(tags.like(like)),
    )
}

/// The query in its order, beginning at its place.
fn placed(query: Query, (sort, now): (Sort, &AsOfNow<'_>), from: &From) -> Query {
    let by = || now.date_of(sort);
    match (sort, from) {
        (Sort::Name, From::Start) => query.order((subscriptions::name_folded, subscriptions::id)),
        (Sort::Name, From::After(Place { key: Key::Name(name), id })) => query
            .filter(
                subscriptions::name_folded
                    .gt(name.clone())
                    .or(subscriptions::name_folded.eq(name.clone()).and(subscriptions::id.gt(*id))),
            )
            .order((subscriptions::name_folded, subscriptions::id)),
        (Sort::Name, From::Before(Place { key: Key::Name(name), id })) => query
            .filter(
                subscriptions::name_folded
                    .lt(name.clone())
                    .or(subscriptions::name_folded.eq(name.clone()).and(subscriptions::id.lt(*id))),
            )
            .order((subscriptions::name_folded.desc(), subscriptions::id.desc())),
        (_, From::After(Place { key: Key::Date(date), id })) => after_date(query, by, *date, *id),
        (_, From::Before(Place { key: Key::Date(date), id })) => before_date(query, by, *date, *id),
        // A place in another order is no place in this one: begin again.
        (_, From::Start | From::After(_) | From::Before(_)) => query.order((by().asc(), subscriptions::id.asc())),
    }
}

/// No date comes last, as the index has it.
fn after_date(query: Query, by: impl Fn() -> DateSql, date: Option<NaiveDate>, id: SubscriptionId) -> Query {
    let query = match date {
        Some(date) => query.filter(by().gt(date).or(by().eq(date).and(subscriptions::id.gt(id))).or(by().is_null())),
        None => query.filter(by().is_null()).filter(subscriptions::id.gt(id)),
    };
    query.order((by().asc(), subscriptions::id.asc()))
}

fn before_date(query: Query, by: impl Fn() -> DateSql, date: Option<NaiveDate>, id: SubscriptionId) -> Query {
    let query = match date {
        Some(date) => query.filter(by().lt(date).or(by().eq(date).and(subscriptions::id.lt(id)))),
        None => query.filter(by().is_not_null().or(by().is_null().and(subscriptions::id.lt(id)))),
    };
    query.order((by().desc(), subscriptions::id.desc()))
}

/// The price line that counts today: of the latest date on or before it, the newest.
#[diesel::dsl::auto_type(no_type_alias)]
fn line_today(today: NaiveDate) -> _ {
    price_lines::table
        .filter(price_lines::business_id.eq(subscriptions::business_id))
        .filter(price_lines::subscription_id.eq(subscriptions::id))
        .filter(price_lines::from_on.le(today))
        .order((price_lines::from_on.desc(), price_lines::id.desc()))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn held() -> _ {
    assignments::table
        .filter(assignments::business_id.eq(subscriptions::business_id))
        .filter(assignments::subscription_id.eq(subscriptions::id))
        .filter(assignments::ended_at.is_null())
        .count()
}

fn listed(row: PricedRow, sort: Sort, today: NaiveDate) -> Result<Listed, Refusal> {
    let (row, service, owner, (folded, date, minor, seats, held), renewal) = row;
    let (next_minor, next_seats, decision, decided_seats) = renewal;
    let subscription = subscription_of((row, service, owner), today)?;
    let currency = subscription.details.currency.code();
    let price = minor.map(|minor| price_of(currency, minor, seats)).transpose()?;
    let next_price = next_minor.map(|minor| price_of(currency, minor, next_seats)).transpose()?;
    let decided_seats = decided_seats.map(u32::try_from).transpose().map_err(Refusal::fault)?;
    let decided = decision.and_then(|code| Decided::parse(&code, decided_seats));
    let key = match sort {
        Sort::Name => Key::Name(folded),
        Sort::CancelBy | Sort::Renewal => Key::Date(date),
    };
    let place = Place { key, id: subscription.id };
    Ok(Listed { subscription, price, next_price, held: held.unwrap_or(0), decided, place })
}

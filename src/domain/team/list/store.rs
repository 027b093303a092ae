//! Lists of people in the database.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::domain::team::member::{Member, MemberStatus};
use crate::domain::team::store::{MemberRow, Visible, of_assignment, visible};
use crate::kernel::access::Sees;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, members, subscriptions};
use crate::kernel::work::Scope;

use super::{Filter, Turn};

/// The departments there are, by name.
pub(in crate::domain::team) fn departments(scope: &mut impl Scope) -> Result<Vec<String>, Refusal> {
    Ok(visible(scope)
        .filter(members::department.ne(""))
        .select(members::department)
        .distinct()
        .order(members::department)
        .load(scope.conn())?)
}

/// How many people fit the filter.
pub(super) fn count(scope: &mut impl Scope, filter: &Filter) -> Result<i64, Refusal> {
    let today = scope.today();
    Ok(filtered(visible(scope), filter, today).count().get_result(scope.conn())?)
}

/// At most `limit` people who fit the filter, by name, from this place on.
pub(super) fn page(scope: &mut impl Scope, filter: &Filter, turn: Turn, limit: i64) -> Result<Vec<Member>, Refusal> {
    let place = match turn {
        Turn::First => None,
        Turn::After(id) | Turn::Before(id) => place_of(scope, id)?,
    };
    let query = filtered(visible(scope), filter, scope.today()).limit(limit);
    let query = match (turn, place) {
        (Turn::Before(id), Some(name)) => query
            .filter(members::name_folded.lt(name.clone()).or(members::name_folded.eq(name).and(members::id.lt(id))))
            .order((members::name_folded.desc(), members::id.desc())),
        (Turn::After(id), Some(name)) => query
            .filter(members::name_folded.gt(name.clone()).or(members::name_folded.eq(name).and(members::id.gt(id))))
            .order((members::name_folded.asc(), members::id.asc())),
        _ => query.order((members::name_folded.asc(), members::id.asc())),
    };
    let rows = query.select(MemberRow::as_select()).load(scope.conn())?;
    rows.into_iter().map(MemberRow::member).collect()
}

fn place_of(scope: &mut impl Scope, id: MemberId) -> Result<Option<String>, Refusal> {
    Ok(visible(scope).filter(members::id.eq(id)).select(members::name_folded).first(scope.conn()).optional()?)
}

fn filtered(query: Visible, filter: &Filter, today: NaiveDate) -> Visible {
    let query = match filter.department.as_str() {
        "" => query,
        department => query.filter(members::department.eq(department.to_owned())),
    };
    let query = match filter.manager {
        None => query,
        Some(manager) => query.filter(members::manager_id.eq(manager)),
    };
    let query = match filter.status {
        None => query,
        Some(MemberStatus::Left) => {
            query.filter(members::status.eq(MemberStatus::Left.code()).or(members::left_on.lt(today).assume_not_null()))
        }
        Some(status) => query
            .filter(members::status.eq(status.code()))
            .filter(members::left_on.is_null().or(members::left_on.ge(today))),
    };
    match filter.words.trim() {
        "" => query,
        words => {
            let pattern = format!("%{}%", escaped(&words.to_lowercase()));
            query.filter(members::name_folded.like(pattern.clone()).or(members::email_folded.like(pattern)))
        }
    }
}

/// What is typed into a search box is searched for as it stands.
fn escaped(words: &str) -> String {
    words.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect()
}

/// Everybody who can be chosen in a form, by name: whoever has not left; or one of them alone.
pub(in super::super) fn options(
    scope: &mut impl Scope,
    only: Option<MemberId>,
    limit: i64,
) -> Result<Vec<(MemberId, String, String)>, Refusal> {
    let today = scope.today();
    let mut people = visible(scope);
    if let Some(only) = only {
        people = people.filter(members::id.eq(only));
    }
    Ok(people
        .filter(members::status.ne(MemberStatus::Left.code()))
        .filter(members::left_on.is_null().or(members::left_on.ge(today)))
        .order((members::name_folded, members::id))
        .limit(limit)
        .select((members::id, members::name, members::email))
        .load(scope.conn())?)
}

/// At most three people of this folded address or name, with their folded addresses: the one of the address first.
pub(in super::super) fn called(scope: &mut impl Scope, folded: &str) -> Result<Vec<(MemberId, String)>, Refusal> {
    Ok(visible(scope)
        .filter(members::email_folded.eq(folded).or(members::name_folded.eq(folded)))
        .order((members::email_folded.eq(folded).desc(), members::id))
        .limit(3)
        .select((members::id, members::email_folded))
        .load(scope.conn())?)
}

/// How many seats each of these people holds, among those that may be seen.
pub(super) fn seats_held(scope: &mut impl Scope, ids: Vec<MemberId>) -> Result<HashMap<MemberId, i64>, Refusal> {
    let sight = scope.sight();
    let held = assignments::table
        .inner_join(subscriptions::table.on(of_assignment()))
        .filter(assignments::business_id.eq(sight.business).and(assignments::ended_at.is_null()))
        .filter(subscriptions::removed_at.is_null().and(assignments::member_id.eq_any(ids)))
        .group_by(assignments::member_id)
        .select((assignments::member_id, diesel::dsl::count_star()))
        .into_boxed();
    let held = match sight.sees {
        Sees::OnlyOf(me) => held.filter(subscriptions::owner_id.eq(me).or(assignments::member_id.eq(me))),
        Sees::All | Sees::Nothing => held,
    };
    let counted: Vec<(MemberId, i64)> = held.load(scope.conn())?;
    Ok(counted.into_iter().collect())
}

/// How many subscriptions each of these people owns, among those that may be seen.
pub(super) fn owned_by(scope: &mut impl Scope, ids: Vec<MemberId>) -> Result<HashMap<MemberId, i64>, Refusal> {
    let sight = scope.sight();
    let owned = subscriptions::table
        .filter(subscriptions::business_id.eq(sight.business).and(subscriptions::removed_at.is_null()))
        .filter(subscriptions::status.eq_any(["trial", "active"]).and(subscriptions::owner_id.eq_any(ids)))
        .group_by(subscriptions::owner_id)
        .select((subscriptions::owner_id, diesel::dsl::count_star()))
        .into_boxed();
    let owned = match sight.sees {
        Sees::OnlyOf(me) => owned.filter(subscriptions::owner_id.eq(me)),
        Sees::All | Sees::Nothing => owned,
    };
    let counted: Vec<(MemberId, i64)> = owned.load(scope.conn())?;
    Ok(counted.into_iter().collect())
}

/// The subscriptions this person owns that still run, by name, among those that may be seen.
pub(in crate::domain::team) fn subscriptions_of(
    scope: &mut impl Scope,
    owner: MemberId,
) -> Result<Vec<(SubscriptionId, String)>, Refusal> {
    let sight = scope.sight();
    let is_seen = match sight.sees {
        Sees::All => true,
        Sees::OnlyOf(me) => me == owner,
        Sees::Nothing => false,
    };
    if !is_seen {
        return Ok(Vec::new());
    }
    Ok(subscriptions::table
        .filter(subscriptions::business_id.eq(sight.business).and(subscriptions::owner_id.eq(owner)))
        .filter(subscriptions::removed_at.is_null().and(subscriptions::status.eq_any(["trial", "active"])))
        .order((subscriptions::name_folded, subscriptions::id))
        .select((subscriptions::id, subscriptions::name))
        .load(scope.conn())?)
}

/// Everybody who is somebody's manager, by name.
pub(super) fn managers(scope: &mut impl Scope) -> Result<Vec<(MemberId, String)>, Refusal> {
    let business = scope.business();
    let managed = diesel::alias!(members as managed);
    let managing = managed
        .filter(managed.field(members::business_id).eq(business))
        .filter(managed.field(members::manager_id).is_not_null())
        .select(managed.field(members::manager_id).assume_not_null());
    Ok(visible(scope)
        .filter(members::id.eq_any(managing))
        .order((members::name_folded, members::id))
        .select((members::id, members::name))
        .load(scope.conn())?)
}

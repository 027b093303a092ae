//! Plans that were asked for, in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::kernel::ids::{BusinessId, PlanId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, members, plan_requests, plans, staff_keys, users};
use crate::kernel::work::{Scope, Work};

use super::requests::{Asked, Open};

/// What the business asks for.
pub(super) fn of(scope: &mut impl Scope) -> Result<Option<Asked>, Refusal> {
    let business = scope.business();
    let row: Option<(String, String, DateTime<Utc>)> = plan_requests::table
        .find(business)
        .inner_join(plans::table)
        .select((plans::code, plans::name, plan_requests::asked_at))
        .first(scope.conn())
        .optional()?;
    Ok(row.map(|(code, plan, at)| Asked { code, plan, at }))
}

/// Writes what it asks for, in place of anything it asked for before.
pub(super) fn put(work: &mut Work<'_>, plan: PlanId) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    let asked = (plan_requests::plan_id.eq(plan), plan_requests::asked_at.eq(now));
    diesel::insert_into(plan_requests::table)
        .values((plan_requests::business_id.eq(business), asked))
        .on_conflict(plan_requests::business_id)
        .do_update()
        .set(asked)
        .execute(work.conn())?;
    Ok(())
}

/// The name of the member who acts.
pub(super) fn asker(work: &mut Work<'_>) -> Result<Option<String>, Refusal> {
    let Some(member) = work.access().member() else {
        return Ok(None);
    };
    let row = members::table.find((work.business(), member));
    Ok(row.select(members::name).first(work.conn()).optional()?)
}

/// Address and name of everybody who runs the installation. Whoever was made staff and has not chosen a password yet
/// cannot answer, and is not written to.
pub(super) fn staff(conn: &mut PgConnection) -> Result<Vec<(String, String)>, Refusal> {
    let keys = staff_keys::table.filter(staff_keys::user_id.eq(users::id));
    let has_key = diesel::dsl::exists(keys.filter(staff_keys::used_at.is_null()));
    Ok(users::table
        .filter(users::is_staff)
        .filter(users::last_sign_in_at.is_not_null().or(diesel::dsl::not(has_key)))
        .order(users::id)
        .select((users::email, users::name))
        .load(conn)?)
}

/// The business asks for nothing any more.
pub(super) fn drop(work: &mut Work<'_>) -> Result<(), Refusal> {
    let business = work.business();
    diesel::delete(plan_requests::table.find(business)).execute(work.conn())?;
    Ok(())
}

/// What businesses ask for, oldest first, at most so many.
pub(super) fn all(conn: &mut PgConnection, at_most: i64) -> Result<Vec<Open>, Refusal> {
    let rows: Vec<(BusinessId, String, String, DateTime<Utc>)> = plan_requests::table
        .inner_join(plans::table)
        .inner_join(businesses::table)
        .order((plan_requests::asked_at, plan_requests::business_id))
        .limit(at_most)
        .select((plan_requests::business_id, businesses::name, plans::name, plan_requests::asked_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(business, name, plan, at)| Open { business, name, plan, at }).collect())
}

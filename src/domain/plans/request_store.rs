//! Plans that were asked for, in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::kernel::ids::{BusinessId, PlanId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, plan_requests, plans};
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

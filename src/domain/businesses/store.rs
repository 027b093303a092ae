//! Businesses in the database.

use diesel::pg::Pg;
use diesel::prelude::*;
use rand::RngExt;

use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, members, plan_subscriptions, plans};
use crate::kernel::work::{Scope, View, Work};

use crate::domain::plans::store::{PlanRow, PlanSubscriptionRow, Written, standing_of};

use super::desk::Desk;

/// Inserts the business of this access; says its fresh public application id.
pub(super) fn insert(work: &mut Work<'_>, name: &str) -> Result<String, Refusal> {
    let application_id = application_id();
    let (house, now) = (work.house(), work.now());
    diesel::insert_into(businesses::table)
        .values((
            businesses::id.eq(house.business),
            businesses::name.eq(name),
            businesses::currency.eq(house.currency.code()),
            businesses::zone.eq(house.zone.name()),
            businesses::locale.eq(house.locale.code()),
            businesses::application_id.eq(&application_id),
            businesses::status.eq("active"),
            businesses::created_at.eq(now),
        ))
        .execute(work.conn())?;
    Ok(application_id)
}

/// The desk of the acting member, in one statement.
pub(super) fn desk(view: &mut View<'_>) -> Result<Desk, Refusal> {
    let (business, now, zone) = (view.business(), view.now(), view.house().zone);
    let member = view.access().member().ok_or_else(Refusal::not_found)?;
    let next_plans = diesel::alias!(plans as next_plans);
    let next_plan = next_plans.fields(<PlanRow as Selectable<Pg>>::construct_selection()).nullable();
    let (person, email, business, standing): (String, String, String, Written) = members::table
        .inner_join(
            businesses::table.inner_join(
                plan_subscriptions::table
                    .inner_join(plans::table.on(plans::id.eq(plan_subscriptions::plan_id)))
                    .left_join(
                        next_plans.on(next_plans.field(plans::id).nullable().eq(plan_subscriptions::next_plan_id)),
                    ),
            ),
        )
        .filter(members::business_id.eq(business).and(members::id.eq(member)))
        .select((
            members::name,
            members::email,
            businesses::name,
            (PlanSubscriptionRow::as_select(), PlanRow::as_select(), next_plan),
        ))
        .first(view.conn())?;
    let standing = standing_of(standing, zone, now)?;
    let end_day = standing.period_ends_at.with_timezone(&zone).date_naive();
    let days = end_day.signed_duration_since(now.with_timezone(&zone).date_naive()).num_days();
    Ok(Desk {
        person,
        email,
        business,
        is_ended: standing.is_ended(now),
        days_left: (!standing.goes_on()).then_some(days),
    })
}

fn application_id() -> String {
    rand::rng().sample_iter(rand::distr::Alphanumeric).take(24).map(char::from).collect()
}

//! Businesses in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use rand::RngExt;

use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, members, plan_subscriptions, plans};
use crate::kernel::work::{Scope, View, Work};

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

type DeskRow = (String, String, String, (bool, Option<uuid::Uuid>, DateTime<Utc>, Option<DateTime<Utc>>));

/// The desk of the acting member, in one statement.
pub(super) fn desk(view: &mut View<'_>) -> Result<Desk, Refusal> {
    let (business, now, zone) = (view.business(), view.now(), view.house().zone);
    let member = view.access().member().ok_or_else(Refusal::not_found)?;
    let (person, email, business, (renews, next_plan, ends_at, ended_at)): DeskRow = members::table
        .inner_join(businesses::table.inner_join(
            plan_subscriptions::table.inner_join(plans::table.on(plans::id.eq(plan_subscriptions::plan_id))),
        ))
        .filter(members::business_id.eq(business).and(members::id.eq(member)))
        .select((
            members::name,
            members::email,
            businesses::name,
            (
                plans::renews,
                plan_subscriptions::next_plan_id.nullable(),
                plan_subscriptions::period_ends_at,
                plan_subscriptions::ended_at,
            ),
        ))
        .first(view.conn())?;
    let goes_on = renews || next_plan.is_some();
    let end_day = ends_at.with_timezone(&zone).date_naive();
    let days = end_day.signed_duration_since(now.with_timezone(&zone).date_naive()).num_days();
    Ok(Desk {
        person,
        email,
        business,
        is_ended: ended_at.is_some() || (now >= ends_at && !goes_on),
        days_left: (!goes_on).then_some(days),
    })
}

fn application_id() -> String {
    rand::rng().sample_iter(rand::distr::Alphanumeric).take(24).map(char::from).collect()
}

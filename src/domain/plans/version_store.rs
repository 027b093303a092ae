//! Versions of plans in the database.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::kernel::ids::PlanId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{plan_limits, plan_overrides, plan_periods, plan_subscriptions, plans};
use crate::kernel::work::{Scope, Work};

use super::store::plans_of;
use super::versions::{Terms, Version};

/// Every version, by code and newest first, with how many are on it.
pub(super) fn all(conn: &mut PgConnection) -> Result<Vec<Version>, Refusal> {
    let rows: Vec<(PlanId, i32, bool, bool)> = plans::table
        .order((plans::code, plans::version.desc()))
        .select((plans::id, plans::version, plans::public, plans::current))
        .load(conn)?;
    let on: Vec<(PlanId, i64)> = plan_subscriptions::table
        .group_by(plan_subscriptions::plan_id)
        .select((plan_subscriptions::plan_id, diesel::dsl::count_star()))
        .load(conn)?;
    let ids: Vec<PlanId> = rows.iter().map(|(id, ..)| *id).collect();
    let mut found = plans_of(conn, &ids)?;
    let version = |(id, number, is_public, is_current): (PlanId, i32, bool, bool)| {
        let place = found.iter().position(|plan| plan.id == id)?;
        let businesses = on.iter().find(|(plan, _)| *plan == id).map_or(0, |(_, count)| *count);
        Some(Version { plan: found.swap_remove(place), number, is_public, is_current, businesses })
    };
    Ok(rows.into_iter().filter_map(version).collect())
}

/// Keeps two who write plans at once apart, and nobody who only reads or chooses them.
pub(super) fn lock(work: &mut Work<'_>) -> Result<(), Refusal> {
    let _: Vec<PlanId> =
        plans::table.filter(plans::code.eq("trial")).select(plans::id).for_no_key_update().load(work.conn())?;
    Ok(())
}

/// The newest version of a code, its number, and whether it was ever used or was taken off sale.
pub(super) fn newest(work: &mut Work<'_>, code: &str) -> Result<Option<(PlanId, i32, bool)>, Refusal> {
    let found: Option<(PlanId, i32, bool)> = plans::table
        .filter(plans::code.eq(code))
        .order(plans::version.desc())
        .select((plans::id, plans::version, plans::current))
        .first(work.conn())
        .optional()?;
    let Some((id, number, is_current)) = found else {
        return Ok(None);
    };
    let chosen = plan_subscriptions::table
        .filter(plan_subscriptions::plan_id.eq(id).or(plan_subscriptions::next_plan_id.eq(id).assume_not_null()));
    let lived = plan_periods::table.filter(plan_periods::plan_id.eq(id));
    let lent = plan_overrides::table.filter(plan_overrides::plan_id.eq(id));
    let is_used: bool = diesel::select(exists(chosen).or(exists(lived)).or(exists(lent))).get_result(work.conn())?;
    Ok(Some((id, number, is_used || !is_current)))
}

/// Writes a version and takes the one before it off sale.
pub(super) fn insert(work: &mut Work<'_>, number: i32, terms: &Terms) -> Result<PlanId, Refusal> {
    let id = PlanId::mint(work.now());
    diesel::update(plans::table.filter(plans::code.eq(&terms.code).and(plans::current)))
        .set(plans::current.eq(false))
        .execute(work.conn())?;
    diesel::insert_into(plans::table)
        .values((
            (plans::id.eq(id), plans::code.eq(&terms.code), plans::version.eq(number), plans::name.eq(&terms.name)),
            (plans::price_minor.eq(terms.price.minor), plans::currency.eq(terms.price.currency.code())),
            (plans::cycle_unit.eq(terms.cycle.unit().code()), plans::cycle_count.eq(count(terms)?)),
            (plans::renews.eq(terms.renews), plans::public.eq(terms.is_public)),
            (plans::audit_days.eq(terms.audit_days), plans::current.eq(true)),
        ))
        .execute(work.conn())?;
    limits(work, id, terms)?;
    Ok(id)
}

/// Writes over a version that nobody ever used.
pub(super) fn overwrite(work: &mut Work<'_>, id: PlanId, terms: &Terms) -> Result<(), Refusal> {
    diesel::update(plans::table.find(id))
        .set((
            (plans::name.eq(&terms.name), plans::price_minor.eq(terms.price.minor)),
            (plans::currency.eq(terms.price.currency.code()), plans::cycle_unit.eq(terms.cycle.unit().code())),
            (plans::cycle_count.eq(count(terms)?), plans::renews.eq(terms.renews)),
            (plans::public.eq(terms.is_public), plans::audit_days.eq(terms.audit_days)),
        ))
        .execute(work.conn())?;
    diesel::delete(plan_limits::table.filter(plan_limits::plan_id.eq(id))).execute(work.conn())?;
    limits(work, id, terms)
}

fn limits(work: &mut Work<'_>, id: PlanId, terms: &Terms) -> Result<(), Refusal> {
    let row = |(meter, allowance): &(super::plan::Meter, Option<i64>)| {
        (
            plan_limits::plan_id.eq(id),
            plan_limits::meter.eq(meter.code()),
            plan_limits::allowance.eq(*allowance),
            plan_limits::per_cycle.eq(meter.is_per_cycle()),
        )
    };
    let rows: Vec<_> = terms.limits.iter().map(row).collect();
    diesel::insert_into(plan_limits::table).values(rows).execute(work.conn())?;
    Ok(())
}

fn count(terms: &Terms) -> Result<i32, Refusal> {
    i32::try_from(terms.cycle.count()).map_err(Refusal::fault)
}

/// Code, name, number, and whether it can be chosen.
pub(super) fn find(work: &mut Work<'_>, id: PlanId) -> Result<(String, String, i32, bool), Refusal> {
    Ok(plans::table.find(id).select((plans::code, plans::name, plans::version, plans::current)).first(work.conn())?)
}

/// Takes it off sale.
pub(super) fn archive(work: &mut Work<'_>, id: PlanId) -> Result<(), Refusal> {
    diesel::update(plans::table.find(id)).set(plans::current.eq(false)).execute(work.conn())?;
    Ok(())
}

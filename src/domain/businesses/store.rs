//! Businesses in the database.

use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use rand::RngExt;

use crate::kernel::access::{Actor, Standing};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, members, plan_overrides, plan_subscriptions, plans, users};
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

type Person = (String, String, bool);
/// Name, why it is suspended, and whether another plan was given to it in place of its own.
type Place = (String, Option<String>, bool);

/// The desk of whoever acts, in one statement.
pub(super) fn desk(view: &mut View<'_>) -> Result<Desk, Refusal> {
    let (business, actor) = (view.business(), view.access().actor());
    let next_plans = diesel::alias!(plans as next_plans);
    let next_plan = next_plans.fields(<PlanRow as Selectable<Pg>>::construct_selection()).nullable();
    let places = businesses::table.inner_join(
        plan_subscriptions::table
            .inner_join(plans::table.on(plans::id.eq(plan_subscriptions::plan_id)))
            .left_join(next_plans.on(next_plans.field(plans::id).nullable().eq(plan_subscriptions::next_plan_id))),
    );
    let given = plan_overrides::table
        .filter(plan_overrides::business_id.eq(business).and(plan_overrides::kind.eq("plan")))
        .filter(plan_overrides::expires_on.ge(view.today()));
    let place = (businesses::name, businesses::suspended_because, exists(given));
    let standing = (PlanSubscriptionRow::as_select(), PlanRow::as_select(), next_plan);
    let found: (Person, Place, Written) = match actor {
        Actor::Member { member, .. } => places
            .inner_join(members::table.inner_join(users::table))
            .filter(members::business_id.eq(business).and(members::id.eq(member)))
            .select(((members::name, members::email, users::is_staff), place, standing))
            .first(view.conn())?,
        Actor::Support { staff, .. } => places
            .inner_join(users::table.on(users::id.eq(staff)))
            .filter(businesses::id.eq(business))
            .select(((users::name, users::email, users::is_staff), place, standing))
            .first(view.conn())?,
        _ => return Err(Refusal::not_found()),
    };
    desk_of(view, found)
}

fn desk_of(view: &View<'_>, (person, place, standing): (Person, Place, Written)) -> Result<Desk, Refusal> {
    let (now, zone) = (view.now(), view.house().zone);
    let ((person, email, is_staff), (business, suspended_because, is_given)) = (person, place);
    let standing = standing_of(standing, zone, now)?;
    let end_day = standing.period_ends_at.with_timezone(&zone).date_naive();
    let days = end_day.signed_duration_since(now.with_timezone(&zone).date_naive()).num_days();
    let is_suspended = view.house().standing == Standing::Suspended;
    Ok(Desk {
        person,
        email,
        business,
        is_ended: standing.is_ended(now) && !is_given,
        days_left: (!standing.goes_on() && !is_given).then_some(days),
        suspended_because: is_suspended.then(|| suspended_because.unwrap_or_default()),
        is_staff,
    })
}

fn application_id() -> String {
    rand::rng().sample_iter(rand::distr::Alphanumeric).take(24).map(char::from).collect()
}

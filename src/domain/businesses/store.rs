//! Businesses in the database.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Int4, Timestamptz, Uuid as SqlUuid};
use rand::RngExt;

use crate::kernel::access::{Actor, Standing};
use crate::kernel::currency::Currency;
use crate::kernel::due::Which;
use crate::kernel::ids::BusinessId;
use crate::kernel::locale::Locale;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, members, plan_overrides, plan_subscriptions, plans, users, worker_failures};
use crate::kernel::work::{Scope, SweepWork, View, Work};

use crate::domain::plans::store::{PlanRow, PlanSubscriptionRow, Written, standing_of};

use super::desk::Desk;
use super::settings::{Settings, Steps, SupportAccess};

diesel::define_sql_function! {
    /// Deletes about so many rows of a business whose grace is over.
    fn forget_closed_business(closed: SqlUuid, at: Timestamptz, at_most: Int4) -> Int4;
}

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

#[derive(Queryable, Selectable)]
#[diesel(table_name = businesses, check_for_backend(Pg))]
struct SettingsRow {
    name: String,
    currency: String,
    zone: String,
    locale: String,
    support_access: String,
    require_two_factor: bool,
    client_sign_up: bool,
    cancel_by_steps: Vec<Option<i32>>,
    renewal_steps: Vec<Option<i32>>,
    checked_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
    application_id: String,
}

/// What the business has set about itself.
pub(super) fn settings(scope: &mut impl Scope) -> Result<Settings, Refusal> {
    let business = scope.business();
    let row = businesses::table.find(business).select(SettingsRow::as_select()).first(scope.conn())?;
    Ok(Settings {
        name: row.name,
        currency: Currency::parse(&row.currency).map_err(Refusal::fault)?,
        zone: row.zone.parse().map_err(Refusal::fault)?,
        locale: Locale::parse(&row.locale).unwrap_or_default(),
        support_access: SupportAccess::parse(&row.support_access).map_err(Refusal::fault)?,
        require_two_factor: row.require_two_factor,
        client_sign_up: row.client_sign_up,
        cancel_by_reminders: Steps::stored(row.cancel_by_steps),
        renewal_reminders: Steps::stored(row.renewal_steps),
        is_checked: row.checked_at.is_some(),
        closes_at: row.closes_at,
        application_id: row.application_id,
    })
}

/// Writes what the business has set about itself.
pub(super) fn write_settings(work: &mut Work<'_>, after: &Settings) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    diesel::update(businesses::table.find(business))
        .set((
            businesses::name.eq(&after.name),
            businesses::currency.eq(after.currency.code()),
            businesses::zone.eq(after.zone.name()),
            businesses::locale.eq(after.locale.code()),
            businesses::support_access.eq(after.support_access.code()),
            businesses::require_two_factor.eq(after.require_two_factor),
            businesses::client_sign_up.eq(after.client_sign_up),
            businesses::cancel_by_steps.eq(after.cancel_by_reminders.days()),
            businesses::renewal_steps.eq(after.renewal_reminders.days()),
        ))
        .execute(work.conn())?;
    let unchecked = businesses::table.find(business).filter(businesses::checked_at.is_null());
    if after.is_checked {
        diesel::update(unchecked).set(businesses::checked_at.eq(now)).execute(work.conn())?;
    }
    Ok(())
}

/// Has the reminders of every running subscription looked at anew: their days have changed.
pub(super) fn look_at_reminders(work: &mut Work<'_>) -> Result<(), Refusal> {
    let business = work.business();
    diesel::sql_query(
        "UPDATE subscriptions SET remind_on = '-infinity'
         WHERE business_id = $1 AND removed_at IS NULL AND status IN ('trial', 'active') AND renews_on IS NOT NULL",
    )
    .bind::<SqlUuid, _>(business)
    .execute(work.conn())?;
    Ok(())
}

/// Holds the row of the business against the worker, which leaves one that is held alone. Called under its lock.
pub(super) fn hold(work: &mut Work<'_>) -> Result<(), Refusal> {
    let business = work.business();
    // Not FOR UPDATE: rows written a moment ago refer to it.
    let held = businesses::table.find(business).select(businesses::id).for_no_key_update();
    Ok(held.first::<BusinessId>(work.conn()).map(drop)?)
}

/// Sets when the business will be gone, or that it stays. Not of one that staff suspended a moment ago.
pub(super) fn set_closing(work: &mut Work<'_>, gone_at: Option<DateTime<Utc>>) -> Result<(), Refusal> {
    let business = work.business();
    let (from, to) = if gone_at.is_some() { ("active", "closing") } else { ("closing", "active") };
    let standing = businesses::table.filter(businesses::id.eq(business).and(businesses::status.eq(from)));
    let changed = diesel::update(standing)
        .set((businesses::status.eq(to), businesses::closes_at.eq(gone_at)))
        .execute(work.conn())?;
    if changed == 1 { Ok(()) } else { Err(Refusal::not_allowed()) }
}

/// Under this name it is noted that a business could not be forgotten.
pub(super) const FORGETTING: &str = "closed businesses";

/// The businesses whose days of grace are over, locked, without those that failed a short while ago; one that another
/// worker is at is left to it.
pub(super) fn claim_closed(
    work: &mut SweepWork<'_>,
    which: &Which<BusinessId>,
) -> Result<Vec<(BusinessId, String)>, Refusal> {
    let now = work.now();
    let waits = worker_failures::table
        .filter(worker_failures::job.eq(FORGETTING).and(worker_failures::business_id.eq(businesses::id)))
        .filter(worker_failures::next_attempt_at.gt(now));
    let only = which.only(|business| *business);
    let wanted = only.is_none().into_sql::<Bool>().or(businesses::id.eq_any(only.unwrap_or_default()));
    Ok(businesses::table
        .filter(businesses::status.eq("closing").and(businesses::closes_at.le(now)))
        .filter(wanted)
        .filter(diesel::dsl::not(diesel::dsl::exists(waits)))
        .order((businesses::closes_at, businesses::id))
        .select((businesses::id, businesses::name))
        .limit(which.at_most()?)
        .for_update()
        .skip_locked()
        .load(work.conn_of_all_businesses())?)
}

/// Deletes about so many of its rows; says how many went.
pub(super) fn forget(work: &mut SweepWork<'_>, business: BusinessId, at_most: i32) -> Result<usize, Refusal> {
    let now = work.now();
    let gone: i32 =
        diesel::select(forget_closed_business(business, now, at_most)).get_result(work.conn_of_all_businesses())?;
    usize::try_from(gone).map_err(Refusal::fault)
}

/// Deletes the row of the business itself, which must be the last of it.
pub(super) fn delete(work: &mut SweepWork<'_>, business: BusinessId) -> Result<(), Refusal> {
    diesel::delete(businesses::table.find(business)).execute(work.conn_of_all_businesses())?;
    Ok(())
}

type Person = (String, String, bool, i64);
/// Name, why it is suspended, when it is gone, and whether another plan was given to it in place of its own.
type Place = (String, Option<String>, Option<DateTime<Utc>>, bool);

/// What the acting member has not read: not counted further than a page shows.
const UNREAD: &str = "(SELECT count(*) FROM (
  SELECT FROM notifications n
  WHERE n.business_id = members.business_id AND n.member_id = members.id AND n.read_at IS NULL LIMIT 100) AS unread)";

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
        .filter(plan_overrides::taken_back_at.is_null().and(plan_overrides::expires_on.ge(view.today())));
    let place = (businesses::name, businesses::suspended_because, businesses::closes_at, exists(given));
    let standing = (PlanSubscriptionRow::as_select(), PlanRow::as_select(), next_plan);
    let found: (Person, Place, Written) = match actor {
        Actor::Member { member, .. } => places
            .inner_join(members::table.inner_join(users::table))
            .filter(members::business_id.eq(business).and(members::id.eq(member)))
            .select(((members::name, members::email, users::is_staff, sql::<BigInt>(UNREAD)), place, standing))
            .first(view.conn())?,
        Actor::Support { staff, .. } => places
            .inner_join(users::table.on(users::id.eq(staff)))
            .filter(businesses::id.eq(business))
            .select(((users::name, users::email, users::is_staff, sql::<BigInt>("0::bigint")), place, standing))
            .first(view.conn())?,
        _ => return Err(Refusal::not_found()),
    };
    desk_of(view, found)
}

fn desk_of(view: &View<'_>, (person, place, standing): (Person, Place, Written)) -> Result<Desk, Refusal> {
    let (now, zone) = (view.now(), view.house().zone);
    let ((person, email, is_staff, unread), (business, suspended_because, closes_at, is_given)) = (person, place);
    let standing = standing_of(standing, zone, now)?;
    let end_day = standing.period_ends_at.with_timezone(&zone).date_naive();
    let days = end_day.signed_duration_since(now.with_timezone(&zone).date_naive()).num_days();
    let is_suspended = view.house().standing == Standing::Suspended;
    Ok(Desk {
        person,
        email,
        business,
        gone_on: closes_at.map(|at| at.with_timezone(&zone).date_naive()),
        is_ended: standing.is_ended(now) && !is_given,
        days_left: (!standing.goes_on() && !is_given).then_some(days),
        suspended_because: is_suspended.then(|| suspended_because.unwrap_or_default()),
        unread,
        is_staff,
    })
}

fn application_id() -> String {
    rand::rng().sample_iter(rand::distr::Alphanumeric).take(24).map(char::from).collect()
}

//! What staff give a business: the writes behind the operations of the console, under the lock of the business.

use chrono::{Days, NaiveDate};

use crate::kernel::calendar::local_midnight;
use crate::kernel::ids::{OverrideId, UserId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::choose::{Chosen, carry_out, require_settled};
use super::overrides::{Given, Override};
use super::plan::{Meter, Plan};
use super::plan_subscription::PlanSubscription;
use super::quote::{Quote, quote_at_once};
use super::{override_store, store};

/// No override is for longer than this.
const MOST_DAYS: u64 = 2 * 366;

/// What is given beyond the plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum More {
    /// A limit above the plan's.
    Limit(Meter, i64),
    /// So much on top, in this cycle.
    Extra(Meter, i64),
    /// A later last day of this cycle.
    LongerCycle(NaiveDate),
}

/// Who gives, why and until when.
pub struct Terms {
    /// The staff member.
    pub staff: UserId,
    /// Why, for the owners to read.
    pub reason: String,
    /// The last day, which still counts.
    pub expires_on: Option<NaiveDate>,
}

/// Before and after, for the trail.
pub struct Done {
    /// What there was.
    pub before: String,
    /// What there is.
    pub after: String,
    /// The last day of it.
    pub until: NaiveDate,
}

/// The current version of the plan of this code, also one that is not public.
pub fn find(work: &mut Work<'_>, code: &str) -> Result<Plan, Refusal> {
    store::current_plan(work.conn(), code)?.ok_or_else(|| Refusal::invalid("plan", "Choose one of the plans on sale."))
}

/// Gives the limits of another plan until a day; the plan itself, and what is due for it, go on as they are.
pub fn lend_plan(work: &mut Work<'_>, plan: &Plan, terms: &Terms) -> Result<Done, Refusal> {
    let (current, today) = (store::lock(work)?, work.today());
    let until = last_day(terms.expires_on, today)?.ok_or_else(needs_day)?;
    let before = current.given_plan(today).map_or(&current.plan, |(plan, _)| plan).name.clone();
    put(work, Given::Plan(Box::new(plan.clone())), until, terms)?;
    Ok(Done { before, after: plan.name.clone(), until })
}

/// Takes the lock of the business.
pub fn hold(work: &mut Work<'_>) -> Result<(), Refusal> {
    store::lock_written(work).map(drop)
}

/// What putting the business on this plan would do now; refused when it is the present one.
pub fn settle(work: &mut Work<'_>, plan: &Plan) -> Result<(PlanSubscription, Quote), Refusal> {
    let current = store::lock_written(work)?;
    let (zone, now) = (work.house().zone, work.now());
    require_settled(&current, now)?;
    match quote_at_once(&current, plan, zone, now)? {
        Quote::Nothing => Err(Refusal::conflict("present_plan", format!("{} is the present plan.", plan.name))),
        quote => Ok((current, quote)),
    }
}

/// Puts the business on this plan for good, as settled.
pub fn put_on(
    work: &mut Work<'_>,
    plan: &Plan,
    (current, quote): (PlanSubscription, Quote),
) -> Result<Audited<Chosen>, Refusal> {
    carry_out(work, &current, plan, quote)
}

/// Gives more than the plan does.
pub fn give_more(work: &mut Work<'_>, more: More, terms: &Terms) -> Result<Done, Refusal> {
    match more {
        More::Limit(meter, limit) => raise(work, meter, limit, terms),
        More::Extra(meter, extra) => add(work, meter, extra, terms),
        More::LongerCycle(ends_on) => lengthen(work, ends_on, terms),
    }
}

fn raise(work: &mut Work<'_>, meter: Meter, limit: i64, terms: &Terms) -> Result<Done, Refusal> {
    let (current, today, locale) = (store::lock(work)?, work.today(), work.house().locale);
    let until = last_day(terms.expires_on, today)?.ok_or_else(needs_day)?;
    let allowed = require_limited(&current, meter, today, "limit")?;
    if limit <= allowed {
        let message = format!("The limit is {} already. Raise it, or leave it.", locale.number(allowed));
        return Err(Refusal::invalid("limit", message));
    }
    put(work, Given::Limit { meter, limit }, until, terms)?;
    Ok(Done { before: locale.number(allowed), after: locale.number(limit), until })
}

fn add(work: &mut Work<'_>, meter: Meter, extra: i64, terms: &Terms) -> Result<Done, Refusal> {
    if !meter.is_per_cycle() {
        let message = "Only what begins anew with each cycle can be given as extra. Raise the limit instead.";
        return Err(Refusal::invalid("extra", message));
    }
    let (current, today, house) = (store::lock(work)?, work.today(), work.house());
    let allowed = require_limited(&current, meter, today, "extra")?;
    let end = current.period_ends_at.with_timezone(&house.zone).date_naive();
    let last = end.pred_opt().unwrap_or(end).max(today);
    let until = last_day(terms.expires_on, today)?.unwrap_or(last).min(last);
    put(work, Given::Extra { meter, extra, spent: 0, cycle_starts_at: current.cycle_starts_at }, until, terms)?;
    let after = house.locale.number(allowed.saturating_add(extra));
    Ok(Done { before: house.locale.number(allowed), after, until })
}

fn lengthen(work: &mut Work<'_>, ends_on: NaiveDate, terms: &Terms) -> Result<Done, Refusal> {
    let current = store::lock_written(work)?;
    let (house, now, today) = (work.house(), work.now(), work.today());
    require_settled(&current, now)?;
    let end = current.period_ends_at.with_timezone(&house.zone).date_naive();
    let before = end.pred_opt().unwrap_or(end);
    let wrong = |message| Refusal::invalid("ends_on", message);
    let next = ends_on.checked_add_days(Days::new(1)).filter(|_| ends_on >= today && ends_on > before);
    let next = next.ok_or_else(|| wrong("Choose a day after the present last day, and not one that has passed."))?;
    if last_day(Some(ends_on), today).is_err() {
        return Err(wrong("Choose a day within two years."));
    }
    override_store::move_end(work, &current, local_midnight(next, house.zone))?;
    put(work, Given::LongerCycle { cycle_starts_at: current.cycle_starts_at }, ends_on, terms)?;
    Ok(Done { before: before.to_string(), after: ends_on.to_string(), until: ends_on })
}

/// Takes back what was given, and says what it was. What was spent of extra usage stays spent.
pub fn take_back(work: &mut Work<'_>, id: OverrideId) -> Result<Override, Refusal> {
    let current = store::lock_written(work)?;
    let (house, now, today) = (work.house(), work.now(), work.today());
    let one = current.overrides.iter().find(|one| one.id == id && one.holds(today)).ok_or_else(|| {
        Refusal::conflict("not_given", "This is over, or was taken back already. Nothing was changed.")
    })?;
    if let Given::LongerCycle { cycle_starts_at } = one.what {
        require_settled(&current, now)?;
        let ends_at = current.end_without(id, house.zone)?;
        if cycle_starts_at != current.cycle_starts_at || ends_at <= now {
            let message = "Without it this cycle would be over already, and what was added since would have no plan.";
            return Err(Refusal::conflict("cycle_over", message));
        }
        override_store::move_end(work, &current, ends_at)?;
    }
    override_store::take_back(work, id)?;
    Ok(one.clone())
}

fn put(work: &mut Work<'_>, what: Given, expires_on: NaiveDate, terms: &Terms) -> Result<(), Refusal> {
    let now = work.now();
    let one = Override {
        id: OverrideId::mint(now),
        what,
        expires_on,
        reason: terms.reason.clone(),
        given_at: now,
        taken_back_at: None,
    };
    override_store::insert(work, &one, terms.staff)
}

fn require_limited(
    current: &PlanSubscription,
    meter: Meter,
    today: NaiveDate,
    field: &'static str,
) -> Result<i64, Refusal> {
    let allowed = current.allowance(meter, today);
    allowed.ok_or_else(|| Refusal::invalid(field, "There is no limit on this, so there is nothing to give."))
}

fn last_day(given: Option<NaiveDate>, today: NaiveDate) -> Result<Option<NaiveDate>, Refusal> {
    let latest = today.checked_add_days(Days::new(MOST_DAYS)).unwrap_or(today);
    match given {
        Some(day) if day < today || day > latest => {
            Err(Refusal::invalid("expires_on", "Choose today or a later day, within two years."))
        }
        given => Ok(given),
    }
}

fn needs_day() -> Refusal {
    Refusal::invalid("expires_on", "Choose the last day of it.")
}

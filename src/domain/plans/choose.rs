//! Choosing another plan, under the lock of the business.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Told;
use crate::domain::notifications::tell::{self, To};
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::choice_store as writes;
use super::fact::{Happened, PlanChanged, PlanFact};
use super::plan::Plan;
use super::plan_subscription::{Cycle, PlanSubscription, cycle};
use super::quote::{Quote, quote};
use super::{request_store, requests, store};

/// Who decides on paid plans.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlanChanges {
    /// Owners, at once.
    ByOwners,
    /// Whoever runs the installation, when asked.
    OnRequest,
}

impl PlanChanges {
    /// Whether this plan is not simply taken.
    pub fn is_given_on_request(self, plan: &Plan) -> bool {
        self == Self::OnRequest && plan.price.minor > 0
    }

    /// Whether this change is for whoever runs the installation to make.
    pub fn must_be_asked_for(self, current: &Plan, wanted: &Plan, quote: &Quote) -> bool {
        let begins_now = matches!(quote, Quote::StartNow { .. } | Quote::UpgradeNow { .. });
        begins_now && self.is_given_on_request(wanted) && current.code != wanted.code
    }
}

/// What an owner is told of a plan that must be asked for.
pub fn on_request(wanted: &Plan) -> String {
    format!(
        "Paid plans are given on request here. {} begins when whoever runs this installation agrees; until then nothing \
         changes and nothing is due.",
        wanted.name
    )
}

/// Chooses a public plan.
pub struct Choose {
    /// Its code.
    pub plan: String,
    /// Who decides on paid plans here.
    pub changes: PlanChanges,
    /// What the preview said, as [`Quote::seen`] writes it; none when nothing was shown first.
    pub seen: Option<String>,
}

/// What became of it.
pub struct Chosen {
    /// One sentence for the flash.
    pub said: String,
}

impl Operation for Choose {
    const NEEDS: Permission = Permission::ChangePlan;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "plan.change_refused", said: "tried to change the plan" });
    type Output = Chosen;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Chosen>, Refusal> {
        let wanted = store::public_plan(work.conn(), &self.plan)?
            .ok_or_else(|| Refusal::invalid("plan", "Choose one of the plans on this page."))?;
        let current = store::lock_written(work)?;
        let (zone, now) = (work.house().zone, work.now());
        require_settled(&current, now)?;
        let quote = quote(&current, &wanted, zone, now)?;
        self.require_seen(&wanted, &quote)?;
        match self.changes.must_be_asked_for(&current.plan, &wanted, &quote) {
            true => ask(work, &current.plan, &wanted),
            false => carry_out(work, &current, &wanted, quote),
        }
    }
}

impl Choose {
    /// A preview that was left open does not commit to what a later day makes of it.
    fn require_seen(&self, wanted: &Plan, quote: &Quote) -> Result<(), Refusal> {
        let is_as_seen = self.seen.as_ref().is_none_or(|seen| *seen == quote.seen(wanted));
        match is_as_seen || matches!(quote, Quote::Nothing) {
            true => Ok(()),
            false => Err(Refusal::conflict(
                "preview_outdated",
                "What is due has changed since this page was opened. Nothing was changed; look at it again, then confirm.",
            )),
        }
    }
}

fn ask(work: &mut Work<'_>, present: &Plan, wanted: &Plan) -> Result<Audited<Chosen>, Refusal> {
    let name = &wanted.name;
    if !requests::ask(work, present, wanted)? {
        return Ok(work.nothing_changed(Chosen { said: format!("{name} was asked for already.") }));
    }
    let fact = requests::asked(work, wanted)?;
    let said = format!("{name} is asked for. It begins when whoever runs this installation agrees.");
    work.record(&fact, Chosen { said })
}

/// Does what the quote says. Whatever was asked for before is asked for no more.
pub(super) fn carry_out(
    work: &mut Work<'_>,
    current: &PlanSubscription,
    wanted: &Plan,
    quote: Quote,
) -> Result<Audited<Chosen>, Refusal> {
    let (zone, now) = (work.house().zone, work.now());
    let asked = request_store::of(work)?;
    if asked.is_some() {
        request_store::drop(work)?;
    }
    let is_answer = work.access().member().is_none() && asked.as_ref().is_some_and(|asked| asked.code == wanted.code);
    let kind = if is_answer { Kind::PlanAnswered } else { Kind::PlanChanged };
    if let (Quote::Nothing, Some(asked)) = (&quote, asked) {
        let said = format!("{} stays, and {} is asked for no more.", wanted.name, asked.plan);
        let fact = fact(work, Happened::AskedNoMore { plan: asked.plan })?;
        return work.record(&fact, Chosen { said });
    }
    match quote {
        Quote::Nothing => Ok(work.nothing_changed(Chosen { said: format!("{} is the present plan.", wanted.name) })),
        Quote::TakeBack { other } => take_back(work, current, other),
        Quote::AtTheEnd { from } => schedule(work, current, wanted, from),
        Quote::StartNow { due, .. } => {
            let anchor_on = work.today();
            let first = cycle(wanted, anchor_on, 0, zone)?;
            let period = Cycle { starts_at: now.max(current.period_starts_at), ends_at: first.ends_at };
            writes::start(work, current, wanted, (anchor_on, 0), first, period, due.minor)?;
            begun(work, current, wanted, kind, due.minor)
        }
        Quote::UpgradeNow { due, credit, .. } => {
            // The cycle goes on, and with it what was counted in it.
            let open = Cycle { starts_at: current.cycle_starts_at, ends_at: current.period_ends_at };
            let period = Cycle { starts_at: now, ends_at: current.period_ends_at };
            let place = (current.anchor_on, current.cycle_index);
            writes::credit(work, current, credit.minor)?;
            writes::start(work, current, wanted, place, open, period, due.minor)?;
            begun(work, current, wanted, kind, due.minor)
        }
    }
}

/// Refuses while the period that now belongs to is not written yet: the worker is about to, or the clock was set back.
pub(super) fn require_settled(current: &PlanSubscription, now: DateTime<Utc>) -> Result<(), Refusal> {
    let is_overdue = now >= current.period_ends_at && !current.is_ended(now);
    match is_overdue || now <= current.period_starts_at {
        false => Ok(()),
        true => Err(Refusal::conflict(
            "cycle_turning",
            "A new cycle of the plan is just being written. Nothing was changed; try again in a minute.",
        )),
    }
}

fn take_back(work: &mut Work<'_>, current: &PlanSubscription, other: String) -> Result<Audited<Chosen>, Refusal> {
    writes::set_next(work, None)?;
    let plan = current.plan.name.clone();
    let said = format!("{plan} stays. Nothing changes at the end of the cycle.");
    let fact = fact(work, Happened::TakenBack { plan, other })?;
    work.record(&fact, Chosen { said })
}

fn schedule(
    work: &mut Work<'_>,
    current: &PlanSubscription,
    wanted: &Plan,
    from: NaiveDate,
) -> Result<Audited<Chosen>, Refusal> {
    if current.next_plan.as_ref().is_some_and(|next| next.id == wanted.id) {
        let said = format!("{} was chosen for the end of the cycle already.", wanted.name);
        return Ok(work.nothing_changed(Chosen { said }));
    }
    writes::set_next(work, Some(wanted.id))?;
    let (before, after) = (current.plan.name.clone(), wanted.name.clone());
    let said = format!("{after} begins on {}. Until then it can be taken back.", work.house().locale.date(from));
    tell_owners(work, (current, wanted), Kind::PlanChanged, from, wanted.price.minor)?;
    let fact = fact(work, Happened::Scheduled { before, after, from })?;
    work.record(&fact, Chosen { said })
}

fn begun(
    work: &mut Work<'_>,
    current: &PlanSubscription,
    wanted: &Plan,
    kind: Kind,
    due_minor: i64,
) -> Result<Audited<Chosen>, Refusal> {
    let due = crate::kernel::money::Money::new(due_minor, wanted.price.currency);
    let (before, after) = (current.plan.name.clone(), wanted.name.clone());
    let today = work.today();
    tell_owners(work, (current, wanted), kind, today, due_minor)?;
    let said = format!("The plan is {after} now.");
    let due = work.house().locale.money(due);
    let fact = fact(work, Happened::Chosen { before, after, due })?;
    work.record(&fact, Chosen { said })
}

fn tell_owners(
    work: &mut Work<'_>,
    (current, wanted): (&PlanSubscription, &Plan),
    kind: Kind,
    from: NaiveDate,
    due_minor: i64,
) -> Result<(), Refusal> {
    let house = work.house();
    let business = writes::name_of_business(work)?;
    let letter = PlanChanged {
        business,
        business_id: house.business,
        before: current.plan.name.clone(),
        after: wanted.name.clone(),
        from: house.locale.date(from),
        due: house.locale.money(crate::kernel::money::Money::new(due_minor, wanted.price.currency)),
    };
    let mut to = Vec::new();
    for owner in store::owners(work.conn(), &[house.business])? {
        to.push(To::with(owner.member, work.seal(&Envelope::new(&owner.email, &owner.name, &letter))?));
    }
    tell::tell(work, &tell::news(kind, None, Told::about(&wanted.name).of_day(from)), to).map(drop)
}

fn fact(work: &mut Work<'_>, what: Happened) -> Result<PlanFact, Refusal> {
    Ok(PlanFact { business: work.business(), name: writes::name_of_business(work)?, what })
}

/// When the open period of a subscription is closed early: never before it began.
pub(super) fn closing(current: &PlanSubscription, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (current.period_starts_at < now && now < current.period_ends_at).then_some(now)
}

//! What staff give a business: another plan, or more than its plan allows. Told in the trail of the business and of the
//! installation, with the reason.

use chrono::NaiveDate;

use crate::domain::plans::choose::Chosen;
use crate::domain::plans::give::{self, Done, More, Terms};
use crate::domain::plans::plan::Meter;
use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::BusinessId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::begin::require_staff;
use super::session::Reason;
use super::store;

/// Puts the business of the access on another plan: for good, or with its limits only until a day.
pub struct GivePlan {
    /// The code of the plan, which need not be public.
    pub plan: String,
    /// Why.
    pub reason: Reason,
    /// The last day; none: for good.
    pub expires_on: Option<NaiveDate>,
}

impl Operation for GivePlan {
    const NEEDS: Permission = Permission::ManagePlans;
    type Output = Chosen;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Chosen>, Refusal> {
        let terms = terms(work, &self.reason, self.expires_on)?;
        let plan = give::find(work, &self.plan)?;
        if self.expires_on.is_some() {
            let done = give::lend_plan(work, &plan, &terms)?;
            let said = format!("{} until {}.", plan.name, work.house().locale.date(done.until));
            return record(work, &self.reason, What::PlanLent { done }, Chosen { said });
        }
        let settled = give::settle(work, &plan)?;
        let (business, name) = (work.business(), store::business_name(work)?);
        let what = What::PlanGiven { plan: plan.name.clone() };
        let fact = GivingFact { business, name, reason: self.reason.clone(), what };
        work.also_in(&[BusinessId::INSTALLATION], &fact)?;
        work.also(&fact)?;
        give::put_on(work, &plan, settled)
    }
}

/// Gives the business of the access more than its plan does.
pub struct GiveMore {
    /// What.
    pub more: More,
    /// Why.
    pub reason: Reason,
    /// The last day.
    pub expires_on: Option<NaiveDate>,
}

impl Operation for GiveMore {
    const NEEDS: Permission = Permission::ManagePlans;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let terms = terms(work, &self.reason, self.expires_on)?;
        let done = give::give_more(work, self.more, &terms)?;
        let day = work.house().locale.date(done.until);
        let (what, said) = match self.more {
            More::Limit(meter, _) => {
                let said = format!("{}: {} until {day}.", meter.label(), done.after);
                (What::Raised { meter, done }, said)
            }
            More::Extra(meter, _) => {
                let said = format!("{}: {} in this cycle.", meter.label(), done.after);
                (What::Extra { meter, done }, said)
            }
            More::LongerCycle(_) => (What::Lengthened { done }, format!("This cycle ends with {day}.")),
        };
        record(work, &self.reason, what, said)
    }
}

fn terms(work: &mut Work<'_>, reason: &Reason, expires_on: Option<NaiveDate>) -> Result<Terms, Refusal> {
    let staff = require_staff(work)?;
    Ok(Terms { staff, reason: reason.as_str().to_owned(), expires_on })
}

fn record<T>(work: &mut Work<'_>, reason: &Reason, what: What, value: T) -> Result<Audited<T>, Refusal> {
    let (business, name) = (work.business(), store::business_name(work)?);
    let fact = GivingFact { business, name, reason: reason.clone(), what };
    work.also_in(&[BusinessId::INSTALLATION], &fact)?;
    work.record(&fact, value)
}

struct GivingFact {
    business: BusinessId,
    name: String,
    reason: Reason,
    what: What,
}

enum What {
    PlanGiven { plan: String },
    PlanLent { done: Done },
    Raised { meter: Meter, done: Done },
    Extra { meter: Meter, done: Done },
    Lengthened { done: Done },
}

impl Fact for GivingFact {
    fn code(&self) -> &'static str {
        match self.what {
            What::PlanGiven { .. } => "plan.given",
            What::PlanLent { .. } => "plan.lent",
            What::Raised { .. } => "plan.limit_raised",
            What::Extra { .. } => "plan.extra_given",
            What::Lengthened { .. } => "plan.cycle_lengthened",
        }
    }

    fn object(&self) -> Object {
        Object::new("business", self.business, &self.name)
    }

    fn said(&self) -> String {
        let (name, reason) = (&self.name, self.reason.as_str());
        match &self.what {
            What::PlanGiven { plan } => format!("gave {name} the plan {plan}: “{reason}”"),
            What::PlanLent { done } => {
                format!("gave {name} the limits of the plan {} until {}: “{reason}”", done.after, done.until)
            }
            What::Raised { meter, done } => {
                format!("allowed {name} {} {} until {}: “{reason}”", done.after, meter.noun(), done.until)
            }
            What::Extra { meter, done } => {
                format!("allowed {name} {} {}, this one only: “{reason}”", done.after, meter.noun())
            }
            What::Lengthened { done } => format!("made the cycle of {name} end with {}: “{reason}”", done.until),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let became = |field: &str, done: &Done| {
            let day = Change::set("Last day", done.until.to_string());
            vec![Change::new(field, Some(done.before.clone()), Some(done.after.clone())), day]
        };
        match &self.what {
            // What becomes of the plan has an entry of its own.
            What::PlanGiven { plan } => vec![Change::set("Plan", plan)],
            What::PlanLent { done } => became("Limits of", done),
            What::Raised { meter, done } | What::Extra { meter, done } => became(meter.label(), done),
            What::Lengthened { done } => {
                vec![Change::new("Cycle ends", Some(done.before.clone()), Some(done.after.clone()))]
            }
        }
    }
}

//! Answering an owner who asked for a plan.

use crate::domain::plans::choose::Chosen;
use crate::domain::plans::{give, requests};
use crate::kernel::fact::{Fact, Object};
use crate::kernel::ids::BusinessId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::begin::require_staff;
use super::session::Reason;
use super::store;

/// Answers the business of the access.
pub struct AnswerPlanRequest {
    /// Why it is declined; none: the plan begins now.
    pub declined: Option<Reason>,
}

impl Operation for AnswerPlanRequest {
    const NEEDS: Permission = Permission::ManagePlans;
    type Output = Chosen;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Chosen>, Refusal> {
        require_staff(work)?;
        give::hold(work)?;
        let asked = requests::of(work)?.ok_or_else(|| {
            Refusal::conflict(
                "nothing_asked",
                "Nothing is asked for any more: it was answered or taken back meanwhile.",
            )
        })?;
        let (business, name) = (work.business(), store::business_name(work)?);
        let fact = Answered { business, name, plan: asked.plan.clone(), declined: self.declined.clone() };
        if let Some(reason) = &self.declined {
            requests::decline(work, &asked, reason.as_str())?;
            work.also_in(&[BusinessId::INSTALLATION], &fact)?;
            let said = format!("{} is declined. The owners are told why.", asked.plan);
            return work.record(&fact, Chosen { said });
        }
        let plan = give::find(work, &asked.code)?;
        let settled = give::settle(work, &plan)?;
        work.also_in(&[BusinessId::INSTALLATION], &fact)?;
        work.also(&fact)?;
        give::put_on(work, &plan, settled)
    }
}

struct Answered {
    business: BusinessId,
    name: String,
    plan: String,
    declined: Option<Reason>,
}

impl Fact for Answered {
    fn code(&self) -> &'static str {
        match self.declined {
            Some(_) => "plan.request_declined",
            None => "plan.request_approved",
        }
    }

    fn object(&self) -> Object {
        Object::new("business", self.business, &self.name)
    }

    fn said(&self) -> String {
        let (plan, name) = (&self.plan, &self.name);
        match &self.declined {
            Some(reason) => format!("declined the plan {plan} for {name}: “{}”", reason.as_str()),
            None => format!("agreed to the plan {plan} for {name}"),
        }
    }
}

//! Plans that owners ask for, on an installation where paid plans are given on request: one at a time, until staff
//! answer, the owner takes it back, or another plan is chosen.

use chrono::{DateTime, Utc};

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Told;
use crate::domain::notifications::tell::{self, To};
use crate::kernel::ids::BusinessId;
use crate::kernel::operation::Question;
use crate::kernel::outbox::{Envelope, Letter};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View, Work};

use super::choice_store::name_of_business;
use super::fact::{Happened, PlanFact};
use super::plan::Plan;
use super::{request_store, store};

/// How many are listed.
const SHOWN: i64 = 50;

/// What a business asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The code of the plan.
    pub code: String,
    /// Its name.
    pub plan: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// What one of all businesses asks for.
pub struct Open {
    /// Which.
    pub business: BusinessId,
    /// Its name.
    pub name: String,
    /// The name of the plan.
    pub plan: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// What businesses ask for, oldest first.
pub struct Requests;

impl Question for Requests {
    const NEEDS: Permission = Permission::ManagePlans;
    type Output = Vec<Open>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<Open>, Refusal> {
        request_store::all(view.conn(), SHOWN)
    }
}

/// To the owners: the plan they asked for is not given.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct PlanDeclined {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// The plan they asked for.
    pub plan: String,
    /// Why, in the words of whoever declined.
    pub reason: String,
}

impl Letter for PlanDeclined {
    const KIND: &'static str = "plan_declined";
}

/// To those who run the installation: a business waits for their answer.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct PlanAsked {
    /// The business's name.
    pub business: String,
    /// Its id, so that the link opens it.
    pub business_id: BusinessId,
    /// Who asked; none when no person did.
    pub by: Option<String>,
    /// The plan it has.
    pub present: String,
    /// The plan it asks for.
    pub plan: String,
}

impl Letter for PlanAsked {
    const KIND: &'static str = "plan_asked";
}

impl PlanAsked {
    /// Who asks for what.
    pub fn asks(&self) -> String {
        let Self { business, plan, .. } = self;
        match &self.by {
            Some(person) => format!("{person} of {business} asks for the plan {plan}."),
            None => format!("{business} asks for the plan {plan}."),
        }
    }

    /// What stands below.
    pub fn facts(&self) -> [(&'static str, &str); 3] {
        [("Business", &self.business), ("Plan today", &self.present), ("Asks for", &self.plan)]
    }
}

/// Asks for this plan and tells those who answer; false: it was asked for already.
pub fn ask(work: &mut Work<'_>, present: &Plan, wanted: &Plan) -> Result<bool, Refusal> {
    if request_store::of(work)?.is_some_and(|asked| asked.plan == wanted.name) {
        return Ok(false);
    }
    request_store::put(work, wanted.id)?;
    let letter = PlanAsked {
        business: name_of_business(work)?,
        business_id: work.business(),
        by: request_store::asker(work)?,
        present: present.name.clone(),
        plan: wanted.name.clone(),
    };
    let mut letters = Vec::new();
    for (email, name) in request_store::staff(work.conn())? {
        letters.push(work.seal(&Envelope::new(&email, &name, &letter))?);
    }
    work.send_many(&letters)?;
    Ok(true)
}

/// What was asked for, for the trail.
pub fn asked(work: &mut Work<'_>, wanted: &Plan) -> Result<PlanFact, Refusal> {
    let what = Happened::Asked { plan: wanted.name.clone() };
    Ok(PlanFact { business: work.business(), name: name_of_business(work)?, what })
}

/// What the business asks for, if anything. Called under its lock by whoever answers.
pub fn of(work: &mut Work<'_>) -> Result<Option<Asked>, Refusal> {
    request_store::of(work)
}

/// Declines what was asked for, and tells the owners why.
pub fn decline(work: &mut Work<'_>, asked: &Asked, reason: &str) -> Result<(), Refusal> {
    request_store::drop(work)?;
    let business_id = work.business();
    let letter = PlanDeclined {
        business: name_of_business(work)?,
        business_id,
        plan: asked.plan.clone(),
        reason: reason.to_owned(),
    };
    let mut to = Vec::new();
    for owner in store::owners(work.conn(), &[business_id])? {
        to.push(To::with(owner.member, work.seal(&Envelope::new(&owner.email, &owner.name, &letter))?));
    }
    let told = Told::about(&asked.plan).with(reason);
    tell::tell(work, &tell::news(Kind::PlanAnswered, None, told), to).map(drop)
}

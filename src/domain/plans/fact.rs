//! What happens to a business's plan, for the trail and for its owners.

use chrono::NaiveDate;

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::BusinessId;
use crate::kernel::outbox::Letter;

/// One thing that happened to the plan of a business.
pub struct PlanFact {
    /// Whose plan.
    pub business: BusinessId,
    /// Its name.
    pub name: String,
    /// What.
    pub what: Happened,
}

/// What can happen to a plan.
pub enum Happened {
    /// The next cycle began.
    Renewed { plan: String, from: NaiveDate, until: NaiveDate, due: String },
    /// The plan that was chosen for the boundary began.
    Moved { before: String, after: String, from: NaiveDate, until: NaiveDate, due: String },
    /// Nothing followed.
    Ended { plan: String },
    /// Somebody chose another plan, and it began.
    Chosen { before: String, after: String, due: String },
    /// Somebody chose another plan for the end of the cycle.
    Scheduled { before: String, after: String, from: NaiveDate },
    /// Somebody took such a choice back.
    TakenBack { plan: String, other: String },
    /// Somebody asked for another plan, where staff agree first.
    Asked { plan: String },
    /// Somebody took that back.
    AskedNoMore { plan: String },
}

impl Fact for PlanFact {
    fn code(&self) -> &'static str {
        match self.what {
            Happened::Renewed { .. } => "plan.renewed",
            Happened::Moved { .. } => "plan.moved",
            Happened::Ended { .. } => "plan.ended",
            Happened::Chosen { .. } => "plan.chosen",
            Happened::Scheduled { .. } => "plan.scheduled",
            Happened::TakenBack { .. } => "plan.taken_back",
            Happened::Asked { .. } => "plan.asked",
            Happened::AskedNoMore { .. } => "plan.asked_no_more",
        }
    }

    fn object(&self) -> Object {
        Object::new("business", self.business, &self.name)
    }

    fn said(&self) -> String {
        match &self.what {
            Happened::Renewed { plan, .. } => format!("renewed the plan {plan}"),
            Happened::Moved { after, .. } => format!("moved the business to the plan {after}"),
            Happened::Ended { plan } => format!("ended the plan {plan}"),
            Happened::Chosen { after, .. } => format!("chose the plan {after}"),
            Happened::Scheduled { after, from, .. } => format!("chose the plan {after} from {from} on"),
            Happened::TakenBack { plan, .. } => format!("kept the plan {plan}"),
            Happened::Asked { plan } => format!("asked for the plan {plan}"),
            Happened::AskedNoMore { plan } => format!("asked for the plan {plan} no more"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let plan = |before: &str, after: &str| Change::new("Plan", Some(before.to_owned()), Some(after.to_owned()));
        let cycle = |from: &NaiveDate, until: &NaiveDate| Change::set("Cycle", format!("{from} to {until}"));
        match &self.what {
            Happened::Renewed { from, until, due, .. } => vec![cycle(from, until), Change::set("Due", due)],
            Happened::Moved { before, after, from, until, due } => {
                vec![plan(before, after), cycle(from, until), Change::set("Due", due)]
            }
            Happened::Ended { plan } => vec![Change::new("Plan", Some(plan.clone()), None)],
            Happened::Chosen { before, after, due } => vec![plan(before, after), Change::set("Due", due)],
            Happened::Scheduled { before, after, from } => {
                vec![plan(before, after), Change::set("From", from.to_string())]
            }
            Happened::TakenBack { plan, other } => {
                vec![Change::new("Next plan", Some(other.clone()), Some(plan.clone()))]
            }
            Happened::Asked { plan } => vec![Change::set("Asked for", plan)],
            Happened::AskedNoMore { plan } => vec![Change::new("Asked for", Some(plan.clone()), None)],
        }
    }
}

/// To the owners: the next cycle has begun.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct PlanRenewed {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// The plan.
    pub plan: String,
    /// The last day covered, as written for them.
    pub until: String,
    /// What is due, as written for them.
    pub due: String,
}

impl Letter for PlanRenewed {
    const KIND: &'static str = "plan_renewed";
}

/// To the owners: the plan is another one now.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct PlanChanged {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// The plan before.
    pub before: String,
    /// The plan now, or from the end of the cycle on.
    pub after: String,
    /// From when, as written for them.
    pub from: String,
    /// What is due, as written for them.
    pub due: String,
}

impl Letter for PlanChanged {
    const KIND: &'static str = "plan_changed";
}

/// To the owners: nothing can be added any more.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct PlanEnded {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// The plan that ended.
    pub plan: String,
}

impl Letter for PlanEnded {
    const KIND: &'static str = "plan_ended";
}

/// To the owners: the trial is about to end.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct TrialEnding {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// The plan that ends.
    pub plan: String,
    /// The last day, as written for them.
    pub last_day: String,
    /// Whether that day is today.
    pub is_today: bool,
}

impl Letter for TrialEnding {
    const KIND: &'static str = "trial_ending";
}

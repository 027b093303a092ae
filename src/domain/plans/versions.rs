//! The plans the installation sells, as staff keep them: a version that is in use never changes, and none is ever
//! deleted. A new version is for whoever chooses from now on.

use crate::kernel::calendar::Interval;
use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::PlanId;
use crate::kernel::money::Money;
use crate::kernel::operation::{Operation, Question};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, View, Work};

use super::plan::{Meter, Plan};
use super::version_store as store;

/// Businesses begin on these, and move to them with one click: there is always a version to choose.
const NEEDED: [&str; 2] = ["trial", "free"];

/// One version of a plan.
pub struct Version {
    /// The plan.
    pub plan: Plan,
    /// Which version.
    pub number: i32,
    /// Whether owners may choose it.
    pub is_public: bool,
    /// Whether it can be chosen at all.
    pub is_current: bool,
    /// How many businesses are on it now.
    pub businesses: i64,
}

/// Every version of every plan: by code, newest first.
pub struct Versions;

impl Question for Versions {
    const NEEDS: Permission = Permission::ManagePlans;
    type Output = Vec<Version>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<Version>, Refusal> {
        store::all(view.conn())
    }
}

/// What a version is made of.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The stable code.
    pub code: String,
    /// As a screen says it.
    pub name: String,
    /// Due for one cycle.
    pub price: Money,
    /// How long a cycle is.
    pub cycle: Interval,
    /// Whether it goes on after the first.
    pub renews: bool,
    /// Whether owners may choose it.
    pub is_public: bool,
    /// How many days the trail is kept; none: for ever.
    pub audit_days: Option<i32>,
    /// How much of each meter; none: unlimited.
    pub limits: Vec<(Meter, Option<i64>)>,
}

/// Writes a plan: over the current version while nobody ever used it, else as the next one.
pub struct Write {
    /// What it is made of.
    pub terms: Terms,
}

impl Operation for Write {
    const NEEDS: Permission = Permission::ManagePlans;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let terms = &self.terms;
        if NEEDED.contains(&terms.code.as_str()) && !terms.is_public {
            return Err(Refusal::conflict("plan_needed", needed(&terms.name)));
        }
        store::lock(work)?;
        let newest = store::newest(work, &terms.code)?;
        let (plan, number) = match newest {
            Some((plan, number, false)) => {
                store::overwrite(work, plan, terms)?;
                (plan, number)
            }
            Some((_, number, true)) => (store::insert(work, number + 1, terms)?, number + 1),
            None => (store::insert(work, 1, terms)?, 1),
        };
        let said = format!("{} is version {number} now, for whoever chooses it from here on.", terms.name);
        work.record(&VersionFact { plan, what: What::Written { terms: terms.clone(), number } }, said)
    }
}

/// Takes a plan off sale. Whoever is on it stays on it.
pub struct Archive {
    /// The current version.
    pub plan: PlanId,
}

impl Operation for Archive {
    const NEEDS: Permission = Permission::ManagePlans;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        store::lock(work)?;
        let (code, name, number, is_current) = store::find(work, self.plan)?;
        if NEEDED.contains(&code.as_str()) {
            return Err(Refusal::conflict("plan_needed", needed(&name)));
        }
        if !is_current {
            return Ok(work.nothing_changed(format!("Version {number} of {name} was off sale already.")));
        }
        store::archive(work, self.plan)?;
        let said = format!("{name} is off sale. Whoever is on it stays on it.");
        work.record(&VersionFact { plan: self.plan, what: What::Archived { name, number } }, said)
    }
}

fn needed(name: &str) -> String {
    format!(
        "Businesses begin on the plan {name} or fall back on it, so it stays on sale. Write a new version of it instead."
    )
}

struct VersionFact {
    plan: PlanId,
    what: What,
}

enum What {
    Written { terms: Terms, number: i32 },
    Archived { name: String, number: i32 },
}

impl Fact for VersionFact {
    fn code(&self) -> &'static str {
        match self.what {
            What::Written { .. } => "plan.version_written",
            What::Archived { .. } => "plan.archived",
        }
    }

    fn object(&self) -> Object {
        match &self.what {
            What::Written { terms, .. } => Object::new("plan", self.plan, &terms.name),
            What::Archived { name, .. } => Object::new("plan", self.plan, name),
        }
    }

    fn said(&self) -> String {
        match &self.what {
            What::Written { terms, number } => format!("wrote version {number} of the plan {}", terms.name),
            What::Archived { name, .. } => format!("took the plan {name} off sale"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let What::Written { terms, .. } = &self.what else {
            let What::Archived { number, .. } = &self.what else { return Vec::new() };
            return vec![Change::new("On sale", Some(format!("version {number}")), None)];
        };
        let price = format!("{} {}", terms.price.minor, terms.price.currency.code());
        let figure = |limit: &Option<i64>| limit.map_or_else(|| "unlimited".to_owned(), |limit| limit.to_string());
        let limits = terms.limits.iter().map(|(meter, limit)| Change::set(meter.label(), figure(limit)));
        let kept = terms.audit_days.map_or_else(|| "for ever".to_owned(), |days| format!("{days} days"));
        let rest = [
            Change::set("Price in minor units", price),
            Change::set("Cycle", terms.cycle.to_string()),
            Change::set("Renews", if terms.renews { "yes" } else { "no" }),
            Change::set("Public", if terms.is_public { "yes" } else { "no" }),
            Change::set("Trail kept", kept),
        ];
        rest.into_iter().chain(limits).collect()
    }
}

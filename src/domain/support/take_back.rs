//! Taking back what staff gave a business beyond its plan.

use crate::domain::plans::give;
use crate::domain::plans::overrides::Given;
use crate::kernel::fact::{Fact, Object};
use crate::kernel::ids::{BusinessId, OverrideId};
use crate::kernel::locale::Locale;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::begin::require_staff;
use super::store;

/// Takes back one thing that the business of the access was given.
pub struct TakeBack {
    /// Which.
    pub given: OverrideId,
}

impl Operation for TakeBack {
    const NEEDS: Permission = Permission::ManagePlans;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        require_staff(work)?;
        let given = give::take_back(work, self.given)?;
        let (business, name, locale) = (work.business(), store::business_name(work)?, work.house().locale);
        let fact = TakenBack { business, what: in_words(&given.what, locale), name };
        work.also_in(&[BusinessId::INSTALLATION], &fact)?;
        let said = format!("{} has no longer {}.", fact.name, fact.what);
        work.record(&fact, said)
    }
}

fn in_words(what: &Given, locale: Locale) -> String {
    let number = |number| locale.number(number);
    match what {
        Given::Plan(plan) => format!("the limits of the plan {}", plan.name),
        Given::Limit { meter, limit } => format!("a limit of {} {}", number(*limit), meter.noun()),
        Given::Extra { meter, extra, .. } => format!("{} extra {}", number(*extra), meter.noun()),
        Given::LongerCycle { .. } => "a longer cycle".to_owned(),
    }
}

struct TakenBack {
    business: BusinessId,
    name: String,
    what: String,
}

impl Fact for TakenBack {
    fn code(&self) -> &'static str {
        "plan.gift_taken_back"
    }

    fn object(&self) -> Object {
        Object::new("business", self.business, &self.name)
    }

    fn said(&self) -> String {
        format!("took back what {} was given: {}", self.name, self.what)
    }
}

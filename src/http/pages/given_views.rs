//! What staff gave a business beyond its plan, in words.

use crate::domain::plans::overrides::{Given, Override};
use crate::domain::plans::overview::Overview;
use crate::kernel::access::House;

/// One thing that was given.
pub struct GivenView {
    /// The id, for taking it back.
    pub id: String,
    /// "Seats: 500 allowed".
    pub what: String,
    /// The last day, for machines.
    pub until_iso: String,
    /// The same for people.
    pub until: String,
    /// Why.
    pub reason: String,
}

impl GivenView {
    /// What holds now, newest first.
    pub fn all(overview: &Overview, house: House) -> Vec<Self> {
        let cycle = overview.current.cycle_starts_at;
        let holding = overview.current.overrides.iter().filter(|one| one.holds(overview.today));
        let of_now = holding.filter(|one| match one.what {
            Given::Extra { cycle_starts_at, .. } | Given::LongerCycle { cycle_starts_at } => cycle_starts_at == cycle,
            Given::Plan(_) | Given::Limit { .. } => true,
        });
        of_now.map(|one| Self::new(one, house)).collect()
    }

    fn new(one: &Override, house: House) -> Self {
        let number = |number| house.locale.number(number);
        let what = match &one.what {
            Given::Plan(plan) => format!("The limits of the plan {}", plan.name),
            Given::Limit { meter, limit } => format!("{}: {} allowed", meter.label(), number(*limit)),
            Given::Extra { meter, extra, spent, .. } => {
                format!("{}: {} extra, {} of them used", meter.label(), number(*extra), number(*spent))
            }
            Given::LongerCycle { .. } => "A longer cycle".to_owned(),
        };
        Self {
            id: one.id.to_string(),
            what,
            until_iso: one.expires_on.to_string(),
            until: house.locale.date(one.expires_on),
            reason: one.reason.clone(),
        }
    }
}

//! Telling owners that little or nothing of a limit is left: once for each limit, cycle and step.

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Told;
use crate::domain::notifications::tell::{self, To};
use crate::kernel::ids::BusinessId;
use crate::kernel::outbox::{Envelope, Letter};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::choice_store::name_of_business;
use super::plan::Meter;
use super::plan_subscription::PlanSubscription;
use super::store;

/// The steps in per cent, the graver one first.
const STEPS: [i64; 2] = [100, 80];

/// To the owners: a limit of the plan is nearly or wholly used.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct LimitNear {
    /// The business's name.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// "seats".
    pub what: String,
    /// How much is used, as written for them.
    pub used: String,
    /// How much there is, as written for them.
    pub limit: String,
    /// Whether nothing is left.
    pub is_full: bool,
    /// What happens at the limit.
    pub then: String,
    /// The first day of the next cycle, for what begins anew with it.
    pub resets: Option<String>,
}

impl Letter for LimitNear {
    const KIND: &'static str = "limit_near";
}

/// Tells the owners when this growth reaches a step; of two at once only the graver.
pub fn tell(
    work: &mut Work<'_>,
    current: &PlanSubscription,
    meter: Meter,
    (before, after): (i64, i64),
) -> Result<(), Refusal> {
    let (house, today) = (work.house(), work.today());
    let Some(limit) = current.allowance(meter, today) else {
        return Ok(());
    };
    let Some(step) = reached(limit, before, after) else {
        return Ok(());
    };
    let resets = current.period_ends_at.with_timezone(&house.zone).date_naive();
    let letter = LimitNear {
        business: name_of_business(work)?,
        business_id: house.business,
        what: meter.noun().to_owned(),
        used: house.locale.number(after),
        limit: house.locale.number(limit),
        is_full: step == 100,
        then: meter.at_the_limit().to_owned(),
        resets: meter.is_per_cycle().then(|| house.locale.date(resets)),
    };
    let cycle = current.cycle_starts_at.timestamp();
    let mut to = Vec::new();
    for owner in store::owners(work.conn(), &[house.business])? {
        let occasion = format!("limit:{}:{}:{cycle}:{step}:{}", house.business, meter.code(), owner.email);
        let envelope = Envelope::new(&owner.email, &owner.name, &letter).once_for(occasion);
        to.push(To::with(owner.member, work.seal(&envelope)?));
    }
    let told = Told::about(&letter.what).with(format!("{} of {}", letter.used, letter.limit));
    let news = tell::news(Kind::LimitNear, None, told).once_for(format!("limit:{}:{cycle}:{step}", meter.code()));
    tell::tell_state(work, &news, to)
}

/// The gravest step that this growth reaches.
fn reached(limit: i64, before: i64, after: i64) -> Option<i64> {
    let is_at = |used: i64, step: i64| i128::from(used) * 100 >= i128::from(limit) * i128::from(step);
    STEPS.into_iter().find(|step| limit > 0 && after > before && is_at(after, *step) && !is_at(before, *step))
}

#[cfg(test)]
mod tests {
    use super::reached;

    #[test]
    fn each_step_is_reached_once() {
        for (limit, before, after, step) in [
            (50, 38, 39, None),
            (50, 39, 40, Some(80)),
            (50, 40, 41, None),
            (50, 49, 50, Some(100)),
            (50, 10, 50, Some(100)),
            (50, 50, 51, None),
            (1, 0, 1, Some(100)),
            (3, 1, 2, None),
            (0, 0, 1, None),
            (i64::MAX, i64::MAX - 1, i64::MAX, Some(100)),
            (50, 40, 40, None),
        ] {
            assert_eq!(reached(limit, before, after), step, "{before} to {after} of {limit}");
        }
    }
}

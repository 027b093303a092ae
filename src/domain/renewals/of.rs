//! The coming renewal of one subscription, and how the last one came about.

use chrono::NaiveDate;

use crate::domain::subscriptions::roll::What;
use crate::domain::subscriptions::show::Shown;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::decision::Decision;
use super::store;

/// What a question shows of a subscription, with what stands about its renewals, in one look.
pub struct WithRenewal<Q>(pub Q);

/// What stands about them.
#[derive(Clone, Debug, Default)]
pub struct Renewal {
    /// What was decided about the coming one; nothing: it is undecided.
    pub decision: Option<Decision>,
    /// The last one that happened.
    pub last: Option<Last>,
}

/// A renewal that happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Last {
    /// When.
    pub on: NaiveDate,
    /// Whether nobody had decided it.
    pub by_default: bool,
}

impl<Q: Question<Output = Shown>> Question for WithRenewal<Q> {
    const NEEDS: Permission = Q::NEEDS;
    type Output = (Shown, Renewal);

    fn find(&self, view: &mut View<'_>) -> Result<(Shown, Renewal), Refusal> {
        let shown = self.0.find(view)?;
        let subscription = &shown.subscription;
        let coming = subscription.coming.renews_on.filter(|_| subscription.goes_on());
        let (decision, written) = store::stands(view, subscription.id, coming)?;
        let unwritten = shown.unwritten.iter().rev().find_map(|step| match step.what {
            What::Renewed => Some(Last { on: step.on, by_default: false }),
            What::RenewedByDefault => Some(Last { on: step.on, by_default: true }),
            _ => None,
        });
        Ok((shown, Renewal { decision, last: unwritten.or(written) }))
    }
}

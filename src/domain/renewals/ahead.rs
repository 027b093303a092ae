//! The days of renewals: when what renews, ends, or must be cancelled. Pure; counted from the anchor, however short the
//! cycle is.

use chrono::NaiveDate;

use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::list::Listed;
use crate::domain::subscriptions::schedule::AutoRenew;
use crate::domain::subscriptions::subscription::Status;

use super::decision::covered_until;

/// The most renewals of one subscription that are looked at: a year of days.
const MOST: usize = 400;

/// What happens on a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Happens {
    /// The last day on which cancelling before a renewal still works.
    CancelBy,
    /// The next term begins.
    Renews,
    /// The next term begins if somebody decides so.
    RenewsIfDecided,
    /// The last day covered of what was decided to end.
    Ends,
    /// The last day of the trial.
    TrialEnds,
}

/// Something on one day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment {
    /// The day.
    pub on: NaiveDate,
    /// What happens.
    pub what: Happens,
    /// The renewal it is about, by its first day.
    pub renewal: NaiveDate,
}

/// Everything about the renewals of a subscription from a day to another, both included, in order: those that were, as
/// far as its dates tell, the coming one, and those after it that come by themselves.
pub fn moments(listed: &Listed, (from, to): (NaiveDate, NaiveDate), today: NaiveDate) -> Vec<Moment> {
    let (subscription, dates) = (&listed.subscription, &listed.subscription.details.dates);
    let Some(coming) = subscription.coming.renews_on.filter(|_| subscription.goes_on()) else {
        return Vec::new();
    };
    let is_trial = subscription.details.status == Status::Trial;
    let mut moments = Vec::new();
    if !is_trial {
        let past = dates.renewals(from).take_while(|day| *day < coming && *day <= today).take(MOST);
        moments.extend(past.map(|on| Moment { on, what: Happens::Renews, renewal: on }));
    }
    let mut at = |on: NaiveDate, what, renewal| moments.push(Moment { on, what, renewal });
    let cancel_by = subscription.coming.cancel_by.unwrap_or(coming);
    match (listed.decided, dates.auto_renew) {
        (Some(Decided::Cancel), _) => {
            at(cancel_by, Happens::CancelBy, coming);
            at(covered_until(subscription, coming), Happens::Ends, coming);
        }
        (Some(Decided::Renew | Decided::Resize(_)), _) => at(coming, Happens::Renews, coming),
        (None, AutoRenew::Auto) => {
            at(cancel_by, Happens::CancelBy, coming);
            at(coming, Happens::Renews, coming);
        }
        (None, AutoRenew::Manual | AutoRenew::Never) => {
            at(cancel_by, Happens::CancelBy, coming);
            at(coming, Happens::RenewsIfDecided, coming);
        }
    }
    let trial_ends_on = dates.trial_ends_on.filter(|_| is_trial && listed.decided != Some(Decided::Cancel));
    if let Some(last) = trial_ends_on {
        at(last, Happens::TrialEnds, coming);
    }
    let goes_on = dates.auto_renew == AutoRenew::Auto && listed.decided != Some(Decided::Cancel);
    if goes_on && let Some(after) = coming.succ_opt() {
        for renewal in dates.renewals(after).take(MOST) {
            let cancel_by = dates.before(Status::Active, Some(renewal)).cancel_by.unwrap_or(renewal);
            if cancel_by > to {
                break;
            }
            at(cancel_by, Happens::CancelBy, renewal);
            at(renewal, Happens::Renews, renewal);
        }
    }
    moments.retain(|moment| (from..=to).contains(&moment.on));
    moments.sort();
    moments
}

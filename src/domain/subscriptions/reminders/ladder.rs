//! The ladder: which step of it is due today. Pure; dates are civil dates in the business's zone.

use chrono::{Days, NaiveDate};

use crate::kernel::calendar::index_at;

use crate::domain::subscriptions::dates::Dates;
use crate::domain::subscriptions::roll::Rolling;
use crate::domain::subscriptions::schedule::{AutoRenew, nth_term_end};

/// The days before the last day to cancel, and before a renewal, on which reminders go out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ladders {
    /// Before the last day to cancel.
    pub cancel_by: Vec<u32>,
    /// Before the renewal.
    pub renewal: Vec<u32>,
}

/// What a step is about, the more urgent first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Rung {
    /// The last day to cancel is today, and nobody has decided.
    Undecided,
    /// The last day to cancel comes near.
    CancelBy,
    /// The renewal, or the end, comes near.
    Renewal,
}

impl Rung {
    const ALL: [Self; 3] = [Self::Undecided, Self::CancelBy, Self::Renewal];

    /// The stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::CancelBy => "cancel_by",
            Self::Renewal => "renewal",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rung| rung.code() == code)
    }
}

/// One step: so many days before a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Step {
    /// What it is about.
    pub rung: Rung,
    /// How long before.
    pub days: u32,
    /// Which day.
    pub on: NaiveDate,
}

impl Step {
    /// The day on which it is due.
    fn due(self) -> NaiveDate {
        self.on.checked_sub_days(Days::new(u64::from(self.days))).unwrap_or(self.on)
    }

    /// A renewal is over on its day; a last day to cancel still counts.
    fn is_over(self, today: NaiveDate) -> bool {
        match self.rung {
            Rung::Renewal => self.on <= today,
            Rung::Undecided | Rung::CancelBy => self.on < today,
        }
    }

    /// Whether it was taken already: for this day, or for a later one from which the date was moved back.
    fn is_among(self, taken: &[Self]) -> bool {
        taken.iter().any(|one| (one.rung, one.days) == (self.rung, self.days) && one.on >= self.on)
    }
}

/// What is to be done today.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Look {
    /// The step that is told, and whether a letter tells it too: what was due before the subscription was entered stands
    /// in the inbox only, or an import of many would write to somebody about each.
    pub tell: Option<(Step, bool)>,
    /// Steps that had their day and are not told any more.
    pub pass_over: Vec<Step>,
    /// The next day to look again; none: nothing is ahead.
    pub next: Option<NaiveDate>,
}

/// What is due today of a subscription that was entered on a day, when these steps were taken already.
pub fn look(rolling: &Rolling, ladders: &Ladders, entered_on: NaiveDate, taken: &[Step], today: NaiveDate) -> Look {
    let Some(renews_on) = rolling.standing.coming.renews_on.filter(|_| rolling.standing.status.is_live()) else {
        return Look::default();
    };
    let steps = steps(rolling, ladders, renews_on);
    let next = steps.iter().map(|step| step.due()).filter(|due| *due > today).min();
    if rolling.decisions.contains_key(&renews_on) {
        return Look { next, ..Look::default() };
    }
    let due = || steps.iter().copied().filter(|step| step.due() <= today && !step.is_over(today));
    // The most urgent step of each ladder: what is less urgent is told no more, taken or not.
    let first =
        |is_of: fn(Rung) -> bool| due().filter(|step| is_of(step.rung)).min_by_key(|step| (step.rung, step.days));
    let heads = [first(|rung| rung != Rung::Renewal), first(|rung| rung == Rung::Renewal)];
    let began = term_began(&rolling.dates, renews_on);
    let is_of_this_term = |step: &Step| began.is_none_or(|began| step.due() > began);
    let mut open = heads.into_iter().flatten().filter(|step| !step.is_among(taken)).filter(is_of_this_term);
    let tell = open.next().map(|step| (step, step.due() >= entered_on));
    let told = tell.map(|(step, _)| step);
    let pass_over = due().filter(|step| Some(*step) != told && !step.is_among(taken)).collect();
    Look { tell, pass_over, next }
}

fn steps(rolling: &Rolling, ladders: &Ladders, renews_on: NaiveDate) -> Vec<Step> {
    let cancel_by = rolling.standing.coming.cancel_by.filter(|_| rolling.dates.auto_renew == AutoRenew::Auto);
    let before_cancel_by = cancel_by.into_iter().flat_map(|on| {
        let near = ladders.cancel_by.iter().map(move |days| Step { rung: Rung::CancelBy, days: *days, on });
        near.chain(std::iter::once(Step { rung: Rung::Undecided, days: 0, on }))
    });
    let before_renewal = ladders.renewal.iter().map(|days| Step { rung: Rung::Renewal, days: *days, on: renews_on });
    before_cancel_by.chain(before_renewal).collect()
}

/// The day the term before this renewal began: a step on it or earlier belongs to the renewal before.
fn term_began(dates: &Dates, renews_on: NaiveDate) -> Option<NaiveDate> {
    let terms = dates.terms()?;
    let end = |n| nth_term_end(dates.anchor, terms, n);
    let first = end(0)?;
    if renews_on <= first {
        return dates.starts_on().or_else(|| end(-1));
    }
    let about = index_at(first, terms.following, renews_on);
    let near = about.saturating_sub(2).max(0)..=about.saturating_add(1);
    near.filter_map(end).filter(|day| *day < renews_on).max()
}

#[cfg(test)]
mod tests;

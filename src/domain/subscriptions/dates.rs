//! The dates of one subscription: what was given, what follows from it today. Pure; the arithmetic is in `schedule` and
//! `notice`.

use chrono::NaiveDate;

use crate::kernel::calendar::next_on_or_after;
use crate::kernel::refusal::Refusal;

use super::every::Every;
use super::notice::{Notice, cancel_by, last_covered_day, require_notice_fits};
use super::schedule::{Anchor, AutoRenew, Cycle, LATEST, ScheduleError, Terms, nth_term_end, occurrences, term_end};
use super::subscription::Status;

/// The dates as a person gives them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GivenDates {
    /// How often money is due; none: once.
    pub cycle: Option<Every>,
    /// The first day covered.
    pub starts_on: Option<NaiveDate>,
    /// A renewal: the first day not covered.
    pub renews_on: Option<NaiveDate>,
    /// The first term; none: the cycle.
    pub first_term: Option<Every>,
    /// Each later term; none: the first.
    pub next_term: Option<Every>,
    /// What happens at the end of a term.
    pub auto_renew: AutoRenew,
    /// How long before the last covered day one must cancel.
    pub notice: Notice,
    /// The last day of the trial.
    pub trial_ends_on: Option<NaiveDate>,
}

/// Dates that agree with each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dates {
    /// How often money is due; none: once.
    pub cycle: Option<Every>,
    /// Everything is counted from here.
    pub anchor: Anchor,
    /// The first term; none: the cycle.
    pub first_term: Option<Every>,
    /// Each later term; none: the first.
    pub next_term: Option<Every>,
    /// What happens at the end of a term.
    pub auto_renew: AutoRenew,
    /// How long before the last covered day one must cancel.
    pub notice: Notice,
    /// The last day of the trial.
    pub trial_ends_on: Option<NaiveDate>,
}

/// What stands next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Coming {
    /// The coming renewal, or the day after the last one covered; none for a one-time purchase.
    pub renews_on: Option<NaiveDate>,
    /// The last day to cancel; none when nothing renews.
    pub cancel_by: Option<NaiveDate>,
}

/// Something on one day ahead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ahead {
    /// The last day on which cancelling still works.
    CancelBy,
    /// The last day of the trial.
    TrialEnds,
    /// Money is due within the term.
    Due,
    /// The next term begins.
    Renews,
    /// The next term begins if somebody decides so.
    RenewsIfDecided,
    /// The last day covered.
    LastDay,
}

impl GivenDates {
    /// The anchor of what was given, once everything agrees.
    pub fn settle(self) -> Result<Dates, Refusal> {
        let cycle = self.cycle.map_or(Cycle::Once, |every| Cycle::Every(every.interval()));
        let anchor = match (self.terms(), self.starts_on, self.renews_on) {
            (Some(terms), Some(start), Some(renewal)) if self.first_term.is_some() => {
                at_a_term_end(start, terms, renewal)
            }
            _ => Anchor::choose(cycle, self.starts_on, self.renews_on),
        };
        let anchor = anchor.map_err(|error| Refusal::invalid(field_of(error), error.to_string()))?;
        let dates = Dates {
            cycle: self.cycle,
            anchor,
            first_term: self.first_term,
            next_term: self.next_term,
            auto_renew: self.auto_renew,
            notice: self.notice,
            trial_ends_on: self.trial_ends_on,
        };
        if let Some(terms) = dates.terms() {
            require_notice_fits(self.notice, terms)
                .map_err(|error| Refusal::invalid("notice_count", error.to_string()))?;
        }
        Ok(dates)
    }

    fn terms(&self) -> Option<Terms> {
        terms(self.cycle, self.first_term, self.next_term)
    }
}

impl Dates {
    /// The first day covered, when it is known.
    pub fn starts_on(&self) -> Option<NaiveDate> {
        match self.anchor {
            Anchor::Start(date) => Some(date),
            Anchor::Renewal(_) => None,
        }
    }

    /// How long one is bound; none for a one-time purchase.
    pub fn terms(&self) -> Option<Terms> {
        terms(self.cycle, self.first_term, self.next_term)
    }

    /// The later term, as written.
    pub fn following_term(&self) -> Option<Every> {
        self.next_term.or(self.first_term).or(self.cycle)
    }

    /// What stands next for a subscription of this status, entered or corrected today. Whoever says that it runs says
    /// that its past terms were renewed; what never renews and is over does not run.
    pub fn coming(&self, status: Status, today: NaiveDate) -> Result<Coming, Refusal> {
        let trial_ended_on = self.trial_ends_on.filter(|last| status == Status::Trial && *last < today);
        if let Some(last) = trial_ended_on {
            let message = format!("The trial ended on {last}: choose Active or Expired, or correct the date.");
            return Err(Refusal::invalid("trial_ends_on", message));
        }
        let Some(terms) = self.terms() else {
            return Ok(Coming::default());
        };
        let goes_on = self.auto_renew != AutoRenew::Never;
        let follows = match (status.is_live() && goes_on, status, self.anchor) {
            (true, ..) | (_, Status::Canceled, Anchor::Start(_)) => AutoRenew::Auto,
            _ => AutoRenew::Never,
        };
        let renews_on = term_end(self.anchor, terms, follows, today)
            .map_err(|error| Refusal::invalid(field_of(error), error.to_string()))?;
        if status.is_live() && !goes_on && last_covered_day(renews_on) < today {
            let message = format!(
                "Its only term ended on {}: choose Expired, or correct the dates.",
                last_covered_day(renews_on)
            );
            return Err(Refusal::invalid("status", message));
        }
        Ok(self.before(status, Some(renews_on)))
    }

    /// What is ahead of a day: last days to cancel, renewals, money due before the first of them; at most a dozen.
    pub fn ahead(&self, status: Status, coming: Coming, today: NaiveDate) -> Vec<(NaiveDate, Ahead)> {
        let Some(first) = coming.renews_on else {
            return Vec::new();
        };
        let trial = self.trial_ends_on.filter(|_| status == Status::Trial).map(|date| (date, Ahead::TrialEnds));
        if coming.cancel_by.is_none() {
            let end = Some((last_covered_day(first), Ahead::LastDay));
            return in_order(trial.into_iter().chain(end), today);
        }
        let renews = match self.auto_renew {
            AutoRenew::Auto => Ahead::Renews,
            AutoRenew::Manual | AutoRenew::Never => Ahead::RenewsIfDecided,
        };
        let later = first.succ_opt().into_iter().flat_map(|day| self.renewals(day));
        let renewals = std::iter::once(first).chain(later).take(3);
        let pairs =
            renewals.flat_map(|date| [(self.last_day_to_cancel(status, date), Ahead::CancelBy), (date, renews)]);
        let dues = self.dues_before(first, today).into_iter().map(|date| (date, Ahead::Due));
        in_order(pairs.chain(dues).chain(trial), today)
    }

    /// The same dates, counted from where they were counted before when nothing that counts has changed: a renewal that
    /// was clamped to a short month must not become the new anchor.
    pub fn anchored_as(self, before: &Self, coming: Option<NaiveDate>) -> Self {
        let is_same =
            self.cycle == before.cycle && self.first_term == before.first_term && self.next_term == before.next_term;
        match (self.anchor, before.anchor) {
            (Anchor::Renewal(given), Anchor::Renewal(_)) if is_same && Some(given) == coming => {
                Self { anchor: before.anchor, ..self }
            }
            _ => self,
        }
    }

    /// What stands next for a subscription of this status whose term ends on this day.
    pub fn before(&self, status: Status, renews_on: Option<NaiveDate>) -> Coming {
        let goes_on = status.is_live() && self.auto_renew != AutoRenew::Never;
        let cancel_by = renews_on.filter(|_| goes_on).map(|renewal| self.last_day_to_cancel(status, renewal));
        Coming { renews_on, cancel_by }
    }

    /// Whether cycles and terms fall on the same days as before.
    pub fn is_counted_like(&self, other: &Self) -> bool {
        let counted = |dates: &Self| (dates.anchor, dates.cycle, dates.first_term, dates.next_term);
        counted(self) == counted(other)
    }

    /// The first day on or after this one on which money is due; none when there is none before [`LATEST`].
    pub fn cycle_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        let anchor = self.anchor.date();
        let found = match self.cycle {
            Some(cycle) => next_on_or_after(anchor, cycle.interval(), day.max(anchor)).map(|(_, found)| found),
            None => Some(anchor).filter(|once| *once >= day),
        };
        found.filter(|found| *found <= LATEST)
    }

    /// Every renewal on or after a day, each counted from the anchor, as long as it renews; none of what is paid once.
    pub fn renewals(&self, day: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let terms = self.terms();
        let anchor = self.anchor;
        let on_or_after = move |day| term_end(anchor, terms?, AutoRenew::Auto, day).ok();
        std::iter::successors(on_or_after(day), move |renewal| on_or_after(renewal.succ_opt()?))
    }

    /// The last day on which cancelling before this renewal still works.
    fn last_day_to_cancel(&self, status: Status, renewal: NaiveDate) -> NaiveDate {
        let by_notice = cancel_by(last_covered_day(renewal), Some(self.notice));
        match self.trial_ends_on {
            Some(trial_ends_on) if status == Status::Trial => by_notice.min(trial_ends_on),
            _ => by_notice,
        }
    }

    /// The next days before a renewal on which money is due, when terms are longer than the cycle.
    fn dues_before(&self, renewal: NaiveDate, today: NaiveDate) -> Vec<NaiveDate> {
        let (Some(cycle), Some(eve)) = (self.cycle, renewal.pred_opt()) else {
            return Vec::new();
        };
        occurrences(self.anchor, cycle.interval(), today, eve).into_iter().take(3).collect()
    }
}

fn terms(cycle: Option<Every>, first: Option<Every>, next: Option<Every>) -> Option<Terms> {
    let cycle = cycle?;
    let first = first.unwrap_or(cycle);
    Some(Terms { first: first.interval(), following: next.unwrap_or(first).interval() })
}

/// The start as the anchor, if one of its terms ends on this renewal.
fn at_a_term_end(start: NaiveDate, terms: Terms, renewal: NaiveDate) -> Result<Anchor, ScheduleError> {
    let anchor = Anchor::Start(start);
    let ends = (0..).map_while(|n| nth_term_end(anchor, terms, n)).take_while(|end| *end <= LATEST);
    let nearest = ends.min_by_key(|end| (*end - renewal).abs()).ok_or(ScheduleError::TooFarAhead)?;
    match nearest == renewal {
        true => Ok(anchor),
        false => Err(ScheduleError::DatesDisagree { nearest }),
    }
}

fn field_of(error: ScheduleError) -> &'static str {
    match error {
        ScheduleError::TooFarAhead => "cycle_count",
        _ => "renews_on",
    }
}

fn in_order(days: impl Iterator<Item = (NaiveDate, Ahead)>, today: NaiveDate) -> Vec<(NaiveDate, Ahead)> {
    let mut days: Vec<_> = days.filter(|(date, _)| *date >= today).collect();
    days.sort();
    days
}

#[cfg(test)]
mod tests;

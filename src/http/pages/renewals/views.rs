//! What the templates of renewals print.

use chrono::NaiveDate;

use crate::domain::renewals::decision::{Wish, code, covered_until, label};
use crate::domain::renewals::of::Renewal;
use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::schedule::AutoRenew;
use crate::domain::subscriptions::subscription::{Status, Subscription};
use crate::http::pages::form::FormState;
use crate::kernel::access::House;
use crate::kernel::locale::Locale;

/// The coming renewal on the page of a subscription.
pub struct RenewalView {
    /// For machines, and for the form; empty when nothing renews.
    pub renews_on: String,
    /// The state's colour and word.
    pub state: (&'static str, String),
    /// How the last one came about.
    pub last: Option<String>,
    /// What happens on the day.
    pub sentence: Option<String>,
    /// What is late.
    pub warning: Option<String>,
    /// Who decided, and the note.
    pub decided: Option<(String, String)>,
    /// What follows from each choice.
    pub if_renewed: String,
    /// The next term with other seats.
    pub if_resized: String,
    /// The end.
    pub if_canceled: String,
    /// What the contract says.
    pub if_undecided: String,
}

impl RenewalView {
    /// How it looks today; none when nothing renews and nothing did.
    pub fn new(
        subscription: &Subscription,
        renewal: &Renewal,
        (today, held): (NaiveDate, i64),
        house: House,
    ) -> Option<Self> {
        let locale = house.locale;
        let last = renewal.last.map(|last| match last.by_default {
            true => format!("Renewed by default on {}: nobody had decided.", locale.date(last.on)),
            false => format!("Renewed on {}, as decided.", locale.date(last.on)),
        });
        let coming = subscription.coming.renews_on.filter(|_| subscription.goes_on());
        let Some(renews_on) = coming else {
            return last.map(|last| Self::over(subscription, last));
        };
        let wish = renewal.decision.as_ref().map(|decision| decision.decided);
        let words = Words { subscription, renews_on, today, held, locale };
        let decided = renewal.decision.as_ref().map(|decision| {
            let day = locale.date(decision.at.with_timezone(&house.zone).date_naive());
            let by = decision.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            (format!("Decided{by} on {day}."), decision.note.clone())
        });
        Some(Self {
            renews_on: renews_on.to_string(),
            state: state(wish),
            last,
            sentence: Some(words.sentence(wish)),
            warning: words.warning(wish),
            decided,
            if_renewed: words.if_renewed(),
            if_resized: format!("As many as you say below. {} held today.", words.seats_held()),
            if_canceled: words.if_canceled(),
            if_undecided: words.if_undecided(),
        })
    }

    fn over(subscription: &Subscription, last: String) -> Self {
        Self {
            renews_on: String::new(),
            state: ("", subscription.details.status.label().to_owned()),
            last: Some(last),
            sentence: None,
            warning: None,
            decided: None,
            if_renewed: String::new(),
            if_resized: String::new(),
            if_canceled: String::new(),
            if_undecided: String::new(),
        }
    }

    /// Whether there is something to decide.
    pub fn is_open(&self) -> bool {
        !self.renews_on.is_empty()
    }
}

/// A decision's colour and words.
pub fn state(wish: Wish) -> (&'static str, String) {
    let kind = match wish {
        None => "hollow",
        Some(Decided::Renew) => "good",
        Some(Decided::Resize(_)) => "info",
        Some(Decided::Cancel) => "",
    };
    (kind, label(wish))
}

/// The form, as it begins: what stands.
pub fn fresh(renewal: &Renewal, seats: Option<u32>) -> FormState {
    let wish = renewal.decision.as_ref().map(|decision| decision.decided);
    let seats = match wish {
        Some(Decided::Resize(seats)) => Some(seats),
        _ => seats,
    };
    FormState::of(vec![
        ("decision".to_owned(), code(wish).to_owned()),
        ("seats".to_owned(), seats.map(|seats| seats.to_string()).unwrap_or_default()),
        ("note".to_owned(), renewal.decision.as_ref().map(|decision| decision.note.clone()).unwrap_or_default()),
    ])
}

/// What can be said of one renewal.
struct Words<'a> {
    subscription: &'a Subscription,
    renews_on: NaiveDate,
    today: NaiveDate,
    held: i64,
    locale: Locale,
}

impl Words<'_> {
    fn day(&self, day: NaiveDate) -> String {
        self.locale.date(day)
    }

    fn covered_until(&self) -> NaiveDate {
        covered_until(self.subscription, self.renews_on)
    }

    fn cancel_by(&self) -> NaiveDate {
        self.subscription.coming.cancel_by.unwrap_or(self.renews_on)
    }

    fn is_late(&self) -> bool {
        self.cancel_by() < self.today
    }

    fn is_trial(&self) -> bool {
        self.subscription.details.status == Status::Trial
    }

    /// The day from which it is paid for again, or for the first time.
    fn goes_on_from(&self) -> NaiveDate {
        match self.is_trial() {
            true => self.covered_until().succ_opt().unwrap_or(self.renews_on),
            false => self.renews_on,
        }
    }

    fn seats_held(&self) -> String {
        match self.held {
            1 => "1 is".to_owned(),
            held => format!("{} are", self.locale.number(held)),
        }
    }

    fn sentence(&self, wish: Wish) -> String {
        let (from, until) = (self.day(self.goes_on_from()), self.day(self.covered_until()));
        match wish {
            None => self.if_undecided(),
            Some(Decided::Renew) if self.is_trial() => format!("It is kept after the trial, from {from} on."),
            Some(Decided::Renew) => format!("It renews on {from}."),
            Some(Decided::Resize(1)) => format!("It renews on {from} with 1 seat."),
            Some(Decided::Resize(seats)) => {
                format!("It renews on {from} with {} seats.", self.locale.number(seats.into()))
            }
            Some(Decided::Cancel) if self.is_late() => format!("It is covered until {until} and ends then."),
            Some(Decided::Cancel) => format!(
                "It is covered until {until} and ends then. Cancel it at the vendor by {}.",
                self.day(self.cancel_by())
            ),
        }
    }

    fn warning(&self, wish: Wish) -> Option<String> {
        let last = self.day(self.cancel_by());
        match wish {
            Some(Decided::Resize(seats)) if self.held > i64::from(seats) => {
                let excess = self.held - i64::from(seats);
                Some(match excess {
                    1 => "One more seat is held than that: revoke it before, or it stays paid for.".to_owned(),
                    _ => format!("{excess} more seats are held than that: revoke them before, or they stay paid for."),
                })
            }
            Some(Decided::Cancel) if self.is_late() => {
                Some(format!("The last day to cancel was {last}, so the vendor may not take it."))
            }
            None if self.is_late() && self.subscription.details.dates.auto_renew == AutoRenew::Auto => {
                Some(format!("The last day to cancel was {last}, and nobody has decided."))
            }
            _ => None,
        }
    }

    fn if_renewed(&self) -> String {
        let from = self.day(self.goes_on_from());
        match self.is_trial() {
            true => format!("It is kept after the trial, from {from} on."),
            false => format!("The next term begins on {from}."),
        }
    }

    fn if_canceled(&self) -> String {
        let until = self.day(self.covered_until());
        match self.is_late() {
            true => format!(
                "Covered until {until}. The last day to cancel was {}, so the vendor may not take it.",
                self.day(self.cancel_by())
            ),
            false => format!("Covered until {until}. Cancel it at the vendor by {}.", self.day(self.cancel_by())),
        }
    }

    fn if_undecided(&self) -> String {
        let (from, until) = (self.day(self.goes_on_from()), self.day(self.covered_until()));
        match (self.subscription.details.dates.auto_renew, self.is_trial()) {
            (AutoRenew::Auto, true) => format!("It goes on by itself after the trial, from {from} on."),
            (AutoRenew::Auto, false) => format!("It renews by itself on {from}."),
            _ => format!("It ends after {until} unless somebody decides to renew it."),
        }
    }
}

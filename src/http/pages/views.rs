//! Small views that many pages show: what a template must not compute.

use chrono::NaiveDate;

use crate::domain::plans::plan::{Meter, Plan};
use crate::kernel::calendar::Unit;
use crate::kernel::locale::Locale;

/// Seats of one subscription, as the meter shows them.
#[derive(Clone, Copy, Debug)]
pub struct SeatsView {
    /// Held by people.
    pub held: i64,
    /// Paid for; none: not counted.
    pub bought: Option<i64>,
    /// Used in the last 60 days; none: unknown.
    pub used: Option<i64>,
    /// How the reader writes numbers.
    pub locale: Locale,
}

impl SeatsView {
    /// Whether seats are counted at all.
    pub fn is_counted(&self) -> bool {
        self.bought.is_some()
    }

    /// Whether more are held than were bought.
    pub fn is_over(&self) -> bool {
        self.bought.is_some_and(|bought| self.held > bought)
    }

    /// "27 / 30".
    pub fn figure(&self) -> String {
        match self.bought {
            Some(bought) => format!("{} / {}", self.number(self.held), self.number(bought)),
            None => format!("{} of unlimited", self.number(self.held)),
        }
    }

    fn number(&self, count: i64) -> String {
        self.locale.number(count)
    }

    /// How many are held, as the reader writes it.
    pub fn held_figure(&self) -> String {
        self.number(self.held)
    }

    /// How many are free, or held beyond what was bought.
    pub fn rest_figure(&self) -> String {
        self.number(self.bought.map_or(0, |bought| (bought - self.held).abs()))
    }

    /// The same in words.
    pub fn label(&self) -> String {
        let held = match self.bought {
            Some(bought) => format!("{} of {} seats held", self.number(self.held), self.number(bought)),
            None => format!("{} seats held, no limit", self.number(self.held)),
        };
        match self.used {
            Some(used) => format!("{held}, {} used in the last 60 days", self.number(used)),
            None => held,
        }
    }

    /// Held out of bought; over the limit, the share of the held that was bought.
    pub fn held_share(&self) -> String {
        match self.bought {
            Some(bought) if self.held > bought => share(bought, self.held),
            Some(bought) => share(self.held, bought),
            None => "0%".to_owned(),
        }
    }

    /// Used out of bought.
    pub fn used_share(&self) -> String {
        share(self.used.unwrap_or(0), self.bought.unwrap_or(0))
    }
}

/// A part of a whole in per cent with one decimal, in integers; 0 of nothing is 0.
pub fn share(part: i64, whole: i64) -> String {
    let tenths = part.saturating_mul(1000).checked_div(whole).unwrap_or(0).clamp(0, 1000);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// The last day to cancel: calm, soon (within 14 days) or now (within 7, or past).
#[derive(Clone, Debug)]
pub struct CancelByView {
    /// For machines.
    pub iso: String,
    /// For people.
    pub text: String,
    /// "", "soon" or "now".
    pub level: &'static str,
    /// "in 3 days".
    pub distance: String,
}

impl CancelByView {
    /// How a last day to cancel looks today.
    pub fn new(day: NaiveDate, today: NaiveDate, locale: Locale) -> Self {
        let left = day.signed_duration_since(today).num_days();
        let level = match left {
            ..=7 => "now",
            8..=14 => "soon",
            _ => "",
        };
        Self { iso: day.to_string(), text: locale.date(day), level, distance: distance(left) }
    }
}

/// A day seen from today: "today", "in 3 days", "yesterday", "12 days ago".
pub fn distance(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        2.. => format!("in {days} days"),
        _ => format!("{} days ago", -days),
    }
}

/// One plan on offer.
#[derive(Clone, Debug)]
pub struct PlanOffer {
    /// The stable code.
    pub code: String,
    /// As a screen says it.
    pub name: String,
    /// "$49".
    pub price: String,
    /// "a month".
    pub per: String,
    /// (figure, of what).
    pub limits: Vec<(String, String)>,
    /// The one we would point at.
    pub best: bool,
}

impl PlanOffer {
    /// How a plan is offered.
    pub fn new(plan: &Plan, locale: Locale) -> Self {
        let figure =
            |allowance: Option<i64>| allowance.map_or_else(|| "Unlimited".to_owned(), |limit| locale.number(limit));
        let mut limits: Vec<(String, String)> =
            Meter::ALL.iter().map(|meter| (figure(plan.allowance(*meter)), meter.noun().to_owned())).collect();
        limits.push((kept(plan.audit_days), "of audit trail".to_owned()));
        Self {
            code: plan.code.clone(),
            name: plan.name.clone(),
            price: locale.money_whole(plan.price),
            per: per(plan),
            limits,
            best: plan.code == "team",
        }
    }
}

/// "a month", "for 15 days".
pub fn per(plan: &Plan) -> String {
    let (unit, count) = (plan.cycle.unit(), plan.cycle.count());
    let noun = match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
    };
    match (plan.renews, count) {
        (false, 1) => format!("for one {noun}"),
        (false, _) => format!("for {count} {noun}s"),
        (true, 1) => format!("a {noun}"),
        (true, _) => format!("every {count} {noun}s"),
    }
}

fn kept(days: Option<i32>) -> String {
    match days {
        None => "Everything".to_owned(),
        Some(365) => "1 year".to_owned(),
        Some(days) if days >= 730 => format!("{} years", days / 365),
        Some(days) => format!("{days} days"),
    }
}

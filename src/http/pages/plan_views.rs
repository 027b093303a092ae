//! How plans, meters, periods and previews are shown.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::plans::choose::{PlanChanges, on_request};
use crate::domain::plans::overview::{Overview, Preview};
use crate::domain::plans::plan::{Meter, Plan};
use crate::domain::plans::quote::Quote;
use crate::kernel::access::House;
use crate::kernel::locale::Locale;
use crate::kernel::money::Money;

use super::views::{PlanOffer, per};

/// Where the business stands, in words.
pub struct Standing {
    /// The plan's name.
    pub plan: String,
    /// The kind of its state, for the badge.
    pub kind: &'static str,
    /// Its state.
    pub state: &'static str,
    /// "$49.00 a month".
    pub price: String,
    /// "1 Nov to 30 Nov 2026".
    pub cycle: String,
    /// What happens when the cycle ends.
    pub then: String,
    /// The plan that was chosen for the end, and the present one's code, with which it is taken back.
    pub next: Option<(String, String)>,
    /// The plan that was asked for, the day, and the present one's code, with which that is taken back.
    pub asked: Option<(String, String, String)>,
    /// Whether nothing can be added any more.
    pub is_ended: bool,
}

impl Standing {
    /// How it stands now.
    pub fn new(overview: &Overview, house: House) -> Self {
        let current = &overview.current;
        let (locale, plan) = (house.locale, &current.plan);
        let day = |at: DateTime<Utc>| at.with_timezone(&house.zone).date_naive();
        let end = day(current.period_ends_at);
        let last = end.pred_opt().unwrap_or(end);
        let (kind, state) = match (overview.is_ended, plan.renews) {
            (true, _) => ("bad", "Ended"),
            (false, true) => ("good", "Active"),
            (false, false) => ("try", "Running"),
        };
        let given = current.given_plan(overview.today);
        let then = match (&current.next_plan, overview.is_ended, plan.renews) {
            _ if given.is_some() => given.map(|(given, until)| lent(&given.name, until, locale)).unwrap_or_default(),
            (_, true, _) => {
                format!("Ended on {}. Everything can be read, exported, corrected and removed.", locale.date(last))
            }
            (Some(next), ..) => format!("{} begins on {}.", next.name, locale.date(end)),
            (None, _, true) => format!("Renews by itself on {}.", locale.date(end)),
            (None, _, false) => {
                format!("Ends with {}. Choose a plan before then, and nothing stops.", locale.date(last))
            }
        };
        Self {
            plan: plan.name.clone(),
            kind,
            state,
            price: match (plan.price.minor, plan.renews) {
                (0, true) => "Nothing is due".to_owned(),
                (0, false) => format!("Nothing is due {}", per(plan)),
                _ => format!("{} {}", locale.money(plan.price), per(plan)),
            },
            cycle: format!("{} to {}", locale.date(day(current.cycle_starts_at)), locale.date(last)),
            then,
            next: current.next_plan.as_ref().map(|next| (next.name.clone(), plan.code.clone())),
            asked: overview
                .asked
                .as_ref()
                .map(|asked| (asked.plan.clone(), locale.date(day(asked.at)), plan.code.clone())),
            is_ended: overview.is_ended,
        }
    }
}

fn lent(plan: &str, until: NaiveDate, locale: Locale) -> String {
    format!("Until {} the limits of {plan} hold instead.", locale.date(until))
}

/// How much of a limit is used.
pub struct MeterView {
    /// Of what.
    pub name: &'static str,
    /// In use.
    pub used: i64,
    /// Allowed; none: unlimited.
    pub allowance: Option<i64>,
    /// "14".
    pub figure: String,
    /// "of 25, nearly full".
    pub of: String,
    /// "", "tight" or "full".
    pub level: &'static str,
    /// What happens at the limit.
    pub at_the_limit: &'static str,
}

impl MeterView {
    /// One for each meter.
    pub fn all(overview: &Overview, locale: Locale) -> Vec<Self> {
        let allowed = |meter| overview.current.allowance(meter, overview.today);
        overview.used.iter().map(|(meter, used)| Self::new(*meter, *used, allowed(*meter), locale)).collect()
    }

    fn new(meter: Meter, used: i64, allowance: Option<i64>, locale: Locale) -> Self {
        let (level, word) = match allowance {
            Some(most) if used >= most => ("full", ", full"),
            Some(most) if used.saturating_mul(5) >= most.saturating_mul(4) => ("tight", ", nearly full"),
            _ => ("", ""),
        };
        Self {
            name: meter.label(),
            used,
            allowance,
            figure: locale.number(used),
            of: allowance.map_or_else(|| "no limit".to_owned(), |most| format!("of {}{word}", locale.number(most))),
            level,
            at_the_limit: meter.at_the_limit(),
        }
    }
}

/// One period of the past.
pub struct PeriodView {
    /// "1 Nov 2026 to 30 Nov 2026", or one day.
    pub days: String,
    /// The plan.
    pub plan: String,
    /// What is due for it.
    pub due: String,
}

impl PeriodView {
    /// Newest first.
    pub fn all(overview: &Overview, house: House) -> Vec<Self> {
        let views = overview.periods.iter().map(|period| Self {
            days: days_of(period.starts_at, period.ends_at, house),
            plan: period.plan.clone(),
            due: house.locale.money(period.due),
        });
        views.collect()
    }
}

/// The days of a period. The day on which another plan took over belongs to that one; a period that begins and ends
/// within a day is that day.
fn days_of(starts_at: DateTime<Utc>, ends_at: DateTime<Utc>, house: House) -> String {
    let day = |at: DateTime<Utc>| at.with_timezone(&house.zone).date_naive();
    let (from, end) = (day(starts_at), day(ends_at));
    let last = end.pred_opt().unwrap_or(end);
    match last > from {
        true => format!("{} to {}", house.locale.date(from), house.locale.date(last)),
        false => house.locale.date(from),
    }
}

/// A plan on offer, seen from the present one.
pub struct OfferView {
    /// Price and limits.
    pub offer: PlanOffer,
    /// Whether it is the present one.
    pub is_current: bool,
    /// Whether it is looked at.
    pub is_wanted: bool,
    /// Whether it can be chosen from here.
    pub can_choose: bool,
}

impl OfferView {
    /// How it is offered.
    pub fn new(plan: &Plan, overview: &Overview, wanted: &str, locale: Locale) -> Self {
        let is_current = plan.code == overview.current.plan.code;
        let is_open = !is_current || overview.is_ended || overview.current.next_plan.is_some();
        Self {
            offer: PlanOffer::new(plan, locale),
            is_current,
            is_wanted: plan.code == wanted,
            can_choose: plan.renews && is_open,
        }
    }
}

/// What choosing a plan would do.
pub struct PreviewView {
    /// The code that is confirmed.
    pub code: String,
    /// What is confirmed, so that nothing else is done once it has changed.
    pub seen: String,
    /// What the button says.
    pub act: String,
    /// When it happens and what follows.
    pub sentence: String,
    /// (what, how much) of what is due.
    pub lines: Vec<(String, String)>,
    /// What is due in the end.
    pub total: Option<(String, String)>,
    /// (limit, now, then).
    pub limits: Vec<(&'static str, String, String)>,
    /// What would be over its limit.
    pub over: Vec<String>,
    /// Whether there is anything to confirm.
    pub can_confirm: bool,
}

impl PreviewView {
    /// In the words of the house; what is not simply taken here is asked for.
    pub fn new(preview: &Preview, changes: PlanChanges, house: House) -> Self {
        let (locale, wanted, current) = (house.locale, &preview.wanted, &preview.current.plan);
        let figure = |plan: &Plan, meter: Meter| {
            plan.allowance(meter).map_or_else(|| "unlimited".to_owned(), |most| locale.number(most))
        };
        let limits = Meter::ALL.map(|meter| (meter.label(), figure(current, meter), figure(wanted, meter)));
        let over = preview.over.iter().map(|over| {
            format!(
                "{}: {} in use, {} allowed.",
                over.meter.label(),
                locale.number(over.used),
                locale.number(over.allowance)
            )
        });
        let (sentence, lines, total) = words(preview, locale);
        let waits = changes.must_be_asked_for(current, wanted, &preview.quote);
        let sentence = match waits {
            true => on_request(wanted),
            false => sentence,
        };
        Self {
            code: wanted.code.clone(),
            seen: preview.quote.seen(wanted),
            act: match preview.quote {
                _ if waits => format!("Ask for {}", wanted.name),
                Quote::TakeBack { .. } => format!("Keep {}", wanted.name),
                Quote::AtTheEnd { .. } => format!("Move to {} at the end", wanted.name),
                _ => format!("Change to {}", wanted.name),
            },
            sentence,
            lines,
            total,
            limits: limits.into_iter().collect(),
            over: over.collect(),
            can_confirm: !matches!(preview.quote, Quote::Nothing),
        }
    }
}

type Lines = Vec<(String, String)>;

fn words(preview: &Preview, locale: Locale) -> (String, Lines, Option<(String, String)>) {
    let (wanted, current) = (&preview.wanted, &preview.current.plan);
    let each = (format!("{}, {}", wanted.name, per(wanted)), locale.money(wanted.price));
    match &preview.quote {
        Quote::Nothing => (format!("{} is the present plan.", wanted.name), Vec::new(), None),
        Quote::TakeBack { other } => (format!("{} stays, and {other} does not begin.", wanted.name), Vec::new(), None),
        Quote::AtTheEnd { from } => {
            let day = locale.date(*from);
            let sentence = format!(
                "{} stays until then, and {} begins on {day}. It can be taken back.",
                current.name, wanted.name
            );
            (sentence, vec![each], Some(("Due today".to_owned(), locale.money(Money::zero(wanted.price.currency)))))
        }
        Quote::StartNow { due, until } => {
            let sentence =
                format!("{} begins now. Its first cycle covers today to {}.", wanted.name, locale.date(*until));
            (sentence, vec![each], Some(("Due today".to_owned(), locale.money(*due))))
        }
        Quote::UpgradeNow { due, credit, days, until } => {
            let sentence = format!("{} begins now. The cycle still ends on {}.", wanted.name, locale.date(*until));
            let lines = vec![
                (format!("{}, {days} days left", wanted.name), locale.money(*due)),
                (format!("{}, {days} unused days", current.name), format!("−{}", locale.money(*credit))),
            ];
            let today = due.checked_sub(*credit).map_or_else(|_| "–".to_owned(), |today| locale.money(today));
            (sentence, lines, Some(("Due today".to_owned(), today)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::currency::Currency;
    use crate::kernel::ids::BusinessId;

    #[test]
    fn no_two_periods_name_the_same_day_unless_one_is_within_it() {
        let house = House {
            business: BusinessId::INSTALLATION,
            zone: chrono_tz::Europe::Berlin,
            currency: Currency::EUR,
            locale: Locale::parse("en-GB").unwrap(),
            standing: crate::kernel::access::Standing::Active,
        };
        let days = |from: &str, to: &str| days_of(from.parse().unwrap(), to.parse().unwrap(), house);
        assert_eq!(days("2026-10-31T23:00:00Z", "2026-11-15T23:00:00Z"), "1 Nov 2026 to 15 Nov 2026");
        assert_eq!(days("2026-10-31T23:00:00Z", "2026-11-16T09:30:00Z"), "1 Nov 2026 to 15 Nov 2026");
        assert_eq!(days("2026-11-16T09:30:00Z", "2026-12-15T23:00:00Z"), "16 Nov 2026 to 15 Dec 2026");
        assert_eq!(days("2026-11-16T09:30:00Z", "2026-11-16T11:00:00Z"), "16 Nov 2026");
        assert_eq!(days("2026-11-16T09:30:00Z", "2026-11-17T08:00:00Z"), "16 Nov 2026");
    }
}

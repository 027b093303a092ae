//! One subscription as its page prints it.

use chrono::NaiveDate;

use crate::domain::subscriptions::charge::Charge;
use crate::domain::subscriptions::dates::Ahead;
use crate::domain::subscriptions::notice::Notice;
use crate::domain::subscriptions::price_line::{Price, PriceList};
use crate::domain::subscriptions::schedule::AutoRenew;
use crate::domain::subscriptions::show::Shown;
use crate::domain::subscriptions::subscription::{CostModel, Subscription};
use crate::http::pages::views::{CancelByView, distance};
use crate::kernel::access::{Access, Sees};
use crate::kernel::locale::Locale;

use super::views::{DayView, ahead_label, cycle_cost, day_of_term, each, goes_on, per, state, term_word};

/// Everything the page says of it.
pub struct Detail {
    /// The id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its service.
    pub service: String,
    /// The page of its service.
    pub service_page: String,
    /// Its category, or empty.
    pub category: String,
    /// The name of whoever answers for it.
    pub owner: String,
    /// Their page, for whoever may see it.
    pub owner_page: Option<String>,
    /// Whether they have left.
    pub is_orphan: bool,
    /// The state's colour and word.
    pub state: (&'static str, &'static str),
    /// When it was removed.
    pub removed: Option<DayView>,
    /// What a year comes to, and a month.
    pub a_year: Option<(String, String)>,
    /// What one cycle comes to, and how often.
    pub a_cycle: (String, String),
    /// The last day to cancel, and what stands below it.
    pub cancel_by: Option<(CancelByView, String)>,
    /// What ends the term, its day, and what happens then.
    pub term: Option<(String, DayView, String)>,
    /// The price list.
    pub prices: Vec<PriceRow>,
    /// What was due, the newest first.
    pub charges: Vec<ChargeRow>,
    /// Seats that go at the renewal.
    pub fewer: Option<FewerView>,
    /// What a price is for.
    pub unit: String,
    /// What comes next.
    pub ahead: Vec<(DayView, String)>,
    /// Everything else that is known: what, and its words.
    pub facts: Vec<(&'static str, String)>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Where it is managed, or empty.
    pub url: String,
    /// Notes, or empty.
    pub notes: String,
}

/// One line of the price list.
pub struct PriceRow {
    /// From when it counts.
    pub from: DayView,
    /// Seats, or "–".
    pub seats: String,
    /// For everything, a seat or a pack.
    pub cost: String,
    /// "+12.5 %", with the class that colours it.
    pub growth: Option<(&'static str, String)>,
    /// Set for a line that does not count yet.
    pub is_ahead: bool,
}

/// What was due for one cycle.
pub struct ChargeRow {
    /// From when.
    pub from: DayView,
    /// The last day covered; none for a one-time purchase.
    pub to: Option<DayView>,
    /// What was due.
    pub due: String,
    /// Set when it lay in the past when the subscription was entered.
    pub is_estimated: bool,
}

/// Seats that go at the renewal.
pub struct FewerView {
    /// How many are wanted.
    pub seats: String,
    /// Whether that is one.
    pub is_one: bool,
    /// At which renewal.
    pub renewal: Option<DayView>,
    /// How many people hold more than that.
    pub excess: i64,
}

impl Detail {
    /// How it looks today, with so many seats held.
    pub fn new(shown: Shown, (today, held): (NaiveDate, i64), access: &Access) -> Self {
        let Shown { subscription, prices, charges, .. } = shown;
        let (locale, zone) = (access.reading().locale, access.reading().zone);
        let price = prices.on(today).map(|line| line.price);
        let (details, coming) = (&subscription.details, subscription.coming);
        let notice = details.dates.notice;
        let cancel_by = coming.cancel_by.map(|day| {
            let view = CancelByView::new(day, today, locale);
            let below = format!("{}{}", view.distance, notice_words(notice));
            (view, below)
        });
        let removed = subscription.removed_at.map(|at| DayView::new(at.with_timezone(&zone).date_naive(), locale));
        Self {
            id: subscription.id.to_string(),
            name: details.name.clone(),
            service: details.service.clone(),
            service_page: format!("/services/{}", subscription.service_id),
            category: details.category.clone(),
            owner: subscription.owner.name.clone(),
            owner_page: (access.sees() == Sees::All).then(|| format!("/people/{}", subscription.owner.id)),
            is_orphan: subscription.owner.is_gone,
            state: state(&subscription),
            removed,
            a_year: price.and_then(|price| run_rate(&subscription, price, locale)),
            a_cycle: (
                price.map_or_else(|| "–".to_owned(), |price| cycle_cost(price, details.cost_model, locale)),
                per(details.dates.cycle),
            ),
            cancel_by,
            term: coming.renews_on.map(|day| term(&subscription, day, today, locale)),
            prices: price_rows(&prices, today, locale),
            charges: charges.iter().map(|charge| charge_row(charge, locale)).collect(),
            fewer: subscription.fewer.map(|fewer| FewerView {
                seats: locale.number(i64::from(fewer.seats)),
                is_one: fewer.seats == 1,
                renewal: coming.renews_on.map(|day| DayView::new(day, locale)),
                excess: (held - i64::from(fewer.seats)).max(0),
            }),
            unit: unit(details.cost_model),
            ahead: ahead(&subscription, &prices, today, locale),
            facts: facts(&subscription, today, locale),
            tags: details.tags.clone(),
            url: details.url.clone(),
            notes: details.notes.clone(),
        }
    }
}

fn notice_words(notice: Notice) -> String {
    match notice.count() {
        0 => String::new(),
        1 => format!(", {notice}’s notice"),
        _ => format!(", {notice}’ notice"),
    }
}

fn run_rate(subscription: &Subscription, price: Price, locale: Locale) -> Option<(String, String)> {
    let (model, cycle) = (subscription.details.cost_model, subscription.details.dates.cycle?.interval());
    let (year, month) = (price.a_year(model, Some(cycle))?, price.a_month(model, Some(cycle))?);
    Some((locale.money(year), locale.money(month)))
}

fn term(
    subscription: &Subscription,
    renews_on: NaiveDate,
    today: NaiveDate,
    locale: Locale,
) -> (String, DayView, String) {
    let dates = &subscription.details.dates;
    let day = day_of_term(subscription, renews_on);
    let word = match term_word(subscription, renews_on, today) {
        "renews" => "Renews",
        "ends" => "Ends",
        _ => "Ended",
    };
    let term = dates.following_term().map(|term| format!(", for another {term}")).unwrap_or_default();
    let below = match (goes_on(subscription), dates.auto_renew) {
        (true, AutoRenew::Auto) => format!("by itself{term}"),
        (true, _) => "if somebody decides so".to_owned(),
        (false, _) => distance(day.signed_duration_since(today).num_days()),
    };
    (word.to_owned(), DayView::new(day, locale), below)
}

fn unit(model: CostModel) -> String {
    match each(model) {
        empty if empty.is_empty() => "One cycle".to_owned(),
        each => format!("One cycle, {each}"),
    }
}

fn price_rows(prices: &PriceList, today: NaiveDate, locale: Locale) -> Vec<PriceRow> {
    let row = |(line, growth): (&crate::domain::subscriptions::price_line::PriceLine, Option<i64>)| PriceRow {
        from: DayView::new(line.from_on, locale),
        seats: line.price.seats.map_or_else(|| "–".to_owned(), |seats| locale.number(i64::from(seats))),
        cost: locale.money(line.price.cost),
        growth: growth.map(per_cent),
        is_ahead: line.from_on > today,
    };
    prices.history().map(row).collect()
}

fn charge_row(charge: &Charge, locale: Locale) -> ChargeRow {
    ChargeRow {
        from: DayView::new(charge.starts_on, locale),
        to: charge.covers_to.map(|day| DayView::new(day, locale)),
        due: locale.money(charge.due),
        is_estimated: charge.estimated,
    }
}

/// Tenths of a per cent in words: dearer is red, cheaper green.
fn per_cent(tenths: i64) -> (&'static str, String) {
    let (whole, part) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    let size = match part {
        0 => format!("{whole} %"),
        _ => format!("{whole}.{part} %"),
    };
    match tenths.signum() {
        1 => ("up", format!("+{size}")),
        -1 => ("down", format!("−{size}")),
        _ => ("", size),
    }
}

/// What comes next, with the amount that counts on the day.
fn ahead(subscription: &Subscription, prices: &PriceList, today: NaiveDate, locale: Locale) -> Vec<(DayView, String)> {
    let details = &subscription.details;
    let amount = |date: NaiveDate| prices.on(date).map(|line| cycle_cost(line.price, details.cost_model, locale));
    let said = |(date, what): (NaiveDate, Ahead)| {
        let is_paid = matches!(what, Ahead::Due | Ahead::Renews | Ahead::RenewsIfDecided);
        let words = match amount(date).filter(|_| is_paid) {
            Some(amount) => format!("{}, {amount}", ahead_label(what)),
            None => ahead_label(what).to_owned(),
        };
        (DayView::new(date, locale), words)
    };
    details.dates.ahead(details.status, subscription.coming, today).into_iter().map(said).collect()
}

fn facts(subscription: &Subscription, today: NaiveDate, locale: Locale) -> Vec<(&'static str, String)> {
    let (details, dates) = (&subscription.details, &subscription.details.dates);
    let day = |date: Option<NaiveDate>| date.map(|date| locale.date(date)).unwrap_or_default();
    let at_the_end = match dates.auto_renew {
        _ if dates.cycle.is_none() => "",
        AutoRenew::Auto => "Renews by itself",
        AutoRenew::Manual => "Somebody must renew it",
        AutoRenew::Never => "Ends",
    };
    let term = match (dates.first_term, dates.next_term) {
        (None, None) => String::new(),
        (Some(first), Some(next)) if first != next => format!("{first}, then {next}"),
        (first, next) => first.or(next).map(|term| term.to_string()).unwrap_or_default(),
    };
    let notice = if dates.cycle.is_none() { String::new() } else { dates.notice.to_string() };
    let trial = dates.trial_ends_on.filter(|_| subscription.details.status.is_live());
    [
        ("Department", details.department.clone()),
        ("Paid", per(dates.cycle)),
        ("Started on", day(dates.starts_on())),
        ("At the end of the term", at_the_end.to_owned()),
        ("Term", term),
        ("Notice", notice),
        (
            "Trial ends on",
            trial
                .map(|date| format!("{}, {}", locale.date(date), distance((date - today).num_days())))
                .unwrap_or_default(),
        ),
        ("Payment method", details.payment_method.clone()),
    ]
    .into_iter()
    .filter(|(_, words)| !words.is_empty())
    .collect()
}

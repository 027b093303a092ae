//! What the templates of subscriptions print.

use chrono::NaiveDate;

use crate::domain::subscriptions::dates::Ahead;
use crate::domain::subscriptions::every::Every;
use crate::domain::subscriptions::list::Listed;
use crate::domain::subscriptions::price_line::Price;
use crate::domain::subscriptions::subscription::{CostModel, Status, Subscription};
use crate::http::pages::views::{CancelByView, SeatsView};
use crate::kernel::access::Access;
use crate::kernel::locale::Locale;
use crate::kernel::permission::Permission;

/// A day for machines and for people.
pub struct DayView {
    /// For machines.
    pub iso: String,
    /// For people.
    pub text: String,
}

impl DayView {
    /// A civil date.
    pub fn new(date: NaiveDate, locale: Locale) -> Self {
        Self { iso: date.to_string(), text: locale.date(date) }
    }
}

/// One row of the list.
pub struct Row {
    /// The id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The service, for the tile.
    pub service: String,
    /// "Figma · Design · Tomás Rey": what differs from the name.
    pub about: String,
    /// Set when the owner has left.
    pub is_orphan: bool,
    /// Whether it can be ticked, to be changed with others.
    pub can_change: bool,
    /// Seats held and bought.
    pub seats: SeatsView,
    /// "$16,200.00".
    pub cost: String,
    /// "every year".
    pub per: String,
    /// The last day to cancel.
    pub cancel_by: Option<CancelByView>,
    /// "renews", "ends", "ended" and the day.
    pub term: Option<(&'static str, DayView)>,
    /// The state's colour and word.
    pub state: (&'static str, &'static str),
}

impl Row {
    /// How a row looks today.
    pub fn new(listed: Listed, today: NaiveDate, access: &Access) -> Self {
        let locale = access.reading().locale;
        let may_change = access.may(Permission::ChangeSubscriptions);
        let Listed { subscription, price, held, .. } = listed;
        let coming = subscription.coming;
        let details = &subscription.details;
        let own_service = Some(details.service.as_str()).filter(|service| !details.name.eq_ignore_ascii_case(service));
        let category = Some(details.category.as_str()).filter(|category| !category.is_empty());
        let about: Vec<&str> =
            own_service.into_iter().chain(category).chain([subscription.owner.name.as_str()]).collect();
        Self {
            id: subscription.id.to_string(),
            name: details.name.clone(),
            service: details.service.clone(),
            about: about.join(" · "),
            is_orphan: subscription.owner.is_gone,
            can_change: may_change && subscription.removed_at.is_none() && subscription.is_changeable(access.sees()),
            seats: SeatsView { held, bought: price.and_then(|price| price.seats).map(i64::from), used: None, locale },
            cost: price.map_or_else(|| "–".to_owned(), |price| cycle_cost(price, details.cost_model, locale)),
            per: per(details.dates.cycle),
            cancel_by: coming.cancel_by.map(|day| CancelByView::new(day, today, locale)),
            term: coming.renews_on.map(|day| {
                (term_word(&subscription, day, today), DayView::new(day_of_term(&subscription, day), locale))
            }),
            state: state(&subscription),
        }
    }
}

/// What one cycle comes to; for seats that are not counted, what one costs.
pub fn cycle_cost(price: Price, model: CostModel, locale: Locale) -> String {
    match price.due(model) {
        Ok(Some(due)) => locale.money(due),
        Ok(None) | Err(_) => format!("{} {}", locale.money(price.cost), each(model)),
    }
}

/// "a seat", "a pack of 10", or nothing.
pub fn each(model: CostModel) -> String {
    match model {
        CostModel::Flat => String::new(),
        CostModel::PerSeat => "a seat".to_owned(),
        CostModel::Pack(size) => format!("a pack of {size}"),
    }
}

/// "every month", "once".
pub fn per(cycle: Option<Every>) -> String {
    cycle.map_or_else(|| "once".to_owned(), |cycle| format!("every {cycle}"))
}

/// The state's colour and word.
pub fn state(subscription: &Subscription) -> (&'static str, &'static str) {
    let status = subscription.details.status;
    match (subscription.removed_at, status) {
        (Some(_), _) => ("hollow", "Removed"),
        (_, Status::Active) => ("good", status.label()),
        (_, Status::Trial) => ("try", status.label()),
        (_, Status::Canceled | Status::Expired) => ("", status.label()),
    }
}

/// What happens on the day that ends the term.
pub fn term_word(subscription: &Subscription, renews_on: NaiveDate, today: NaiveDate) -> &'static str {
    match (goes_on(subscription), renews_on > today) {
        (true, _) => "renews",
        (false, true) => "ends",
        (false, false) => "ended",
    }
}

/// The renewal of what goes on, the last day covered of what does not.
pub fn day_of_term(subscription: &Subscription, renews_on: NaiveDate) -> NaiveDate {
    match goes_on(subscription) {
        true => renews_on,
        false => renews_on.pred_opt().unwrap_or(renews_on),
    }
}

/// Whether another term may follow.
pub fn goes_on(subscription: &Subscription) -> bool {
    subscription.goes_on()
}

/// What stands beside a day ahead.
pub fn ahead_label(what: Ahead) -> &'static str {
    match what {
        Ahead::CancelBy => "Last day to cancel",
        Ahead::TrialEnds => "Last day of the trial",
        Ahead::Due => "Due",
        Ahead::Renews => "Renews",
        Ahead::RenewsIfDecided => "Renews, if decided",
        Ahead::LastDay => "Last day covered",
    }
}

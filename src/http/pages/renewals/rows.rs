//! The rows of the agenda.

use chrono::NaiveDate;

use crate::domain::subscriptions::list::{Listed, Sort};
use crate::domain::subscriptions::schedule::AutoRenew;
use crate::domain::subscriptions::subscription::Status;
use crate::http::pages::subscriptions::views::DayView;
use crate::http::pages::views::CancelByView;
use crate::kernel::access::Access;
use crate::kernel::permission::Permission;

use super::views::state;

/// The rows of one month, or of all of them.
pub struct MonthRows {
    /// "November 2026"; empty when the order is another one.
    pub title: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One coming renewal.
pub struct Row {
    /// The subscription's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its service, for the tile.
    pub service: String,
    /// Who answers for it.
    pub owner: String,
    /// Set when they have left.
    pub is_orphan: bool,
    /// Whether the reader decides it.
    pub can_change: bool,
    /// The last day to cancel.
    pub cancel_by: CancelByView,
    /// Whether that day passed without a decision.
    pub is_late: bool,
    /// The renewal.
    pub renews: DayView,
    /// "by itself", "if decided", "trial".
    pub how: &'static str,
    /// What it comes to.
    pub due: String,
    /// The decision's colour and words; none: nobody has decided.
    pub decision: Option<(&'static str, String)>,
    /// By which month it stands, for either order.
    months: (String, String),
}

impl Row {
    /// How a row looks today.
    pub fn new(listed: Listed, today: NaiveDate, access: &Access) -> Self {
        let locale = access.reading().locale;
        let due = listed.due_at_renewal().map(|due| locale.money(due));
        let Listed { subscription, decided, .. } = listed;
        let renews_on = subscription.coming.renews_on.unwrap_or(today);
        let cancel_by = subscription.coming.cancel_by.unwrap_or(renews_on);
        let details = &subscription.details;
        let how = match (details.status, details.dates.auto_renew) {
            (Status::Trial, _) => "after the trial",
            (_, AutoRenew::Auto) => "by itself",
            _ => "if decided",
        };
        let month = |day: NaiveDate| day.format("%B %Y").to_string();
        Self {
            id: subscription.id.to_string(),
            name: details.name.clone(),
            service: details.service.clone(),
            owner: subscription.owner.name.clone(),
            is_orphan: subscription.owner.is_gone,
            can_change: access.may(Permission::ChangeSubscriptions) && subscription.is_changeable(access.sees()),
            cancel_by: CancelByView::new(cancel_by, today, locale),
            is_late: cancel_by < today && decided.is_none(),
            renews: DayView::new(renews_on, locale),
            how: if decided.is_none() { how } else { "" },
            due: due.unwrap_or_else(|| "–".to_owned()),
            decision: decided.map(|decided| state(Some(decided))),
            months: (month(cancel_by), month(renews_on)),
        }
    }
}

/// The rows under the months of what they are sorted by.
pub fn by_month(rows: Vec<Row>, sort: Sort) -> Vec<MonthRows> {
    let mut months: Vec<MonthRows> = Vec::new();
    for row in rows {
        let title = match sort {
            Sort::CancelBy => row.months.0.clone(),
            Sort::Renewal => row.months.1.clone(),
            Sort::Name => String::new(),
        };
        match months.last_mut() {
            Some(month) if month.title == title => month.rows.push(row),
            _ => months.push(MonthRows { title, rows: vec![row] }),
        }
    }
    months
}

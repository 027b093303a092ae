//! `/subscriptions`: the list, one of them, its form, its prices; removing and restoring it.

pub mod bulk;
pub mod edit;
pub mod index;
pub mod new;
pub mod show;

mod detail;
pub(super) mod fields;
mod page;
mod preview;
pub(super) mod read;
pub(super) mod views;

use chrono::NaiveDate;

use crate::app::App;
use crate::kernel::access::Access;

/// The place of the menu.
const PLACE: &str = "subscriptions";

/// The civil date in the business's zone.
fn today(app: &App, access: &Access) -> NaiveDate {
    app.db.clock().now().with_timezone(&access.house().zone).date_naive()
}

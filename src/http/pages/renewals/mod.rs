//! `/renewals`: what comes up and by when to cancel it, as a list and as a month; deciding; the calendar feed.

pub mod agenda;
pub mod calendar;
pub mod decision;
pub mod feed;

mod asked;
mod rows;
mod views;

use chrono::NaiveDate;

use crate::app::App;
use crate::kernel::access::Access;

pub use views::{RenewalView, fresh, state};

const PATH: &str = "/renewals";
/// The place of the menu.
const PLACE: &str = "renewals";

/// The civil date in the business's zone.
fn today(app: &App, access: &Access) -> NaiveDate {
    app.db.clock().now().with_timezone(&access.house().zone).date_naive()
}

/// Whether the reader can have a calendar feed: a member themselves, and nobody who acts for the business.
fn can_feed(access: &Access) -> bool {
    access.member().is_some()
}

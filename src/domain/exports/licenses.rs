//! Seats as lines: the fields an import reads, and how each seat stood on the day. License keys are left out.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::imports::fields::{LICENSE, label_of};
use crate::domain::licenses::all::{AnySeat, EndOfDay, Filter};
use crate::domain::licenses::license::Holder;
use crate::domain::licenses::store;
use crate::kernel::ids::LicenseId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::part::{self, ROWS};

/// The first line of the file.
pub fn header() -> Result<Vec<u8>, Refusal> {
    let label = |code| label_of(&LICENSE, code);
    part::header([
        "Seat",
        label("subscription_id"),
        label("service"),
        label("subscription"),
        label("person_name"),
        label("person"),
        "Status",
        "Held since",
        label("expires_on"),
        label("last_used_on"),
        "Last use known from",
        "Cost",
        "Currency",
        "Every",
    ])
}

/// The next part of the file, by the name of what they are seats of.
pub struct LicensesPart {
    /// Which seats.
    pub filter: Filter,
    /// As of which day; none: today.
    pub on: Option<NaiveDate>,
    /// After which seat; none: from the start.
    pub after: Option<LicenseId>,
}

impl Question for LicensesPart {
    const NEEDS: Permission = Permission::ExportLists;
    type Output = part::Part<LicenseId>;

    fn find(&self, view: &mut View<'_>) -> Result<Self::Output, Refusal> {
        let limit = i64::try_from(ROWS).map_err(Refusal::fault)?;
        let end = EndOfDay::of(view, self.on)?;
        let seats = store::all(view, &self.filter, end, self.after, limit)?;
        let (zone, last) = (view.house().zone, seats.last().map(|seat| seat.license));
        part::Part::of(seats.into_iter().map(|seat| cells(seat, zone)).collect(), last)
    }
}

fn cells(seat: AnySeat, zone: Tz) -> [String; 14] {
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive().to_string();
    let holder = |say: fn(&Holder) -> &str| seat.holder.as_ref().map(|(holder, _)| say(holder).to_owned());
    let (name, email) = (holder(|holder| &holder.name), holder(|holder| &holder.email));
    let cycle = seat.cost.map(|(_, cycle)| cycle.map_or_else(|| "once".to_owned(), |cycle| cycle.to_string()));
    [
        seat.license.to_string(),
        seat.subscription.to_string(),
        seat.service_name,
        seat.subscription_name,
        name.unwrap_or_default(),
        email.unwrap_or_default(),
        seat.status.label().to_owned(),
        seat.holder.as_ref().map(|(_, since)| day(*since)).unwrap_or_default(),
        seat.expires_on.map(|last| last.to_string()).unwrap_or_default(),
        seat.last_use.map(|use_of| day(use_of.at)).unwrap_or_default(),
        seat.last_use.map(|use_of| use_of.source.label().to_owned()).unwrap_or_default(),
        seat.cost.map(|(cost, _)| cost.to_decimal_string()).unwrap_or_default(),
        seat.cost.map(|(cost, _)| cost.currency.code().to_owned()).unwrap_or_default(),
        cycle.unwrap_or_default(),
    ]
}

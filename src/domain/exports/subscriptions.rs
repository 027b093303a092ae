//! Subscriptions as lines: the fields an import reads, and what follows from them today.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::domain::imports::fields::{SUBSCRIPTION, label_of};
use crate::domain::subscriptions::every::Every;
use crate::domain::subscriptions::list::{Filters, From, Listed, Place, rows};
use crate::domain::subscriptions::schedule::AutoRenew;
use crate::domain::subscriptions::subscription::CostModel;
use crate::domain::team;
use crate::kernel::ids::MemberId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::part::{self, ROWS};

/// The first line of the file.
pub fn header() -> Result<Vec<u8>, Refusal> {
    let label = |code| label_of(&SUBSCRIPTION, code);
    part::header([
        label("id"),
        label("service"),
        label("name"),
        label("owner"),
        label("status"),
        label("cost"),
        label("currency"),
        label("cost_model"),
        label("pack_size"),
        label("every"),
        label("starts_on"),
        label("renews_on"),
        "Cancel by",
        label("term"),
        label("renewal_term"),
        label("auto_renew"),
        label("notice"),
        label("trial_ends_on"),
        label("seats"),
        "Seats held",
        label("department"),
        label("category"),
        label("tags"),
        label("payment_method"),
        label("url"),
        label("notes"),
    ])
}

/// The next part of the file, in the order of the list.
pub struct SubscriptionsPart {
    /// Which subscriptions.
    pub filters: Filters,
    /// After which; none: from the start.
    pub after: Option<Place>,
}

impl Question for SubscriptionsPart {
    const NEEDS: Permission = Permission::ExportLists;
    type Output = part::Part<Place>;

    fn find(&self, view: &mut View<'_>) -> Result<Self::Output, Refusal> {
        let from = self.after.clone().map_or(From::Start, From::After);
        let listed = rows(view, &self.filters, &from, ROWS)?;
        let owners: BTreeSet<MemberId> = listed.iter().map(|row| row.subscription.owner.id).collect();
        let addresses = team::list::addresses(view, owners.into_iter().collect())?;
        let last = listed.last().map(|row| row.place.clone());
        part::Part::of(listed.into_iter().map(|row| cells(row, &addresses)).collect(), last)
    }
}

fn cells(row: Listed, addresses: &HashMap<MemberId, String>) -> [String; 26] {
    let Listed { subscription, price, held, .. } = row;
    let (dates, coming) = (subscription.details.dates, subscription.coming);
    let details = subscription.details;
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let term = |term: Option<Every>| term.map(written).unwrap_or_default();
    [
        subscription.id.to_string(),
        details.service,
        details.name,
        addresses.get(&details.owner).cloned().unwrap_or_default(),
        details.status.label().to_owned(),
        price.map(|price| price.cost.to_decimal_string()).unwrap_or_default(),
        details.currency.code().to_owned(),
        counted(details.cost_model).to_owned(),
        number(details.cost_model.pack_size()),
        dates.cycle.map_or_else(|| "once".to_owned(), written),
        day(dates.starts_on()),
        day(coming.renews_on),
        day(coming.cancel_by),
        term(dates.first_term),
        term(dates.next_term),
        at_the_end(dates.auto_renew).to_owned(),
        dates.notice.to_string(),
        day(dates.trial_ends_on),
        number(price.and_then(|price| price.seats)),
        held.to_string(),
        details.department,
        details.category,
        details.tags.join(", "),
        details.payment_method,
        details.url,
        details.notes,
    ]
}

/// "1 month", "2 quarters".
fn written(every: Every) -> String {
    match every.count() {
        1 => format!("1 {every}"),
        _ => every.to_string(),
    }
}

fn counted(model: CostModel) -> &'static str {
    match model {
        CostModel::Flat => "everything",
        CostModel::PerSeat => "each seat",
        CostModel::Pack(_) => "each pack",
    }
}

fn at_the_end(auto_renew: AutoRenew) -> &'static str {
    match auto_renew {
        AutoRenew::Auto => "renews by itself",
        AutoRenew::Manual => "somebody must renew it",
        AutoRenew::Never => "ends",
    }
}

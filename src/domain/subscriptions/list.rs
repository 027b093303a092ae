//! The subscriptions of a business, page by page.

use chrono::NaiveDate;

use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::money::Money;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::decision::Decided;
use super::price_line::Price;
use super::roll::seats_left;
use super::roll_forward::Due;
use super::store;
use super::subscription::{Status, Subscription};

/// How many stand on one page.
pub const PAGE: usize = 50;

/// By what a list is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sort {
    /// What must be cancelled first; what needs no cancelling comes last.
    #[default]
    CancelBy,
    /// By name.
    Name,
    /// What renews or ends first; one-time purchases come last.
    Renewal,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 3] = [Self::CancelBy, Self::Name, Self::Renewal];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::CancelBy => "cancel_by",
            Self::Name => "name",
            Self::Renewal => "renewal",
        }
    }
}

/// Which of them a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Shown {
    /// All that were not removed.
    #[default]
    All,
    /// Those of one status.
    Of(Status),
    /// Those that were removed.
    Removed,
}

/// What was decided about a coming renewal, as a list is narrowed to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answered {
    /// Nothing yet.
    Undecided,
    /// It renews as it is.
    Renew,
    /// It renews with other seats.
    Resize,
    /// It ends.
    Cancel,
}

impl Answered {
    /// Every answer, what is open first.
    pub const ALL: [Self; 4] = [Self::Undecided, Self::Renew, Self::Resize, Self::Cancel];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Renew => "renew",
            Self::Resize => "resize",
            Self::Cancel => "cancel",
        }
    }
}

/// Only what renews, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Renewing {
    /// The first day of the renewal.
    pub from: NaiveDate,
    /// The last one.
    pub to: NaiveDate,
    /// What was decided; none: whatever.
    pub answered: Option<Answered>,
    /// The last day to cancel is at the latest this one.
    pub act_by: Option<NaiveDate>,
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Words of the name, the service, the owner or a tag; empty: any.
    pub words: String,
    /// Where they stand.
    pub shown: Shown,
    /// The category; empty: any.
    pub category: String,
    /// The department that pays; empty: any.
    pub department: String,
    /// Who answers for them.
    pub owner: Option<MemberId>,
    /// Only coming renewals.
    pub renewing: Option<Renewing>,
    /// In which order.
    pub sort: Sort,
}

/// A place between two rows of a sorted list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// What the row is sorted by.
    pub key: Key,
    /// The row.
    pub id: SubscriptionId,
}

/// What a row is sorted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Key {
    /// A date; none comes last.
    Date(Option<NaiveDate>),
    /// A folded name.
    Name(String),
}

/// From where a page goes on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum From {
    /// The first page.
    #[default]
    Start,
    /// The page after a row.
    After(Place),
    /// The page before a row.
    Before(Place),
}

/// One row of the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The subscription.
    pub subscription: Subscription,
    /// What it costs today.
    pub price: Option<Price>,
    /// What it costs on the day of its coming renewal, if nothing else is decided.
    pub next_price: Option<Price>,
    /// Seats that people hold.
    pub held: i64,
    /// What was decided about the coming renewal.
    pub decided: Option<Decided>,
    /// Where it stands in the order asked for.
    pub place: Place,
}

impl Listed {
    /// What its coming renewal comes to: the price of that day, with the seats there are from then on.
    pub fn due_at_renewal(&self) -> Option<Money> {
        let price = self.next_price?;
        let waiting = self.subscription.fewer.map(|fewer| fewer.seats);
        let wanted = match self.decided {
            Some(Decided::Cancel) => return None,
            Some(Decided::Resize(seats)) => Some(seats),
            Some(Decided::Renew) | None => waiting,
        };
        let seats = match wanted {
            Some(wanted) => Some(seats_left(wanted, price.seats, self.held)),
            None => price.seats,
        };
        Price { seats, ..price }.due(self.subscription.details.cost_model).ok().flatten()
    }
}

/// One page of the list.
pub struct Listing {
    /// The rows.
    pub rows: Vec<Listed>,
    /// How many there are on all pages.
    pub total: i64,
    /// Before which row the page before ends.
    pub previous: Option<Place>,
    /// After which row the next page begins.
    pub next: Option<Place>,
    /// The categories to choose from.
    pub categories: Vec<String>,
    /// The owners to choose from.
    pub owners: Vec<(MemberId, String)>,
}

/// One page of what may be seen.
pub struct List {
    /// Narrowed to this.
    pub filters: Filters,
    /// From here.
    pub from: From,
}

/// The first of those that may be seen and are like that, in their order, however many pages that were.
pub fn first(view: &mut View<'_>, filters: &Filters, (late, at_most): (&[Due], usize)) -> Result<Vec<Listed>, Refusal> {
    store::page(view, filters, &From::Start, (late, at_most))
}

/// How many of those that may be seen are like that.
pub fn count(view: &mut View<'_>, filters: &Filters, late: &[Due]) -> Result<i64, Refusal> {
    store::count(view, filters, late)
}

/// The departments to choose from.
pub fn departments(view: &mut View<'_>) -> Result<Vec<String>, Refusal> {
    store::departments(view)
}

impl Question for List {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = Listing;

    fn find(&self, view: &mut View<'_>) -> Result<Listing, Refusal> {
        let late = store::late(view)?;
        let mut rows = store::page(view, &self.filters, &self.from, (&late, PAGE + 1))?;
        let is_more = rows.len() > PAGE;
        rows.truncate(PAGE);
        if matches!(self.from, From::Before(_)) {
            rows.reverse();
        }
        let (before, after) = match self.from {
            From::Start => (false, is_more),
            From::After(_) => (true, is_more),
            From::Before(_) => (is_more, true),
        };
        Ok(Listing {
            total: store::count(view, &self.filters, &late)?,
            previous: rows.first().filter(|_| before).map(|row| row.place.clone()),
            next: rows.last().filter(|_| after).map(|row| row.place.clone()),
            rows,
            categories: store::categories(view)?,
            owners: store::owners(view)?,
        })
    }
}

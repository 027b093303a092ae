//! What comes up: the coming renewal of each subscription that may be seen, page by page, and what it all comes to.

use chrono::TimeDelta;

use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::list::{Answered, Filters, From, List, Listing, Renewing, count, departments, first};
use crate::domain::subscriptions::schedule::{AutoRenew, LATEST};
use crate::domain::subscriptions::store as subscriptions;
use crate::kernel::money::Totals;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

/// So many days ahead it is said what renews by itself.
pub const SOON: i64 = 30;
/// The most renewals that are added up for it.
const MOST: usize = 5_000;

/// One page of what comes up.
pub struct Agenda {
    /// Narrowed to this.
    pub filters: Filters,
    /// From here.
    pub from: From,
}

/// What comes up.
pub struct ComingUp {
    /// One page of it.
    pub listing: Listing,
    /// The departments to choose from.
    pub departments: Vec<String>,
    /// How many renewals ahead nobody has decided.
    pub undecided: i64,
    /// What renews by itself soon comes to, by currency.
    pub soon: Totals,
}

impl Question for Agenda {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = ComingUp;

    fn find(&self, view: &mut View<'_>) -> Result<ComingUp, Refusal> {
        let late = subscriptions::late(view)?;
        let today = view.today();
        let of = |to, answered| Filters {
            renewing: Some(Renewing { from: today, to, answered, act_by: None }),
            ..Filters::default()
        };
        let undecided = count(view, &of(LATEST, Some(Answered::Undecided)), &late)?;
        let soon = first(view, &of(today + TimeDelta::days(SOON), None), (&late, MOST))?;
        let by_itself = soon.iter().filter(|one| {
            let is_auto = one.subscription.details.dates.auto_renew == AutoRenew::Auto;
            is_auto && one.decided != Some(Decided::Cancel)
        });
        Ok(ComingUp {
            soon: Totals::of(by_itself.filter_map(|one| one.due_at_renewal())).map_err(Refusal::fault)?,
            undecided,
            departments: departments(view)?,
            listing: List { filters: self.filters.clone(), from: self.from.clone() }.find(view)?,
        })
    }
}

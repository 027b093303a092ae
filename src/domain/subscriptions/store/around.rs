//! What a form needs to know around a subscription: owners, twins, words in use.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{MemberId, ServiceId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{members, services, subscriptions};
use crate::kernel::work::{Scope, Sight, Work};

use crate::domain::services::service::folded;
use crate::domain::subscriptions::subscription::Owner;

use super::read::{OwnerRow, of_owner, of_service, owner_of};
use super::visible;

/// A subscription to the same service that runs already.
#[derive(Clone, Debug)]
pub struct Twin {
    /// The id.
    pub id: SubscriptionId,
    /// Its name.
    pub name: String,
    /// Its coming renewal.
    pub renews_on: Option<NaiveDate>,
    /// Whether it has the very same name.
    pub is_same_name: bool,
}

/// The person who is to answer for a subscription from now on: somebody of the business who has not left.
pub(in super::super) fn new_owner(work: &mut Work<'_>, id: MemberId) -> Result<Owner, Refusal> {
    let (business, today) = (work.business(), work.today());
    let row: OwnerRow = members::table
        .find((business, id))
        .select((members::name, members::status, members::left_on))
        .first(work.conn())
        .optional()?
        .ok_or_else(|| Refusal::invalid("owner", "Choose somebody of this business as the owner."))?;
    match owner_of(id, row, today) {
        gone if gone.is_gone => {
            Err(Refusal::invalid("owner", format!("{} has left: choose somebody else as the owner.", gone.name)))
        }
        owner => Ok(owner),
    }
}

/// Whether a person can no longer answer for anything.
pub fn is_gone(work: &mut Work<'_>, id: MemberId) -> Result<bool, Refusal> {
    let (business, today) = (work.business(), work.today());
    let row: Option<OwnerRow> = members::table
        .find((business, id))
        .select((members::name, members::status, members::left_on))
        .first(work.conn())
        .optional()?;
    Ok(row.is_none_or(|row| owner_of(id, row, today).is_gone))
}

/// The one that runs already beside a subscription of this service and name: of the same name, or else the first of the
/// service. Looks at the whole business, whatever may be seen of it: a name is taken for everybody.
pub(in super::super) fn twin(
    work: &mut Work<'_>,
    service: ServiceId,
    name: &str,
    except: Option<SubscriptionId>,
) -> Result<Option<Twin>, Refusal> {
    let everything = Sight { sees: crate::kernel::access::Sees::All, ..work.sight() };
    let mut query = visible(everything)
        .filter(subscriptions::service_id.eq(service))
        .filter(subscriptions::removed_at.is_null())
        .filter(subscriptions::status.eq_any(["trial", "active"]))
        .into_boxed();
    if let Some(itself) = except {
        query = query.filter(subscriptions::id.ne(itself));
    }
    let rows: Vec<(SubscriptionId, String, Option<NaiveDate>, String)> = query
        .order(subscriptions::id)
        .select((subscriptions::id, subscriptions::name, subscriptions::renews_on, subscriptions::name_folded))
        .load(work.conn())?;
    Ok(nearest(rows, &folded(name)))
}

/// The same, of what may be seen, by the name of the service: for a link to it.
pub(in super::super) fn twin_of_any(
    scope: &mut impl Scope,
    service: &str,
    name: &str,
    except: Option<SubscriptionId>,
) -> Result<Option<Twin>, Refusal> {
    let mut query = visible(scope.sight())
        .filter(subscriptions::removed_at.is_null())
        .filter(subscriptions::status.eq_any(["trial", "active"]))
        .into_boxed();
    if let Some(itself) = except {
        query = query.filter(subscriptions::id.ne(itself));
    }
    let rows: Vec<(SubscriptionId, String, Option<NaiveDate>, String)> = query
        .inner_join(services::table.on(of_service()))
        .filter(services::name_folded.eq(folded(service)))
        .order(subscriptions::id)
        .select((subscriptions::id, subscriptions::name, subscriptions::renews_on, subscriptions::name_folded))
        .load(scope.conn())?;
    Ok(nearest(rows, &folded(name)))
}

fn nearest(rows: Vec<(SubscriptionId, String, Option<NaiveDate>, String)>, name: &str) -> Option<Twin> {
    let same = rows.iter().position(|(.., other)| other == name);
    let (id, found, renews_on, other) = rows.into_iter().nth(same.unwrap_or(0))?;
    Some(Twin { id, name: found, renews_on, is_same_name: other == name })
}

/// The categories in use.
pub(in super::super) fn categories(scope: &mut impl Scope) -> Result<Vec<String>, Refusal> {
    Ok(visible(scope.sight())
        .filter(subscriptions::removed_at.is_null().and(subscriptions::category.ne("")))
        .select(subscriptions::category)
        .distinct()
        .order(subscriptions::category)
        .limit(200)
        .load(scope.conn())?)
}

/// The departments in use.
pub(in super::super) fn departments(scope: &mut impl Scope) -> Result<Vec<String>, Refusal> {
    Ok(visible(scope.sight())
        .filter(subscriptions::removed_at.is_null().and(subscriptions::department.ne("")))
        .select(subscriptions::department)
        .distinct()
        .order(subscriptions::department)
        .limit(200)
        .load(scope.conn())?)
}

/// Everybody who answers for something, by name.
pub(in super::super) fn owners(scope: &mut impl Scope) -> Result<Vec<(MemberId, String)>, Refusal> {
    Ok(visible(scope.sight())
        .filter(subscriptions::removed_at.is_null())
        .into_boxed()
        .inner_join(members::table.on(of_owner()))
        .select((members::id, members::name, members::name_folded))
        .distinct()
        .order((members::name_folded, members::id))
        .limit(500)
        .load::<(MemberId, String, String)>(scope.conn())?
        .into_iter()
        .map(|(id, name, _)| (id, name))
        .collect())
}

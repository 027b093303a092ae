//! What a form needs to know around a subscription: owners, twins, words in use.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{MemberId, ServiceId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{members, services, subscriptions};
use crate::kernel::work::{Scope, Sight, Work};

use crate::domain::services::service::folded;
use crate::domain::subscriptions::subscription::{Owner, require_here};

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
    require_here(people(work, &[id])?.get(&id)).cloned()
}

/// These people of the business, as owners.
pub fn people(work: &mut Work<'_>, ids: &[MemberId]) -> Result<HashMap<MemberId, Owner>, Refusal> {
    let (business, today) = (work.business(), work.today());
    let rows: Vec<(MemberId, OwnerRow)> = members::table
        .filter(members::business_id.eq(business).and(members::id.eq_any(ids)))
        .select((members::id, (members::name, members::status, members::left_on)))
        .load(work.conn())?;
    Ok(rows.into_iter().map(|(id, row)| (id, owner_of(id, row, today))).collect())
}

/// What runs of one service.
pub(in super::super) struct Running {
    first: Twin,
    by_name: HashMap<String, Twin>,
}

impl Running {
    /// Of these, with their folded names, the oldest first.
    fn of(rows: impl Iterator<Item = (String, Twin)>) -> Option<Self> {
        let mut rows = rows.peekable();
        let first = rows.peek().map(|(_, twin)| twin.clone())?;
        let mut by_name = HashMap::new();
        for (folded, twin) in rows {
            by_name.entry(folded).or_insert(twin);
        }
        Some(Self { first, by_name })
    }

    /// The one that runs beside a subscription of this name: of the same name, or else the first.
    pub(in super::super) fn twin(&self, name: &str) -> Twin {
        let same = self.by_name.get(&folded(name)).cloned();
        same.map_or_else(|| self.first.clone(), |same| Twin { is_same_name: true, ..same })
    }
}

/// The one that runs already beside a subscription of this service and name.
pub(in super::super) fn twin(
    work: &mut Work<'_>,
    service: ServiceId,
    name: &str,
    except: Option<SubscriptionId>,
) -> Result<Option<Twin>, Refusal> {
    Ok(running(work, &[service], except)?.get(&service).map(|running| running.twin(name)))
}

/// What runs of these services. Looks at the whole business, whatever may be seen of it: a name is taken for everybody.
pub(in super::super) fn running(
    work: &mut Work<'_>,
    services: &[ServiceId],
    except: Option<SubscriptionId>,
) -> Result<HashMap<ServiceId, Running>, Refusal> {
    let everything = Sight { sees: crate::kernel::access::Sees::All, ..work.sight() };
    let mut query = visible(everything)
        .filter(subscriptions::service_id.eq_any(services))
        .filter(subscriptions::removed_at.is_null())
        .filter(subscriptions::status.eq_any(["trial", "active"]))
        .into_boxed();
    if let Some(itself) = except {
        query = query.filter(subscriptions::id.ne(itself));
    }
    let rows: Vec<(ServiceId, TwinRow)> =
        query.order(subscriptions::id).select((subscriptions::service_id, TWIN)).load(work.conn())?;
    let mut by_service: HashMap<ServiceId, Vec<(String, Twin)>> = HashMap::new();
    for (service, row) in rows {
        by_service.entry(service).or_default().push(twin_of(row));
    }
    Ok(by_service.into_iter().filter_map(|(service, rows)| Some((service, Running::of(rows.into_iter())?))).collect())
}

type TwinRow = (String, SubscriptionId, String, Option<NaiveDate>);
type TwinColumns = (subscriptions::name_folded, subscriptions::id, subscriptions::name, subscriptions::renews_on);
const TWIN: TwinColumns =
    (subscriptions::name_folded, subscriptions::id, subscriptions::name, subscriptions::renews_on);

/// With its folded name.
fn twin_of((folded, id, name, renews_on): TwinRow) -> (String, Twin) {
    (folded, Twin { id, name, renews_on, is_same_name: false })
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
    let rows: Vec<TwinRow> = query
        .inner_join(services::table.on(of_service()))
        .filter(services::name_folded.eq(folded(service)))
        .order(subscriptions::id)
        .select(TWIN)
        .load(scope.conn())?;
    Ok(Running::of(rows.into_iter().map(twin_of)).map(|running| running.twin(name)))
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

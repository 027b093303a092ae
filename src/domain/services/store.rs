//! Services in the database.

use std::collections::{BTreeMap, HashMap};

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::Bool;

use crate::kernel::access::Sees;
use crate::kernel::ids::{MemberId, ServiceId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, services, subscriptions};
use crate::kernel::work::{Scope, Sight, Work};

use super::catalogue;
use super::service::{About, Service, folded};

type Row = (ServiceId, String, String, String, String);
type Columns = (services::id, services::name, services::vendor, services::category, services::website);
const COLUMNS: Columns = (services::id, services::name, services::vendor, services::category, services::website);

/// The services of the business: their names are no secret to whoever may add a subscription.
fn visible(sight: Sight) -> services::BoxedQuery<'static, Pg> {
    let own = services::table.filter(services::business_id.eq(sight.business)).into_boxed();
    match sight.sees {
        Sees::All | Sees::OnlyOf(_) => own,
        Sees::Nothing => own.filter(diesel::dsl::sql::<Bool>("false")),
    }
}

/// The subscriptions that may be seen, for naming and counting them beside their service.
fn visible_subscriptions(sight: Sight) -> subscriptions::BoxedQuery<'static, Pg> {
    let own = subscriptions::table.filter(subscriptions::business_id.eq(sight.business)).into_boxed();
    match sight.sees {
        Sees::All => own,
        Sees::OnlyOf(member) => {
            let held = assignments::table
                .filter(assignments::business_id.eq(sight.business).and(assignments::member_id.eq(member)))
                .filter(assignments::ended_at.is_null())
                .select(assignments::subscription_id);
            own.filter(subscriptions::owner_id.eq(member).or(subscriptions::id.eq_any(held)))
        }
        Sees::Nothing => own.filter(diesel::dsl::sql::<Bool>("false")),
    }
}

/// Inserts go in batches below PostgreSQL's limit of parameters.
const INSERT_BATCH: usize = 1_000;

/// The service of this name, made when there is none, with what the catalogue knows of it. Two who make it at once get
/// the same one.
pub fn find_or_create(work: &mut Work<'_>, name: &str) -> Result<Service, Refusal> {
    let mut services = find_or_create_all(work, [name].into_iter())?;
    services.remove(&folded(name)).ok_or_else(|| Refusal::fault("a service that was just made is not there"))
}

/// The same of many names, by folded name; of several spellings, the first makes it.
pub fn find_or_create_all<'n>(
    work: &mut Work<'_>,
    names: impl Iterator<Item = &'n str>,
) -> Result<HashMap<String, Service>, Refusal> {
    let (business, now) = (work.business(), work.now());
    // In the order of their names, so that two who make the same ones never wait in a ring.
    let mut wanted = BTreeMap::new();
    for name in names {
        wanted.entry(folded(name)).or_insert(name);
    }
    let wanted: Vec<(String, &str)> = wanted.into_iter().collect();
    let new = |(folded, name): &(String, &str)| {
        let known = catalogue::by_name(name);
        let fact = |of: fn(catalogue::Known) -> &'static str| known.map(of).unwrap_or_default();
        (
            services::business_id.eq(business),
            services::id.eq(ServiceId::mint(now)),
            services::name.eq((*name).to_owned()),
            services::name_folded.eq(folded.clone()),
            services::vendor.eq(fact(|known| known.vendor)),
            services::category.eq(fact(|known| known.category)),
            services::website.eq(fact(|known| known.website)),
        )
    };
    for batch in wanted.chunks(INSERT_BATCH) {
        let rows: Vec<_> = batch.iter().map(new).collect();
        diesel::insert_into(services::table).values(rows).on_conflict_do_nothing().execute(work.conn())?;
    }
    let found: Vec<(String, Row)> = visible(work.sight())
        .filter(services::name_folded.eq_any(wanted.into_iter().map(|(folded, _)| folded).collect::<Vec<_>>()))
        .select((services::name_folded, COLUMNS))
        .load(work.conn())?;
    Ok(found.into_iter().map(|(folded, row)| (folded, service_of(row))).collect())
}

/// The service of this name.
pub fn find(scope: &mut impl Scope, name: &str) -> Result<Option<Service>, Refusal> {
    let found: Option<Row> = visible(scope.sight())
        .filter(services::name_folded.eq(folded(name)))
        .select(COLUMNS)
        .first(scope.conn())
        .optional()?;
    Ok(found.map(service_of))
}

/// The names of the first services, for a form to suggest.
pub fn names(scope: &mut impl Scope) -> Result<Vec<String>, Refusal> {
    Ok(visible(scope.sight()).order(services::name_folded).limit(500).select(services::name).load(scope.conn())?)
}

/// One service that may be seen: to whoever sees only their own, through a subscription to it.
pub(super) fn seen(scope: &mut impl Scope, id: ServiceId) -> Result<Service, Refusal> {
    let sight = scope.sight();
    let mut query = visible(sight).filter(services::id.eq(id));
    if sight.sees != Sees::All {
        query = query.filter(services::id.eq_any(visible_subscriptions(sight).select(subscriptions::service_id)));
    }
    Ok(service_of(query.select(COLUMNS).first::<Row>(scope.conn())?))
}

/// The same, locked until the transaction ends.
pub(super) fn lock(work: &mut Work<'_>, id: ServiceId) -> Result<Service, Refusal> {
    let seen = seen(work, id)?;
    let business = work.business();
    let row: Row = services::table.find((business, seen.id)).select(COLUMNS).for_update().first(work.conn())?;
    Ok(service_of(row))
}

/// The subscriptions to it that may be seen, by name; removed ones left out.
pub(super) fn subscriptions(scope: &mut impl Scope, id: ServiceId) -> Result<Vec<(SubscriptionId, String)>, Refusal> {
    Ok(visible_subscriptions(scope.sight())
        .filter(subscriptions::service_id.eq(id).and(subscriptions::removed_at.is_null()))
        .order((subscriptions::name_folded, subscriptions::id))
        .limit(200)
        .select((subscriptions::id, subscriptions::name))
        .load(scope.conn())?)
}

/// Whether this member owns every subscription to it, and one at least.
pub(super) fn is_only_of(scope: &mut impl Scope, id: ServiceId, member: MemberId) -> Result<bool, Refusal> {
    let of_service = subscriptions::table
        .filter(subscriptions::business_id.eq(scope.business()))
        .filter(subscriptions::service_id.eq(id));
    let owners: Vec<MemberId> = of_service.select(subscriptions::owner_id).distinct().limit(2).load(scope.conn())?;
    Ok(owners == [member])
}

/// Writes a locked service anew; `false` when somebody has just taken the name.
pub(super) fn update(work: &mut Work<'_>, service: &Service) -> Result<bool, Refusal> {
    let business = work.business();
    let written = diesel::update(services::table.find((business, service.id)))
        .set((
            services::name.eq(&service.name),
            services::name_folded.eq(folded(&service.name)),
            services::vendor.eq(&service.about.vendor),
            services::category.eq(&service.about.category),
            services::website.eq(&service.about.website),
        ))
        .execute(work.conn());
    match written {
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(false),
        written => Ok(written.map(|_| true)?),
    }
}

fn service_of((id, name, vendor, category, website): Row) -> Service {
    Service { id, name, about: About { vendor, category, website } }
}

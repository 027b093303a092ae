//! Services in the database.

use diesel::pg::Pg;
use diesel::prelude::*;

use crate::kernel::access::Sees;
use crate::kernel::ids::ServiceId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::services;
use crate::kernel::work::{Scope, Sight, Work};

use super::service::{Service, folded};

/// The services of the business: their names are no secret to whoever may add a subscription.
fn visible(sight: Sight) -> services::BoxedQuery<'static, Pg> {
    let own = services::table.filter(services::business_id.eq(sight.business)).into_boxed();
    match sight.sees {
        Sees::All | Sees::OnlyOf(_) => own,
        Sees::Nothing => own.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("false")),
    }
}

/// The service of this name, made when there is none. Two who make it at once get the same one.
pub fn find_or_create(work: &mut Work<'_>, name: &str) -> Result<Service, Refusal> {
    let (business, now) = (work.business(), work.now());
    diesel::insert_into(services::table)
        .values((
            services::business_id.eq(business),
            services::id.eq(ServiceId::mint(now)),
            services::name.eq(name),
            services::name_folded.eq(folded(name)),
            services::vendor.eq(""),
            services::category.eq(""),
            services::website.eq(""),
        ))
        .on_conflict_do_nothing()
        .execute(work.conn())?;
    find(work, name)?.ok_or_else(|| Refusal::fault("a service that was just made is not there"))
}

/// The service of this name.
pub fn find(scope: &mut impl Scope, name: &str) -> Result<Option<Service>, Refusal> {
    let found = visible(scope.sight())
        .filter(services::name_folded.eq(folded(name)))
        .select((services::id, services::name))
        .first(scope.conn())
        .optional()?;
    Ok(found.map(|(id, name)| Service { id, name }))
}

/// The names of the first services, for a form to suggest.
pub fn names(scope: &mut impl Scope) -> Result<Vec<String>, Refusal> {
    Ok(visible(scope.sight()).order(services::name_folded).limit(500).select(services::name).load(scope.conn())?)
}

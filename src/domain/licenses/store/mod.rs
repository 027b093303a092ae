//! Seats in the database. Every query of seats starts from `visible`.

mod lists;
mod people;
pub(super) mod uses;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::kernel::access::Sees;
use crate::kernel::ids::{self, AssignmentId, BusinessId, LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, licenses, members, subscriptions};
use crate::kernel::work::{Scope, Sight, Work};

use super::license::{Assignment, License, State};

pub use lists::{candidates, history, seats, seats_of_member};
pub use people::{Signature, by_address, by_id, holds_seat, signature};

use people::{HOLDER, HolderRow, holder_of};

type Visible = licenses::BoxedQuery<'static, Pg>;

/// The seats of the business; for whoever sees only their own: those of what they own, and those they hold.
fn visible(sight: Sight) -> Visible {
    let of_business = licenses::table.filter(licenses::business_id.eq(sight.business)).into_boxed();
    match sight.sees {
        Sees::All => of_business,
        Sees::Nothing => of_business.filter(false.into_sql::<Bool>()),
        Sees::OnlyOf(member) => of_business.filter(
            licenses::subscription_id
                .eq_any(owned_by(sight.business, member))
                .or(licenses::id.eq_any(held_by(sight.business, member))),
        ),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn owned_by(business: BusinessId, member: MemberId) -> _ {
    subscriptions::table
        .filter(subscriptions::business_id.eq(business))
        .filter(subscriptions::owner_id.eq(member))
        .select(subscriptions::id)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn held_by(business: BusinessId, member: MemberId) -> _ {
    assignments::table
        .filter(assignments::business_id.eq(business))
        .filter(assignments::member_id.eq(member))
        .filter(assignments::ended_at.is_null())
        .select(assignments::license_id)
}

/// The open assignment of a license, if there is one.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_its_holder() -> _ {
    let of_license = assignments::business_id.eq(licenses::business_id).and(assignments::license_id.eq(licenses::id));
    of_license.and(assignments::ended_at.is_null())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_the_member() -> _ {
    members::business_id.eq(assignments::business_id).and(members::id.eq(assignments::member_id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_its_subscription() -> _ {
    subscriptions::business_id.eq(licenses::business_id).and(subscriptions::id.eq(licenses::subscription_id))
}

/// How many seats of a subscription are held, of those that may be seen.
pub fn held(scope: &mut impl Scope, subscription: SubscriptionId) -> Result<i64, Refusal> {
    Ok(visible(scope.sight())
        .inner_join(assignments::table.on(is_its_holder()))
        .filter(licenses::subscription_id.eq(subscription))
        .count()
        .get_result(scope.conn())?)
}

/// The seat of a subscription that has waited longest for a holder.
pub fn oldest_free(work: &mut Work<'_>, subscription: SubscriptionId) -> Result<Option<LicenseId>, Refusal> {
    Ok(visible(work.sight())
        .filter(licenses::subscription_id.eq(subscription))
        .filter(licenses::state.eq(State::Open.code()))
        .filter(not(exists(assignments::table.filter(is_its_holder()))))
        .order(licenses::id)
        .select(licenses::id)
        .first(work.conn())
        .optional()?)
}

/// Makes a seat that nobody holds yet.
pub fn insert(work: &mut Work<'_>, subscription: SubscriptionId) -> Result<LicenseId, Refusal> {
    let (business, now) = (work.business(), work.now());
    let id = LicenseId::mint(now);
    diesel::insert_into(licenses::table)
        .values((
            licenses::business_id.eq(business),
            licenses::id.eq(id),
            licenses::parse_id.eq(ids::parse_id()),
            licenses::subscription_id.eq(subscription),
            licenses::state.eq(State::Open.code()),
            licenses::created_at.eq(now),
        ))
        .execute(work.conn())?;
    Ok(id)
}

/// Gives the seat to a person from now on; `None` when it is held, or the person holds another one of the same.
pub fn begin_assignment(
    work: &mut Work<'_>,
    license: LicenseId,
    subscription: SubscriptionId,
    holder: MemberId,
) -> Result<Option<AssignmentId>, Refusal> {
    let (business, now) = (work.business(), work.now());
    let id = AssignmentId::mint(now);
    let inserted = diesel::insert_into(assignments::table)
        .values((
            assignments::business_id.eq(business),
            assignments::id.eq(id),
            assignments::license_id.eq(license),
            assignments::subscription_id.eq(subscription),
            assignments::member_id.eq(holder),
            assignments::given_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(work.conn())?;
    Ok((inserted == 1).then_some(id))
}

/// Writes the last day of a seat, or that it has none.
pub fn set_expiry(work: &mut Work<'_>, license: LicenseId, last: Option<NaiveDate>) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(licenses::table.find((business, license)))
        .set(licenses::expires_on.eq(last))
        .execute(work.conn())?;
    Ok(())
}

/// Ends who holds the seat, now; whether somebody did.
pub fn end_assignment(work: &mut Work<'_>, assignment: AssignmentId) -> Result<bool, Refusal> {
    let (business, now) = (work.business(), work.now());
    let ended = diesel::update(assignments::table.find((business, assignment)))
        .filter(assignments::ended_at.is_null())
        .set(assignments::ended_at.eq(now))
        .execute(work.conn())?;
    Ok(ended == 1)
}

type LicenseRow = (LicenseId, SubscriptionId, String, String, Option<NaiveDate>);

/// One seat.
pub fn license(scope: &mut impl Scope, id: LicenseId) -> Result<License, Refusal> {
    let (id, subscription, subscription_name, state, expires_on): LicenseRow = visible(scope.sight())
        .inner_join(subscriptions::table.on(is_its_subscription()))
        .filter(licenses::id.eq(id))
        .select((licenses::id, licenses::subscription_id, subscriptions::name, licenses::state, licenses::expires_on))
        .first(scope.conn())?;
    let state = State::parse(&state).ok_or_else(|| Refusal::fault("a license has an unknown state"))?;
    Ok(License { id, subscription, subscription_name, state, expires_on })
}

/// Who holds a seat now.
pub fn open_assignment(scope: &mut impl Scope, id: LicenseId) -> Result<Option<Assignment>, Refusal> {
    let found: Option<(AssignmentId, DateTime<Utc>, HolderRow)> = visible(scope.sight())
        .inner_join(assignments::table.on(is_its_holder()))
        .inner_join(members::table.on(is_the_member()))
        .filter(licenses::id.eq(id))
        .select((assignments::id, assignments::given_at, HOLDER))
        .first(scope.conn())
        .optional()?;
    let today = scope.today();
    found
        .map(|(id, given_at, row)| Ok(Assignment { id, holder: holder_of(row, today)?, given_at, ended_at: None }))
        .transpose()
}

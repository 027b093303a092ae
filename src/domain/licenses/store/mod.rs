//! Seats in the database. Every query of seats starts from `visible`.

mod all;
mod free;
mod imported;
mod keys;
mod lists;
mod offer;
mod people;
mod sweeps;
pub(super) mod uses;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::max;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::kernel::access::Sees;
use crate::kernel::ids::{AssignmentId, BusinessId, LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, licenses, members, subscriptions};
use crate::kernel::work::{Scope, Sight, Work};

use super::license::{Assignment, License, State};
use super::license_key::KeyHint;

pub use all::{Counted, all, counts};
pub use free::{
    insert, insert_many, oldest_free, oldest_free_without_key, oldest_frees, open, set_reopened, set_retired,
};
pub use imported::{
    HeldSeat, SealedSeat, all_held, forget_assignments, free_with_key, seats_given, set_last_use, with_keys_ending,
};
pub use keys::{clear_key, key, seal_key};
pub use lists::{history, last_use, seats, seats_of_member, used};
pub use offer::{candidates, givable, people};
pub(super) use people::{HOLDER, HolderColumns, HolderRow, holder_of};
pub use people::{
    Reader, Signature, by_address, by_id, by_ids_and_addresses, holders_among, holds_seat, low_readers, signature,
};
pub(super) use sweeps::expire_due;

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
pub(in crate::domain::licenses) fn owned_by(business: BusinessId, member: MemberId) -> _ {
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
        .filter(assignments::subscription_id.eq(subscription))
        .count()
        .get_result(scope.conn())?)
}

/// Gives the seat to a person from now on; `None` when it is held, or the person holds another one of the same.
pub fn begin_assignment(
    work: &mut Work<'_>,
    license: LicenseId,
    subscription: SubscriptionId,
    holder: MemberId,
) -> Result<Option<()>, Refusal> {
    let begun = begin_assignments(work, subscription, &[(license, holder)])?;
    Ok((begun == 1).then_some(()))
}

/// Gives each of these seats to the person beside it, from now on; how many could be given.
pub fn begin_assignments(
    work: &mut Work<'_>,
    subscription: SubscriptionId,
    pairs: &[(LicenseId, MemberId)],
) -> Result<usize, Refusal> {
    let (business, now) = (work.business(), work.now());
    let given_at = free_since(work, pairs)?.map_or(now, |since| since.max(now));
    let rows = pairs.iter().map(|(license, holder)| {
        (
            assignments::business_id.eq(business),
            assignments::id.eq(AssignmentId::mint(given_at)),
            assignments::license_id.eq(*license),
            assignments::subscription_id.eq(subscription),
            assignments::member_id.eq(*holder),
            assignments::given_at.eq(given_at),
        )
    });
    Ok(diesel::insert_into(assignments::table)
        .values(rows.collect::<Vec<_>>())
        .on_conflict_do_nothing()
        .execute(work.conn())?)
}

/// When the last of these seats became free. Whoever waited for the lock has an earlier instant than whoever held it:
/// a seat is never given before it was free.
fn free_since(work: &mut Work<'_>, pairs: &[(LicenseId, MemberId)]) -> Result<Option<DateTime<Utc>>, Refusal> {
    let licenses = pairs.iter().map(|(license, _)| *license);
    Ok(assignments::table
        .filter(assignments::business_id.eq(work.business()))
        .filter(assignments::license_id.eq_any(licenses.collect::<Vec<_>>()))
        .select(max(assignments::ended_at))
        .first(work.conn())?)
}

/// Writes the last day of a seat, or that it has none.
pub fn set_expiry(work: &mut Work<'_>, license: LicenseId, last: Option<NaiveDate>) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(licenses::table.find((business, license)))
        .set(licenses::expires_on.eq(last))
        .execute(work.conn())?;
    Ok(())
}

/// Ends who holds the seat, now, and not before it was given; whether somebody did. Its last day and its last use are
/// its holder's, and go with them; the key stays.
pub fn end_assignment(work: &mut Work<'_>, license: &License, assignment: &Assignment) -> Result<bool, Refusal> {
    let (business, ended_at) = (work.business(), work.now().max(assignment.given_at));
    let ended = diesel::update(assignments::table.find((business, assignment.id)))
        .filter(assignments::ended_at.is_null())
        .set((assignments::ended_at.eq(ended_at), assignments::expires_on.eq(license.expires_on)))
        .execute(work.conn())?;
    diesel::update(licenses::table.find((business, license.id)))
        .set((
            licenses::expires_on.eq(None::<NaiveDate>),
            licenses::last_used_at.eq(None::<DateTime<Utc>>),
            licenses::last_used_source.eq(None::<String>),
        ))
        .execute(work.conn())?;
    Ok(ended == 1)
}

type LicenseRow = (LicenseId, SubscriptionId, String, String, Option<NaiveDate>, Option<String>);
type LicenseColumns = (
    licenses::id,
    licenses::subscription_id,
    subscriptions::name,
    licenses::state,
    licenses::expires_on,
    licenses::key_last4,
);
const LICENSE: LicenseColumns = (
    licenses::id,
    licenses::subscription_id,
    subscriptions::name,
    licenses::state,
    licenses::expires_on,
    licenses::key_last4,
);

/// One seat.
pub fn license(scope: &mut impl Scope, id: LicenseId) -> Result<License, Refusal> {
    let (id, subscription, subscription_name, state, expires_on, key): LicenseRow = visible(scope.sight())
        .inner_join(subscriptions::table.on(is_its_subscription()))
        .filter(licenses::id.eq(id))
        .select(LICENSE)
        .first(scope.conn())?;
    let state = State::parse(&state).ok_or_else(|| Refusal::fault("a license has an unknown state"))?;
    let key = key.map(KeyHint::stored);
    Ok(License { id, subscription, subscription_name, state, expires_on, key })
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
        .map(|(id, given_at, row)| {
            Ok(Assignment { id, holder: holder_of(row, today)?, given_at, ended_at: None, expires_on: None })
        })
        .transpose()
}

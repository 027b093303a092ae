//! Seats in the database. Every query of seats starts from `visible`, or of their holders from `visible_assignments`.

mod all;
mod free;
mod imported;
mod keys;
mod lists;
mod offer;
mod people;
mod sweeps;
pub(super) mod uses;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::max;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Nullable, Timestamptz, Uuid as SqlUuid};

use crate::domain::subscriptions::store::Locked;
use crate::kernel::access::Sees;
use crate::kernel::ids::{AssignmentId, BusinessId, LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, licenses, members, subscriptions};
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, Sight, Work};

use super::license::{Assignment, Holder, License, State};
use super::license_key::KeyHint;

pub use all::{Counted, all, counts};
pub use free::{Free, insert_many, oldest_frees, oldest_frees_without_key, open, set_reopened, set_retired};
pub use imported::{
    HeldSeat, OpenSeats, SealedSeat, forget_assignments, open_seats, seats_given, set_last_uses, with_keys_ending,
};
pub use keys::{clear_keys, key, seal_key, seal_keys};
pub use lists::{history, last_use, seats, seats_of_member, used};
pub use offer::{candidates, givable, people};
pub(super) use people::{HOLDER, HolderColumns, HolderRow, holder_of};
pub use people::{
    Reader, Signature, by_address, by_id, by_ids_and_addresses, holders_among, holds_seat, low_readers, signature,
};
pub(super) use sweeps::expire_due;

/// Inserts go in batches below PostgreSQL's limit of parameters.
const INSERT_BATCH: usize = 1_000;

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

/// Who holds those of them that somebody holds.
fn visible_assignments(sight: Sight) -> assignments::BoxedQuery<'static, Pg> {
    let of_business = assignments::business_id.eq(sight.business).and(assignments::ended_at.is_null());
    let open = assignments::table.filter(of_business).into_boxed();
    match sight.sees {
        Sees::All => open,
        Sees::Nothing => open.filter(false.into_sql::<Bool>()),
        Sees::OnlyOf(member) => open.filter(
            assignments::subscription_id.eq_any(owned_by(sight.business, member)).or(assignments::member_id.eq(member)),
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
    let row = |(license, holder): &(LicenseId, MemberId)| {
        (
            assignments::business_id.eq(business),
            assignments::id.eq(AssignmentId::mint(given_at)),
            assignments::license_id.eq(*license),
            assignments::subscription_id.eq(subscription),
            assignments::member_id.eq(*holder),
            assignments::given_at.eq(given_at),
        )
    };
    let mut begun = 0;
    for batch in pairs.chunks(INSERT_BATCH) {
        let rows: Vec<_> = batch.iter().map(row).collect();
        begun += diesel::insert_into(assignments::table).values(rows).on_conflict_do_nothing().execute(work.conn())?;
    }
    Ok(begun)
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

const SET_EXPIRIES: &str = "
UPDATE licenses l SET expires_on = v.last FROM unnest($1, $2) AS v (id, last) WHERE l.business_id = $3 AND l.id = v.id";

/// Writes the last day of each of these seats, or that it has none.
pub fn set_expiries(work: &mut Work<'_>, seats: &[(LicenseId, Option<NaiveDate>)]) -> Result<(), Refusal> {
    if seats.is_empty() {
        return Ok(());
    }
    let (ids, days): (Vec<LicenseId>, Vec<Option<NaiveDate>>) = seats.iter().copied().unzip();
    let business = work.business();
    Statement::new(SET_EXPIRIES)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Nullable<Date>>, _>(days)
        .bind::<SqlUuid, _>(business)
        .execute(work.conn())?;
    Ok(())
}

const END: &str = "
UPDATE assignments a SET ended_at = greatest($1, a.given_at), expires_on = v.expires_on
FROM unnest($2, $3) AS v (id, expires_on) WHERE a.business_id = $4 AND a.id = v.id AND a.ended_at IS NULL";

/// Ends who holds each of these seats, now, and not before it was given; how many somebody did. Its last day and its
/// last use are its holder's, and go with them; the key stays.
pub fn end_assignments(work: &mut Work<'_>, held: &[(&License, &Assignment)]) -> Result<usize, Refusal> {
    let (business, now) = (work.business(), work.now());
    let ended = Statement::new(END)
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(held.iter().map(|(_, assignment)| assignment.id).collect::<Vec<_>>())
        .bind::<Array<Nullable<Date>>, _>(held.iter().map(|(license, _)| license.expires_on).collect::<Vec<_>>())
        .bind::<SqlUuid, _>(business)
        .execute(work.conn())?;
    let ids: Vec<LicenseId> = held.iter().map(|(license, _)| license.id).collect();
    diesel::update(licenses::table)
        .filter(licenses::business_id.eq(business).and(licenses::id.eq_any(ids)))
        .set((
            licenses::expires_on.eq(None::<NaiveDate>),
            licenses::last_used_at.eq(None::<DateTime<Utc>>),
            licenses::last_used_source.eq(None::<String>),
        ))
        .execute(work.conn())?;
    Ok(ended)
}

type LicenseRow = (LicenseId, SubscriptionId, String, Option<NaiveDate>, Option<String>);
type LicenseColumns =
    (licenses::id, licenses::subscription_id, licenses::state, licenses::expires_on, licenses::key_last4);
const LICENSE: LicenseColumns =
    (licenses::id, licenses::subscription_id, licenses::state, licenses::expires_on, licenses::key_last4);

/// One seat.
pub fn license(scope: &mut impl Scope, id: LicenseId) -> Result<License, Refusal> {
    let (row, name): (LicenseRow, String) = visible(scope.sight())
        .inner_join(subscriptions::table.on(is_its_subscription()))
        .filter(licenses::id.eq(id))
        .select((LICENSE, subscriptions::name))
        .first(scope.conn())?;
    license_of(row, name)
}

/// Many seats of locked subscriptions; one of another subscription, or that is not found, is left out.
pub fn licenses(
    work: &mut Work<'_>,
    locked: &BTreeMap<SubscriptionId, Locked>,
    ids: &[LicenseId],
) -> Result<Vec<License>, Refusal> {
    let seats = visible(work.sight()).filter(licenses::id.eq_any(ids.to_vec())).select(LICENSE);
    let rows: Vec<LicenseRow> = seats.load(work.conn())?;
    let named = |row: LicenseRow| Some((locked.get(&row.1)?.name.clone(), row));
    rows.into_iter().filter_map(named).map(|(name, row)| license_of(row, name)).collect()
}

fn license_of((id, subscription, state, expires_on, key): LicenseRow, name: String) -> Result<License, Refusal> {
    let state = State::parse(&state).ok_or_else(|| Refusal::fault("a license has an unknown state"))?;
    Ok(License { id, subscription, subscription_name: name, state, expires_on, key: key.map(KeyHint::stored) })
}

/// Who holds a seat now, of those that are seen.
pub fn open_assignment(scope: &mut impl Scope, id: LicenseId) -> Result<Option<Assignment>, Refusal> {
    Ok(open_assignments(scope, &[id])?.remove(&id))
}

/// Who holds these seats now, of those that are seen; of one that nobody holds, nothing is said. In two statements that
/// are put together here: while PostgreSQL has no statistics, it would look through all people for every seat.
pub fn open_assignments(scope: &mut impl Scope, ids: &[LicenseId]) -> Result<HashMap<LicenseId, Assignment>, Refusal> {
    let (business, today) = (scope.business(), scope.today());
    let rows: Vec<(LicenseId, AssignmentId, DateTime<Utc>, MemberId)> = visible_assignments(scope.sight())
        .filter(assignments::license_id.eq_any(ids.to_vec()))
        .select((assignments::license_id, assignments::id, assignments::given_at, assignments::member_id))
        .load(scope.conn())?;
    let people: BTreeSet<MemberId> = rows.iter().map(|(.., member)| *member).collect();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let holders: Vec<HolderRow> = members::table
        .filter(members::business_id.eq(business).and(members::id.eq_any(people)))
        .select(HOLDER)
        .load(scope.conn())?;
    let holders = holders.into_iter().map(|row| Ok((row.0, holder_of(row, today)?)));
    let holders = holders.collect::<Result<HashMap<MemberId, Holder>, Refusal>>()?;
    let assignment = |(license, id, given_at, member): (LicenseId, AssignmentId, DateTime<Utc>, MemberId)| {
        let holder = holders.get(&member).cloned().ok_or_else(|| Refusal::fault("a holder is not there"))?;
        Ok((license, Assignment { id, holder, given_at, ended_at: None, expires_on: None }))
    };
    rows.into_iter().map(assignment).collect()
}

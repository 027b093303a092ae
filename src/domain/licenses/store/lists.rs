//! Lists of seats, their holders, and who could become one.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::count;
use diesel::prelude::*;

use crate::kernel::access::Sees;
use crate::kernel::ids::{AssignmentId, LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, licenses, members, subscriptions};
use crate::kernel::work::{Scope, View};

use super::super::last_use::LastUse;
use super::super::license::{Assignment, State, Status};
use super::super::license_key::KeyHint;
use super::super::list::Seat;
use super::people::{HOLDER, HolderColumns, HolderRow, holder_of};
use super::{is_its_holder, is_its_subscription, is_the_member, owned_by, visible};

type SeatRow = (LicenseId, SubscriptionId, String, String, Option<NaiveDate>, DateTime<Utc>, MoreRow, HolderRow);
type MoreRow = (Option<String>, Option<DateTime<Utc>>, Option<String>);

type SeatColumns = (
    licenses::id,
    licenses::subscription_id,
    subscriptions::name,
    licenses::state,
    licenses::expires_on,
    assignments::given_at,
    (licenses::key_last4, licenses::last_used_at, licenses::last_used_source),
    HolderColumns,
);
const SEAT: SeatColumns = (
    licenses::id,
    licenses::subscription_id,
    subscriptions::name,
    licenses::state,
    licenses::expires_on,
    assignments::given_at,
    (licenses::key_last4, licenses::last_used_at, licenses::last_used_source),
    HOLDER,
);

/// The held seats of a subscription by the holder's name, from after that person on.
pub fn seats(
    view: &mut View<'_>,
    subscription: SubscriptionId,
    after: Option<MemberId>,
    limit: i64,
) -> Result<Vec<Seat>, Refusal> {
    let (business, today) = (view.business(), view.today());
    let from: Option<(String, MemberId)> = match after {
        Some(member) => members::table
            .find((business, member))
            .select((members::name_folded, members::id))
            .first(view.conn())
            .optional()?,
        None => None,
    };
    // The page of holders comes first and their licenses second: joined at once, PostgreSQL takes a subscription for a
    // small one and compares all its thousands of licenses with all its holders.
    let (held, holder) = diesel::alias!(assignments as held, members as holder);
    let is_the_holder = (holder.field(members::business_id).eq(held.field(assignments::business_id)))
        .and(holder.field(members::id).eq(held.field(assignments::member_id)));
    let mut page = held
        .inner_join(holder.on(is_the_holder))
        .filter(held.field(assignments::business_id).eq(business))
        .filter(held.field(assignments::subscription_id).eq(subscription))
        .filter(held.field(assignments::ended_at).is_null())
        .select(held.field(assignments::id))
        .order((holder.field(members::name_folded), holder.field(members::id)))
        .limit(limit)
        .into_boxed();
    if let Some((name, id)) = from {
        let (of_name, of_id) = (holder.field(members::name_folded), holder.field(members::id));
        page = page.filter(of_name.gt(name.clone()).or(of_name.eq(name).and(of_id.gt(id))));
    }
    if let Sees::OnlyOf(member) = view.sight().sees {
        let owned = held.field(assignments::subscription_id).eq_any(owned_by(business, member));
        page = page.filter(owned.or(held.field(assignments::member_id).eq(member)));
    }
    let rows: Vec<SeatRow> = visible(view.sight())
        .inner_join(assignments::table.on(is_its_holder()))
        .inner_join(members::table.on(is_the_member()))
        .inner_join(subscriptions::table.on(is_its_subscription()))
        .filter(assignments::business_id.eq(business).and(assignments::id.eq_any(page)))
        .order((members::name_folded, members::id))
        .select(SEAT)
        .load(view.conn())?;
    rows.into_iter().map(|row| seat_of(row, today)).collect()
}

/// The seats a person holds, of those that may be seen, by what they are seats of.
pub fn seats_of_member(view: &mut View<'_>, member: MemberId) -> Result<Vec<Seat>, Refusal> {
    let today = view.today();
    let rows: Vec<SeatRow> = visible(view.sight())
        .inner_join(assignments::table.on(is_its_holder()))
        .inner_join(members::table.on(is_the_member()))
        .inner_join(subscriptions::table.on(is_its_subscription()))
        .filter(assignments::member_id.eq(member))
        .order((subscriptions::name_folded, licenses::id))
        .select(SEAT)
        .load(view.conn())?;
    rows.into_iter().map(|row| seat_of(row, today)).collect()
}

fn seat_of(row: SeatRow, today: NaiveDate) -> Result<Seat, Refusal> {
    let (license, subscription, subscription_name, state, expires_on, given_at, more, holder) = row;
    let (key, last_used_at, last_used_source) = more;
    let state = State::parse(&state).ok_or_else(|| Refusal::fault("a license has an unknown state"))?;
    let holder = holder_of(holder, today)?;
    let status = Status::of(state, Some(holder.id), expires_on, today);
    let last_use = LastUse::stored(last_used_at, last_used_source.as_deref())?;
    let key = key.map(KeyHint::stored);
    Ok(Seat { license, subscription, subscription_name, holder, given_at, expires_on, status, key, last_use })
}

type HistoryRow = (AssignmentId, DateTime<Utc>, Option<DateTime<Utc>>, Option<NaiveDate>, HolderRow);

/// Everybody who held a seat, newest first; for whoever sees only their own and does not own it, themselves.
pub fn history(
    view: &mut View<'_>,
    license: LicenseId,
    after: Option<AssignmentId>,
    limit: i64,
) -> Result<Vec<Assignment>, Refusal> {
    let (business, today, sees) = (view.business(), view.today(), view.sight().sees);
    let of_license = assignments::business_id.eq(licenses::business_id).and(assignments::license_id.eq(licenses::id));
    let mut wanted = visible(view.sight())
        .inner_join(assignments::table.on(of_license))
        .inner_join(members::table.on(is_the_member()))
        .filter(licenses::id.eq(license));
    if let Sees::OnlyOf(member) = sees {
        wanted = wanted
            .filter(licenses::subscription_id.eq_any(owned_by(business, member)).or(assignments::member_id.eq(member)));
    }
    if let Some(after) = after {
        wanted = wanted.filter(assignments::id.lt(after));
    }
    let columns = (assignments::id, assignments::given_at, assignments::ended_at, assignments::expires_on, HOLDER);
    let rows: Vec<HistoryRow> = wanted.order(assignments::id.desc()).select(columns).limit(limit).load(view.conn())?;
    rows.into_iter()
        .map(|(id, given_at, ended_at, expires_on, row)| {
            Ok(Assignment { id, holder: holder_of(row, today)?, given_at, ended_at, expires_on })
        })
        .collect()
}

/// When a seat was last used by whoever holds it now.
pub fn last_use(view: &mut View<'_>, license: LicenseId) -> Result<Option<LastUse>, Refusal> {
    let (at, source): (Option<DateTime<Utc>>, Option<String>) = visible(view.sight())
        .filter(licenses::id.eq(license))
        .select((licenses::last_used_at, licenses::last_used_source))
        .first(view.conn())?;
    LastUse::stored(at, source.as_deref())
}

/// Of how many held seats the last use is known, and of how many it is not before this instant.
pub fn used(view: &mut View<'_>, subscription: SubscriptionId, since: DateTime<Utc>) -> Result<(i64, i64), Refusal> {
    let last_use = count(licenses::last_used_at);
    Ok(visible(view.sight())
        .inner_join(assignments::table.on(is_its_holder()))
        .filter(assignments::subscription_id.eq(subscription))
        .select((last_use, last_use.aggregate_filter(licenses::last_used_at.assume_not_null().ge(since))))
        .get_result(view.conn())?)
}

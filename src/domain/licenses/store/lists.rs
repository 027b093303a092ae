//! Lists of seats, their holders, and who could become one.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use crate::domain::team::member::MemberStatus;
use crate::kernel::access::Sees;
use crate::kernel::ids::{AssignmentId, LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, licenses, members, subscriptions};
use crate::kernel::work::{Scope, View};

use super::super::license::{Assignment, Holder, State, Status};
use super::super::list::Seat;
use super::people::{HOLDER, HolderColumns, HolderRow, holder_of};
use super::{is_its_holder, is_its_subscription, is_the_member, owned_by, visible};

type SeatRow = (LicenseId, SubscriptionId, String, String, Option<NaiveDate>, DateTime<Utc>, HolderRow);

type SeatColumns = (
    licenses::id,
    licenses::subscription_id,
    subscriptions::name,
    licenses::state,
    licenses::expires_on,
    assignments::given_at,
    HolderColumns,
);
const SEAT: SeatColumns = (
    licenses::id,
    licenses::subscription_id,
    subscriptions::name,
    licenses::state,
    licenses::expires_on,
    assignments::given_at,
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
    let mut wanted = visible(view.sight())
        .inner_join(assignments::table.on(is_its_holder()))
        .inner_join(members::table.on(is_the_member()))
        .inner_join(subscriptions::table.on(is_its_subscription()))
        .filter(licenses::subscription_id.eq(subscription));
    if let Some((name, id)) = from {
        wanted = wanted
            .filter(members::name_folded.gt(name.clone()).or(members::name_folded.eq(name).and(members::id.gt(id))));
    }
    let rows: Vec<SeatRow> =
        wanted.order((members::name_folded, members::id)).select(SEAT).limit(limit).load(view.conn())?;
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
    let (license, subscription, subscription_name, state, expires_on, given_at, holder) = row;
    let state = State::parse(&state).ok_or_else(|| Refusal::fault("a license has an unknown state"))?;
    let holder = holder_of(holder, today)?;
    let status = Status::of(state, Some(holder.id), expires_on, today);
    Ok(Seat { license, subscription, subscription_name, holder, given_at, expires_on, status })
}

/// People who could be given a seat of this subscription, of those who may be seen, by name.
pub fn candidates(view: &mut View<'_>, subscription: SubscriptionId, limit: i64) -> Result<Vec<Holder>, Refusal> {
    let (business, today, sees) = (view.business(), view.today(), view.sight().sees);
    let holders = assignments::table
        .filter(assignments::business_id.eq(business).and(assignments::subscription_id.eq(subscription)))
        .filter(assignments::ended_at.is_null())
        .select(assignments::member_id);
    let can_hold = [MemberStatus::Directory, MemberStatus::Invited, MemberStatus::Active].map(MemberStatus::code);
    let mut wanted = members::table
        .filter(members::business_id.eq(business).and(members::status.eq_any(can_hold)))
        .filter(members::left_on.is_null().or(members::left_on.ge(today)))
        .filter(members::id.ne_all(holders))
        .into_boxed();
    if let Sees::OnlyOf(member) = sees {
        let theirs = assignments::table
            .filter(assignments::business_id.eq(business).and(assignments::ended_at.is_null()))
            .filter(assignments::subscription_id.eq_any(owned_by(business, member)))
            .select(assignments::member_id);
        wanted = wanted.filter(members::id.eq(member).or(members::id.eq_any(theirs)));
    }
    let rows: Vec<HolderRow> =
        wanted.order((members::name_folded, members::id)).select(HOLDER).limit(limit).load(view.conn())?;
    rows.into_iter().map(|row| holder_of(row, today)).collect()
}

type HistoryRow = (AssignmentId, DateTime<Utc>, Option<DateTime<Utc>>, HolderRow);

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
    let columns = (assignments::id, assignments::given_at, assignments::ended_at, HOLDER);
    let rows: Vec<HistoryRow> = wanted.order(assignments::id.desc()).select(columns).limit(limit).load(view.conn())?;
    rows.into_iter()
        .map(|(id, given_at, ended_at, row)| Ok(Assignment { id, holder: holder_of(row, today)?, given_at, ended_at }))
        .collect()
}

//! Requests in the database. Every query of requests starts from `visible`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::define_sql_function;
use diesel::dsl::{exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Timestamptz};

use crate::domain::licenses::license::Holder;
use crate::domain::licenses::store::{HOLDER, HolderColumns, HolderRow, holder_of, owned_by};
use crate::domain::services::service::folded;
use crate::domain::subscriptions::subscription::Status;
use crate::domain::team::member::MemberStatus;
use crate::kernel::access::Sees;
use crate::kernel::ids::{MemberId, SeatRequestId, SubscriptionId};
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, members, price_lines, seat_requests, subscriptions};
use crate::kernel::work::{Scope, Sight, View, Work};

use super::list::Offer;
use super::request::{SeatRequest, State};

const LIVE: [Status; 2] = [Status::Trial, Status::Active];

type Visible = seat_requests::BoxedQuery<'static, Pg>;

/// The requests of the business; for whoever sees only their own: their own, and those for what they own.
fn visible(sight: Sight) -> Visible {
    let of_business = seat_requests::table.filter(seat_requests::business_id.eq(sight.business)).into_boxed();
    match sight.sees {
        Sees::All => of_business,
        Sees::Nothing => of_business.filter(false.into_sql::<Bool>()),
        Sees::OnlyOf(member) => of_business.filter(
            seat_requests::member_id
                .eq(member)
                .or(seat_requests::subscription_id.eq_any(owned_by(sight.business, member))),
        ),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_its_subscription() -> _ {
    subscriptions::business_id.eq(seat_requests::business_id).and(subscriptions::id.eq(seat_requests::subscription_id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_its_asker() -> _ {
    members::business_id.eq(seat_requests::business_id).and(members::id.eq(seat_requests::member_id))
}

type RequestRow = (SeatRequestId, SubscriptionId, String, MemberId, String, String, DateTime<Utc>, HolderRow);
type RequestColumns = (
    seat_requests::id,
    seat_requests::subscription_id,
    subscriptions::name,
    subscriptions::owner_id,
    seat_requests::note,
    seat_requests::state,
    seat_requests::created_at,
    HolderColumns,
);
const REQUEST: RequestColumns = (
    seat_requests::id,
    seat_requests::subscription_id,
    subscriptions::name,
    subscriptions::owner_id,
    seat_requests::note,
    seat_requests::state,
    seat_requests::created_at,
    HOLDER,
);

fn request_of(row: RequestRow, today: chrono::NaiveDate) -> Result<SeatRequest, Refusal> {
    let (id, subscription, subscription_name, owner, note, state, created_at, asker) = row;
    let state = State::parse(&state).ok_or_else(|| Refusal::fault("a request has an unknown state"))?;
    let asker: Holder = holder_of(asker, today)?;
    Ok(SeatRequest { id, subscription, subscription_name, owner, asker, note, state, created_at })
}

/// One request.
pub(super) fn find(work: &mut Work<'_>, id: SeatRequestId) -> Result<SeatRequest, Refusal> {
    let today = work.today();
    let row: RequestRow = visible(work.sight())
        .inner_join(subscriptions::table.on(is_its_subscription()))
        .inner_join(members::table.on(is_its_asker()))
        .filter(seat_requests::id.eq(id))
        .select(REQUEST)
        .first(work.conn())?;
    request_of(row, today)
}

/// The open requests for what was not removed, oldest first.
pub(super) fn waiting(
    view: &mut View<'_>,
    of: Option<SubscriptionId>,
    limit: i64,
) -> Result<Vec<SeatRequest>, Refusal> {
    let today = view.today();
    let mut wanted = visible(view.sight())
        .inner_join(subscriptions::table.on(is_its_subscription()))
        .inner_join(members::table.on(is_its_asker()))
        .filter(seat_requests::state.eq(State::Open.code()))
        .filter(subscriptions::removed_at.is_null());
    if let Some(subscription) = of {
        wanted = wanted.filter(seat_requests::subscription_id.eq(subscription));
    }
    let rows: Vec<RequestRow> = wanted.order(seat_requests::id).select(REQUEST).limit(limit).load(view.conn())?;
    rows.into_iter().map(|row| request_of(row, today)).collect()
}

/// What a seat is asked of.
pub(super) struct Askable {
    pub(super) id: SubscriptionId,
    pub(super) name: String,
    pub(super) owner: MemberId,
    pub(super) status: Status,
    pub(super) seats: Option<i64>,
    pub(super) held: i64,
}

/// A subscription of the business, whoever may see it: to ask for a seat is the only thing done with it.
pub(super) fn askable(work: &mut Work<'_>, id: SubscriptionId) -> Result<Askable, Refusal> {
    let (business, today) = (work.business(), work.today());
    let (name, owner, status): (String, MemberId, String) = subscriptions::table
        .find((business, id))
        .filter(subscriptions::removed_at.is_null())
        .select((subscriptions::name, subscriptions::owner_id, subscriptions::status))
        .for_share()
        .first(work.conn())?;
    let seats: Option<Option<i32>> = price_lines::table
        .filter(price_lines::business_id.eq(business).and(price_lines::subscription_id.eq(id)))
        .filter(price_lines::from_on.le(today))
        .order((price_lines::from_on.desc(), price_lines::id.desc()))
        .select(price_lines::seats)
        .first(work.conn())
        .optional()?;
    let held = assignments::table
        .filter(assignments::business_id.eq(business).and(assignments::subscription_id.eq(id)))
        .filter(assignments::ended_at.is_null())
        .count()
        .get_result(work.conn())?;
    let status = Status::parse(&status).ok_or_else(|| Refusal::fault("a subscription has an unknown status"))?;
    Ok(Askable { id, name, owner, status, seats: seats.flatten().map(i64::from), held })
}

/// What runs, and the member has neither a seat of nor asked for.
pub(super) fn offers(view: &mut View<'_>, asker: MemberId, words: &str, limit: i64) -> Result<Vec<Offer>, Refusal> {
    let business = view.business();
    let held = assignments::table
        .filter(assignments::business_id.eq(business).and(assignments::subscription_id.eq(subscriptions::id)))
        .filter(assignments::member_id.eq(asker).and(assignments::ended_at.is_null()));
    let asked = seat_requests::table
        .filter(seat_requests::business_id.eq(business).and(seat_requests::subscription_id.eq(subscriptions::id)))
        .filter(seat_requests::member_id.eq(asker).and(seat_requests::state.eq(State::Open.code())));
    let is_owner = members::business_id.eq(subscriptions::business_id).and(members::id.eq(subscriptions::owner_id));
    let like = format!("%{}%", folded(words).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let rows: Vec<(SubscriptionId, String, String, String)> = subscriptions::table
        .inner_join(members::table.on(is_owner))
        .filter(subscriptions::business_id.eq(business).and(subscriptions::removed_at.is_null()))
        .filter(subscriptions::status.eq_any(LIVE.map(Status::code)))
        .filter(subscriptions::name_folded.like(like))
        .filter(not(exists(held)).and(not(exists(asked))))
        .order((subscriptions::name_folded, subscriptions::id))
        .select((subscriptions::id, subscriptions::name, subscriptions::category, members::name))
        .limit(limit)
        .load(view.conn())?;
    Ok(rows.into_iter().map(|(id, name, category, owner)| Offer { id, name, category, owner }).collect())
}

/// Writes a request; none when this person has an open one already.
pub(super) fn insert(
    work: &mut Work<'_>,
    subscription: SubscriptionId,
    asker: MemberId,
    note: &str,
) -> Result<Option<SeatRequestId>, Refusal> {
    let (business, now) = (work.business(), work.now());
    let id = SeatRequestId::mint(now);
    let inserted = diesel::insert_into(seat_requests::table)
        .values((
            seat_requests::business_id.eq(business),
            seat_requests::id.eq(id),
            seat_requests::subscription_id.eq(subscription),
            seat_requests::member_id.eq(asker),
            seat_requests::note.eq(note),
            seat_requests::state.eq(State::Open.code()),
            seat_requests::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(work.conn())?;
    Ok((inserted == 1).then_some(id))
}

/// Closes an open request; one that somebody else has closed meanwhile is a conflict.
pub(super) fn close(work: &mut Work<'_>, id: SeatRequestId, state: State, words: &str) -> Result<(), Refusal> {
    let (business, now, by) = (work.business(), work.now(), work.access().member());
    let decided_at = greatest(seat_requests::created_at, now);
    let closed = diesel::update(seat_requests::table.find((business, id)))
        .filter(seat_requests::state.eq(State::Open.code()))
        .set((
            seat_requests::state.eq(state.code()),
            seat_requests::words.eq(words),
            seat_requests::decided_by.eq(by),
            seat_requests::decided_at.eq(decided_at.nullable()),
        ))
        .execute(work.conn())?;
    match closed {
        1 => Ok(()),
        _ => Err(Refusal::conflict("request_decided", "This request was decided meanwhile. Nothing was changed.")),
    }
}

define_sql_function! {
    /// The later of two instants: whoever waited for a lock may have an earlier one than whoever asked under it.
    fn greatest(one: Timestamptz, other: Timestamptz) -> Timestamptz;
}

/// Approves the open requests of these people for a subscription; answers them with the names of who asked.
pub(super) fn approve_open(
    work: &mut Work<'_>,
    subscription: SubscriptionId,
    people: &[MemberId],
) -> Result<Vec<(SeatRequestId, String)>, Refusal> {
    let (business, now, by) = (work.business(), work.now(), work.access().member());
    let approved: Vec<(SeatRequestId, MemberId)> = diesel::update(
        seat_requests::table
            .filter(seat_requests::business_id.eq(business))
            .filter(seat_requests::subscription_id.eq(subscription))
            .filter(seat_requests::member_id.eq_any(people))
            .filter(seat_requests::state.eq(State::Open.code())),
    )
    .set((
        seat_requests::state.eq(State::Approved.code()),
        seat_requests::decided_by.eq(by),
        seat_requests::decided_at.eq(greatest(seat_requests::created_at, now).nullable()),
    ))
    .returning((seat_requests::id, seat_requests::member_id))
    .get_results(work.conn())?;
    if approved.is_empty() {
        return Ok(Vec::new());
    }
    let names: HashMap<MemberId, String> = members::table
        .filter(members::business_id.eq(business).and(members::id.eq_any(people)))
        .select((members::id, members::name))
        .load(work.conn())?
        .into_iter()
        .collect();
    let name_of = |asker| names.get(&asker).cloned().unwrap_or_default();
    Ok(approved.into_iter().map(|(request, asker)| (request, name_of(asker))).collect())
}

/// Id, name and address of whoever decides: the owner of the subscription while they sign in, else the owners of the
/// business; never whoever asks.
pub(super) fn deciders(work: &mut Work<'_>, owner: MemberId) -> Result<Vec<(MemberId, String, String)>, Refusal> {
    let (business, today, asker) = (work.business(), work.today(), work.access().member());
    let found: Vec<(MemberId, String, String)> = members::table
        .filter(members::business_id.eq(business).and(members::status.eq(MemberStatus::Active.code())))
        .filter(members::left_on.is_null().or(members::left_on.ge(today)))
        .filter(members::id.eq(owner).or(members::role.eq(Role::Owner.code())))
        .order(members::id)
        .select((members::id, members::name, members::email))
        .load(work.conn())?;
    let others = || found.iter().filter(|(id, ..)| Some(*id) != asker);
    let one: Vec<_> = others().filter(|(id, ..)| *id == owner).cloned().collect();
    Ok(if one.is_empty() { others().cloned().collect() } else { one })
}

//! People as seats know them. Whoever may give a seat may name anybody of the business by address or id, also people
//! they do not see in a list.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::domain::team::member::{MemberStatus, has_passed};
use crate::kernel::access::Actor;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, businesses, members};
use crate::kernel::work::{Scope, Work};

use super::super::license::Holder;

pub(in super::super) type HolderRow = (MemberId, String, String, String, String, Option<NaiveDate>);
pub(in super::super) type HolderColumns =
    (members::id, members::name, members::email, members::department, members::status, members::left_on);
pub(in super::super) const HOLDER: HolderColumns =
    (members::id, members::name, members::email, members::department, members::status, members::left_on);

/// A person as they stand on this day: whoever's last day has passed has left, written down or not.
pub(in super::super) fn holder_of(row: HolderRow, today: NaiveDate) -> Result<Holder, Refusal> {
    let (id, name, email, department, status, left_on) = row;
    let written = MemberStatus::parse(&status).ok_or_else(|| Refusal::fault("a member has an unknown status"))?;
    let status = match has_passed(left_on, today) {
        true => MemberStatus::Left,
        false => written,
    };
    Ok(Holder { id, name, email, department, status })
}

/// A person by id. Shared lock: nobody deactivates them until the seat is theirs.
pub fn by_id(work: &mut Work<'_>, id: MemberId) -> Result<Option<Holder>, Refusal> {
    let (business, today) = (work.business(), work.today());
    let row: Option<HolderRow> =
        members::table.find((business, id)).select(HOLDER).for_share().first(work.conn()).optional()?;
    row.map(|row| holder_of(row, today)).transpose()
}

/// A person by address. Shared lock, as by id.
pub fn by_address(work: &mut Work<'_>, address: &EmailAddress) -> Result<Option<Holder>, Refusal> {
    let (business, today) = (work.business(), work.today());
    let row: Option<HolderRow> = members::table
        .filter(members::business_id.eq(business).and(members::email_folded.eq(address.folded())))
        .select(HOLDER)
        .for_share()
        .first(work.conn())
        .optional()?;
    row.map(|row| holder_of(row, today)).transpose()
}

/// People by id and by address, in the order of their ids. Shared locks, as by id.
pub fn by_ids_and_addresses(
    work: &mut Work<'_>,
    ids: &[MemberId],
    folded: &[&str],
) -> Result<Vec<(Holder, String)>, Refusal> {
    let (business, today) = (work.business(), work.today());
    let rows: Vec<(HolderRow, String)> = members::table
        .filter(members::business_id.eq(business))
        .filter(members::id.eq_any(ids).or(members::email_folded.eq_any(folded)))
        .order(members::id)
        .select((HOLDER, members::email_folded))
        .for_share()
        .load(work.conn())?;
    rows.into_iter().map(|(row, folded)| Ok((holder_of(row, today)?, folded))).collect()
}

/// Those of these people who hold a seat of this subscription.
pub fn holders_among(
    work: &mut Work<'_>,
    people: &[MemberId],
    subscription: SubscriptionId,
) -> Result<Vec<MemberId>, Refusal> {
    let business = work.business();
    Ok(assignments::table
        .filter(assignments::business_id.eq(business).and(assignments::subscription_id.eq(subscription)))
        .filter(assignments::member_id.eq_any(people).and(assignments::ended_at.is_null()))
        .select(assignments::member_id)
        .load(work.conn())?)
}

/// Whether this person holds a seat of this subscription.
pub fn holds_seat(work: &mut Work<'_>, holder: MemberId, subscription: SubscriptionId) -> Result<bool, Refusal> {
    let business = work.business();
    let held = assignments::table
        .filter(assignments::business_id.eq(business).and(assignments::subscription_id.eq(subscription)))
        .filter(assignments::member_id.eq(holder).and(assignments::ended_at.is_null()));
    Ok(diesel::select(diesel::dsl::exists(held)).get_result(work.conn())?)
}

/// Under what a letter is signed.
pub struct Signature {
    /// The business's name.
    pub business: String,
    /// The acting person's name; none for the worker and commands.
    pub by: Option<String>,
}

/// Who writes to a holder, for which business.
pub fn signature(work: &mut Work<'_>) -> Result<Signature, Refusal> {
    let (business, actor) = (work.business(), work.access().member());
    let name = businesses::table.find(business).select(businesses::name).first(work.conn())?;
    let by = match (actor, work.access().actor()) {
        (Some(actor), _) => {
            members::table.find((business, actor)).select(members::name).first(work.conn()).optional()?
        }
        (None, Actor::Support { .. }) => Some("Support".to_owned()),
        (None, _) => None,
    };
    Ok(Signature { business: name, by })
}

/// Somebody who is told how the seats of a subscription stand.
pub struct Reader {
    /// Who.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they are in the team.
    pub role: Option<Role>,
}

/// The owner of a subscription while they sign in, and everybody who runs the books.
pub fn low_readers(work: &mut Work<'_>, owner: MemberId) -> Result<Vec<Reader>, Refusal> {
    let (business, today) = (work.business(), work.today());
    let runs_the_books = members::role.eq_any([Role::Owner, Role::Admin].map(Role::code));
    let rows: Vec<(MemberId, String, String, Option<String>)> = members::table
        .filter(members::business_id.eq(business).and(members::status.eq(MemberStatus::Active.code())))
        .filter(members::left_on.is_null().or(members::left_on.ge(today)))
        .filter(members::id.nullable().eq(owner).or(runs_the_books))
        .order(members::id)
        .select((members::id, members::name, members::email, members::role))
        .load(work.conn())?;
    let reader = |(id, name, email, role): (_, _, _, Option<String>)| {
        let role = role.as_deref().and_then(Role::parse);
        Reader { id, name, email, role }
    };
    Ok(rows.into_iter().map(reader).collect())
}

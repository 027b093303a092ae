//! What can be given, and to whom.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Int4, Nullable, Text, Uuid};

use crate::domain::services::service::folded;
use crate::domain::team::member::MemberStatus;
use crate::kernel::access::Sees;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, members};
use crate::kernel::work::{Scope, View};

use super::super::license::Holder;
use super::super::offer::Givable;
use super::owned_by;
use super::people::{HOLDER, HolderRow, holder_of};

/// People who could be given a seat of this subscription, of those who may be seen, by name.
pub fn candidates(view: &mut View<'_>, subscription: SubscriptionId, limit: i64) -> Result<Vec<Holder>, Refusal> {
    people(view, Some(subscription), "", limit)
}

/// People who could be given a seat, of those who may be seen, by name: with these words, and without those who have one
/// of this subscription.
pub fn people(
    view: &mut View<'_>,
    subscription: Option<SubscriptionId>,
    words: &str,
    limit: i64,
) -> Result<Vec<Holder>, Refusal> {
    let (business, today, sees) = (view.business(), view.today(), view.sight().sees);
    let can_hold = [MemberStatus::Directory, MemberStatus::Invited, MemberStatus::Active].map(MemberStatus::code);
    let mut wanted = members::table
        .filter(members::business_id.eq(business).and(members::status.eq_any(can_hold)))
        .filter(members::left_on.is_null().or(members::left_on.ge(today)))
        .into_boxed();
    if let Some(subscription) = subscription {
        // The offset keeps PostgreSQL from comparing all people with all holders: each person is looked up.
        let own = assignments::table
            .filter(assignments::business_id.eq(members::business_id).and(assignments::member_id.eq(members::id)))
            .filter(assignments::subscription_id.eq(subscription).and(assignments::ended_at.is_null()))
            .offset(0);
        wanted = wanted.filter(not(exists(own)));
    }
    if !words.is_empty() {
        let like = format!("%{}%", folded(words).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let department = diesel::dsl::sql::<Text>("lower(members.department)");
        let named = members::name_folded.like(like.clone()).or(members::email_folded.like(like.clone()));
        wanted = wanted.filter(named.or(department.like(like)));
    }
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

#[derive(QueryableByName)]
struct GivableRow {
    #[diesel(sql_type = Uuid)]
    id: SubscriptionId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Int4>)]
    seats: Option<i32>,
    #[diesel(sql_type = BigInt)]
    held: i64,
}

/// What runs in the business ($1) and, for a member who changes only their own ($2), is theirs; without what a person
/// ($3) holds already.
const GIVABLE: &str = "
SELECT s.id, s.name, p.seats, coalesce(h.held, 0) AS held
FROM subscriptions s
LEFT JOIN LATERAL (
  SELECT seats FROM price_lines
  WHERE business_id = s.business_id AND subscription_id = s.id AND from_on <= $4
  ORDER BY from_on DESC, id DESC LIMIT 1
) p ON true
LEFT JOIN (
  SELECT subscription_id, count(*) AS held FROM assignments
  WHERE business_id = $1 AND ended_at IS NULL GROUP BY subscription_id
) h ON h.subscription_id = s.id
WHERE s.business_id = $1 AND s.removed_at IS NULL AND s.status IN ('trial', 'active')
  AND ($2 IS NULL OR s.owner_id = $2)
  AND ($3 IS NULL OR NOT EXISTS (
    SELECT FROM assignments a
    WHERE a.business_id = s.business_id AND a.subscription_id = s.id AND a.member_id = $3 AND a.ended_at IS NULL))
ORDER BY s.name_folded, s.id LIMIT $5";

/// Subscriptions whose seats whoever asks may give, by name, with how many are held.
pub fn givable(view: &mut View<'_>, person: Option<MemberId>, limit: i64) -> Result<Vec<Givable>, Refusal> {
    let only = match view.sight().sees {
        Sees::All => None,
        Sees::OnlyOf(member) => Some(member),
        Sees::Nothing => return Ok(Vec::new()),
    };
    let (business, today) = (view.business(), view.today());
    let rows: Vec<GivableRow> = diesel::sql_query(GIVABLE)
        .bind::<Uuid, _>(business)
        .bind::<Nullable<Uuid>, _>(only)
        .bind::<Nullable<Uuid>, _>(person)
        .bind::<Date, _>(today)
        .bind::<BigInt, _>(limit)
        .load(view.conn())?;
    let givable =
        |row: GivableRow| Givable { id: row.id, name: row.name, seats: row.seats.map(i64::from), held: row.held };
    Ok(rows.into_iter().map(givable).collect())
}

//! People in the database.

use diesel::pg::Pg;
use diesel::prelude::*;

use crate::kernel::access::Sees;
use crate::kernel::ids::{self, MemberId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, members, subscriptions};
use crate::kernel::work::Scope;

use super::member::{MemberStatus, NewMember};

type Visible = members::BoxedQuery<'static, Pg>;

/// The people one may see: everybody, or oneself and whoever holds a seat of what one owns.
pub fn visible(scope: &impl Scope) -> Visible {
    let sight = scope.sight();
    let own = members::table
        .filter(members::business_id.eq(sight.business))
        .into_boxed();
    match sight.sees {
        Sees::All => own,
        Sees::OnlyOf(me) => {
            let holders = assignments::table
                .inner_join(
                    subscriptions::table.on(subscriptions::business_id
                        .eq(assignments::business_id)
                        .and(subscriptions::id.eq(assignments::subscription_id))),
                )
                .filter(
                    subscriptions::business_id
                        .eq(sight.business)
                        .and(subscriptions::owner_id.eq(me)),
                )
                .filter(
                    subscriptions::removed_at
                        .is_null()
                        .and(assignments::ended_at.is_null()),
                )
                .select(assignments::member_id);
            own.filter(members::id.eq(me).or(members::id.eq_any(holders)))
        }
        Sees::Nothing => own.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("false")),
    }
}

/// Everybody who can be chosen in a form, by name: whoever has not left.
pub(super) fn options(scope: &mut impl Scope) -> Result<Vec<(MemberId, String, String)>, Refusal> {
    let today = scope.today();
    Ok(visible(scope)
        .filter(members::status.ne(MemberStatus::Left.code()))
        .filter(members::left_on.is_null().or(members::left_on.ge(today)))
        .order((members::name_folded, members::id))
        .select((members::id, members::name, members::email))
        .load(scope.conn())?)
}

/// Inserts a person; `None` when the address (or the user) is in the business already.
pub fn insert(scope: &mut impl Scope, new: &NewMember) -> Result<Option<MemberId>, Refusal> {
    let (business, now) = (scope.business(), scope.now());
    let id = MemberId::mint(now);
    let (user, role) = new.sign_in.unzip();
    let inserted = diesel::insert_into(members::table)
        .values((
            members::business_id.eq(business),
            members::id.eq(id),
            members::parse_id.eq(ids::parse_id()),
            members::user_id.eq(user),
            members::name.eq(&new.name),
            members::name_folded.eq(new.name.to_lowercase()),
            members::email.eq(new.email.as_str()),
            members::email_folded.eq(new.email.folded()),
            members::role.eq(role.map(|role| role.code())),
            members::status.eq(new.status.code()),
            members::department.eq(&new.department),
            members::manager_id.eq(new.manager),
            members::joined_on.eq(new.joined_on),
            members::left_on.eq(new.left_on),
            members::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(scope.conn())?;
    Ok((inserted == 1).then_some(id))
}

//! People in the database.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;

use crate::kernel::access::Sees;
use crate::kernel::ids::{self, BusinessId, MemberId, UserId};
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, members, subscriptions};
use crate::kernel::work::{Scope, SweepWork};

use super::member::{Member, MemberStatus, NewMember};

/// People, before anything is asked of them.
pub(super) type Visible = members::BoxedQuery<'static, Pg>;

#[derive(Queryable, Selectable)]
#[diesel(table_name = members, check_for_backend(Pg))]
pub(super) struct MemberRow {
    id: MemberId,
    user_id: Option<UserId>,
    name: String,
    email: String,
    role: Option<String>,
    status: String,
    department: String,
    manager_id: Option<MemberId>,
    joined_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
}

impl MemberRow {
    pub(super) fn member(self) -> Result<Member, Refusal> {
        let unknown = |code: &str| Refusal::fault(format!("the member {} has the unknown code {code}", self.id));
        let role = self.role.as_deref().map(|code| Role::parse(code).ok_or_else(|| unknown(code))).transpose()?;
        Ok(Member {
            status: MemberStatus::parse(&self.status).ok_or_else(|| unknown(&self.status))?,
            role,
            id: self.id,
            user: self.user_id,
            name: self.name,
            email: self.email,
            department: self.department,
            manager: self.manager_id,
            joined_on: self.joined_on,
            left_on: self.left_on,
        })
    }
}

/// Everybody of the business, whatever the actor sees: only for what an operation fetches for itself.
fn everybody(scope: &impl Scope) -> Visible {
    members::table.filter(members::business_id.eq(scope.business())).into_boxed()
}

/// The people one may see: everybody, or oneself and whoever holds a seat of what one owns.
pub fn visible(scope: &impl Scope) -> Visible {
    let sight = scope.sight();
    let own = everybody(scope);
    match sight.sees {
        Sees::All => own,
        Sees::OnlyOf(me) => {
            let holders = assignments::table
                .inner_join(subscriptions::table.on(of_assignment()))
                .filter(subscriptions::business_id.eq(sight.business).and(subscriptions::owner_id.eq(me)))
                .filter(subscriptions::removed_at.is_null().and(assignments::ended_at.is_null()))
                .select(assignments::member_id);
            own.filter(members::id.eq(me).or(members::id.eq_any(holders)))
        }
        Sees::Nothing => own.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("false")),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn of_assignment() -> _ {
    subscriptions::business_id.eq(assignments::business_id).and(subscriptions::id.eq(assignments::subscription_id))
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

/// The person of this id, as far as they may be seen.
pub fn find(scope: &mut impl Scope, id: MemberId) -> Result<Option<Member>, Refusal> {
    one(visible(scope).filter(members::id.eq(id)), scope)
}

/// The person of this id, whatever the actor sees: for the holder of a key, who sees nothing else.
pub(super) fn find_any(scope: &mut impl Scope, id: MemberId) -> Result<Option<Member>, Refusal> {
    one(everybody(scope).filter(members::id.eq(id)), scope)
}

/// The person as whom this user is in the business.
pub(super) fn of_user(scope: &mut impl Scope, user: UserId) -> Result<Option<Member>, Refusal> {
    one(everybody(scope).filter(members::user_id.eq(user)), scope)
}

/// These people, as far as they may be seen.
pub(super) fn by_ids(scope: &mut impl Scope, ids: Vec<MemberId>) -> Result<HashMap<MemberId, Member>, Refusal> {
    let rows = visible(scope).filter(members::id.eq_any(ids)).select(MemberRow::as_select()).load(scope.conn())?;
    rows.into_iter().map(|row| Ok((row.id, row.member()?))).collect()
}

/// The people with these folded addresses, by address.
pub fn by_address(scope: &mut impl Scope, folded: Vec<String>) -> Result<HashMap<String, Member>, Refusal> {
    let rows: Vec<(String, MemberRow)> = visible(scope)
        .filter(members::email_folded.eq_any(folded))
        .select((members::email_folded, MemberRow::as_select()))
        .load(scope.conn())?;
    rows.into_iter().map(|(address, row)| Ok((address, row.member()?))).collect()
}

/// One of these rows, as a member.
fn one(query: Visible, scope: &mut impl Scope) -> Result<Option<Member>, Refusal> {
    let row = query.select(MemberRow::as_select()).first(scope.conn()).optional()?;
    row.map(MemberRow::member).transpose()
}

/// The name of a person, as far as they may be seen.
pub(super) fn name(scope: &mut impl Scope, id: Option<MemberId>) -> Result<Option<String>, Refusal> {
    let Some(id) = id else { return Ok(None) };
    Ok(visible(scope).filter(members::id.eq(id)).select(members::name).first(scope.conn()).optional()?)
}

/// The names of these people, as far as they may be seen.
pub(super) fn names(scope: &mut impl Scope, ids: Vec<MemberId>) -> Result<HashMap<MemberId, String>, Refusal> {
    let named: Vec<(MemberId, String)> =
        visible(scope).filter(members::id.eq_any(ids)).select((members::id, members::name)).load(scope.conn())?;
    Ok(named.into_iter().collect())
}

/// The addresses of these people, as they are written.
pub(super) fn addresses(scope: &mut impl Scope, ids: Vec<MemberId>) -> Result<HashMap<MemberId, String>, Refusal> {
    let written: Vec<(MemberId, String)> =
        visible(scope).filter(members::id.eq_any(ids)).select((members::id, members::email)).load(scope.conn())?;
    Ok(written.into_iter().collect())
}

/// Everybody who owns the business and can sign in, by name.
pub fn active_owners(scope: &mut impl Scope) -> Result<Vec<Member>, Refusal> {
    let rows = everybody(scope)
        .filter(members::role.eq(Role::Owner.code()).and(members::status.eq(MemberStatus::Active.code())))
        .order((members::name_folded, members::id))
        .select(MemberRow::as_select())
        .load(scope.conn())?;
    rows.into_iter().map(MemberRow::member).collect()
}

/// Ends the access of everybody who can sign in to this business; says their names and addresses.
pub fn end_all_access(work: &mut SweepWork<'_>, business: BusinessId) -> Result<Vec<(String, String)>, Refusal> {
    let active =
        members::table.filter(members::business_id.eq(business).and(members::status.eq(MemberStatus::Active.code())));
    Ok(diesel::update(active)
        .set(members::status.eq(MemberStatus::Left.code()))
        .returning((members::name, members::email))
        .get_results(work.conn_of_all_businesses())?)
}

/// How many others are active owners.
pub(super) fn other_owners(scope: &mut impl Scope, id: MemberId) -> Result<i64, Refusal> {
    Ok(everybody(scope)
        .filter(members::id.ne(id).and(members::role.eq(Role::Owner.code())))
        .filter(members::status.eq(MemberStatus::Active.code()))
        .count()
        .get_result(scope.conn())?)
}

/// Gives somebody with a sign-in another role.
pub(super) fn set_role(scope: &mut impl Scope, id: MemberId, role: Role) -> Result<(), Refusal> {
    let business = scope.business();
    diesel::update(members::table.find((business, id))).set(members::role.eq(role.code())).execute(scope.conn())?;
    Ok(())
}

/// Ends or gives back somebody's sign-in.
pub(super) fn set_status(scope: &mut impl Scope, id: MemberId, status: MemberStatus) -> Result<(), Refusal> {
    let business = scope.business();
    diesel::update(members::table.find((business, id))).set(members::status.eq(status.code())).execute(scope.conn())?;
    Ok(())
}

/// Writes a person as they are now; `None` when somebody else has the address. Called under the lock of the business,
/// so that nobody can take the address in between.
pub(super) fn change(scope: &mut impl Scope, member: &Member) -> Result<Option<()>, Refusal> {
    let folded = member.email.to_lowercase();
    let others = everybody(scope).filter(members::id.ne(member.id).and(members::email_folded.eq(folded.clone())));
    let is_taken = others.count().get_result::<i64>(scope.conn())? > 0;
    if is_taken {
        return Ok(None);
    }
    let business = scope.business();
    diesel::update(members::table.find((business, member.id)))
        .set((
            members::name.eq(&member.name),
            members::name_folded.eq(member.name.to_lowercase()),
            members::email.eq(&member.email),
            members::email_folded.eq(folded),
            members::status.eq(member.status.code()),
            members::department.eq(&member.department),
            members::manager_id.eq(member.manager),
            members::joined_on.eq(member.joined_on),
            members::left_on.eq(member.left_on),
        ))
        .execute(scope.conn())?;
    Ok(Some(()))
}

//! Invitations in the database.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

use crate::domain::team::member::{Member, MemberStatus};
use crate::kernel::ids::{InvitationId, MemberId, UserId};
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, invitations, members};
use crate::kernel::work::Scope;

use super::{Invitation, InvitationState, VALID};

type Visible = invitations::BoxedQuery<'static, Pg>;

/// An invitation as stored.
#[derive(Queryable, Selectable)]
#[diesel(table_name = invitations, check_for_backend(Pg))]
pub struct Row {
    id: InvitationId,
    member_id: MemberId,
    invited_by: MemberId,
    role: String,
    message: String,
    state: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl Row {
    /// The invitation.
    pub fn invitation(self) -> Result<Invitation, Refusal> {
        let unknown = || Refusal::fault("an invitation has an unknown role or state");
        Ok(Invitation {
            role: Role::parse(&self.role).ok_or_else(unknown)?,
            state: InvitationState::parse(&self.state).ok_or_else(unknown)?,
            id: self.id,
            member: self.member_id,
            invited_by: self.invited_by,
            message: self.message,
            created_at: self.created_at,
            expires_at: self.expires_at,
        })
    }
}

/// The invitations of the business. Whoever may look at them sees them all; the holder of a key reaches one by its id.
pub fn visible(scope: &impl Scope) -> Visible {
    invitations::table.filter(invitations::business_id.eq(scope.business())).into_boxed()
}

/// The invitation of this id.
pub fn find(scope: &mut impl Scope, id: InvitationId) -> Result<Option<Invitation>, Refusal> {
    let row = visible(scope).filter(invitations::id.eq(id)).select(Row::as_select()).first(scope.conn()).optional()?;
    row.map(Row::invitation).transpose()
}

/// The invitation of this id, locked.
pub fn lock(scope: &mut impl Scope, id: InvitationId) -> Result<Option<Invitation>, Refusal> {
    let of_business = invitations::table.filter(invitations::business_id.eq(scope.business()));
    let row = of_business
        .filter(invitations::id.eq(id))
        .select(Row::as_select())
        .for_update()
        .first(scope.conn())
        .optional()?;
    row.map(Row::invitation).transpose()
}

/// What these people were invited with and have not used, also if it has expired without being closed.
pub fn pending_of(scope: &mut impl Scope, members: Vec<MemberId>) -> Result<Vec<Invitation>, Refusal> {
    let rows = visible(scope)
        .filter(invitations::state.eq(InvitationState::Pending.code()).and(invitations::member_id.eq_any(members)))
        .select(Row::as_select())
        .load(scope.conn())?;
    rows.into_iter().map(Row::invitation).collect()
}

/// What this person has sent and nobody has used, oldest first, locked.
pub fn pending_by(scope: &mut impl Scope, inviter: MemberId) -> Result<Vec<Invitation>, Refusal> {
    let of_business = invitations::table.filter(invitations::business_id.eq(scope.business()));
    let rows = of_business
        .filter(invitations::invited_by.eq(inviter).and(invitations::state.eq(InvitationState::Pending.code())))
        .order(invitations::id)
        .select(Row::as_select())
        .for_update()
        .load(scope.conn())?;
    rows.into_iter().map(Row::invitation).collect()
}

/// An invitation ready to be written.
pub struct NewInvitation<'a> {
    /// Who is invited.
    pub member: MemberId,
    /// Who invites.
    pub invited_by: MemberId,
    /// As what.
    pub role: Role,
    /// The inviter's own words.
    pub message: &'a str,
    /// The hash of the mailed key.
    pub key_hash: Vec<u8>,
}

/// Inserts an invitation; `None` when one is pending already.
pub fn insert(scope: &mut impl Scope, new: NewInvitation<'_>) -> Result<Option<InvitationId>, Refusal> {
    let (business, now) = (scope.business(), scope.now());
    let id = InvitationId::mint(now);
    let inserted = diesel::insert_into(invitations::table)
        .values((
            invitations::business_id.eq(business),
            invitations::id.eq(id),
            invitations::member_id.eq(new.member),
            invitations::invited_by.eq(new.invited_by),
            invitations::role.eq(new.role.code()),
            invitations::message.eq(new.message),
            invitations::key_hash.eq(new.key_hash),
            invitations::state.eq(InvitationState::Pending.code()),
            invitations::created_at.eq(now),
            invitations::sent_at.eq(now),
            invitations::expires_at.eq(now + VALID),
        ))
        .on_conflict_do_nothing()
        .execute(scope.conn())?;
    Ok((inserted == 1).then_some(id))
}

/// Gives an invitation that was not used a new key, a new inviter and seven more days: the old key is gone.
pub fn renew(scope: &mut impl Scope, id: InvitationId, by: MemberId, key_hash: Vec<u8>) -> Result<usize, Refusal> {
    let (business, now) = (scope.business(), scope.now());
    let unused = [InvitationState::Pending.code(), InvitationState::Expired.code()];
    let renewed = diesel::update(invitations::table.find((business, id)).filter(invitations::state.eq_any(unused)))
        .set((
            invitations::key_hash.eq(key_hash),
            invitations::invited_by.eq(by),
            invitations::state.eq(InvitationState::Pending.code()),
            invitations::ended_at.eq(None::<DateTime<Utc>>),
            invitations::sent_at.eq(now),
            invitations::expires_at.eq(now + VALID),
        ))
        .execute(scope.conn())?;
    Ok(renewed)
}

/// Ends a pending invitation without anybody joining; 0 when somebody was faster.
pub fn close(scope: &mut impl Scope, id: InvitationId, state: InvitationState) -> Result<usize, Refusal> {
    let (business, now) = (scope.business(), scope.now());
    let pending =
        invitations::table.find((business, id)).filter(invitations::state.eq(InvitationState::Pending.code()));
    let closed = diesel::update(pending)
        .set((invitations::state.eq(state.code()), invitations::ended_at.eq(now)))
        .execute(scope.conn())?;
    Ok(closed)
}

/// Closes a person's pending invitation whose time is over, if there is one.
pub fn close_expired(scope: &mut impl Scope, member: MemberId) -> Result<(), Refusal> {
    let (business, now) = (scope.business(), scope.now());
    let over = invitations::table
        .filter(invitations::business_id.eq(business).and(invitations::member_id.eq(member)))
        .filter(invitations::state.eq(InvitationState::Pending.code()).and(invitations::expires_at.le(now)));
    diesel::update(over)
        .set((invitations::state.eq(InvitationState::Expired.code()), invitations::ended_at.eq(now)))
        .execute(scope.conn())?;
    Ok(())
}

/// Uses an invitation by one conditional update; 0 when it was used, withdrawn or has expired, or when its key was
/// replaced. Whoever comes without a key has proved the invited address.
pub fn consume(scope: &mut impl Scope, id: InvitationId, key_hash: Option<Vec<u8>>) -> Result<usize, Refusal> {
    let (business, now) = (scope.business(), scope.now());
    let is_keyless = key_hash.is_none().into_sql::<diesel::sql_types::Bool>();
    let open = invitations::table
        .find((business, id))
        .filter(is_keyless.or(invitations::key_hash.eq(key_hash.unwrap_or_default())))
        .filter(invitations::expires_at.gt(now))
        .filter(invitations::state.eq(InvitationState::Pending.code()));
    let consumed = diesel::update(open)
        .set((invitations::state.eq(InvitationState::Accepted.code()), invitations::ended_at.eq(now)))
        .execute(scope.conn())?;
    Ok(consumed)
}

/// Marks a person as invited, and gives them a department when they have none.
pub fn mark_invited(scope: &mut impl Scope, member: &Member, department: &str) -> Result<(), Refusal> {
    let business = scope.business();
    let department = if member.department.is_empty() { department } else { &member.department };
    diesel::update(members::table.find((business, member.id)))
        .set((members::status.eq(MemberStatus::Invited.code()), members::department.eq(department)))
        .execute(scope.conn())?;
    Ok(())
}

/// Puts an invited person back to where they rest without an invitation.
pub fn release(scope: &mut impl Scope, member: &Member) -> Result<(), Refusal> {
    let (business, rests) = (scope.business(), member.resting(scope.today()));
    let invited = members::table.find((business, member.id)).filter(members::status.eq(MemberStatus::Invited.code()));
    diesel::update(invited).set(members::status.eq(rests.code())).execute(scope.conn())?;
    Ok(())
}

/// Gives an invited person their sign-in; 0 when they are not invited (any more).
pub fn activate(
    scope: &mut impl Scope,
    member: MemberId,
    (user, name): (UserId, &str),
    role: Role,
) -> Result<usize, Refusal> {
    let business = scope.business();
    let invited = members::table.find((business, member)).filter(members::status.eq(MemberStatus::Invited.code()));
    let activated = diesel::update(invited)
        .set((
            members::user_id.eq(user),
            members::name.eq(name),
            members::name_folded.eq(name.to_lowercase()),
            members::role.eq(role.code()),
            members::status.eq(MemberStatus::Active.code()),
        ))
        .execute(scope.conn())?;
    Ok(activated)
}

/// The name of the business.
pub fn business_name(scope: &mut impl Scope) -> Result<String, Refusal> {
    let business = scope.business();
    Ok(businesses::table.find(business).select(businesses::name).first(scope.conn())?)
}

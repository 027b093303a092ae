//! Lists of sign-ins and invitations in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::domain::team::invitation::InvitationState;
use crate::domain::team::invitation::store::{Row, visible};
use crate::domain::team::store::{self as people, MemberRow};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{invitations, members};
use crate::kernel::work::Scope;

use super::{InvitationRow, SignIn, Turn};

/// Whoever can sign in, or could, by name.
pub(super) fn sign_ins(scope: &mut impl Scope) -> Result<Vec<SignIn>, Refusal> {
    let rows: Vec<(MemberRow, Option<DateTime<Utc>>)> = people::visible(scope)
        .filter(members::user_id.is_not_null())
        .order((members::name_folded, members::id))
        .select((MemberRow::as_select(), members::last_seen_at))
        .load(scope.conn())?;
    rows.into_iter().map(|(row, last_seen_at)| Ok(SignIn { member: row.member()?, last_seen_at })).collect()
}

/// How many invitations stand in each state now.
pub(super) fn counts(scope: &mut impl Scope) -> Result<Vec<(InvitationState, i64)>, Refusal> {
    let written: Vec<(String, i64)> = invitations::table
        .filter(invitations::business_id.eq(scope.business()))
        .group_by(invitations::state)
        .select((invitations::state, diesel::dsl::count_star()))
        .load(scope.conn())?;
    let over: i64 = visible(scope)
        .filter(invitations::state.eq("pending").and(invitations::expires_at.le(scope.now())))
        .count()
        .get_result(scope.conn())?;
    let of = |state: InvitationState| {
        let found = written.iter().find(|(code, _)| code == state.code()).map_or(0, |(_, count)| *count);
        match state {
            InvitationState::Pending => (state, found - over),
            InvitationState::Expired => (state, found + over),
            InvitationState::Accepted | InvitationState::Withdrawn => (state, found),
        }
    };
    Ok(InvitationState::ALL.map(of).to_vec())
}

/// At most `limit` invitations that stand so now, newest first; those before a place come oldest first.
pub(super) fn page(
    scope: &mut impl Scope,
    state: InvitationState,
    turn: Turn,
    limit: i64,
) -> Result<Vec<InvitationRow>, Refusal> {
    let (now, query) = (scope.now(), visible(scope).limit(limit));
    let (is_open, is_over) = (invitations::expires_at.gt(now), invitations::expires_at.le(now));
    let query = match state {
        InvitationState::Pending => query.filter(invitations::state.eq("pending").and(is_open)),
        InvitationState::Expired => {
            query.filter(invitations::state.eq("expired").or(invitations::state.eq("pending").and(is_over)))
        }
        ended => query.filter(invitations::state.eq(ended.code())),
    };
    let query = match turn {
        Turn::First => query.order(invitations::id.desc()),
        Turn::After(id) => query.filter(invitations::id.lt(id)).order(invitations::id.desc()),
        Turn::Before(id) => query.filter(invitations::id.gt(id)).order(invitations::id.asc()),
    };
    let rows = query.select(Row::as_select()).load(scope.conn())?;
    with_people(scope, rows)
}

fn with_people(scope: &mut impl Scope, rows: Vec<Row>) -> Result<Vec<InvitationRow>, Refusal> {
    let now = scope.now();
    let invitations = rows.into_iter().map(Row::invitation).collect::<Result<Vec<_>, _>>()?;
    let wanted = invitations.iter().flat_map(|invitation| [invitation.member, invitation.invited_by]).collect();
    let known = people::by_ids(scope, wanted)?;
    let shown = invitations.into_iter().map(|invitation| {
        let member = known.get(&invitation.member).ok_or_else(|| Refusal::fault("an invitation without its member"))?;
        let inviter = known.get(&invitation.invited_by).map(|inviter| inviter.name.clone()).unwrap_or_default();
        Ok(InvitationRow {
            state: invitation.state_at(now),
            email: member.email.clone(),
            name: member.name.clone(),
            department: member.department.clone(),
            inviter,
            invitation,
        })
    });
    shown.collect()
}

//! How much somebody has sent, counted in the database.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::kernel::ids::{LetterId, UserId};
use crate::kernel::outbox::Letter;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{invitations, letters, members};
use crate::kernel::work::Scope;

use super::Pace;

/// How many invitations a person has sent, in whichever of their businesses.
pub fn pace(scope: &mut impl Scope, user: UserId) -> Result<Pace, Refusal> {
    let since = scope.now() - TimeDelta::days(1);
    // Counted across businesses: otherwise founding another one would lift the limit.
    let sent = invitations::table
        .inner_join(
            members::table
                .on(members::business_id.eq(invitations::business_id).and(members::id.eq(invitations::invited_by))),
        )
        .filter(members::user_id.eq(user));
    let ever = sent.count().get_result(scope.conn())?;
    let (today, oldest_today): (i64, Option<DateTime<Utc>>) = sent
        .filter(invitations::created_at.gt(since))
        .select((diesel::dsl::count_star(), diesel::dsl::min(invitations::created_at)))
        .first(scope.conn())?;
    Ok(Pace { ever, today, oldest_today })
}

/// How many letters of this kind went to an address from this business within a day.
pub fn letters_today<L: Letter>(scope: &mut impl Scope, email: &str) -> Result<i64, Refusal> {
    let (business, since) = (scope.business(), scope.now() - TimeDelta::days(1));
    // Ids are minted from the clock: the range of ids keeps to the letters of one day.
    let from = LetterId(uuid_floor(since));
    Ok(letters::table
        .filter(letters::business_id.eq(business).and(letters::id.ge(from)))
        .filter(letters::kind.eq(L::KIND).and(letters::to_email.eq(email)))
        .filter(letters::created_at.gt(since))
        .count()
        .get_result(scope.conn())?)
}

fn uuid_floor(at: DateTime<Utc>) -> uuid::Uuid {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Uuid::from_u128(millis << 80)
}

//! From a support session to the access of the business itself, looked up anew at every request: its minutes, the
//! owners' consent, the staff member and whoever they see it as may have changed since the last one. And once more
//! within the transaction of each change, with the session's row locked: nothing is written after its end.

use chrono::{DateTime, Utc};
use diesel::PgConnection;

use crate::domain::support::session::{HowEnded, SupportSession, mode_now};
use crate::domain::support::store::{self as support, SeenAs, StaffStanding};
use crate::kernel::access::{Access, Actor, House, Sees, Source};
use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, SupportSessionId, UserId};
use crate::kernel::permission::{Permission, Permissions, Role, SupportMode};
use crate::kernel::refusal::{Kind, Refusal};

use super::store;

/// What a session that was begun has come to.
pub enum Inside {
    /// It goes on; its mode is what it may do at this request.
    Goes(Access, Box<SupportSession>),
    /// It is over; the access is that of the staff member who may write that down.
    Over(Access, Box<SupportSession>, HowEnded),
    /// There never was one of theirs.
    Never,
}

/// What this session of this staff member has come to.
pub async fn by_support(
    db: &Db,
    staff: UserId,
    (business, id): (BusinessId, SupportSessionId),
    source: Source,
) -> Result<Inside, Refusal> {
    let now = db.clock().now();
    db.before_tenant(move |conn| {
        let session = support::session(conn, business, id)?.filter(|session| session.staff == staff);
        let (Some(session), Some(house)) = (session, store::house(conn, business)?) else {
            return Ok(Inside::Never);
        };
        let inside = match allowed(conn, &session, house, now)? {
            Ok((mode, eyes)) => {
                let access = access(&session, house, (mode, eyes), source);
                Inside::Goes(access, Box::new(SupportSession { mode, ..session }))
            }
            Err(how) => {
                let may = Permissions::of(&[Permission::StepIn]);
                let own = Access::prove(Actor::Staff { user: staff }, house, Sees::Nothing, may, source);
                Inside::Over(own, Box::new(session), how)
            }
        };
        Ok(inside)
    })
    .await
}

/// What the session may do now and with whose eyes it sees, or how it has come to its end.
fn allowed(
    conn: &mut PgConnection,
    session: &SupportSession,
    house: House,
    now: DateTime<Utc>,
) -> Result<Result<(SupportMode, Option<SeenAs>), HowEnded>, Refusal> {
    if let Some(how) = session.over(now) {
        return Ok(Err(how));
    }
    let is_staff = support::standing(conn, session.staff)? == StaffStanding::Staff;
    if !is_staff || support::belongs(conn, session.staff, session.business)? {
        return Ok(Err(HowEnded::NotAllowed));
    }
    let consent = support::support_access(conn, session.business)?;
    let Some(mode) = mode_now(consent, session.mode, house.standing) else {
        return Ok(Err(HowEnded::Refused));
    };
    let Some((member, _)) = session.seen_as else {
        return Ok(Ok((mode, None)));
    };
    let eyes = support::seen_as(conn, session.business, member)?.filter(|eyes| !eyes.is_staff);
    Ok(eyes.map(|eyes| (mode, Some(eyes))).ok_or(HowEnded::NotAllowed))
}

/// The business itself, by the hand of the staff member. Whoever borrows a member's eyes sees no more than they do,
/// and may do no more either; and never what is about that member's own account.
fn access(
    session: &SupportSession,
    house: House,
    (mode, eyes): (SupportMode, Option<SeenAs>),
    source: Source,
) -> Access {
    let seen_as = eyes.map(|eyes| (eyes.member, eyes.role));
    let (sees, may) = match seen_as {
        None => (Sees::All, mode.permissions()),
        Some((member, Role::User)) => (Sees::OnlyOf(member), mode.permissions().within(Role::User.permissions())),
        Some((_, role)) => (Sees::All, mode.permissions().within(role.permissions())),
    };
    let actor = Actor::Support { staff: session.staff, session: session.id, seen_as };
    Access::prove(actor, house, sees, may, source).as_long_as(still_writes)
}

/// Refuses a change of a session that has ended, or lost its leave to write, since its request was proved.
fn still_writes(conn: &mut PgConnection, access: &Access, now: DateTime<Utc>) -> Result<(), Refusal> {
    let Actor::Support { session, seen_as, .. } = access.actor() else {
        return Ok(());
    };
    let session = support::lock_session(conn, access.business(), session)?;
    let (Some(session), Some(house)) = (session, store::house(conn, access.business())?) else {
        return Err(over());
    };
    match allowed(conn, &session, house, now)? {
        Ok((SupportMode::Write, eyes)) if eyes.as_ref().map(|eyes| (eyes.member, eyes.role)) == seen_as => Ok(()),
        _ => Err(over()),
    }
}

fn over() -> Refusal {
    let message = "The support session has ended, or may write no more, so nothing was changed.";
    Refusal::new(Kind::NotAllowed, "support_over", message)
}

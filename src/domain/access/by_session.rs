//! From a session's current member to an access, looked up anew at every request.

use crate::domain::identity::{self, user::User};
use crate::kernel::access::{Access, Actor, Sees, Source};
use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, MemberId, UserId};
use crate::kernel::permission::{Permission, Permissions, Role};
use crate::kernel::refusal::Refusal;

use super::store;

/// One business a person may enter, and as what.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The business.
    pub business: BusinessId,
    /// Its name.
    pub name: String,
    /// The person's row in it.
    pub member: MemberId,
    /// The person's role in it.
    pub role: Role,
}

/// The access of this person as this member; `None` when the membership is not active (any more), the business is not
/// to be entered, or the member is somebody else.
pub async fn by_session(
    db: &Db,
    user: UserId,
    current: (BusinessId, MemberId),
    source: Source,
) -> Result<Option<Access>, Refusal> {
    let now = db.clock().now();
    let found = db.before_tenant(move |conn| store::active_membership(conn, user, current, now)).await?;
    let Some((house, role, (zone, locale))) = found else {
        return Ok(None);
    };
    let member = current.1;
    let sees = match role {
        Role::User => Sees::OnlyOf(member),
        Role::Owner | Role::Admin | Role::Auditor => Sees::All,
    };
    let may = role.permissions().and(Permissions::of(&[Permission::UseOwnAccount]));
    let access = Access::prove(Actor::Member { member, user, role }, house, sees, may, source);
    Ok(Some(access.read_as(zone, locale)))
}

/// Every business this person may enter, by name.
pub async fn memberships(db: &Db, user: UserId) -> Result<Vec<Membership>, Refusal> {
    let now = db.clock().now();
    db.before_tenant(move |conn| store::active_memberships(conn, user, now)).await
}

/// The signed-in person themselves.
pub async fn user_of(db: &Db, user: UserId) -> Result<User, Refusal> {
    db.before_tenant(move |conn| identity::store::user(conn, user)).await
}

/// Whether anybody at all can sign in on this installation.
pub async fn anybody(db: &Db) -> Result<bool, Refusal> {
    db.before_tenant(identity::store::anybody).await
}

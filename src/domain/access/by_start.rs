//! From a member who left something to the worker to their access, looked up anew when the worker comes to it: it does
//! nothing for whoever is gone, or may no longer.

use crate::kernel::access::{Access, Actor, Sees, Source};
use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, MemberId};
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;

use super::store;

/// The access of this member as they stand now; `None` when they are not active any more, or the business is gone.
pub async fn by_start(
    db: &Db,
    (business, member): (BusinessId, MemberId),
    source: Source,
) -> Result<Option<Access>, Refusal> {
    let now = db.clock().now();
    let found = db.before_tenant(move |conn| store::active_member(conn, (business, member), now)).await?;
    Ok(found.map(|(house, (user, role), (zone, locale))| {
        let sees = match role {
            Role::User => Sees::OnlyOf(member),
            Role::Owner | Role::Admin | Role::Auditor => Sees::All,
        };
        let actor = Actor::Member { member, user, role };
        Access::prove(actor, house, sees, role.permissions(), source).read_as(zone, locale)
    }))
}

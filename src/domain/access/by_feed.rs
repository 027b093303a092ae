//! From the key of a calendar feed to the access of its member, who only looks, looked up anew at every request.

use crate::kernel::access::{Access, Actor, Sees, Source, Standing};
use crate::kernel::db::Db;
use crate::kernel::permission::{Permission, Permissions, Role};
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;

use super::store;

/// The access of the member whose feed has this key. Unknown and ended keys, members who are gone, and businesses that
/// are suspended or being closed are refused alike.
pub async fn by_feed_key(db: &Db, key: &str, source: Source) -> Result<Access, Refusal> {
    let Some(key) = Key::parse(key) else {
        return Err(gone());
    };
    let now = db.clock().now();
    let found = db.before_tenant(move |conn| store::member_of_feed(conn, &key.hash(), now)).await?;
    let (house, (member, user, role), (zone, locale)) = found.ok_or_else(gone)?;
    if house.standing != Standing::Active {
        return Err(gone());
    }
    let sees = match role {
        Role::User => Sees::OnlyOf(member),
        Role::Owner | Role::Admin | Role::Auditor => Sees::All,
    };
    let may = role.permissions().within(Permissions::of(&[Permission::SeeSubscriptions]));
    let access = Access::prove(Actor::Member { member, user, role }, house, sees, may, source);
    Ok(access.read_as(zone, locale))
}

fn gone() -> Refusal {
    Refusal::gone(
        "feed_gone",
        "This calendar address does not work any more. Make a new one on the page of renewals, and give it to your calendar.",
    )
}

//! From a signed-in person to the console of the installation. For everybody who does not run it there is none.

use crate::domain::support::store::{StaffStanding, standing};
use crate::kernel::access::{Access, Actor, House, Sees, Source};
use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::permission::Permissions;
use crate::kernel::refusal::Refusal;

use super::store;

/// What somebody finds at the door of the console.
pub enum Console {
    /// No door.
    None,
    /// A door that opens once they have a second factor.
    Locked,
    /// An open door.
    Open(Access),
}

/// What this person finds at the door of the console.
pub async fn by_staff(db: &Db, user: UserId, source: Source) -> Result<Console, Refusal> {
    let standing = db.before_tenant(move |conn| standing(conn, user)).await?;
    Ok(match standing {
        StaffStanding::Nobody => Console::None,
        StaffStanding::WithoutSecondFactor => Console::Locked,
        StaffStanding::Staff => Console::Open(access(user, super::installation(), source)),
    })
}

/// The same staff member, about one business.
pub async fn by_staff_in(db: &Db, console: &Access, business: BusinessId) -> Result<Access, Refusal> {
    let Actor::Staff { user } = console.actor() else {
        return Err(Refusal::not_found());
    };
    let house = db.before_tenant(move |conn| store::house(conn, business)).await?;
    Ok(access(user, house.ok_or_else(Refusal::not_found)?, console.source()))
}

fn access(user: UserId, house: House, source: Source) -> Access {
    Access::prove(Actor::Staff { user }, house, Sees::Nothing, Permissions::STAFF, source)
}

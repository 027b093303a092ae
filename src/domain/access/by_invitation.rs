//! From an invitation to the access of whoever it is for: by its key, or by their confirmed address.

use chrono::{DateTime, Utc};

use crate::domain::team::invitation::gone;
use crate::kernel::access::{Access, Actor, House, Sees, Source};
use crate::kernel::db::Db;
use crate::kernel::ids::{BusinessId, InvitationId, UserId};
use crate::kernel::permission::{Permission, Permissions, Role};
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;

use super::store;

/// The invitation a key stands for.
pub struct Invited {
    /// Which.
    pub invitation: InvitationId,
    pub(super) house: House,
    pub(super) is_pending: bool,
    pub(super) expires_at: DateTime<Utc>,
}

/// The access of whoever holds this key. Unknown, used, expired and withdrawn keys are refused alike.
pub async fn by_invitation_key(db: &Db, key: &str, user: Option<UserId>, source: Source) -> Result<Access, Refusal> {
    let Some(key) = Key::parse(key) else {
        return Err(gone());
    };
    let now = db.clock().now();
    let invited = db.before_tenant(move |conn| store::invitation_of_key(conn, &key.hash())).await?;
    let invited = invited.filter(|found| found.is_pending && now < found.expires_at).ok_or_else(gone)?;
    Ok(access_of(&invited, user, source))
}

/// The access of whoever is invited into this business under the confirmed address of this person. Somebody who is not
/// invited learns nothing of the business.
pub async fn by_invited_address(
    db: &Db,
    user: UserId,
    business: BusinessId,
    source: Source,
) -> Result<Access, Refusal> {
    let now = db.clock().now();
    let invited = db.before_tenant(move |conn| store::invitation_of_user(conn, user, business, now)).await?;
    Ok(access_of(&invited.ok_or_else(Refusal::not_found)?, Some(user), source))
}

/// One business that has invited somebody.
#[derive(Clone, Debug)]
pub struct OpenInvitation {
    /// The business.
    pub business: BusinessId,
    /// Its name.
    pub name: String,
    /// Who invites.
    pub inviter: String,
    /// As what.
    pub role: Role,
}

/// The invitations that wait for this person's confirmed address, by business.
pub async fn invitations_of(db: &Db, user: UserId) -> Result<Vec<OpenInvitation>, Refusal> {
    let now = db.clock().now();
    db.before_tenant(move |conn| store::invitations_of_user(conn, user, now)).await
}

fn access_of(invited: &Invited, user: Option<UserId>, source: Source) -> Access {
    let actor = Actor::Invitee { invitation: invited.invitation, user };
    let may = Permissions::of(&[Permission::JoinTeam]);
    Access::prove(actor, invited.house, Sees::Nothing, may, source)
}

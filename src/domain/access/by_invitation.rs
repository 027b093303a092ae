//! From an invitation's key to the access of its holder.

use chrono::{DateTime, Utc};

use crate::domain::team::invitation::gone;
use crate::kernel::access::{Access, Actor, House, Sees, Source};
use crate::kernel::db::Db;
use crate::kernel::ids::{InvitationId, UserId};
use crate::kernel::permission::{Permission, Permissions};
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
    let actor = Actor::Invitee { invitation: invited.invitation, user };
    let may = Permissions::of(&[Permission::JoinTeam]);
    Ok(Access::prove(actor, invited.house, Sees::Nothing, may, source))
}

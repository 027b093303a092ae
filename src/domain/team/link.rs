//! Making a link by hand, where no letters are sent: the new key is shown once, to whoever asked for it.

use crate::kernel::ids::InvitationId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, Work};

use super::invitation::Happening;
use super::resend::renew;

/// Makes a new key for an invitation that was not used. Callers make sure that no letters are sent.
pub struct MakeLink {
    /// Which.
    pub invitation: InvitationId,
}

/// The new key, to be shown once.
pub struct Link {
    /// Whose invitation.
    pub email: String,
    /// The key.
    pub key: Key,
}

impl Operation for MakeLink {
    const NEEDS: Permission = Permission::Invite;
    type Output = Link;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Link>, Refusal> {
        let renewed = renew(work, self.invitation)?;
        let fact = renewed.fact(Happening::LinkMade);
        work.record(&fact, Link { email: renewed.member.email, key: renewed.key })
    }
}

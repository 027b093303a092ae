//! Reading: one message, or all of them. Read marks are not written in the trail.

use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::NotificationId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::notification::Notification;
use super::store;

/// Marks one message as read.
pub struct Read {
    /// Which.
    pub notification: NotificationId,
}

impl Operation for Read {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = Notification;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Notification>, Refusal> {
        let member = work.access().member().ok_or_else(Refusal::not_allowed)?;
        let notification = store::find(work, member, self.notification)?;
        if notification.is_read {
            return Ok(work.nothing_changed(notification));
        }
        store::set_read(work, member, Some(self.notification))?;
        Ok(work.unrecorded(Unrecorded::ReadMark, notification))
    }
}

/// Marks everything as read.
pub struct ReadAll;

impl Operation for ReadAll {
    const NEEDS: Permission = Permission::UseOwnAccount;
    /// How many were not read yet.
    type Output = usize;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<usize>, Refusal> {
        let member = work.access().member().ok_or_else(Refusal::not_allowed)?;
        match store::set_read(work, member, None)? {
            0 => Ok(work.nothing_changed(0)),
            read => Ok(work.unrecorded(Unrecorded::ReadMark, read)),
        }
    }
}

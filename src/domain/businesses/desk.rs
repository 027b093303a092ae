//! What the shell of every page needs, in one question of one statement.

use chrono::NaiveDate;

use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::store;

/// Who sits where, and how the plan stands.
pub struct Desk {
    /// The person's name in this business.
    pub person: String,
    /// Their address.
    pub email: String,
    /// The business's name.
    pub business: String,
    /// The day it will be gone; none while it is not being closed.
    pub gone_on: Option<NaiveDate>,
    /// Whether its plan has ended.
    pub is_ended: bool,
    /// Days until a plan ends that does not go on; none when it goes on.
    pub days_left: Option<i64>,
    /// Why the business is suspended; none: it is not.
    pub suspended_because: Option<String>,
    /// How many messages in their inbox were not read, counted up to a hundred; none in a support session.
    pub unread: i64,
    /// Whether the person also runs the installation.
    pub is_staff: bool,
}

/// The desk of the acting member, or of the staff member who acts for the business.
pub struct DeskOf;

impl Question for DeskOf {
    const NEEDS: Permission = Permission::Enter;
    const READS: Reads = Reads::One;
    type Output = Desk;

    fn find(&self, view: &mut View<'_>) -> Result<Desk, Refusal> {
        store::desk(view)
    }
}

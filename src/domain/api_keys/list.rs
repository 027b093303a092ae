//! The keys of a business, without their texts.

use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::api_key::ApiKey;
use super::store;

/// How many are listed: every live one, and the newest of the others.
const SHOWN: i64 = 200;

/// The keys of the business: those in use first, newest first.
pub struct Keys;

impl Question for Keys {
    const NEEDS: Permission = Permission::ManageKeys;
    const READS: Reads = Reads::One;
    type Output = Vec<ApiKey>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<ApiKey>, Refusal> {
        store::list(view, SHOWN)
    }
}

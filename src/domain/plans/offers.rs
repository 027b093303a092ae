//! The plans anybody can choose.

use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::plan::Plan;
use super::store;

/// The current versions of the public plans: the trial first, then by price.
pub struct Offers;

impl Question for Offers {
    const NEEDS: Permission = Permission::SeeOffers;
    type Output = Vec<Plan>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<Plan>, Refusal> {
        store::public_plans(view.conn())
    }
}

//! One service, with the subscriptions to it.

use crate::kernel::access::Sees;
use crate::kernel::ids::{ServiceId, SubscriptionId};
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::service::Service;
use super::store;

/// A service that may be seen: whoever sees only their own, sees the services of what they own or hold.
pub struct ShowService {
    /// Which.
    pub id: ServiceId,
}

/// A service and what belongs to it.
pub struct Shown {
    /// The service.
    pub service: Service,
    /// The subscriptions to it that may be seen, by name.
    pub subscriptions: Vec<(SubscriptionId, String)>,
    /// Whether whoever looks may change it, if they may change anything.
    pub is_changeable: bool,
}

impl Question for ShowService {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = Shown;

    fn find(&self, view: &mut View<'_>) -> Result<Shown, Refusal> {
        let service = store::seen(view, self.id)?;
        let subscriptions = store::subscriptions(view, self.id)?;
        let is_changeable = match view.sight().sees {
            Sees::All => true,
            Sees::OnlyOf(member) => store::is_only_of(view, self.id, member)?,
            Sees::Nothing => false,
        };
        Ok(Shown { service, subscriptions, is_changeable })
    }
}

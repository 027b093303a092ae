//! Of what a row is a seat: found by id, or by service and name.

use std::collections::{BTreeMap, HashMap};

use crate::domain::services::service::folded;
use crate::domain::subscriptions::list::Listed;
use crate::kernel::ids::SubscriptionId;

/// Every subscription, as rows name it.
pub(super) struct OfWhat<'b> {
    by_id: HashMap<SubscriptionId, &'b Listed>,
    /// By service and name, by either alone; what runs before what has ended.
    by_name: BTreeMap<(String, String), Vec<&'b Listed>>,
}

impl<'b> OfWhat<'b> {
    /// Of these subscriptions.
    pub(super) fn new(subscriptions: &'b [Listed]) -> Self {
        let by_id = subscriptions.iter().map(|listed| (listed.subscription.id, listed)).collect();
        let mut by_name: BTreeMap<_, Vec<&Listed>> = BTreeMap::new();
        for listed in subscriptions {
            let details = &listed.subscription.details;
            let (service, name) = (folded(&details.service), folded(&details.name));
            for key in [(service.clone(), name.clone()), (service, String::new()), (String::new(), name)] {
                by_name.entry(key).or_default().push(listed);
            }
        }
        for several in by_name.values_mut() {
            if several.iter().any(|listed| listed.subscription.details.status.is_live()) {
                several.retain(|listed| listed.subscription.details.status.is_live());
            }
        }
        Self { by_id, by_name }
    }

    /// The one of this id.
    pub(super) fn by_id(&self, id: SubscriptionId) -> Option<&'b Listed> {
        self.by_id.get(&id).copied()
    }

    /// The one a row names, or what is wrong, in words.
    pub(super) fn find<'row>(&self, cell: impl Fn(&str) -> Option<&'row str>) -> Result<&'b Listed, String> {
        let id = cell("subscription_id").and_then(SubscriptionId::parse);
        if let Some(listed) = id.and_then(|id| self.by_id(id)) {
            return Ok(listed);
        }
        let (service, name) = (cell("service").unwrap_or_default(), cell("subscription").unwrap_or_default());
        let said = if name.is_empty() { service } else { name };
        match self.by_name.get(&(folded(service), folded(name))).map(Vec::as_slice) {
            Some([only]) => Ok(*only),
            _ if said.is_empty() => Err("It does not say of what: write the service or the subscription.".to_owned()),
            Some([_, ..]) => {
                Err(format!("Several subscriptions could be “{said}”: write its service and its name, or its id."))
            }
            Some([]) | None => Err(format!("There is no subscription “{said}”: add it first, or import it.")),
        }
    }
}

//! Changing what the business writes of a service.

use crate::kernel::access::Sees;
use crate::kernel::ids::ServiceId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::service::{About, NameTaken, Service, ServiceChanged};
use super::store;

/// The whole form of a service, changed.
pub struct ChangeService {
    /// Which.
    pub id: ServiceId,
    /// Its name from now on.
    pub name: String,
    /// What is known of it from now on.
    pub about: About,
}

impl Operation for ChangeService {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let before = store::lock(work, self.id)?;
        // Everybody's subscriptions to it are named by it, so whoever owns only some of them asks an admin.
        if let Sees::OnlyOf(member) = work.sight().sees
            && !store::is_only_of(work, self.id, member)?
        {
            return Err(Refusal::not_allowed());
        }
        let after = Service { id: self.id, name: self.name.clone(), about: self.about.clone() };
        if after == before {
            return Ok(work.nothing_changed(after.name));
        }
        if let Some(other) = store::find(work, &self.name)?.filter(|other| other.id != self.id) {
            return Err(NameTaken { name: other.name }.into());
        }
        if !store::update(work, &after)? {
            return Err(NameTaken { name: after.name }.into());
        }
        let name = after.name.clone();
        work.record(&ServiceChanged { before, after }, name)
    }
}

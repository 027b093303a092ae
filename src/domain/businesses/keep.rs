//! Keeping a business that was being closed: everything is as it was.

use crate::domain::plans;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::close::ClosingFact;
use super::store;

/// Keeps the business, while its days of grace last.
pub struct Keep;

impl Operation for Keep {
    const NEEDS: Permission = Permission::CloseBusiness;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        plans::store::lock(work)?;
        let settings = store::settings(work)?;
        match settings.closes_at {
            None => return Ok(work.nothing_changed(settings.name)),
            // The worker may have begun to delete.
            Some(gone_at) if gone_at <= work.now() => return Err(Refusal::not_found()),
            Some(_) => {}
        }
        store::set_closing(work, None)?;
        let fact = ClosingFact { business: work.business(), name: settings.name.clone(), gone_on: None };
        work.record(&fact, settings.name)
    }
}

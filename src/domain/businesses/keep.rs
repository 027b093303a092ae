//! Keeping a business that was being closed: everything is as it was.

use crate::domain::{plans, team};
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
        store::hold(work)?;
        let settings = store::settings(work)?;
        let Some(gone_at) = settings.closes_at else {
            return Ok(work.nothing_changed(settings.name));
        };
        // While this waited the worker may have begun to delete, which it does by ending everybody's access.
        if gone_at <= work.now() || team::store::active_owners(work)?.is_empty() {
            return Err(Refusal::not_found());
        }
        store::set_closing(work, None)?;
        let fact = ClosingFact { business: work.business(), name: settings.name.clone(), gone_on: None };
        work.record(&fact, settings.name)
    }
}

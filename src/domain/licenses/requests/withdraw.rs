//! Taking back one's own request.

use crate::kernel::ids::SeatRequestId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Work};

use super::facts::{Happened, RequestFact};
use super::request::State;
use super::store;

/// Takes back what one asked for.
pub struct Withdraw {
    /// Which request.
    pub request: SeatRequestId,
}

impl Operation for Withdraw {
    const NEEDS: Permission = Permission::AskForSeats;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let request = store::find(work, self.request)?;
        if work.access().member() != Some(request.asker.id) {
            return Err(Refusal::not_allowed());
        }
        request.require_open()?;
        store::close(work, request.id, State::Withdrawn, "")?;
        let (subscription, asker) = (request.subscription_name, request.asker.name);
        let what = Happened::Withdrawn;
        let fact = RequestFact { request: request.id, subscription: subscription.clone(), asker, what };
        work.record(&fact, subscription)
    }
}

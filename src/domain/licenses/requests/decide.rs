//! Deciding a request: approving gives the seat in the same transaction, declining says why.

use crate::domain::licenses::assign::Receiver;
use crate::domain::licenses::give::{Gift, give};
use crate::domain::licenses::license::require_assignable;
use crate::domain::licenses::store as seats;
use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Told;
use crate::domain::notifications::tell::{self, To, news};
use crate::domain::plans::limits;
use crate::domain::subscriptions;
use crate::domain::subscriptions::store::Locked;
use crate::kernel::access::Sees;
use crate::kernel::ids::{SeatRequestId, SubscriptionId};
use crate::kernel::operation::Operation;
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Happened, RequestFact};
use super::letters::{SeatApproved, SeatDeclined};
use super::request::{SeatRequest, State};
use super::store;

/// Gives the seat that was asked for.
pub struct Approve {
    /// Which request.
    pub request: SeatRequestId,
}

/// Says that there is no seat.
pub struct Decline {
    /// Which request.
    pub request: SeatRequestId,
    /// Why, or empty.
    pub words: String,
}

/// A request that was decided.
pub struct Decided {
    /// Of what.
    pub subscription: SubscriptionId,
    /// Its name.
    pub name: String,
    /// Who asked.
    pub asker: String,
}

impl Operation for Approve {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Decided;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Decided>, Refusal> {
        limits::require_running(work)?;
        let (request, subscription) = find(work, self.request)?;
        require_assignable(subscription.status, &subscription.name)?;
        let (holder, _) = Receiver::Member(request.asker.id).find(work)?;
        // Whatever gives somebody a seat approves what they asked.
        let fact = give(work, &subscription, Gift::plain(&holder))?;
        let signature = seats::signature(work)?;
        let told = Told::about(&subscription.name).done_by(signature.by.as_deref());
        let letter = SeatApproved {
            name: holder.name.clone(),
            business: signature.business,
            business_id: work.business(),
            subscription: subscription.name.clone(),
            subscription_id: subscription.id,
            by: signature.by,
        };
        let letter = work.seal(&Envelope::new(&holder.email, &holder.name, &letter))?;
        let approved = news(Kind::SeatApproved, Some(subscription.id.0), told);
        tell::tell(work, &approved, vec![To::with(holder.id, letter)])?;
        work.record(&fact, decided(request, subscription))
    }
}

impl Operation for Decline {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Decided;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Decided>, Refusal> {
        let (request, subscription) = find(work, self.request)?;
        store::close(work, request.id, State::Declined, &self.words)?;
        let signature = seats::signature(work)?;
        let told = Told { words: Some(self.words.clone()), ..Told::about(&subscription.name) };
        let told = told.done_by(signature.by.as_deref());
        let letter = SeatDeclined {
            name: request.asker.name.clone(),
            business: signature.business,
            business_id: work.business(),
            subscription: subscription.name.clone(),
            by: signature.by,
            words: Some(self.words.clone()).filter(|words| !words.is_empty()),
        };
        if !request.asker.is_gone() {
            let letter = work.seal(&Envelope::new(&request.asker.email, &request.asker.name, &letter))?;
            tell::tell(work, &news(Kind::SeatDeclined, None, told), vec![To::with(request.asker.id, letter)])?;
        }
        let fact = RequestFact {
            request: request.id,
            subscription: subscription.name.clone(),
            asker: request.asker.name.clone(),
            what: Happened::Declined { words: self.words.clone() },
        };
        work.record(&fact, decided(request, subscription))
    }
}

/// An open request under the lock of its subscription, for whoever answers for it. Whoever asked sees it, and cannot
/// decide it.
fn find(work: &mut Work<'_>, id: SeatRequestId) -> Result<(SeatRequest, Locked), Refusal> {
    let request = store::find(work, id)?;
    match work.sight().sees {
        Sees::OnlyOf(member) if member != request.owner => return Err(Refusal::not_allowed()),
        _ => {}
    }
    let subscription = subscriptions::store::lock(work, request.subscription)?;
    subscription.require_changeable(work)?;
    let request = store::find(work, id)?;
    request.require_open()?;
    Ok((request, subscription))
}

fn decided(request: SeatRequest, subscription: Locked) -> Decided {
    Decided { subscription: subscription.id, name: subscription.name, asker: request.asker.name }
}

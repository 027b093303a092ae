//! Asking for a seat: of anything that runs, also of what one cannot see yet.

use crate::domain::licenses::error::LicenseError;
use crate::domain::licenses::store as seats;
use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Told;
use crate::domain::notifications::tell::{self, To, news};
use crate::domain::plans::limits;
use crate::domain::subscriptions::subscription::Status;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::operation::Operation;
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Happened, RequestFact};
use super::letters::SeatAsked;
use super::store::{self, Askable};

/// Asks for a seat for oneself.
pub struct Ask {
    /// Of what.
    pub subscription: SubscriptionId,
    /// Why, or empty.
    pub note: String,
}

impl Operation for Ask {
    const NEEDS: Permission = Permission::AskForSeats;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        let asker = work.access().member().ok_or_else(Refusal::not_allowed)?;
        limits::require_running(work)?;
        let wanted = store::askable(work, self.subscription)?;
        require_live(&wanted)?;
        if seats::holds_seat(work, asker, wanted.id)? {
            let message = format!("You have a seat of {} already.", wanted.name);
            return Err(Refusal::conflict("already_has_seat", message));
        }
        let asked = store::insert(work, wanted.id, asker, &self.note)?.ok_or_else(|| {
            let message = format!("You have asked for a seat of {} already. It waits for an answer.", wanted.name);
            Refusal::conflict("already_asked", message)
        })?;
        let signature = seats::signature(work)?;
        let asker = signature.by.clone().unwrap_or_default();
        self.tell(work, &wanted, &signature.business, &asker)?;
        let what = Happened::Asked { note: self.note.clone() };
        let fact = RequestFact { request: asked, subscription: wanted.name.clone(), asker, what };
        work.record(&fact, wanted.name)
    }
}

fn require_live(wanted: &Askable) -> Result<(), Refusal> {
    match wanted.status {
        Status::Trial | Status::Active => Ok(()),
        status => Err(LicenseError::NotAssignable { subscription: wanted.name.clone(), status }.into()),
    }
}

impl Ask {
    /// Tells whoever answers for the subscription; when that person is gone, or asks for themselves, the owners.
    fn tell(&self, work: &mut Work<'_>, wanted: &Askable, business: &str, asker: &str) -> Result<(), Refusal> {
        let free = wanted.seats.map(|seats| match (seats - wanted.held).max(0) {
            1 => format!("1 of {seats} seats is free"),
            free => format!("{free} of {seats} seats are free"),
        });
        let mut to = Vec::new();
        for (member, name, email) in store::deciders(work, wanted.owner)? {
            let letter = SeatAsked {
                name: name.clone(),
                business: business.to_owned(),
                business_id: work.business(),
                subscription: wanted.name.clone(),
                subscription_id: wanted.id,
                asker: asker.to_owned(),
                note: Some(self.note.clone()).filter(|note| !note.is_empty()),
                free: free.clone(),
            };
            to.push(To::with(member, work.seal(&Envelope::new(&email, &name, &letter))?));
        }
        let told = Told::about(&wanted.name).done_by(Some(asker));
        tell::tell(work, &news(Kind::SeatAsked, Some(wanted.id.0), told), to).map(drop)
    }
}

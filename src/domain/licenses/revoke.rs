//! Taking a seat from its holder, or giving one's own back. The seat stays and is free again; works when the plan has
//! ended too, because it adds nothing.

use crate::domain::subscriptions;
use crate::domain::subscriptions::store::Locked;
use crate::kernel::access::Sees;
use crate::kernel::ids::{LicenseId, SubscriptionId};
use crate::kernel::operation::Operation;
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{LicenseFact, SeatTaken};
use super::license::{Holder, LicenseError};
use super::store;

/// Ends who holds a seat.
pub struct Revoke {
    /// Which seat.
    pub license: LicenseId,
}

/// A seat that is free again.
pub struct Revoked {
    /// Of what; none when whoever gave it back cannot see it any more.
    pub subscription: Option<SubscriptionId>,
    /// Its name.
    pub name: String,
    /// Who held it.
    pub holder: String,
    /// Whether its holder gave it back.
    pub is_given_back: bool,
}

impl Operation for Revoke {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Revoked;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Revoked>, Refusal> {
        let license = store::license(work, self.license)?;
        let subscription = subscriptions::store::lock(work, license.subscription)?;
        // Read again under the lock: the holder may have changed while it was awaited.
        let license = store::license(work, self.license)?;
        let assignment = store::open_assignment(work, self.license)?;
        let holder = assignment.as_ref().map(|assignment| assignment.holder.id);
        let is_given_back = holder.is_some() && holder == work.access().member();
        if !is_given_back {
            subscription.require_changeable(work)?;
        }
        let Some(assignment) = assignment else {
            return Err(not_held(subscription.name));
        };
        if !store::end_assignment(work, assignment.id)? {
            return Err(not_held(subscription.name));
        }
        store::set_expiry(work, license.id, None)?;
        let holder = assignment.holder;
        if !is_given_back {
            tell(work, &subscription, &holder)?;
        }
        let (license_id, name, expires_on) = (license.id, subscription.name.clone(), license.expires_on);
        let fact = match is_given_back {
            true => LicenseFact::GivenBack {
                license: license_id,
                subscription: name,
                holder: holder.name.clone(),
                expires_on,
            },
            false => LicenseFact::Revoked {
                license: license_id,
                subscription: name,
                holder: holder.name.clone(),
                expires_on,
            },
        };
        let subscription_left = still_seen(work, &subscription);
        let revoked =
            Revoked { subscription: subscription_left, name: subscription.name, holder: holder.name, is_given_back };
        work.record(&fact, revoked)
    }
}

fn not_held(subscription: String) -> Refusal {
    LicenseError::NotHeld { subscription }.into()
}

/// The subscription, unless it was seen only because of the seat that is gone.
fn still_seen(work: &Work<'_>, subscription: &Locked) -> Option<SubscriptionId> {
    match work.sight().sees {
        Sees::OnlyOf(member) if member != subscription.owner => None,
        _ => Some(subscription.id),
    }
}

/// Tells those who sign in here; people of the directory and those who are gone get no letter.
fn tell(work: &mut Work<'_>, subscription: &Locked, holder: &Holder) -> Result<(), Refusal> {
    if !holder.signs_in() {
        return Ok(());
    }
    let signature = store::signature(work)?;
    let letter = SeatTaken {
        name: holder.name.clone(),
        business: signature.business,
        business_id: work.business(),
        subscription: subscription.name.clone(),
        by: signature.by,
    };
    work.send(&Envelope::new(&holder.email, &holder.name, &letter))
}

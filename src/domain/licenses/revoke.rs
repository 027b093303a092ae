//! Taking a seat from its holder, or giving one's own back. The seat stays, with its key, and is free again; works when
//! the plan has ended too, because it adds nothing.

use crate::domain::subscriptions::store::Locked;
use crate::kernel::access::Sees;
use crate::kernel::ids::{LicenseId, SubscriptionId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Happened, LicenseFact};
use super::held::{self, Held};
use super::letters::tell_taken;

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
        let (license, subscription, assignment) = held::lock(work, self.license)?;
        let holder = assignment.as_ref().map(|assignment| assignment.holder.id);
        let is_given_back = holder.is_some() && holder == work.access().member();
        if !is_given_back {
            subscription.require_changeable(work)?;
        }
        let held = Held::of(license, subscription, assignment)?;
        held.end(work)?;
        let Held { license, subscription, assignment } = held;
        if !is_given_back {
            tell_taken(work, &subscription, &assignment.holder)?;
        }
        let (holder, expires_on) = (assignment.holder.name, license.expires_on);
        let what = match is_given_back {
            true => Happened::GivenBack { holder: holder.clone(), expires_on },
            false => Happened::Revoked { holder: holder.clone(), expires_on },
        };
        let fact = LicenseFact { license: license.id, subscription: subscription.name.clone(), what };
        let left = still_seen(work, &subscription);
        work.record(&fact, Revoked { subscription: left, name: subscription.name, holder, is_given_back })
    }
}

/// The subscription, unless it was seen only because of the seat that is gone.
fn still_seen(work: &Work<'_>, subscription: &Locked) -> Option<SubscriptionId> {
    match work.sight().sees {
        Sees::OnlyOf(member) if member != subscription.owner => None,
        _ => Some(subscription.id),
    }
}

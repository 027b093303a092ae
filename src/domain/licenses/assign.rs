//! Giving a seat to a person, who may be new to the business.

use chrono::NaiveDate;

use crate::domain::plans::limits;
use crate::domain::subscriptions;
use crate::domain::team;
use crate::domain::team::member::{Details, MemberStatus};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::error::LicenseError;
use super::give::{Gift, give};
use super::letters::{Tell, tell_given};
use super::license::{Holder, require_assignable, require_not_past};
use super::license_key::LicenseKey;
use super::store;

/// Gives a seat of a subscription to a person.
pub struct Assign {
    /// Of what.
    pub subscription: SubscriptionId,
    /// To whom.
    pub to: Receiver,
    /// The last day of the seat, which still counts.
    pub expires_on: Option<NaiveDate>,
    /// The license key that goes with it.
    pub key: Option<LicenseKey>,
    /// Whether a letter tells them.
    pub tell: Tell,
}

/// Who gets a seat.
#[derive(Clone)]
pub enum Receiver {
    /// Somebody in People.
    Member(MemberId),
    /// Whoever has this address; nobody is refused.
    Address(EmailAddress),
    /// Whoever has this address; nobody is added to People under this name.
    AddressOrNew { address: EmailAddress, name: String },
}

/// A seat that was given.
pub struct Given {
    /// Which seat.
    pub license: LicenseId,
    /// Of what.
    pub subscription: SubscriptionId,
    /// To whom.
    pub holder: String,
    /// Whether a letter tells them.
    pub is_told: bool,
    /// Whether they are new in People.
    pub is_new: bool,
}

impl Operation for Assign {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Given;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Given>, Refusal> {
        limits::require_running(work)?;
        let subscription = subscriptions::store::lock(work, self.subscription)?;
        subscription.require_changeable(work)?;
        require_assignable(subscription.status, &subscription.name)?;
        require_not_past(self.expires_on, work.today())?;
        let (holder, is_new) = self.to.find(work)?;
        let expires_on = self.expires_on;
        let fact = give(work, &subscription, Gift { holder: &holder, expires_on, key: self.key.as_ref() })?;
        let is_told = tell_given(work, &subscription, &holder, expires_on, self.tell)?;
        let license = fact.license;
        work.record(&fact, Given { license, subscription: subscription.id, holder: holder.name, is_told, is_new })
    }
}

impl Receiver {
    /// The person, and whether they are new. Locked, so that nobody deactivates them until the seat is theirs.
    pub(super) fn find(&self, work: &mut Work<'_>) -> Result<(Holder, bool), Refusal> {
        let known = match self {
            Self::Member(id) => Some(store::by_id(work, *id)?.ok_or_else(Refusal::not_found)?),
            Self::Address(address) | Self::AddressOrNew { address, .. } => store::by_address(work, address)?,
        };
        match (known, self) {
            (Some(holder), _) => Ok((holder, false)),
            (None, Self::AddressOrNew { address, name }) => Ok((add(work, address, name)?, true)),
            (None, Self::Address(address)) => Err(LicenseError::UnknownPerson { address: address.to_string() }.into()),
            (None, Self::Member(_)) => Err(Refusal::not_found()),
        }
    }
}

/// Puts a person without a sign-in into People, which takes the right to change it.
fn add(work: &mut Work<'_>, address: &EmailAddress, name: &str) -> Result<Holder, Refusal> {
    let new = team::add::Add { name: name.to_owned(), email: address.clone(), details: Details::unknown() };
    let id = new.within(work)?;
    Ok(Holder {
        id,
        name: new.name,
        email: new.email.to_string(),
        department: String::new(),
        status: MemberStatus::Directory,
    })
}

//! Giving a seat to a person. Under the locks of the business and the subscription, so that no two people get one
//! seat and no more are given than were bought, through whatever door.

use chrono::NaiveDate;

use crate::domain::plans::limits;
use crate::domain::plans::plan::Meter;
use crate::domain::subscriptions;
use crate::domain::subscriptions::store::Locked;
use crate::domain::team;
use crate::domain::team::member::{Details, MemberStatus};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::operation::Operation;
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{LicenseFact, SeatGiven};
use super::license::{Holder, LicenseError, require_assignable, require_free_seat, require_not_past};
use super::store;

/// Gives a seat of a subscription to a person.
pub struct Assign {
    /// Of what.
    pub subscription: SubscriptionId,
    /// To whom.
    pub to: Receiver,
    /// The last day of the seat, which still counts.
    pub expires_on: Option<NaiveDate>,
    /// Whether a letter tells them.
    pub tell: Tell,
}

/// Who gets a seat.
pub enum Receiver {
    /// Somebody in People.
    Member(MemberId),
    /// Whoever has this address; nobody is refused.
    Address(EmailAddress),
    /// Whoever has this address; nobody is added to People under this name.
    AddressOrNew { address: EmailAddress, name: String },
}

/// Whether a letter tells the person.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tell {
    /// If they sign in here.
    #[default]
    ThoseWhoSignIn,
    /// In any case.
    Always,
    /// Not this time.
    Never,
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
        let (holder, is_new) = self.receiver(work)?;
        holder.require_can_hold()?;
        let license = give(work, &subscription, &holder)?;
        store::set_expiry(work, license, self.expires_on)?;
        let is_told = self.tell(work, &subscription, &holder)?;
        let fact = LicenseFact::Assigned {
            license,
            subscription: subscription.name,
            holder: holder.name.clone(),
            expires_on: self.expires_on,
        };
        work.record(&fact, Given { license, subscription: subscription.id, holder: holder.name, is_told, is_new })
    }
}

/// Finds room for the person, and only then a seat: the one that waited longest, else a new one.
fn give(work: &mut Work<'_>, subscription: &Locked, holder: &Holder) -> Result<LicenseId, Refusal> {
    let already =
        || LicenseError::AlreadyHasSeat { person: holder.name.clone(), subscription: subscription.name.clone() };
    if store::holds_seat(work, holder.id, subscription.id)? {
        return Err(already().into());
    }
    let held = store::held(work, subscription.id)?;
    require_free_seat(subscription.seats, held, &subscription.name)?;
    let license = match store::oldest_free(work, subscription.id)? {
        Some(license) => license,
        None => {
            limits::require_room(work, Meter::Seats, 1)?;
            store::insert(work, subscription.id)?
        }
    };
    let assignment = store::begin_assignment(work, license, subscription.id, holder.id)?;
    assignment.map(|_| license).ok_or_else(|| already().into())
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

impl Assign {
    fn receiver(&self, work: &mut Work<'_>) -> Result<(Holder, bool), Refusal> {
        let known = match &self.to {
            Receiver::Member(id) => Some(store::by_id(work, *id)?.ok_or_else(Refusal::not_found)?),
            Receiver::Address(address) | Receiver::AddressOrNew { address, .. } => store::by_address(work, address)?,
        };
        match (known, &self.to) {
            (Some(holder), _) => Ok((holder, false)),
            (None, Receiver::AddressOrNew { address, name }) => Ok((add(work, address, name)?, true)),
            (None, Receiver::Address(address)) => {
                Err(LicenseError::UnknownPerson { address: address.to_string() }.into())
            }
            (None, Receiver::Member(_)) => Err(Refusal::not_found()),
        }
    }

    /// Puts the letter into the outbox, if there is to be one; whether there is.
    fn tell(&self, work: &mut Work<'_>, subscription: &Locked, holder: &Holder) -> Result<bool, Refusal> {
        let wanted = match self.tell {
            Tell::ThoseWhoSignIn => holder.signs_in(),
            Tell::Always => true,
            Tell::Never => false,
        };
        if !wanted {
            return Ok(false);
        }
        let (signature, locale) = (store::signature(work)?, work.house().locale);
        let letter = SeatGiven {
            name: holder.name.clone(),
            business: signature.business,
            business_id: work.business(),
            subscription: subscription.name.clone(),
            subscription_id: subscription.id,
            by: signature.by,
            expires: self.expires_on.map(|last| locale.date(last)),
            signs_in: holder.signs_in(),
        };
        work.send(&Envelope::new(&holder.email, &holder.name, &letter))?;
        Ok(true)
    }
}

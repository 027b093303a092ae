//! The letters that tell people of their seats. A license key is never in one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::{News, Told};
use crate::domain::notifications::tell::{self, To, news};
use crate::domain::subscriptions::store::Locked;
use crate::kernel::ids::{BusinessId, SubscriptionId};
use crate::kernel::outbox::{Envelope, Letter};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::license::Holder;
use super::store::{self, Signature};

/// The letter to whoever was given a seat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeatGiven {
    /// The greeting.
    pub name: String,
    /// The business.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Of what.
    pub subscription: String,
    /// Its id, for the link.
    pub subscription_id: SubscriptionId,
    /// Who gave it; none when no person did.
    pub by: Option<String>,
    /// The last day of the seat, as this business writes dates.
    pub expires: Option<String>,
    /// Whether the reader can sign in, and so follow a link.
    pub signs_in: bool,
}

impl Letter for SeatGiven {
    const KIND: &'static str = "seat_given";
}

/// The letter to whoever lost a seat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeatTaken {
    /// The greeting.
    pub name: String,
    /// The business.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Of what.
    pub subscription: String,
    /// Who took it; none when no person did.
    pub by: Option<String>,
}

impl Letter for SeatTaken {
    const KIND: &'static str = "seat_taken";
}

/// The letter to whoever answers for a subscription: few of its seats are left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeatsFew {
    /// The greeting.
    pub name: String,
    /// The business.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Of what.
    pub subscription: String,
    /// Its id, for the link.
    pub subscription_id: SubscriptionId,
    /// How many are held.
    pub held: i64,
    /// How many there are.
    pub seats: i64,
}

impl Letter for SeatsFew {
    const KIND: &'static str = "seats_low";
}

/// Whether a letter tells the person who gets a seat.
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

impl Tell {
    /// Whether this person gets one.
    pub fn includes(self, holder: &Holder) -> bool {
        match self {
            Self::ThoseWhoSignIn => holder.signs_in(),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// What there is to say to somebody about a seat of this subscription that is theirs now.
pub(super) fn seat_given(
    work: &Work<'_>,
    subscription: &Locked,
    holder: &Holder,
    expires_on: Option<NaiveDate>,
    signature: &Signature,
) -> SeatGiven {
    let locale = work.house().locale;
    SeatGiven {
        name: holder.name.clone(),
        business: signature.business.clone(),
        business_id: work.business(),
        subscription: subscription.name.clone(),
        subscription_id: subscription.id,
        by: signature.by.clone(),
        expires: expires_on.map(|last| locale.date(last)),
        signs_in: holder.signs_in(),
    }
}

/// What the inbox says to somebody whose seat of this it is now.
pub(super) fn given_news(subscription: &Locked, by: Option<&str>) -> News {
    news(Kind::SeatGiven, Some(subscription.id.0), Told::about(&subscription.name).done_by(by))
}

/// Tells the person, by letter if they are to have one; whether a letter goes out.
pub(super) fn tell_given(
    work: &mut Work<'_>,
    subscription: &Locked,
    holder: &Holder,
    expires_on: Option<NaiveDate>,
    tell: Tell,
) -> Result<bool, Refusal> {
    let signature = store::signature(work)?;
    let to = match tell.includes(holder) {
        true => {
            let letter = seat_given(work, subscription, holder, expires_on, &signature);
            To::with(holder.id, work.seal(&Envelope::new(&holder.email, &holder.name, &letter))?)
        }
        false => To::inbox(holder.id),
    };
    let letters = tell::tell(work, &given_news(subscription, signature.by.as_deref()), vec![to])?;
    Ok(letters > 0)
}

/// Tells whoever lost a seat, if they sign in here; people of the directory and those who are gone get no letter.
pub(super) fn tell_taken(work: &mut Work<'_>, subscription: &Locked, holder: &Holder) -> Result<(), Refusal> {
    if !holder.signs_in() {
        return Ok(());
    }
    let signature = store::signature(work)?;
    let told = Told::about(&subscription.name).done_by(signature.by.as_deref());
    let letter = SeatTaken {
        name: holder.name.clone(),
        business: signature.business,
        business_id: work.business(),
        subscription: subscription.name.clone(),
        by: signature.by,
    };
    let letter = work.seal(&Envelope::new(&holder.email, &holder.name, &letter))?;
    tell::tell(work, &news(Kind::SeatTaken, None, told), vec![To::with(holder.id, letter)]).map(drop)
}

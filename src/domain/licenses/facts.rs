//! What the trail keeps of seats, and the letters that tell their holders.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::{BusinessId, LicenseId, SubscriptionId};
use crate::kernel::outbox::Letter;

/// What happens to a seat.
pub enum LicenseFact {
    /// Somebody got it.
    Assigned { license: LicenseId, subscription: String, holder: String, expires_on: Option<NaiveDate> },
    /// Somebody lost it.
    Revoked { license: LicenseId, subscription: String, holder: String, expires_on: Option<NaiveDate> },
    /// Its holder needs it no longer.
    GivenBack { license: LicenseId, subscription: String, holder: String, expires_on: Option<NaiveDate> },
}

impl Fact for LicenseFact {
    fn code(&self) -> &'static str {
        match self {
            Self::Assigned { .. } => "license.assigned",
            Self::Revoked { .. } => "license.revoked",
            Self::GivenBack { .. } => "license.given_back",
        }
    }

    fn object(&self) -> Object {
        match self {
            Self::Assigned { license, subscription, .. }
            | Self::Revoked { license, subscription, .. }
            | Self::GivenBack { license, subscription, .. } => {
                Object::new("license", *license, format!("Seat of {subscription}"))
            }
        }
    }

    fn said(&self) -> String {
        match self {
            Self::Assigned { subscription, holder, .. } => format!("gave {holder} a seat of {subscription}"),
            Self::Revoked { subscription, holder, .. } => format!("revoked {holder}'s seat of {subscription}"),
            Self::GivenBack { subscription, .. } => format!("gave a seat of {subscription} back"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let last = |day: &Option<NaiveDate>| day.map(|day| day.to_string());
        match self {
            Self::Assigned { holder, expires_on, .. } => {
                let holder = Change::set("Holder", holder);
                [Some(holder), Change::between("Expires", None, last(expires_on))].into_iter().flatten().collect()
            }
            Self::Revoked { holder, expires_on, .. } | Self::GivenBack { holder, expires_on, .. } => {
                let holder = Change::new("Holder", Some(holder.clone()), None);
                [Some(holder), Change::between("Expires", last(expires_on), None)].into_iter().flatten().collect()
            }
        }
    }
}

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

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn the_sentences_begin_with_whoever_did_it() {
        let license = LicenseId::mint(DateTime::UNIX_EPOCH);
        let (subscription, holder) = ("Figma".to_owned(), "Uma Usher".to_owned());
        let expires_on = NaiveDate::from_ymd_opt(2026, 12, 31);
        let given =
            LicenseFact::Assigned { license, subscription: subscription.clone(), holder: holder.clone(), expires_on };
        assert_eq!(given.said(), "gave Uma Usher a seat of Figma");
        assert_eq!(given.changes(), [Change::set("Holder", "Uma Usher"), Change::set("Expires", "2026-12-31")]);
        let taken = LicenseFact::Revoked { license, subscription, holder, expires_on: None };
        assert_eq!(taken.said(), "revoked Uma Usher's seat of Figma");
        assert_eq!(taken.changes(), [Change::new("Holder", Some("Uma Usher".to_owned()), None)]);
    }
}

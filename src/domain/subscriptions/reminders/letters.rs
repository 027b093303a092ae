//! The letters about renewals: one comes near, nobody has decided, one happened by default.

use serde::{Deserialize, Serialize};

use crate::kernel::ids::{BusinessId, SubscriptionId};
use crate::kernel::outbox::Letter;

/// What comes near, its day as the business writes dates.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Near {
    /// The last day to cancel.
    CancelBy {
        /// Which day.
        day: String,
    },
    /// The renewal.
    Renews {
        /// Which day.
        day: String,
    },
    /// The end: nothing follows.
    Ends {
        /// The last day covered.
        day: String,
    },
    /// The end, unless somebody decides to renew.
    EndsUndecided {
        /// The last day covered.
        day: String,
    },
}

/// Why somebody is written to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// They answer for the subscription.
    Owner {},
    /// They own the business, and whoever answers for the subscription cannot be reached.
    OwnerGone {
        /// Who that was.
        person: String,
    },
}

impl Because {
    fn words(&self, subscription: &str) -> String {
        match self {
            Self::Owner {} => format!("You get this because you answer for {subscription}."),
            Self::OwnerGone { person } => {
                format!("You get this because {person}, who answers for {subscription}, cannot sign in here.")
            }
        }
    }
}

/// A renewal, or the last day to cancel, comes near.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RenewalReminder {
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
    /// What comes near.
    pub near: Near,
    /// How many days away that is.
    pub days: i64,
    /// When the next term would begin; none when nothing follows.
    pub renews_on: Option<String>,
    /// What is due then.
    pub due: Option<String>,
    /// Why this person is written to.
    pub because: Because,
}

impl Letter for RenewalReminder {
    const KIND: &'static str = "renewal_reminder";
}

impl RenewalReminder {
    /// The heading.
    pub fn title(&self) -> String {
        let name = &self.subscription;
        match &self.near {
            Near::CancelBy { day } => format!("Cancel {name} by {day}, or it renews"),
            Near::Renews { day } => format!("{name} renews on {day}"),
            Near::Ends { day } => format!("{name} ends on {day}"),
            Near::EndsUndecided { day } => format!("{name} ends on {day} unless somebody renews it"),
        }
    }

    /// The rest of the sentence that begins with the greeting.
    pub fn says(&self) -> String {
        let away = match self.days {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            days => format!("in {days} days"),
        };
        match &self.near {
            Near::CancelBy { .. } => format!(
                "the last day to cancel is {away}, and nobody has decided yet. After that day it renews by itself."
            ),
            Near::Renews { .. } => format!("its next term begins {away}, and nobody has decided about it."),
            Near::Ends { .. } => format!("its last covered day is {away}. Nothing follows by itself."),
            Near::EndsUndecided { .. } => {
                format!("its last covered day is {away}. It goes on only if somebody decides to renew it.")
            }
        }
    }

    /// What stands below.
    pub fn facts(&self) -> Vec<(&'static str, &str)> {
        let near = match &self.near {
            Near::CancelBy { day } => Some(("Cancel by", day.as_str())),
            Near::Renews { .. } => None,
            Near::Ends { day } | Near::EndsUndecided { day } => Some(("Last day covered", day.as_str())),
        };
        let renews = self.renews_on.as_deref().map(|day| ("Renews on", day));
        let due = self.due.as_deref().map(|due| ("Due then", due));
        near.into_iter().chain(renews).chain(due).collect()
    }

    /// What the link says: where nothing follows there is nothing to decide.
    pub fn action(&self) -> String {
        match self.near {
            Near::Ends { .. } => format!("Look at {}", self.subscription),
            _ => format!("Decide on {}", self.subscription),
        }
    }

    /// Why this person gets it.
    pub fn why(&self) -> String {
        self.because.words(&self.subscription)
    }
}

/// The last day to cancel is today, and nobody has decided.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RenewalUndecided {
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
    /// The last day to cancel: today.
    pub cancel_by: String,
    /// When it renews otherwise.
    pub renews_on: String,
    /// What is due then.
    pub due: Option<String>,
}

impl Letter for RenewalUndecided {
    const KIND: &'static str = "renewal_undecided";
}

impl RenewalUndecided {
    /// What stands below.
    pub fn facts(&self) -> Vec<(&'static str, &str)> {
        let days = [("Cancel by", self.cancel_by.as_str()), ("Renews on", self.renews_on.as_str())];
        days.into_iter().chain(self.due.as_deref().map(|due| ("Due then", due))).collect()
    }
}

/// A renewal happened because nobody had decided otherwise.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RenewedByDefault {
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
    /// When its next term began.
    pub on: String,
    /// When the one after that begins.
    pub renews_on: Option<String>,
    /// The next last day to cancel.
    pub cancel_by: Option<String>,
    /// What is due.
    pub due: Option<String>,
    /// Why this person is written to.
    pub because: Because,
}

impl Letter for RenewedByDefault {
    const KIND: &'static str = "renewed_by_default";
}

impl RenewedByDefault {
    /// What stands below.
    pub fn facts(&self) -> Vec<(&'static str, &str)> {
        let rows = [("Due", &self.due), ("Renews next on", &self.renews_on), ("Cancel by", &self.cancel_by)];
        rows.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect()
    }

    /// Why this person gets it.
    pub fn why(&self) -> String {
        self.because.words(&self.subscription)
    }
}

//! What people do to their own sign-in, as the trail says it.

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::UserId;

/// One thing that somebody did to their own sign-in.
pub(super) struct OwnFact {
    pub(super) user: UserId,
    pub(super) name: String,
    pub(super) deed: Deed,
}

/// What it was.
pub(super) enum Deed {
    TurnedTwoFactorOn,
    TurnedTwoFactorOff,
    MadeRecoveryCodes,
    UsedRecoveryCode { left: i64 },
    ChangedPassword,
    EndedSession { what: String },
    EndedOtherSessions { count: usize },
    ChangedProfile { changes: Vec<Change> },
    AskedForAddress { before: String, after: String },
    ChangedAddress { before: String, after: String },
    Deleted,
}

impl Fact for OwnFact {
    fn code(&self) -> &'static str {
        match self.deed {
            Deed::TurnedTwoFactorOn => "user.two_factor_on",
            Deed::TurnedTwoFactorOff => "user.two_factor_off",
            Deed::MadeRecoveryCodes => "user.recovery_codes_made",
            Deed::UsedRecoveryCode { .. } => "user.recovery_code_used",
            Deed::ChangedPassword => "user.password_changed",
            Deed::EndedSession { .. } => "user.session_ended",
            Deed::EndedOtherSessions { .. } => "user.sessions_ended",
            Deed::ChangedProfile { .. } => "user.changed",
            Deed::AskedForAddress { .. } => "user.email_change_asked",
            Deed::ChangedAddress { .. } => "user.email_changed",
            Deed::Deleted => "user.deleted",
        }
    }

    fn object(&self) -> Object {
        Object::new("user", self.user, &self.name)
    }

    fn said(&self) -> String {
        match &self.deed {
            Deed::TurnedTwoFactorOn => "turned on two-factor sign-in".to_owned(),
            Deed::TurnedTwoFactorOff => "turned off two-factor sign-in".to_owned(),
            Deed::MadeRecoveryCodes => "made new recovery codes".to_owned(),
            Deed::UsedRecoveryCode { left } => format!("used a recovery code; {left} are left"),
            Deed::ChangedPassword => "changed their password".to_owned(),
            Deed::EndedSession { what } => format!("ended their sign-in on {what}"),
            Deed::EndedOtherSessions { count: 1 } => "ended their one other sign-in".to_owned(),
            Deed::EndedOtherSessions { count } => format!("ended their {count} other sign-ins"),
            Deed::ChangedProfile { .. } => "changed their profile".to_owned(),
            Deed::AskedForAddress { after, .. } => format!("asked to change their address to {after}"),
            Deed::ChangedAddress { after, .. } => format!("changed their address to {after}"),
            Deed::Deleted => "deleted their sign-in".to_owned(),
        }
    }

    fn changes(&self) -> Vec<Change> {
        match &self.deed {
            Deed::ChangedProfile { changes } => changes.clone(),
            Deed::AskedForAddress { before, after } | Deed::ChangedAddress { before, after } => {
                vec![Change::new("E-mail", Some(before.clone()), Some(after.clone()))]
            }
            _ => Vec::new(),
        }
    }
}

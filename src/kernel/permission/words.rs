//! The matrix in words, as the page of roles says it.

use super::{Permission, Role};

/// How far a role reaches with something it may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Not at all.
    Nothing,
    /// Only so far.
    Only(&'static str),
    /// Everything.
    All,
}

impl Permission {
    /// As a screen says it; none for what no role is given: what everybody may do, and what is done without one.
    pub fn words(self) -> Option<&'static str> {
        Some(match self {
            Self::SeeSubscriptions => "See subscriptions, prices and seats",
            Self::AddSubscriptions => "Add subscriptions",
            Self::ChangeSubscriptions => "Change subscriptions; give and revoke their seats",
            Self::AskForSeats => "Ask for a seat, and give one’s own back",
            Self::RevealKeys => "See license keys in the clear, each time on the trail",
            Self::SeePeople => "See people",
            Self::ChangePeople => "Add people; change department, manager and dates",
            Self::ImportPeople => "Import people from a file",
            Self::SeeTeam => "See who can sign in, and invitations",
            Self::Invite => "Invite people into the team",
            Self::ChangeTeam => "Change roles, deactivate and reactivate",
            Self::HandOver => "Hand the business over to somebody else",
            Self::SeePlan => "See the plan and its limits",
            Self::ChangePlan => "Choose the plan",
            Self::ManageKeys => "Make and revoke keys for programs",
            Self::ChangeSettings => "Change the settings of the business",
            Self::ConsentToSupport => "Decide whether support may look or write",
            Self::CloseBusiness => "Close the business",
            Self::RefuseRecovery => "Stop support from changing who gets in",
            Self::ReadTrail => "Read the audit trail",
            Self::ExportTrail => "Export the audit trail",
            Self::AddNote => "Add a note to the audit trail",
            Self::Enter
            | Self::SeeOffers
            | Self::SignUp
            | Self::JoinTeam
            | Self::UseOwnAccount
            | Self::Work
            | Self::UseKey
            | Self::ReportUsage
            | Self::AddStaff
            | Self::SeeConsole
            | Self::StepIn
            | Self::Suspend
            | Self::ResendLetters
            | Self::RecoverAccess
            | Self::ManagePlans
            | Self::TendWorker => return None,
        })
    }
}

impl Role {
    /// How far this role reaches with this permission: users are narrowed to what is theirs, admins to their rank.
    pub fn reach(self, permission: Permission) -> Reach {
        if !self.permissions().allow(permission) {
            return Reach::Nothing;
        }
        match (self, permission) {
            (Self::User, Permission::SeeSubscriptions) => Reach::Only("those they own or hold a seat of"),
            (Self::User, Permission::ChangeSubscriptions) => Reach::Only("those they own"),
            (Self::User, Permission::RevealKeys) => Reach::Only("those of the seats they hold"),
            (Self::User, Permission::SeePeople) => Reach::Only("themselves, and holders of what they own"),
            (Self::User, Permission::ReadTrail) => Reach::Only("their own entries"),
            (Self::Admin, Permission::Invite | Permission::ChangeTeam) => Reach::Only("up to admin"),
            _ => Reach::All,
        }
    }
}

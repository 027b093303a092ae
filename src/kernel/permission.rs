//! Roles, permissions, and the one matrix that says who may do what.

use serde::{Deserialize, Serialize};

/// What a member is in a business, from the least rank to the highest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees and changes what they own, sees what they hold.
    User,
    /// Sees everything, changes nothing.
    Auditor,
    /// Runs the books and the team.
    Admin,
    /// An admin who also decides on owners, the plan and closing.
    Owner,
}

impl Role {
    /// Every role, highest first, as pages list them.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Auditor, Self::User];

    /// The stable code, as stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
            Self::User => "user",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Admin",
            Self::Auditor => "Auditor",
            Self::User => "User",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// What this role may do.
    pub fn permissions(self) -> Permissions {
        use Permission::*;
        const USER: Permissions = Permissions::of(&[
            Enter,
            SeeSubscriptions,
            AddSubscriptions,
            ChangeSubscriptions,
            AskForSeats,
            RevealKeys,
            SeePeople,
            ReadTrail,
        ]);
        const AUDITOR: Permissions = Permissions::of(&[
            Enter,
            SeeSubscriptions,
            SeePeople,
            SeeTeam,
            SeePlan,
            SeeOffers,
            ReadTrail,
            ExportTrail,
            AddNote,
        ]);
        const ADMIN: Permissions = AUDITOR.and(USER).and(Permissions::of(&[ChangePeople, ImportPeople, Invite]));
        const OWNER: Permissions = ADMIN.and(Permissions::of(&[ChangePlan]));
        match self {
            Self::Owner => OWNER,
            Self::Admin => ADMIN,
            Self::Auditor => AUDITOR,
            Self::User => USER,
        }
    }
}

/// One thing that can be allowed. `visible` and `changeable` of each store narrow it to records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Permission {
    /// Be in the business: its shell, its name, one's own row.
    Enter,
    /// Subscriptions, prices, seats: all, or what one owns or holds.
    SeeSubscriptions,
    /// Add subscriptions.
    AddSubscriptions,
    /// Change, price, assign, revoke, remove: all, or what one owns.
    ChangeSubscriptions,
    /// Ask for a seat for oneself.
    AskForSeats,
    /// See license keys in the clear: all, or those of the seats one holds.
    RevealKeys,
    /// The directory: all, or people on what one owns, and oneself.
    SeePeople,
    /// Add people, change their department, manager and dates.
    ChangePeople,
    /// Import people from a file.
    ImportPeople,
    /// Who can sign in, and invitations.
    SeeTeam,
    /// Invite into the team, resend, withdraw.
    Invite,
    /// The plan, its limits and history.
    SeePlan,
    /// Choose another plan.
    ChangePlan,
    /// The trail: all, or one's own entries.
    ReadTrail,
    /// The trail as a file.
    ExportTrail,
    /// A note of one's own in the trail.
    AddNote,
    /// What plans there are and what they cost.
    SeeOffers,
    /// Found a business.
    SignUp,
    /// Accept the invitation one holds the key of.
    JoinTeam,
    /// One's own user: address, sign-in and sign-out.
    UseOwnAccount,
    /// Everything the worker does in a business.
    Work,
}

impl Permission {
    /// Every permission, in the order of the table on paper.
    pub const ALL: [Self; 21] = [
        Self::Enter,
        Self::SeeSubscriptions,
        Self::AddSubscriptions,
        Self::ChangeSubscriptions,
        Self::AskForSeats,
        Self::RevealKeys,
        Self::SeePeople,
        Self::ChangePeople,
        Self::ImportPeople,
        Self::SeeTeam,
        Self::Invite,
        Self::SeePlan,
        Self::ChangePlan,
        Self::ReadTrail,
        Self::ExportTrail,
        Self::AddNote,
        Self::SeeOffers,
        Self::SignUp,
        Self::JoinTeam,
        Self::UseOwnAccount,
        Self::Work,
    ];

    #[expect(clippy::as_conversions, reason = "the number of a variant, which no other construct gives in const")]
    const fn bit(self) -> u64 {
        1 << (self as u64)
    }
}

/// A set of permissions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Permissions(u64);

impl Permissions {
    /// Exactly these.
    pub const fn of(permissions: &[Permission]) -> Self {
        let mut bits = 0;
        let mut rest = permissions;
        while let [first, tail @ ..] = rest {
            bits |= first.bit();
            rest = tail;
        }
        Self(bits)
    }

    /// These and those.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether this one is among them.
    pub const fn allow(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }
}

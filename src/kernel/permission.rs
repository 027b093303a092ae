//! Roles, permissions, and the one matrix that says who may do what.

pub mod words;

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
        const ADMIN: Permissions = AUDITOR.and(USER).and(Permissions::of(&[
            ChangePeople,
            ImportPeople,
            Invite,
            ChangeTeam,
            ManageKeys,
            ChangeSettings,
        ]));
        const OWNER: Permissions =
            ADMIN.and(Permissions::of(&[HandOver, ChangePlan, ConsentToSupport, CloseBusiness, RefuseRecovery]));
        match self {
            Self::Owner => OWNER,
            Self::Admin => ADMIN,
            Self::Auditor => AUDITOR,
            Self::User => USER,
        }
    }
}

/// What a support session may do. A staff member acts for the business, and never as anybody in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SupportMode {
    /// Look at the books.
    Read,
    /// Also keep them, where an owner allows it.
    Write,
}

impl SupportMode {
    /// Both, the lesser first.
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];

    /// The stable code, as stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Read => "Read only",
            Self::Write => "May write",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }

    /// What such a session may do: nothing that changes anything while it reads, and nothing about people, roles,
    /// keys, settings, the plan or anybody's own account ever.
    pub fn permissions(self) -> Permissions {
        use Permission::*;
        const READ: Permissions = Permissions::of(&[Enter, SeeSubscriptions, SeePeople, ReadTrail]);
        const WRITE: Permissions = READ.and(Permissions::of(&[AddSubscriptions, ChangeSubscriptions]));
        match self {
            Self::Read => READ,
            Self::Write => WRITE,
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
    /// Change roles, deactivate, reactivate: up to one's own rank.
    ChangeTeam,
    /// Make somebody else the owner in one's own place.
    HandOver,
    /// The plan, its limits and history.
    SeePlan,
    /// Choose another plan.
    ChangePlan,
    /// Keys of programs: make, list, revoke.
    ManageKeys,
    /// Name, currency, zone and rules of the business.
    ChangeSettings,
    /// Whether support staff may look or write.
    ConsentToSupport,
    /// Close the business, and keep it after all.
    CloseBusiness,
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
    /// Stop staff who would change who can get into the business.
    RefuseRecovery,
    /// One's own user: address, sign-in and sign-out, and what one is told.
    UseOwnAccount,
    /// Come in with a program's key.
    UseKey,
    /// Report what was used: for programs with a key for that.
    ReportUsage,
    /// Everything the worker does in a business.
    Work,
    /// Make somebody a member of staff: for commands only.
    AddStaff,
    /// Every business, its plan, use and letters: for staff.
    SeeConsole,
    /// Begin and end a support session: for staff.
    StepIn,
    /// Suspend a business and restore it: for staff.
    Suspend,
    /// Send a letter again: for staff.
    ResendLetters,
    /// Get the people of a business back in, or take that back: for staff.
    RecoverAccess,
    /// Plans on sale, another plan for a business, and what it is given beyond its plan: for staff.
    ManagePlans,
    /// How the worker does, and trying again what it set aside: for staff.
    TendWorker,
}

impl Permission {
    /// Every permission, in the order of the table on paper.
    pub const ALL: [Self; 38] = [
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
        Self::ChangeTeam,
        Self::HandOver,
        Self::SeePlan,
        Self::ChangePlan,
        Self::ManageKeys,
        Self::ChangeSettings,
        Self::ConsentToSupport,
        Self::CloseBusiness,
        Self::ReadTrail,
        Self::ExportTrail,
        Self::AddNote,
        Self::SeeOffers,
        Self::SignUp,
        Self::JoinTeam,
        Self::RefuseRecovery,
        Self::UseOwnAccount,
        Self::UseKey,
        Self::ReportUsage,
        Self::Work,
        Self::AddStaff,
        Self::SeeConsole,
        Self::StepIn,
        Self::Suspend,
        Self::ResendLetters,
        Self::RecoverAccess,
        Self::ManagePlans,
        Self::TendWorker,
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
    /// What staff may do at their console.
    pub const STAFF: Self = Self::of(&[
        Permission::SeeConsole,
        Permission::StepIn,
        Permission::Suspend,
        Permission::ResendLetters,
        Permission::RecoverAccess,
        Permission::ManagePlans,
        Permission::TendWorker,
    ]);

    /// The changes that a suspended business still takes: exports, everybody's own account, and what staff do.
    pub const WHILE_SUSPENDED: Self = Self::STAFF.and(Self::of(&[
        Permission::ExportTrail,
        Permission::RefuseRecovery,
        Permission::UseOwnAccount,
        Permission::Work,
    ]));

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

    /// What is among both.
    pub const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether this one is among them.
    pub const fn allow(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }
}

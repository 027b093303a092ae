//! Access: who acts, for which business, seeing what. Proved once per request, in `domain/access` only.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::pg::Pg;
use diesel::{PgConnection, Queryable, Selectable};

use super::currency::Currency;
use super::ids::{ApiKeyId, BusinessId, InvitationId, MemberId, RequestId, SupportSessionId, UserId};
use super::locale::Locale;
use super::permission::{Permission, Permissions, Role};
use super::refusal::Refusal;
use super::schema::businesses;

/// Who acts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Actor {
    /// A member of the business, signed in.
    Member { member: MemberId, user: UserId, role: Role },
    /// A person about themselves, in no business in particular.
    User { user: UserId },
    /// The holder of an invitation's key; signed in already when `user` is there.
    Invitee { invitation: InvitationId, user: Option<UserId> },
    /// Somebody founding a business; signed in already when `user` is there.
    Visitor { user: Option<UserId> },
    /// The background worker.
    Worker,
    /// A command on the server's console.
    Command,
    /// A member of staff at the console of the installation.
    Staff { user: UserId },
    /// The business itself, by the hand of a staff member in this support session, who may see it as one member does.
    Support { staff: UserId, session: SupportSessionId, seen_as: Option<(MemberId, Role)> },
    /// A program with a key of the business.
    ApiKey { key: ApiKeyId },
}

impl Actor {
    /// The code the trail keeps.
    pub fn code(self) -> &'static str {
        match self {
            Self::Member { .. } => "member",
            Self::User { .. } => "user",
            Self::Invitee { .. } => "invitee",
            Self::Visitor { .. } => "visitor",
            Self::Worker => "worker",
            Self::Command => "command",
            Self::Staff { .. } => "staff",
            Self::Support { .. } => "support",
            Self::ApiKey { .. } => "api_key",
        }
    }
}

/// What may be seen of a business.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sees {
    /// Everything.
    All,
    /// What this member owns, holds or is.
    OnlyOf(MemberId),
    /// Nothing but what an operation fetches for itself.
    Nothing,
}

/// Through which door it came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A page in a browser.
    Page,
    /// A program's request.
    Rest,
    /// The background worker.
    Worker,
    /// A command on the console.
    Command,
}

impl Origin {
    /// Every door.
    pub const ALL: [Self; 4] = [Self::Page, Self::Rest, Self::Worker, Self::Command];

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.code() == code)
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Page => "Page",
            Self::Rest => "REST",
            Self::Worker => "Worker",
            Self::Command => "Command",
        }
    }

    /// The code the trail keeps.
    pub fn code(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Rest => "rest",
            Self::Worker => "worker",
            Self::Command => "command",
        }
    }
}

/// Where a request came from, for the trail.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The door.
    pub origin: Origin,
    /// The request, when there was one.
    pub request: Option<RequestId>,
    /// The client's address, when there was one.
    pub address: Option<IpAddr>,
}

impl Source {
    /// Not a request: the worker or a command.
    pub fn inside(origin: Origin) -> Self {
        Self { origin, request: None, address: None }
    }
}

/// Whether a business may be worked in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It may.
    Active,
    /// Staff have suspended it: it can be read and exported.
    Suspended,
    /// It is about to be gone.
    Closing,
}

impl Standing {
    /// Reads a code; what is unknown may not be worked in.
    pub fn of(code: &str) -> Self {
        match code {
            "active" => Self::Active,
            "closing" => Self::Closing,
            _ => Self::Suspended,
        }
    }
}

/// What of the business every rule may need.
#[derive(Clone, Copy, Debug)]
pub struct House {
    /// The tenant.
    pub business: BusinessId,
    /// Civil dates are days of this zone.
    pub zone: Tz,
    /// The base currency.
    pub currency: Currency,
    /// How numbers, money and dates are written.
    pub locale: Locale,
    /// Whether it may be worked in.
    pub standing: Standing,
}

/// A business as the house is written in it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = businesses, check_for_backend(Pg))]
pub struct HouseRow {
    id: BusinessId,
    zone: String,
    currency: String,
    locale: String,
    status: String,
}

impl HouseRow {
    /// The house.
    pub fn house(self) -> Result<House, Refusal> {
        Ok(House {
            business: self.id,
            zone: self.zone.parse().map_err(Refusal::fault)?,
            currency: Currency::parse(&self.currency).map_err(Refusal::fault)?,
            locale: Locale::parse(&self.locale).unwrap_or_default(),
            standing: Standing::of(&self.status),
        })
    }
}

/// Refuses an access that no longer stands. Asked within the transaction of each change, before anything is done.
pub type StillStands = fn(&mut PgConnection, &Access, DateTime<Utc>) -> Result<(), Refusal>;

/// The proof that somebody may act for a business. Made by [`Access::prove`], which only `domain/access` calls.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    actor: Actor,
    house: House,
    reading: House,
    sees: Sees,
    may: Permissions,
    source: Source,
    still_stands: Option<StillStands>,
}

impl Access {
    /// States what has been proved. Callers outside `domain/access` fail the architecture test.
    pub fn prove(actor: Actor, house: House, sees: Sees, may: Permissions, source: Source) -> Self {
        Self { actor, house, reading: house, sees, may, source, still_stands: None }
    }

    /// The same access of somebody who may lose it at any moment, so that no change outlives it.
    pub fn as_long_as(self, still_stands: StillStands) -> Self {
        Self { still_stands: Some(still_stands), ..self }
    }

    /// Refuses it when it no longer stands.
    pub(super) fn require_standing(&self, conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.still_stands.map_or(Ok(()), |still_stands| still_stands(conn, self, now))
    }

    /// The same access of somebody who reads times and numbers their own way, as far as they chose one.
    pub fn read_as(self, zone: Option<Tz>, locale: Option<Locale>) -> Self {
        let House { zone: own_zone, locale: own_locale, .. } = self.house;
        let reading = House { zone: zone.unwrap_or(own_zone), locale: locale.unwrap_or(own_locale), ..self.house };
        Self { reading, ..self }
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// For which business.
    pub fn business(&self) -> BusinessId {
        self.house.business
    }

    /// The business's zone, currency and locale.
    pub fn house(&self) -> House {
        self.house
    }

    /// The house as the actor reads it: their zone for times of day, their way of writing numbers and dates. Only for
    /// showing: what a day is, is decided by [`Access::house`].
    pub fn reading(&self) -> House {
        self.reading
    }

    /// Seeing what.
    pub fn sees(&self) -> Sees {
        self.sees
    }

    /// From where.
    pub fn source(&self) -> Source {
        self.source
    }

    /// Whether this is allowed at all; records may narrow it.
    pub fn may(&self, permission: Permission) -> bool {
        self.may.allow(permission)
    }

    /// Whether an operation that needs this may run as the business stands now.
    pub fn may_change_now(&self, permission: Permission) -> bool {
        self.house.standing != Standing::Suspended || Permissions::WHILE_SUSPENDED.allow(permission)
    }

    /// The acting member, when a member acts.
    pub fn member(&self) -> Option<MemberId> {
        match self.actor {
            Actor::Member { member, .. } => Some(member),
            _ => None,
        }
    }

    /// The acting member's role, when a member acts.
    pub fn role(&self) -> Option<Role> {
        match self.actor {
            Actor::Member { role, .. } => Some(role),
            _ => None,
        }
    }

    /// The signed-in person, when there is one.
    pub fn user(&self) -> Option<UserId> {
        match self.actor {
            Actor::Member { user, .. } | Actor::User { user } => Some(user),
            Actor::Staff { user } => Some(user),
            Actor::Invitee { user, .. } | Actor::Visitor { user } => user,
            // Nothing of the staff member's own account is at hand while they act for a business.
            Actor::Worker | Actor::Command | Actor::Support { .. } | Actor::ApiKey { .. } => None,
        }
    }

    /// Who sits at the keyboard: the signed-in person, or the staff member who acts for the business.
    pub fn person(&self) -> Option<UserId> {
        match self.actor {
            Actor::Support { staff, .. } => Some(staff),
            _ => self.user(),
        }
    }

    /// As whom the pages are shown: the acting member, or the one a support session sees them as.
    pub fn shown_to(&self) -> Option<(MemberId, Role)> {
        match self.actor {
            Actor::Member { member, role, .. } => Some((member, role)),
            Actor::Support { seen_as, .. } => seen_as,
            _ => None,
        }
    }

    /// The same access once the actor has become a member, as in signing up and joining.
    pub(super) fn as_member(self, member: MemberId, user: UserId, role: Role) -> Self {
        Self { actor: Actor::Member { member, user, role }, ..self }
    }
}

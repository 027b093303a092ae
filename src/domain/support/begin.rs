//! Stepping in: with a reason, for some minutes, and only where nothing speaks against it.

use crate::kernel::access::Actor;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{MemberId, SupportSessionId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::{Permission, SupportMode};
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Happened, SupportFact};
use super::letters::{SupportBegan, WriteAccessAsked};
use super::session::{Minutes, Reason, SupportSession, mode_now};
use super::store::{self, StaffStanding};

/// Begins a support session in the business of the access.
pub struct Begin {
    /// Why.
    pub reason: Reason,
    /// For how long.
    pub minutes: Minutes,
    /// What it should be able to do.
    pub mode: SupportMode,
    /// Whose eyes it borrows; none: it sees what the business sees.
    pub seen_as: Option<Eyes>,
}

/// A member as whom a session sees, as staff name them.
#[derive(Clone, Debug)]
pub enum Eyes {
    /// By their id.
    Member(MemberId),
    /// By their address.
    Address(EmailAddress),
}

impl Eyes {
    /// Reads what was typed: an id or an address; blank is nobody.
    pub fn parse(text: &str) -> Result<Option<Self>, Refusal> {
        match text {
            "" => Ok(None),
            text => match (MemberId::parse(text), EmailAddress::parse(text)) {
                (Some(member), _) => Ok(Some(Self::Member(member))),
                (None, Ok(email)) => Ok(Some(Self::Address(email))),
                (None, Err(_)) => Err(nobody_there()),
            },
        }
    }
}

/// What was begun.
pub struct Begun {
    /// The session.
    pub session: SupportSessionId,
    /// The business's name.
    pub business: String,
    /// What it may do now.
    pub mode: SupportMode,
    /// Whether the owners were asked for leave to write.
    pub asked: bool,
}

impl Operation for Begin {
    const NEEDS: Permission = Permission::StepIn;
    type Output = Begun;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Begun>, Refusal> {
        let staff = require_staff(work)?;
        require_outside(work, staff)?;
        let session = self.session(work, staff)?;
        store::sessions::insert(work, &session)?;
        let asked = self.mode == SupportMode::Write && session.mode == SupportMode::Read;
        tell(work, &session, asked)?;
        let what = |what| SupportFact { business: session.business, name: session.business_name.clone(), what };
        if asked {
            work.also(&what(Happened::WriteAsked { session: session.id }))?;
        }
        let began = Happened::Began {
            session: session.id,
            mode: session.mode,
            minutes: self.minutes,
            seen_as: session.seen_as.as_ref().map(|(_, name)| name.clone()),
            reason: self.reason.clone(),
        };
        let begun = Begun { session: session.id, business: session.business_name.clone(), mode: session.mode, asked };
        work.record(&what(began), begun)
    }
}

impl Begin {
    fn session(&self, work: &mut Work<'_>, staff: UserId) -> Result<SupportSession, Refusal> {
        let (now, business, standing) = (work.now(), work.business(), work.house().standing);
        let consent = store::support_access(work.conn(), business)?;
        let mode = mode_now(consent, self.mode, standing).ok_or_else(refused)?;
        let seen_as = self.seen_as.as_ref().map(|asked| eyes(work, asked)).transpose()?;
        let business_name = store::business_name(work)?;
        let staff_name = crate::domain::identity::store::user(work.conn(), staff)?.name;
        Ok(SupportSession {
            id: SupportSessionId::mint(now),
            business,
            business_name,
            staff,
            staff_name,
            seen_as,
            mode,
            reason: self.reason.as_str().to_owned(),
            began_at: now,
            ends_at: now + self.minutes.span(),
            ended: None,
        })
    }
}

/// The staff member who acts, with their row locked; never one who belongs to the business.
pub(super) fn require_staff(work: &mut Work<'_>) -> Result<UserId, Refusal> {
    let Actor::Staff { user } = work.access().actor() else {
        return Err(Refusal::not_found());
    };
    let business = work.business();
    if store::staff::lock(work.conn(), user)? != StaffStanding::Staff {
        return Err(Refusal::not_found());
    }
    match store::belongs(work.conn(), user, business)? {
        false => Ok(user),
        true => Err(Refusal::new(
            Kind::NotAllowed,
            "own_business",
            "You belong to this business yourself. Somebody else of the staff has to do this.",
        )),
    }
}

fn require_outside(work: &mut Work<'_>, staff: UserId) -> Result<(), Refusal> {
    let now = work.now();
    match store::sessions::open_of(work.conn(), staff, now)?.first() {
        None => Ok(()),
        Some(open) => {
            let name = &open.business_name;
            let message = format!("You are in a support session in {name} already. Leave it first.");
            Err(Refusal::conflict("support_nested", message))
        }
    }
}

fn refused() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "support_refused",
        "An owner of this business refuses support sessions. Ask them to allow it under Settings, Business.",
    )
}

/// The member whose eyes are borrowed: active, and nobody of the staff.
fn eyes(work: &mut Work<'_>, asked: &Eyes) -> Result<(MemberId, String), Refusal> {
    let business = work.business();
    let member = match asked {
        Eyes::Member(member) => Some(*member),
        Eyes::Address(email) => store::member_of_address(work, email.folded())?,
    };
    let found = member.map(|member| store::seen_as(work.conn(), business, member)).transpose()?.flatten();
    let found = found.ok_or_else(nobody_there)?;
    match found.is_staff {
        false => Ok((found.member, found.name)),
        true => Err(Refusal::invalid("member", "Nobody sees what a member of staff sees. Choose somebody else.")),
    }
}

fn nobody_there() -> Refusal {
    Refusal::invalid("member", "Choose somebody who signs in to this business.")
}

fn tell(work: &mut Work<'_>, session: &SupportSession, asked: bool) -> Result<(), Refusal> {
    let house = work.house();
    let letter = SupportBegan {
        business: session.business_name.clone(),
        business_id: session.business,
        staff: session.staff_name.clone(),
        reason: session.reason.clone(),
        until: format!("{} ({})", house.locale.date_time(session.ends_at, house.zone), house.zone.name()),
        may_write: session.mode == SupportMode::Write,
        seen_as: session.seen_as.as_ref().map(|(_, name)| name.clone()),
    };
    store::tell_owners(work, &letter)?;
    if !asked {
        return Ok(());
    }
    let letter = WriteAccessAsked {
        business: session.business_name.clone(),
        business_id: session.business,
        staff: session.staff_name.clone(),
        reason: session.reason.clone(),
    };
    store::tell_owners(work, &letter)
}

//! Founding a business: user, business, owner, plan and first entries in one transaction.

use crate::kernel::email_address::EmailAddress;
use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::{Permission, Role};
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, Scope, Work};

use crate::domain::identity::{
    self,
    user::{NewUser, Welcome},
};
use crate::domain::plans::{self, choose::PlanChanges, plan::Plan};
use crate::domain::team::{self, member::NewMember};

use super::store;

/// The plan of a business that has chosen none.
const TRIAL: &str = "trial";

/// Who may found a business on this installation. The first person on an empty one always can, and an invitation into a
/// business that stands works in every mode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignUpMode {
    /// Anybody.
    Open,
    /// People who are here already; an invitation is the only way to come here.
    Invite,
    /// Nobody: the businesses there are, are all there will be.
    Closed,
}

impl SignUpMode {
    /// Whether a stranger, or else somebody who can sign in, may found a business where somebody is already.
    pub fn admits(self, is_stranger: bool) -> bool {
        match self {
            Self::Open => true,
            Self::Invite => !is_stranger,
            Self::Closed => false,
        }
    }

    /// What everybody else is told.
    pub fn refusal(self) -> Refusal {
        let message = match self {
            Self::Open | Self::Invite => {
                "People come to this installation by invitation. Ask a colleague to invite you, or ask whoever runs it."
            }
            Self::Closed => {
                "This installation takes no new businesses. Ask whoever runs it, or ask a colleague for an invitation."
            }
        };
        Refusal::new(Kind::NotAllowed, "sign_up_closed", message).mended_at("/login")
    }
}

/// The person who founds it.
pub enum Founder {
    /// Somebody new.
    New(NewUser),
    /// Somebody who can sign in already.
    Known(UserId),
}

/// Founds the business whose id and house the access carries.
pub struct SignUp {
    /// Whether the installation takes new businesses.
    pub mode: SignUpMode,
    /// Its name.
    pub business: String,
    /// Its owner.
    pub founder: Founder,
    /// The code of a public plan.
    pub plan: String,
    /// Who decides on paid plans here.
    pub changes: PlanChanges,
}

/// What was founded, and by whom.
pub struct Founded {
    /// The business.
    pub business: BusinessId,
    /// Its owner.
    pub user: UserId,
    /// Its public id, which programs send.
    pub application_id: String,
    /// The name of the plan that was chosen and is given on request only: the business is on trial instead.
    pub on_request: Option<String>,
}

impl Operation for SignUp {
    const NEEDS: Permission = Permission::SignUp;
    type Output = Founded;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Founded>, Refusal> {
        self.require_open(work)?;
        let (plan, on_request) = self.plan(work)?;
        let (user, name, email) = self.founder(work)?;
        let application_id = store::insert(work, &self.business)?;
        let owner = NewMember::active(name.clone(), email.clone(), user, Role::Owner);
        let member =
            team::store::insert(work, &owner)?.ok_or_else(|| Refusal::fault("the new business has members"))?;
        work.become_member(member, user, Role::Owner);
        plans::store::begin(work, &plan)?;
        let business = work.business();
        work.also(&Founding::Business { business, name: self.business.clone() })?;
        work.also(&Founding::Plan { business, name: self.business.clone(), plan: plan.clone() })?;
        if let Some(wanted) = &on_request {
            plans::requests::ask(work, &plan, wanted)?;
            let asked = plans::requests::asked(work, wanted)?;
            work.also(&asked)?;
        }
        self.welcome(work, user, &name, &email)?;
        let fact = Founding::Owner { member: member.0, name };
        work.record(&fact, Founded { business, user, application_id, on_request: on_request.map(|plan| plan.name) })
    }
}

impl SignUp {
    fn require_open(&self, work: &mut Work<'_>) -> Result<(), Refusal> {
        let is_stranger = matches!(self.founder, Founder::New(_));
        match self.mode.admits(is_stranger) || !identity::store::anybody(work.conn())? {
            true => Ok(()),
            false => Err(self.mode.refusal()),
        }
    }

    /// The plan it begins on: the trial where the chosen one is given on request, which is then asked for.
    fn plan(&self, work: &mut Work<'_>) -> Result<(Plan, Option<Plan>), Refusal> {
        let wanted = public_plan(work, &self.plan)?;
        match self.changes.is_given_on_request(&wanted) {
            true => Ok((public_plan(work, TRIAL)?, Some(wanted))),
            false => Ok((wanted, None)),
        }
    }

    fn founder(&self, work: &mut Work<'_>) -> Result<(UserId, String, EmailAddress), Refusal> {
        match &self.founder {
            Founder::New(new) => {
                let now = work.now();
                let user = identity::store::insert_user(work.conn(), new, None, now)?.ok_or_else(|| {
                    Refusal::invalid("email", "There is an account with this address: sign in to add a business.")
                        .mended_at("/login")
                })?;
                Ok((user, new.name.clone(), new.email.clone()))
            }
            Founder::Known(user) => {
                let user = identity::store::user(work.conn(), *user)?;
                let email = EmailAddress::parse(&user.email)?;
                Ok((user.id, user.name, email))
            }
        }
    }

    fn welcome(&self, work: &mut Work<'_>, user: UserId, name: &str, email: &EmailAddress) -> Result<(), Refusal> {
        if matches!(self.founder, Founder::Known(_)) {
            return Ok(());
        }
        let (key, now) = (Key::random(), work.now());
        identity::store::insert_verification(work.conn(), &key, user, email.folded(), now)?;
        let letter = Welcome { name: name.to_owned(), business: self.business.clone(), business_id: work.business() };
        work.send(&Envelope::new(email.as_str(), name, &letter).with_key(&key))
    }
}

fn public_plan(work: &mut Work<'_>, code: &str) -> Result<Plan, Refusal> {
    plans::store::public_plan(work.conn(), code)?
        .ok_or_else(|| Refusal::invalid("plan", "Choose one of the plans on this page."))
}

/// The first entries of a business's trail.
enum Founding {
    Business { business: BusinessId, name: String },
    Plan { business: BusinessId, name: String, plan: Plan },
    Owner { member: uuid::Uuid, name: String },
}

impl Fact for Founding {
    fn code(&self) -> &'static str {
        match self {
            Self::Business { .. } => "business.founded",
            Self::Plan { .. } => "plan.chosen",
            Self::Owner { .. } => "member.joined",
        }
    }

    fn object(&self) -> Object {
        match self {
            Self::Business { business, name } | Self::Plan { business, name, .. } => {
                Object::new("business", *business, name)
            }
            Self::Owner { member, name } => Object::new("member", *member, name),
        }
    }

    fn said(&self) -> String {
        match self {
            Self::Business { name, .. } => format!("founded {name}"),
            Self::Plan { plan, .. } => format!("chose the plan {}", plan.name),
            Self::Owner { .. } => "became the owner".to_owned(),
        }
    }

    fn changes(&self) -> Vec<Change> {
        match self {
            Self::Business { .. } => Vec::new(),
            Self::Plan { plan, .. } => vec![Change::set("Plan", &plan.name)],
            Self::Owner { .. } => vec![Change::set("Role", Role::Owner.label()), Change::set("Status", "Active")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SignUpMode;

    #[test]
    fn each_mode_admits_whom_it_says() {
        for (mode, stranger, known) in
            [(SignUpMode::Open, true, true), (SignUpMode::Invite, false, true), (SignUpMode::Closed, false, false)]
        {
            assert_eq!((mode.admits(true), mode.admits(false)), (stranger, known), "{mode:?}");
        }
    }
}

//! Adding a person to the directory. Somebody whose last day has passed is added as left.

use crate::domain::plans::limits;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::fact::Change;
use crate::kernel::ids::MemberId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::MemberFact;
use super::member::{Details, MemberStatus, NewMember, has_passed};
use super::store;

/// Puts a person into the list, without a sign-in.
pub struct Add {
    /// The name.
    pub name: String,
    /// The address, unique in the business.
    pub email: EmailAddress,
    /// What else is known.
    pub details: Details,
}

impl Operation for Add {
    const NEEDS: Permission = Permission::ChangePeople;
    type Output = MemberId;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<MemberId>, Refusal> {
        let (member, fact) = self.put(work)?;
        work.record(&fact, member)
    }
}

impl Add {
    /// Adds the person within another change, which needs them: the actor must be allowed to add people at all.
    pub fn within(&self, work: &mut Work<'_>) -> Result<MemberId, Refusal> {
        if !work.access().may(Self::NEEDS) {
            return Err(Refusal::not_allowed());
        }
        let (member, fact) = self.put(work)?;
        work.also(&fact)?;
        Ok(member)
    }

    fn put(&self, work: &mut Work<'_>) -> Result<(MemberId, MemberFact), Refusal> {
        limits::require_running(work)?;
        self.details.check()?;
        let manager = manager_of(work, &self.details)?;
        let new = self.new_member(work);
        let member = store::insert(work, &new)?.ok_or_else(taken)?;
        let changes = self.told(new.status, manager);
        let fact = MemberFact::Added { member, name: self.name.clone(), changes };
        Ok((member, fact))
    }

    fn new_member(&self, work: &Work<'_>) -> NewMember {
        let status = match has_passed(self.details.left_on, work.today()) {
            true => MemberStatus::Left,
            false => MemberStatus::Directory,
        };
        NewMember {
            name: self.name.clone(),
            email: self.email.clone(),
            sign_in: None,
            status,
            department: self.details.department.clone(),
            manager: self.details.manager,
            joined_on: self.details.joined_on,
            left_on: self.details.left_on,
        }
    }

    fn told(&self, status: MemberStatus, manager: Option<String>) -> Vec<Change> {
        let Details { department, joined_on, left_on, .. } = &self.details;
        let department = Some(department.clone()).filter(|text| !text.is_empty());
        let told = [
            ("E-mail", Some(self.email.to_string())),
            ("Department", department),
            ("Manager", manager),
            ("Joined", joined_on.map(|day| day.to_string())),
            ("Left", left_on.map(|day| day.to_string())),
            ("Status", Some(status.label().to_owned())),
        ];
        told.into_iter().filter_map(|(field, after)| Change::between(field, None, after)).collect()
    }
}

/// The name of the manager, who must be somebody of the same list.
pub(super) fn manager_of(work: &mut Work<'_>, details: &Details) -> Result<Option<String>, Refusal> {
    let Some(manager) = details.manager else {
        return Ok(None);
    };
    let found = store::find(work, manager)?;
    let member = found.ok_or_else(|| Refusal::invalid("manager", "Choose a manager from the list."))?;
    Ok(Some(member.name))
}

/// Somebody of the business has this address already.
pub(super) fn taken() -> Refusal {
    Refusal::invalid("email", "Somebody in People has this address already. Search for it there.")
}

//! Changing what the directory says of a person. Their name and address belong to them as soon as they sign in
//! themselves; a last day that has passed ends their access.

use crate::domain::plans;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::fact::Change;
use crate::kernel::ids::MemberId;
use crate::kernel::operation::Operation;
use crate::kernel::permission::{Permission, Role};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::add::{manager_of, taken};
use super::facts::MemberFact;
use super::member::{Details, Member, MemberStatus, has_passed};
use super::{rank, store};

/// Makes the directory say this of a person.
pub struct ChangePerson {
    /// Who.
    pub member: MemberId,
    /// The name; none leaves it.
    pub name: Option<String>,
    /// The address; none leaves it.
    pub email: Option<EmailAddress>,
    /// Everything else.
    pub details: Details,
}

impl Operation for ChangePerson {
    const NEEDS: Permission = Permission::ChangePeople;
    type Output = String;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<String>, Refusal> {
        plans::store::lock(work)?;
        let before = store::find(work, self.member)?.ok_or_else(Refusal::not_found)?;
        rank::require_not_above(rank::of(&work.access()), before.role)?;
        self.details.check()?;
        let manager = self.manager(work)?;
        let after = self.after(work, &before)?;
        let old_manager = store::name(work, before.manager)?;
        let changes = compared(&before, &after, (old_manager, manager));
        if changes.is_empty() {
            return Ok(work.nothing_changed(after.name));
        }
        store::change(work, &after)?.ok_or_else(taken)?;
        let fact = MemberFact::Changed { member: self.member, name: after.name.clone(), changes };
        work.record(&fact, after.name)
    }
}

impl ChangePerson {
    fn manager(&self, work: &mut Work<'_>) -> Result<Option<String>, Refusal> {
        match self.details.manager {
            Some(manager) if manager == self.member => {
                Err(Refusal::invalid("manager", "Choose somebody else: nobody is their own manager."))
            }
            _ => manager_of(work, &self.details),
        }
    }

    /// The person as they will be, if that is allowed.
    fn after(&self, work: &mut Work<'_>, before: &Member) -> Result<Member, Refusal> {
        let name = self.name.clone().unwrap_or_else(|| before.name.clone());
        let email = self.email.as_ref().map_or_else(|| before.email.clone(), ToString::to_string);
        require_changeable_name(before, &name, &email)?;
        let mut after = Member { name, email, ..before.clone() };
        let Details { department, manager, joined_on, left_on } = self.details.clone();
        (after.department, after.manager, after.joined_on, after.left_on) = (department, manager, joined_on, left_on);
        let today = work.today();
        let leaves = has_passed(left_on, today);
        if left_on.is_some() {
            require_may_leave(work, before)?;
        }
        after.status = match before.status {
            _ if leaves => MemberStatus::Left,
            MemberStatus::Left => after.resting(today),
            standing => standing,
        };
        Ok(after)
    }
}

fn require_changeable_name(before: &Member, name: &str, email: &str) -> Result<(), Refusal> {
    let is_same_name = before.name == name;
    let is_same_email = before.email == email;
    if before.user.is_some() && !is_same_name {
        return Err(Refusal::invalid("name", "This person signs in and changes their own name."));
    }
    if before.user.is_some() && !is_same_email {
        return Err(Refusal::invalid("email", "This person signs in and changes their own address."));
    }
    // The key went to the old address; with it somebody else could join under the new one.
    if before.status == MemberStatus::Invited && !is_same_email {
        return Err(Refusal::invalid(
            "email",
            "An invitation to this address is waiting. Withdraw it, then change the address.",
        ));
    }
    Ok(())
}

/// A business keeps at least one active owner, and a key that waits is withdrawn by hand.
fn require_may_leave(work: &mut Work<'_>, before: &Member) -> Result<(), Refusal> {
    match (before.status, before.role) {
        (MemberStatus::Invited, _) => Err(Refusal::invalid(
            "left_on",
            "An invitation to this person is waiting. Withdraw it, then write the last day.",
        )),
        (MemberStatus::Active, Some(Role::Owner)) if store::other_owners(work, before.id)? == 0 => {
            Err(Refusal::conflict(
                "last_owner",
                "This is the only owner, so they cannot leave yet. Make somebody else an owner first.",
            )
            .at("left_on"))
        }
        _ => Ok(()),
    }
}

fn compared(before: &Member, after: &Member, managers: (Option<String>, Option<String>)) -> Vec<Change> {
    let text = |value: &str| Some(value.to_owned()).filter(|text| !text.is_empty());
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let fields = [
        ("Name", text(&before.name), text(&after.name)),
        ("E-mail", text(&before.email), text(&after.email)),
        ("Department", text(&before.department), text(&after.department)),
        ("Manager", managers.0, managers.1),
        ("Joined", day(before.joined_on), day(after.joined_on)),
        ("Left", day(before.left_on), day(after.left_on)),
        ("Status", text(before.status.label()), text(after.status.label())),
    ];
    fields.into_iter().filter_map(|(field, before, after)| Change::between(field, before, after)).collect()
}

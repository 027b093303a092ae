//! One person, as their page shows them.

use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::operation::Question;
use crate::kernel::permission::{Permission, Role};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::invitation::{Invitation, store as invitations};
use super::member::Member;
use super::{list, rank, store};

/// The person of this id, if they may be seen.
pub struct ShowPerson {
    /// Who.
    pub member: MemberId,
}

/// What the page of a person shows.
pub struct Person {
    /// The person.
    pub member: Member,
    /// The name of their manager.
    pub manager: Option<String>,
    /// The invitation that waits for them.
    pub invitation: Option<Invitation>,
    /// Whether whoever looks may change what the directory says.
    pub can_change: bool,
    /// The departments there are.
    pub departments: Vec<String>,
    /// The running subscriptions they own.
    pub owns: Vec<(SubscriptionId, String)>,
}

impl Question for ShowPerson {
    const NEEDS: Permission = Permission::SeePeople;
    type Output = Person;

    fn find(&self, view: &mut View<'_>) -> Result<Person, Refusal> {
        let member = store::find(view, self.member)?.ok_or_else(Refusal::not_found)?;
        let pending = match view.access().may(Permission::SeeTeam) {
            true => invitations::pending_of(view, vec![member.id])?,
            false => Vec::new(),
        };
        let can_change = view.access().may(Permission::ChangePeople) && is_not_above(view, member.role);
        Ok(Person {
            manager: store::name(view, member.manager)?,
            invitation: pending.into_iter().next(),
            departments: list::store::departments(view)?,
            owns: list::store::subscriptions_of(view, member.id)?,
            can_change,
            member,
        })
    }
}

fn is_not_above(view: &View<'_>, other: Option<Role>) -> bool {
    rank::require_not_above(rank::of(&view.access()), other).is_ok()
}

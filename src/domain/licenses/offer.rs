//! What the page that gives many seats offers: what there is to give, and to whom.

use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::license::Holder;
use super::store;

/// People that one page shows; words narrow them, and everybody else is named by address.
pub const PEOPLE: usize = 100;
/// Subscriptions that one page shows.
const SUBSCRIPTIONS: i64 = 500;

/// What whoever asks may give seats of, and who could get one.
pub struct ToGive {
    /// Of which subscription; none: not chosen yet.
    pub subscription: Option<SubscriptionId>,
    /// To whom, when one person gets many; what they hold is left out.
    pub person: Option<MemberId>,
    /// Words of people's names and addresses; empty for all.
    pub words: String,
}

/// A subscription with seats to give.
#[derive(Clone, Debug)]
pub struct Givable {
    /// The id.
    pub id: SubscriptionId,
    /// Its name.
    pub name: String,
    /// Seats paid for today; none: not counted.
    pub seats: Option<i64>,
    /// Seats held.
    pub held: i64,
}

impl Givable {
    /// Seats nobody holds; none when they are not counted.
    pub fn free(&self) -> Option<i64> {
        self.seats.map(|seats| (seats - self.held).max(0))
    }
}

/// What the page shows.
pub struct Givables {
    /// What runs and may be given, by name.
    pub subscriptions: Vec<Givable>,
    /// Who could get a seat, by name.
    pub people: Vec<Holder>,
    /// Whether there are more people than shown.
    pub has_more: bool,
}

impl Question for ToGive {
    const NEEDS: Permission = Permission::ChangeSubscriptions;
    type Output = Givables;

    fn find(&self, view: &mut View<'_>) -> Result<Givables, Refusal> {
        let subscriptions = store::givable(view, self.person, SUBSCRIPTIONS)?;
        let limit = i64::try_from(PEOPLE).map_err(Refusal::fault)? + 1;
        let mut people = store::people(view, self.subscription, &self.words, limit)?;
        let has_more = people.len() > PEOPLE;
        people.truncate(PEOPLE);
        Ok(Givables { subscriptions, people, has_more })
    }
}

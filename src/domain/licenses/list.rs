//! What there is to know of seats: those of one subscription, and those of one person.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::domain::subscriptions;
use crate::domain::subscriptions::subscription::Subscription;
use crate::kernel::access::Sees;
use crate::kernel::calendar::local_midnight;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::last_use::{LastUse, UNUSED_AFTER_DAYS};
use super::license::{Holder, Status};
use super::license_key::KeyHint;
use super::store;

/// Seats on one page.
pub const PAGE: usize = 50;

/// People a form offers at most; everybody else is named by address.
pub(super) const OFFERED: i64 = 500;

/// One held seat.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The seat.
    pub license: LicenseId,
    /// Of what.
    pub subscription: SubscriptionId,
    /// Its name.
    pub subscription_name: String,
    /// Who holds it.
    pub holder: Holder,
    /// Since when.
    pub given_at: DateTime<Utc>,
    /// The last day, which still counts.
    pub expires_on: Option<NaiveDate>,
    /// How it stands today.
    pub status: Status,
    /// The end of its license key.
    pub key: Option<KeyHint>,
    /// When its holder last used it; none: unknown.
    pub last_use: Option<LastUse>,
}

/// The seats of one subscription.
pub struct SeatList {
    /// Of what.
    pub subscription: SubscriptionId,
    /// Its name.
    pub name: String,
    /// Seats paid for today; none: not counted.
    pub bought: Option<i64>,
    /// Seats held by anybody; none for whoever sees only the one they hold.
    pub held: Option<i64>,
    /// Seats used in the last 60 days; none when nobody knows of any.
    pub used: Option<i64>,
    /// One page of held seats, by the holder's name.
    pub seats: Vec<Seat>,
    /// After whom the next page begins.
    pub next: Option<MemberId>,
    /// Whether whoever asks may give and revoke.
    pub changeable: Changeable,
    /// Who could be given one, at most 500 by name.
    pub candidates: Vec<Holder>,
}

/// What whoever asks may do with the seats of a subscription.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Changeable {
    /// Look, because of their role.
    Not,
    /// Look, because it was removed.
    Removed,
    /// Revoke: it no longer runs.
    Revoke,
    /// Give and revoke.
    Fully,
}

/// One page of the seats of a subscription.
pub struct SeatsOf {
    /// Of what.
    pub subscription: SubscriptionId,
    /// After whom the page begins.
    pub after: Option<MemberId>,
}

impl Question for SeatsOf {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    type Output = SeatList;

    fn find(&self, view: &mut View<'_>) -> Result<SeatList, Refusal> {
        let subscription = subscriptions::store::find(view, self.subscription)?;
        let prices = subscriptions::store::price_list(view, self.subscription)?;
        let bought = prices.on(view.today()).and_then(|line| line.price.seats).map(i64::from);
        let limit = i64::try_from(PAGE).map_err(Refusal::fault)? + 1;
        let mut seats = store::seats(view, self.subscription, self.after, limit)?;
        let has_more = seats.len() > PAGE;
        seats.truncate(PAGE);
        let next = seats.last().filter(|_| has_more).map(|seat| seat.holder.id);
        let held = match view.sight().sees {
            Sees::OnlyOf(member) if member != subscription.owner.id => None,
            _ => Some(store::held(view, self.subscription)?),
        };
        let used = match held {
            Some(_) => used(view, self.subscription)?,
            None => None,
        };
        let changeable = changeable(view, &subscription);
        let candidates = match changeable {
            Changeable::Fully => store::candidates(view, self.subscription, OFFERED)?,
            _ => Vec::new(),
        };
        Ok(SeatList {
            subscription: self.subscription,
            name: subscription.details.name,
            bought,
            held,
            used,
            seats,
            next,
            changeable,
            candidates,
        })
    }
}

/// How many seats are used, when the last use of any is known.
fn used(view: &mut View<'_>, subscription: SubscriptionId) -> Result<Option<i64>, Refusal> {
    let since = view.today() - Days::new(UNUSED_AFTER_DAYS);
    let since = local_midnight(since, view.house().zone);
    let (known, used) = store::used(view, subscription, since)?;
    Ok((known > 0).then_some(used))
}

/// What whoever asks may do with the seats of this subscription.
pub(super) fn changeable(view: &View<'_>, subscription: &Subscription) -> Changeable {
    let owns_or_sees_all = match view.sight().sees {
        Sees::All => true,
        Sees::OnlyOf(member) => member == subscription.owner.id,
        Sees::Nothing => false,
    };
    match owns_or_sees_all && view.access().may(Permission::ChangeSubscriptions) {
        false => Changeable::Not,
        true if subscription.removed_at.is_some() => Changeable::Removed,
        true if subscription.details.status.is_live() => Changeable::Fully,
        true => Changeable::Revoke,
    }
}

/// The seats one person holds, by subscription.
pub struct SeatsOfMember {
    /// Who.
    pub member: MemberId,
}

impl Question for SeatsOfMember {
    const NEEDS: Permission = Permission::SeeSubscriptions;
    const READS: Reads = Reads::One;
    type Output = Vec<Seat>;

    fn find(&self, view: &mut View<'_>) -> Result<Vec<Seat>, Refusal> {
        store::seats_of_member(view, self.member)
    }
}

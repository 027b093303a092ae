//! Whether there is room for all that a file gives of a subscription. All of it, or none: a file does not choose who goes
//! without.

use std::collections::HashMap;

use crate::domain::imports::row::{Outcome, Row};
use crate::domain::licenses::error::LicenseError;
use crate::domain::subscriptions::list::Listed;
use crate::kernel::ids::SubscriptionId;

use super::of_what::OfWhat;
use super::plan::{Deed, Planned};

/// What a file wants of one subscription.
#[derive(Clone, Copy, Default)]
struct Wanted {
    /// Seats for people.
    seats: i64,
    /// Places for license keys.
    keys: i64,
}

/// Refuses every row that gives of a subscription of which more is wanted than there is; `keyed` are the free seats that
/// have a key.
pub(super) fn refuse_beyond(plan: &mut [Planned], of_what: &OfWhat<'_>, keyed: &HashMap<SubscriptionId, i64>) {
    let mut wanted: HashMap<SubscriptionId, Wanted> = HashMap::new();
    for planned in plan.iter() {
        match planned.deed {
            Some(Deed::Give { subscription, .. }) => wanted.entry(subscription).or_default().seats += 1,
            Some(Deed::Keep { subscription, .. }) => wanted.entry(subscription).or_default().keys += 1,
            Some(Deed::Amend { .. }) | None => {}
        }
    }
    let keyed = |id| keyed.get(&id).copied().unwrap_or_default();
    let too_few: HashMap<SubscriptionId, (Option<String>, Option<String>)> = wanted
        .into_iter()
        .filter_map(|(id, wanted)| {
            let listed = of_what.by_id(id)?;
            Some((id, (too_few_seats(listed, wanted), too_few_for_keys(listed, wanted, keyed(id)))))
        })
        .collect();
    for planned in plan {
        let reason = match &planned.deed {
            Some(Deed::Give { subscription, .. }) => too_few.get(subscription).and_then(|(seats, _)| seats.clone()),
            Some(Deed::Keep { subscription, .. }) => too_few.get(subscription).and_then(|(_, keys)| keys.clone()),
            Some(Deed::Amend { .. }) | None => None,
        };
        if let Some(reason) = reason {
            *planned = Planned { row: Row::without(planned.row.line, Outcome::Error, reason), deed: None };
        }
    }
}

fn too_few_seats(listed: &Listed, wanted: Wanted) -> Option<String> {
    let (seats, subscription) = seats_of(listed)?;
    let free = (seats - listed.held).max(0);
    let error = LicenseError::TooFewSeats { wanted: wanted.seats, free, seats, subscription };
    (wanted.seats > free).then(|| error.words())
}

/// People take free seats with a key before new ones are made, so that those leave no place for a key either.
fn too_few_for_keys(listed: &Listed, Wanted { seats: given, keys }: Wanted, keyed: i64) -> Option<String> {
    let (seats, subscription) = seats_of(listed)?;
    let room = (seats - listed.held - given.max(keyed)).max(0);
    let error = LicenseError::TooFewForKeys { keys, room, seats, subscription };
    (keys > room).then(|| error.words())
}

fn seats_of(listed: &Listed) -> Option<(i64, String)> {
    let seats = listed.price.and_then(|price| price.seats).map(i64::from)?;
    Some((seats, listed.subscription.details.name.clone()))
}

//! Committing seats: planned once more under the locks of everything it is about, and written in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::imports::columns::Mapping;
use crate::domain::imports::import::{Done, ImportCounts};
use crate::domain::imports::reading::Sheet;
use crate::domain::imports::row::Counts;
use crate::domain::licenses::from_file::{amend, give, lock};
use crate::domain::licenses::store::HeldSeat;
use crate::domain::subscriptions::store::Locked;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::plan::{Books, Deed, Planned};

/// A seat an import gave or changed, so that it can be undone. Nothing of a key is kept but its end.
#[derive(Serialize, Deserialize)]
pub(super) struct Touched {
    pub(super) license: LicenseId,
    pub(super) subscription: SubscriptionId,
    pub(super) member: MemberId,
    /// Whether the import made the seat.
    pub(super) is_made: bool,
    /// Whether the import gave it its key.
    pub(super) got_key: bool,
    /// As it was; none when the person held none.
    pub(super) before: Option<Stood>,
    /// As the import left it.
    pub(super) after: Stood,
}

/// How a held seat stood.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stood {
    pub(super) expires_on: Option<NaiveDate>,
    pub(super) key: Option<String>,
    pub(super) last_used_on: Option<NaiveDate>,
}

impl Stood {
    /// How a seat stands.
    pub(super) fn of(books: &Books, seat: &HeldSeat) -> Self {
        let key = seat.key.as_ref().map(ToString::to_string);
        Self { expires_on: seat.expires_on, key, last_used_on: books.last_used_on(seat) }
    }
}

/// Gives and changes the seats of a file; answers what came of it.
pub(in super::super) fn commit(work: &mut Work<'_>, sheet: &Sheet, mapping: &Mapping) -> Result<Done, Refusal> {
    let columns = super::columns(&sheet.headers, mapping)?;
    let foreseen = Books::read(work)?.plan(sheet, &columns);
    let locked = lock_all(work, &foreseen)?;
    // Under the locks nobody gives or revokes a seat of them any more.
    let books = Books::read(work)?;
    let plan = books.plan(sheet, &columns);
    let counts = ImportCounts::of(Counts::of(plan.iter().map(|planned| &planned.row)))?;
    let mut done = Vec::new();
    for Planned { row, deed } in plan {
        let Some(deed) = deed else { continue };
        done.push(write(work, &locked, deed).map_err(|refusal| refusal.on_line(row.line))?);
    }
    let touched = touched(work, &books, done)?;
    Ok(Done { counts, touched: serde_json::to_value(touched).map_err(Refusal::fault)? })
}

/// Locks the subscriptions, in the order of everybody who locks many.
fn lock_all(work: &mut Work<'_>, plan: &[Planned]) -> Result<BTreeMap<SubscriptionId, Locked>, Refusal> {
    let ids: BTreeSet<SubscriptionId> =
        plan.iter().filter_map(|planned| planned.deed.as_ref().map(Deed::subscription)).collect();
    ids.into_iter().map(|id| Ok((id, lock(work, id)?))).collect()
}

/// A seat that was written.
struct Written {
    subscription: SubscriptionId,
    member: MemberId,
    got_key: bool,
}

fn write(work: &mut Work<'_>, locked: &BTreeMap<SubscriptionId, Locked>, deed: Deed) -> Result<Written, Refusal> {
    let got_key = deed.said().key.is_some();
    match deed {
        Deed::Give { subscription, member, said } => {
            // What was not foreseen came up while the locks were awaited.
            let locked = locked.get(&subscription).ok_or_else(moved)?;
            give(work, locked, member, &said)?;
            Ok(Written { subscription, member, got_key })
        }
        Deed::Amend { license, subscription, member, said, known_use } => {
            locked.get(&subscription).ok_or_else(moved)?;
            amend(work, license, &said, known_use)?;
            Ok(Written { subscription, member, got_key })
        }
    }
}

fn moved() -> Refusal {
    let message = "Seats of this file changed a moment ago. Check the rows and import once more.";
    Refusal::conflict("seats_moved", message)
}

/// Before and after of everything that was written.
fn touched(work: &mut Work<'_>, books: &Books, done: Vec<Written>) -> Result<Vec<Touched>, Refusal> {
    let (now, at) = (Books::read(work)?, work.now());
    let touched = done.into_iter().filter_map(|Written { subscription, member, got_key }| {
        let (before, after) = (books.seat(subscription, member), now.seat(subscription, member)?);
        Some(Touched {
            license: after.license,
            subscription,
            member,
            is_made: before.is_none() && after.made_at == at,
            got_key,
            before: before.map(|seat| Stood::of(books, seat)),
            after: Stood::of(&now, after),
        })
    });
    Ok(touched.collect())
}

//! Committing seats: planned once more under the locks of everything it is about, and written in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::imports::choices::Choices;
use crate::domain::imports::columns::Columns;
use crate::domain::imports::import::{Done, ImportCounts};
use crate::domain::imports::newcomer::Newcomer;
use crate::domain::imports::reading::Sheet;
use crate::domain::imports::row::Counts;
use crate::domain::imports::started::progress::Progress;
use crate::domain::licenses::from_file::{Made, amend, give, keep_key, lock};
use crate::domain::subscriptions::store::Locked;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::books::Books;
use super::newcomers::{self, To};
use super::plan::{Deed, Planned};
use super::touched::{Stood, Touched, TouchedKey, TouchedSeat};
use super::{columns, keys};

/// Gives and changes the seats of a file; answers what came of it.
pub(in super::super) fn commit(
    work: &mut Work<'_>,
    (file_name, sheet): (&str, &Sheet),
    choices: &Choices,
    progress: &Progress,
) -> Result<Done, Refusal> {
    let columns = columns(&sheet.headers, &choices.mapping)?;
    let foreseen = read(work, sheet, &columns)?.plan(sheet, &columns, choices.newcomers);
    let locked = lock_all(work, &foreseen)?;
    // Under the locks nobody gives or revokes a seat of them any more.
    let books = read(work, sheet, &columns)?;
    let plan = books.plan(sheet, &columns, choices.newcomers);
    let counts = ImportCounts::of(Counts::of(plan.iter().map(|planned| &planned.row)))?;
    progress.expect(plan.iter().filter(|planned| planned.deed.is_some()).count());
    let ids = newcomers::add(work, file_name, newcomers_of(&plan))?;
    let people = newcomers::touched(newcomers_of(&plan), &ids);
    let mut commit = Committing { locked, ids, seats: Vec::new(), keys: Vec::new() };
    // Keys of free seats come last: a seat that is given must not take one of them along.
    let (free, given): (Vec<Planned>, _) =
        plan.into_iter().partition(|planned| matches!(planned.deed, Some(Deed::Keep { .. })));
    for Planned { row, deed } in given.into_iter().chain(free) {
        let Some(deed) = deed else { continue };
        commit.write(work, deed).map_err(|refusal| refusal.on_line(row.line))?;
        progress.did(1);
    }
    let seats = touched(work, &books, commit.seats)?;
    let touched = Touched { seats, keys: commit.keys, people };
    Ok(Done { counts, touched: serde_json::to_value(touched).map_err(Refusal::fault)? })
}

fn read(work: &mut Work<'_>, sheet: &Sheet, columns: &Columns) -> Result<Books, Refusal> {
    let sealed = keys::sealed(work, sheet, columns)?;
    Books::read(work)?.with_keys(&sealed, work.keyring())
}

/// Locks the subscriptions, in the order of everybody who locks many.
fn lock_all(work: &mut Work<'_>, plan: &[Planned]) -> Result<BTreeMap<SubscriptionId, Locked>, Refusal> {
    let ids: BTreeSet<SubscriptionId> =
        plan.iter().filter_map(|planned| planned.deed.as_ref().map(Deed::subscription)).collect();
    ids.into_iter().map(|id| Ok((id, lock(work, id)?))).collect()
}

fn newcomers_of(plan: &[Planned]) -> impl Iterator<Item = &Newcomer> {
    plan.iter().filter_map(|planned| match &planned.deed {
        Some(Deed::Give { to: To::New(newcomer), .. }) => Some(newcomer),
        _ => None,
    })
}

/// The rows on their way into the books.
struct Committing {
    locked: BTreeMap<SubscriptionId, Locked>,
    /// Those who were added, by folded address.
    ids: BTreeMap<String, MemberId>,
    seats: Vec<Written>,
    keys: Vec<TouchedKey>,
}

/// A held seat that was written.
struct Written {
    subscription: SubscriptionId,
    member: MemberId,
    got_key: bool,
}

impl Committing {
    fn write(&mut self, work: &mut Work<'_>, deed: Deed) -> Result<(), Refusal> {
        // What was not foreseen came up while the locks were awaited.
        let locked = self.locked.get(&deed.subscription()).ok_or_else(moved)?;
        match deed {
            Deed::Give { subscription, to, said } => {
                let member = match to {
                    To::Known(member) => member,
                    To::New(newcomer) => self.ids.get(newcomer.email.folded()).copied().ok_or_else(moved)?,
                };
                give(work, locked, member, &said)?;
                self.seats.push(Written { subscription, member, got_key: said.key.is_some() });
            }
            Deed::Amend { license, subscription, member, said, known_use } => {
                amend(work, license, &said, known_use)?;
                self.seats.push(Written { subscription, member, got_key: said.key.is_some() });
            }
            Deed::Keep { subscription, key } => {
                let (license, is_made) = keep_key(work, locked, &key)?;
                let is_made = is_made == Made::ByTheImport;
                self.keys.push(TouchedKey { license, subscription, is_made, key: key.hint().to_string() });
            }
        }
        Ok(())
    }
}

fn moved() -> Refusal {
    let message = "Seats of this file changed a moment ago. Check the rows and import once more.";
    Refusal::conflict("seats_moved", message)
}

/// Before and after of every held seat that was written.
fn touched(work: &mut Work<'_>, books: &Books, done: Vec<Written>) -> Result<Vec<TouchedSeat>, Refusal> {
    let (now, at) = (Books::read(work)?, work.now());
    let touched = done.into_iter().filter_map(|Written { subscription, member, got_key }| {
        let (before, after) = (books.seat(subscription, member), now.seat(subscription, member)?);
        Some(TouchedSeat {
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

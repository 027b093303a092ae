//! Committing seats: planned once more under the locks of everything it is about, and written in one transaction.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::imports::choices::Choices;
use crate::domain::imports::columns::Columns;
use crate::domain::imports::import::{Done, ImportCounts};
use crate::domain::imports::newcomer::Newcomer;
use crate::domain::imports::reading::Sheet;
use crate::domain::imports::row::{Counts, on_line_of};
use crate::domain::imports::started::progress::Progress;
use crate::domain::licenses::from_file::{Amendment, Made, Said, amend, give, keep_keys, lock, receivers};
use crate::domain::licenses::license_key::LicenseKey;
use crate::domain::subscriptions::store::Locked;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
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
    let locked = lock(work, &foreseen.iter().filter_map(|one| one.deed.as_ref()).map(Deed::subscription).collect())?;
    // Under the locks nobody gives or revokes a seat of them any more.
    let books = read(work, sheet, &columns)?;
    let plan = books.plan(sheet, &columns, choices.newcomers);
    let counts = ImportCounts::of(Counts::of(plan.iter().map(|planned| &planned.row)))?;
    progress.expect(plan.iter().filter(|planned| planned.deed.is_some()).count());
    let ids = newcomers::add(work, file_name, newcomers_of(&plan))?;
    let people = newcomers::touched(newcomers_of(&plan), &ids);
    let deeds = Deeds::of(plan, &locked, &ids)?;
    deeds.give(work, &locked, progress)?;
    deeds.amend(work, &locked, progress)?;
    // Keys of free seats come last: a seat that is given must not take one of them along.
    let keys = deeds.keep(work, &locked, progress)?;
    let seats = touched(work, &books, deeds.seats)?;
    let touched = Touched { seats, keys, people };
    Ok(Done { counts, touched: serde_json::to_value(touched).map_err(Refusal::fault)? })
}

fn read(work: &mut Work<'_>, sheet: &Sheet, columns: &Columns) -> Result<Books, Refusal> {
    let sealed = keys::sealed(work, sheet, columns)?;
    Books::read(work)?.with_keys(&sealed, work.keyring())
}

fn newcomers_of(plan: &[Planned]) -> impl Iterator<Item = &Newcomer> {
    plan.iter().filter_map(|planned| match &planned.deed {
        Some(Deed::Give { to: To::New(newcomer), .. }) => Some(newcomer),
        _ => None,
    })
}

/// What the rows come to, by subscription, each with its line.
#[derive(Default)]
struct Deeds {
    given: BTreeMap<SubscriptionId, Vec<(usize, MemberId, Said)>>,
    amended: Vec<(usize, LicenseId, Said, Option<NaiveDate>)>,
    kept: BTreeMap<SubscriptionId, Vec<(usize, LicenseKey)>>,
    /// The held seats that are written.
    seats: Vec<Written>,
}

/// A held seat that is written.
struct Written {
    subscription: SubscriptionId,
    member: MemberId,
    got_key: bool,
}

impl Deeds {
    /// `ids` are those who were added, by folded address.
    fn of(
        plan: Vec<Planned>,
        locked: &BTreeMap<SubscriptionId, Locked>,
        ids: &BTreeMap<String, MemberId>,
    ) -> Result<Self, Refusal> {
        let mut deeds = Self::default();
        for Planned { row, deed } in plan {
            let Some(deed) = deed else { continue };
            // What was not foreseen came up while the locks were awaited.
            let moved = || moved().on_line(row.line);
            let subscription = Some(deed.subscription()).filter(|id| locked.contains_key(id)).ok_or_else(moved)?;
            match deed {
                Deed::Give { to, said, .. } => {
                    let member = match to {
                        To::Known(member) => member,
                        To::New(newcomer) => ids.get(newcomer.email.folded()).copied().ok_or_else(moved)?,
                    };
                    deeds.seats.push(Written { subscription, member, got_key: said.key.is_some() });
                    deeds.given.entry(subscription).or_default().push((row.line, member, said));
                }
                Deed::Amend { license, member, said, known_use, .. } => {
                    deeds.seats.push(Written { subscription, member, got_key: said.key.is_some() });
                    deeds.amended.push((row.line, license, said, known_use));
                }
                Deed::Keep { key, .. } => deeds.kept.entry(subscription).or_default().push((row.line, key)),
            }
        }
        Ok(deeds)
    }

    fn give(
        &self,
        work: &mut Work<'_>,
        locked: &BTreeMap<SubscriptionId, Locked>,
        progress: &Progress,
    ) -> Result<(), Refusal> {
        let people = self.given.values().flatten().map(|(_, member, _)| *member).collect();
        let people = receivers(work, &people)?;
        for (subscription, rows) in &self.given {
            let subscription = locked.get(subscription).ok_or_else(moved)?;
            let mut seats = Vec::new();
            for (line, member, said) in rows {
                seats.push((people.get(member).ok_or_else(|| Refusal::not_found().on_line(*line))?, said));
            }
            give(work, subscription, &seats, on_line_of(rows.iter().map(|(line, ..)| *line).collect()))?;
            progress.did(rows.len());
        }
        Ok(())
    }

    fn amend(
        &self,
        work: &mut Work<'_>,
        locked: &BTreeMap<SubscriptionId, Locked>,
        progress: &Progress,
    ) -> Result<(), Refusal> {
        let amendments = self.amended.iter().map(|(_, license, said, known_use)| Amendment {
            license: *license,
            said,
            known_use: *known_use,
        });
        let lines = self.amended.iter().map(|(line, ..)| *line).collect();
        amend(work, locked, &amendments.collect::<Vec<_>>(), on_line_of(lines))?;
        progress.did(self.amended.len());
        Ok(())
    }

    fn keep(
        &self,
        work: &mut Work<'_>,
        locked: &BTreeMap<SubscriptionId, Locked>,
        progress: &Progress,
    ) -> Result<Vec<TouchedKey>, Refusal> {
        let mut touched = Vec::new();
        for (id, rows) in &self.kept {
            let keys: Vec<&LicenseKey> = rows.iter().map(|(_, key)| key).collect();
            let lines = rows.iter().map(|(line, _)| *line).collect();
            let subscription = locked.get(id).ok_or_else(moved)?;
            let seats = keep_keys(work, subscription, &keys, on_line_of(lines))?;
            progress.did(rows.len());
            touched.extend(seats.into_iter().zip(keys).map(|((license, is_made), key)| TouchedKey {
                license,
                subscription: *id,
                is_made: is_made == Made::ByTheImport,
                key: key.hint().to_string(),
            }));
        }
        Ok(touched)
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

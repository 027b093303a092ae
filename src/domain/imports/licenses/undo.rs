//! Undoing an import of seats: what it gave is taken back, what it changed stands as before, keys it brought for free
//! seats and people it added go again, as long as nothing has happened to any of it since.

use std::collections::{BTreeSet, HashMap};

use crate::domain::imports::import::{self, Kept};
use crate::domain::imports::people_undo;
use crate::domain::imports::undo::Taken;
use crate::domain::licenses::from_file::{Before, KeyBack, Made, put_back, take_key_back, take_out};
use crate::domain::licenses::store::seats_given;
use crate::domain::subscriptions;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::Work;

use super::books::Books;
use super::touched::{Stood, Stored, Touched, TouchedKey, TouchedSeat};

/// Takes back what is as the import left it.
pub(in super::super) fn undo(
    work: &mut Work<'_>,
    file_name: &str,
    touched: serde_json::Value,
) -> Result<Taken, Refusal> {
    let stored: Stored = serde_json::from_value(touched).map_err(Refusal::fault)?;
    let Touched { seats, keys, people } = stored.into();
    let gone = lock_all(work, &seats, &keys)?;
    let books = Books::read(work)?;
    let mut undoing = Undoing::default();
    for was in seats {
        undoing.seat(work, &books, was)?;
    }
    for was in keys.into_iter().filter(|was| !gone.contains(&was.subscription)) {
        undoing.key(work, &books, was)?;
    }
    undoing.people(work, file_name, &people)?;
    Ok(undoing.taken)
}

/// Locks the subscriptions in the order of everybody who locks many; answers those that are no longer there.
fn lock_all(
    work: &mut Work<'_>,
    seats: &[TouchedSeat],
    keys: &[TouchedKey],
) -> Result<BTreeSet<SubscriptionId>, Refusal> {
    let of_seats = seats.iter().map(|was| was.subscription);
    let ids: BTreeSet<SubscriptionId> = of_seats.chain(keys.iter().map(|was| was.subscription)).collect();
    let mut gone = BTreeSet::new();
    for id in ids {
        match subscriptions::store::lock(work, id) {
            Err(refusal) if refusal.kind == Kind::NotFound => drop(gone.insert(id)),
            other => drop(other?),
        }
    }
    Ok(gone)
}

#[derive(Default)]
struct Undoing {
    taken: Taken,
    /// How many seats were taken back of whom.
    taken_of: HashMap<MemberId, usize>,
}

impl Undoing {
    fn seat(&mut self, work: &mut Work<'_>, books: &Books, was: TouchedSeat) -> Result<(), Refusal> {
        // A seat that was revoked or passed on since needs no undo.
        let seat = books.seat(was.subscription, was.member).filter(|seat| seat.license == was.license);
        let Some(seat) = seat else { return Ok(()) };
        if Stood::of(books, seat) != was.after {
            self.keep(books.name_of(was.subscription, was.member), "was changed since");
            return Ok(());
        }
        match &was.before {
            None => {
                if take_out(work, was.license, was.member, was.got_key, made(was.is_made))? {
                    self.taken.removed += 1;
                    *self.taken_of.entry(was.member).or_default() += 1;
                }
            }
            Some(before) => {
                let stood =
                    Before { expires_on: before.expires_on, got_key: was.got_key, last_used_on: before.last_used_on };
                put_back(work, was.license, stood, was.after.last_used_on)?;
                self.taken.restored += 1;
            }
        }
        Ok(())
    }

    fn key(&mut self, work: &mut Work<'_>, books: &Books, was: TouchedKey) -> Result<(), Refusal> {
        match take_key_back(work, was.license, &was.key, made(was.is_made))? {
            KeyBack::Taken => self.taken.removed += 1,
            KeyBack::Moved => {
                let name = format!("The seat of {} with the key {}", books.name(was.subscription), was.key);
                self.keep(name, "was given or got another key since");
            }
            KeyBack::GivenUp => {}
        }
        Ok(())
    }

    /// Those who were added go when no other seat was ever theirs and nothing else refers to them.
    fn people(&mut self, work: &mut Work<'_>, file_name: &str, people: &[import::Touched]) -> Result<(), Refusal> {
        if people.is_empty() {
            return Ok(());
        }
        let ids: Vec<MemberId> = people.iter().map(|was| was.member).collect();
        let given = seats_given(work, &ids)?;
        let excused = ids.into_iter().filter(|who| given.get(who) == self.taken_of.get(who)).collect();
        let plan = people_undo::take_back(work, file_name, people, &excused)?;
        self.taken.kept.extend(plan.kept.into_iter().map(|(_, kept)| kept));
        Ok(())
    }

    fn keep(&mut self, name: String, why: &str) {
        self.taken.kept.push(Kept { name, why: why.to_owned() });
    }
}

fn made(is_made: bool) -> Made {
    if is_made { Made::ByTheImport } else { Made::Before }
}

//! Undoing an import of seats: what it gave is taken back, what it changed stands as before, keys it brought for free
//! seats and people it added go again, as long as nothing has happened to any of it since.

use std::collections::{BTreeMap, HashMap};

use crate::domain::imports::import::{self, Kept};
use crate::domain::imports::people_undo;
use crate::domain::imports::undo::Taken;
use crate::domain::licenses::from_file::{Made, lock};
use crate::domain::licenses::store::seats_given;
use crate::domain::licenses::taken_back::{Amended, Brought, Given, KeyBack, put_back, take_keys, take_out};
use crate::domain::subscriptions::store::Locked;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
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
    let of_seats = seats.iter().map(|was| was.subscription);
    let locked = lock(work, &of_seats.chain(keys.iter().map(|was| was.subscription)).collect())?;
    let books = Books::read(work)?;
    let mut undoing = Undoing::default();
    undoing.seats(work, (&books, &locked), &seats)?;
    // With a subscription that is no longer there its free seats are gone.
    let keys: Vec<TouchedKey> = keys.into_iter().filter(|was| locked.contains_key(&was.subscription)).collect();
    undoing.keys(work, (&books, &locked), &keys)?;
    undoing.people(work, file_name, &people)?;
    Ok(undoing.taken)
}

#[derive(Default)]
struct Undoing {
    taken: Taken,
    /// How many seats were taken back of whom.
    taken_of: HashMap<MemberId, i64>,
}

type Standing<'a> = (&'a Books, &'a BTreeMap<SubscriptionId, Locked>);

impl Undoing {
    fn seats(
        &mut self,
        work: &mut Work<'_>,
        (books, locked): Standing<'_>,
        seats: &[TouchedSeat],
    ) -> Result<(), Refusal> {
        let (mut given, mut amended) = (Vec::new(), Vec::new());
        for was in seats {
            // A seat that was revoked or passed on since needs no undo.
            let seat = books.seat(was.subscription, was.member).filter(|seat| seat.license == was.license);
            let Some(seat) = seat else { continue };
            let TouchedSeat { license, member, got_key, .. } = *was;
            match &was.before {
                _ if Stood::of(books, seat) != was.after => {
                    self.keep(books.name_of(was.subscription, was.member), "was changed since");
                }
                None => given.push(Given { license, member, got_key, is_made: made(was.is_made) }),
                Some(before) => {
                    let last_used_on = (before.last_used_on, was.after.last_used_on);
                    amended.push(Amended { license, expires_on: before.expires_on, got_key, last_used_on });
                }
            }
        }
        for member in take_out(work, locked, &given)? {
            self.taken.removed += 1;
            *self.taken_of.entry(member).or_default() += 1;
        }
        put_back(work, locked, &amended)?;
        self.taken.restored += amended.len();
        Ok(())
    }

    fn keys(&mut self, work: &mut Work<'_>, (books, locked): Standing<'_>, keys: &[TouchedKey]) -> Result<(), Refusal> {
        let brought =
            keys.iter().map(|was| Brought { license: was.license, ends: was.key.clone(), is_made: made(was.is_made) });
        let back = take_keys(work, locked, &brought.collect::<Vec<_>>())?;
        for (back, was) in back.into_iter().zip(keys) {
            match back {
                KeyBack::Taken => self.taken.removed += 1,
                KeyBack::Moved => {
                    let name = format!("The seat of {} with the key {}", books.name(was.subscription), was.key);
                    self.keep(name, "was given or got another key since");
                }
                KeyBack::GivenUp => {}
            }
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

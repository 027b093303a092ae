//! Undoing an import of seats: what it gave is taken back, what it changed stands as before, as long as nothing has
//! happened to it since.

use std::collections::BTreeSet;

use crate::domain::imports::import::Kept;
use crate::domain::imports::undo::Taken;
use crate::domain::licenses::from_file::{Before, Made, put_back, take_out};
use crate::domain::subscriptions;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::Work;

use super::commit::{Stood, Touched};
use super::plan::Books;

/// Takes back what is as the import left it.
pub(in super::super) fn undo(work: &mut Work<'_>, touched: serde_json::Value) -> Result<Taken, Refusal> {
    let touched: Vec<Touched> = serde_json::from_value(touched).map_err(Refusal::fault)?;
    let ids: BTreeSet<SubscriptionId> = touched.iter().map(|was| was.subscription).collect();
    for id in ids {
        match subscriptions::store::lock(work, id) {
            Err(refusal) if refusal.kind == Kind::NotFound => {}
            other => drop(other?),
        }
    }
    let books = Books::read(work)?;
    let mut taken = Taken { removed: 0, restored: 0, kept: Vec::new() };
    for was in touched {
        // A seat that was revoked or passed on since needs no undo.
        let seat = books.seat(was.subscription, was.member).filter(|seat| seat.license == was.license);
        let Some(seat) = seat else { continue };
        if Stood::of(&books, seat) != was.after {
            taken
                .kept
                .push(Kept { name: books.name_of(was.subscription, was.member), why: "was changed since".to_owned() });
            continue;
        }
        match &was.before {
            None => {
                let is_made = if was.is_made { Made::ByTheImport } else { Made::Before };
                taken.removed += usize::from(take_out(work, was.license, was.member, was.got_key, is_made)?);
            }
            Some(before) => {
                let stood =
                    Before { expires_on: before.expires_on, got_key: was.got_key, last_used_on: before.last_used_on };
                put_back(work, was.license, stood, was.after.last_used_on)?;
                taken.restored += 1;
            }
        }
    }
    Ok(taken)
}

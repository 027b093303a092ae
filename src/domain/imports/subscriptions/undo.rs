//! Undoing an import of subscriptions: what it added is taken off the list, what it changed gets its fields and its price
//! back, as long as nothing has happened to it since.

use std::collections::HashMap;

use crate::domain::imports::import::Kept;
use crate::domain::imports::undo::Taken;
use crate::domain::subscriptions::add::Twins;
use crate::domain::subscriptions::change::{ChangeSubscription, HowPriced};
use crate::domain::subscriptions::keep_seats::put_back;
use crate::domain::subscriptions::list::Listed;
use crate::domain::subscriptions::remove::Remove;
use crate::domain::subscriptions::{store, written};
use crate::kernel::ids::SubscriptionId;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::cells::Texts;
use super::commit::{Fields, Touched, Waiting};
use super::overlay::as_before;
use super::plan::Books;

/// Takes back what is as the import left it.
pub(in super::super) fn undo(work: &mut Work<'_>, touched: serde_json::Value) -> Result<Taken, Refusal> {
    let mut touched: Vec<Touched> = serde_json::from_value(touched).map_err(Refusal::fault)?;
    touched.sort_by_key(|was| was.subscription);
    for was in &touched {
        lock_if_there(work, was.subscription)?;
    }
    let books = Books::read(work, None)?;
    let now: HashMap<SubscriptionId, &Listed> = books.known.iter().map(|one| (one.subscription.id, one)).collect();
    let mut taken = Taken { removed: 0, restored: 0, kept: Vec::new() };
    for was in &touched {
        // What was removed since needs no undo.
        let Some(known) = now.get(&was.subscription) else { continue };
        match take_back(work, was, known)? {
            Back::Removed => taken.removed += 1,
            Back::Restored => taken.restored += 1,
            Back::Kept(why) => taken.kept.push(Kept { name: known.subscription.details.name.clone(), why }),
        }
    }
    Ok(taken)
}

enum Back {
    Removed,
    Restored,
    Kept(String),
}

fn lock_if_there(work: &mut Work<'_>, id: SubscriptionId) -> Result<(), Refusal> {
    match store::lock(work, id) {
        Err(refusal) if refusal.kind == crate::kernel::refusal::Kind::NotFound => Ok(()),
        other => other.map(drop),
    }
}

fn take_back(work: &mut Work<'_>, was: &Touched, known: &Listed) -> Result<Back, Refusal> {
    let is_left_alone = |waiting: &Waiting| waiting.after == known.subscription.fewer;
    if fields_of(known) != was.after || !was.waiting.as_ref().is_none_or(is_left_alone) {
        return Ok(Back::Kept("was changed since".to_owned()));
    }
    let Some(before) = &was.before else {
        if known.held > 0 {
            return Ok(Back::Kept("has seats that people hold".to_owned()));
        }
        Remove { id: was.subscription }.within(work)?;
        return Ok(Back::Removed);
    };
    match restore(work, was.subscription, before)? {
        Back::Restored => {}
        other => return Ok(other),
    }
    if let Some(waiting) = &was.waiting {
        let subscription = store::find(work, was.subscription)?;
        let fact = put_back(work, &subscription, waiting.before)?;
        fact.map(|fact| work.also(&fact)).transpose()?;
    }
    Ok(Back::Restored)
}

fn restore(work: &mut Work<'_>, id: SubscriptionId, before: &Fields) -> Result<Back, Refusal> {
    let today = work.today();
    let read = match as_before(texts_of(before), today) {
        Ok(read) => read,
        Err(why) => return Ok(Back::Kept(format!("cannot be as it was: {why}"))),
    };
    let current = store::find(work, id)?;
    if read.details.owner != current.owner.id && store::is_gone(work, read.details.owner)? {
        return Ok(Back::Kept("was owned by somebody who has left since".to_owned()));
    }
    // On the day from which the import's price counts, so that nothing is left of it.
    let from_on = store::price_list(work, id)?.on(today).map_or(today, |line| line.from_on);
    let how = HowPriced::NewFrom(from_on);
    ChangeSubscription { id, details: read.details, price: read.price, how, twins: Twins::Allow }.within(work)?;
    Ok(Back::Restored)
}

fn fields_of(known: &Listed) -> Fields {
    let lasting = written::lasting(&known.subscription, known.price);
    lasting.into_iter().map(|(field, text)| (field.to_owned(), text)).collect()
}

/// The fields under their own names; a name that is no longer ours is left out.
fn texts_of(fields: &Fields) -> Texts {
    let named = |(field, text): &(String, String)| {
        let name = written::FIELDS.into_iter().find(|name| name == field)?;
        Some((name, text.clone()))
    };
    fields.iter().filter_map(named).collect()
}

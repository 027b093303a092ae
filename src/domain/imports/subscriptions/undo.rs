//! Undoing an import of subscriptions: what it added is taken off the list, what it changed gets its fields and its price
//! back, as long as nothing has happened to it since.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::domain::imports::import::Kept;
use crate::domain::imports::undo::Taken;
use crate::domain::subscriptions::add::Twins;
use crate::domain::subscriptions::change::{ChangeSubscription, HowPriced, change_all};
use crate::domain::subscriptions::keep_seats::put_back;
use crate::domain::subscriptions::list::Listed;
use crate::domain::subscriptions::remove::remove_all;
use crate::domain::subscriptions::{store, written};
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::cells::Texts;
use super::commit::{Fields, Touched, Waiting};
use super::overlay::{Read, as_before};
use super::plan::Books;

/// Takes back what is as the import left it.
pub(in super::super) fn undo(work: &mut Work<'_>, touched: serde_json::Value) -> Result<Taken, Refusal> {
    let mut touched: Vec<Touched> = serde_json::from_value(touched).map_err(Refusal::fault)?;
    touched.sort_by_key(|was| was.subscription);
    // What was removed since is not found, and needs no undo.
    store::lock_many(work, &touched.iter().map(|was| was.subscription).collect::<Vec<_>>())?;
    let books = Books::read(work, None)?;
    let now: HashMap<SubscriptionId, &Listed> = books.known.iter().map(|one| (one.subscription.id, one)).collect();
    let mut undoing = Undoing::default();
    for was in &touched {
        if let Some(known) = now.get(&was.subscription) {
            undoing.plan(was, known, work.today());
        }
    }
    undoing.keep_of_gone(work)?;
    let Undoing { removed, restored, kept } = undoing;
    remove_all(work, &removed)?;
    // From the day on which the import's price counts, so that nothing is left of it.
    let change = |(was, _, read): &(&Touched, &Listed, Read)| {
        let (id, details, price) = (was.subscription, read.details.clone(), read.price);
        ChangeSubscription { id, details, price, how: HowPriced::Instead, twins: Twins::Allow }
    };
    let changes: Vec<ChangeSubscription> = restored.iter().map(change).collect();
    change_all(work, &changes, |_, refusal| refusal)?;
    for (was, ..) in &restored {
        put_seats_back(work, was)?;
    }
    Ok(Taken { removed: removed.len(), restored: restored.len(), kept })
}

/// What becomes of everything an import wrote.
#[derive(Default)]
struct Undoing<'a> {
    removed: Vec<SubscriptionId>,
    restored: Vec<(&'a Touched, &'a Listed, Read)>,
    kept: Vec<Kept>,
}

impl<'a> Undoing<'a> {
    fn plan(&mut self, was: &'a Touched, known: &'a Listed, today: NaiveDate) {
        let is_left_alone = |waiting: &Waiting| waiting.after == known.subscription.fewer;
        if fields_of(known) != was.after || !was.waiting.as_ref().is_none_or(is_left_alone) {
            return self.keep(known, "was changed since".to_owned());
        }
        match &was.before {
            None if known.held > 0 => self.keep(known, "has seats that people hold".to_owned()),
            None => self.removed.push(was.subscription),
            Some(before) => match as_before(texts_of(before), today) {
                Ok(read) => self.restored.push((was, known, read)),
                Err(why) => self.keep(known, format!("cannot be as it was: {why}")),
            },
        }
    }

    /// Nothing goes back to somebody who has left.
    fn keep_of_gone(&mut self, work: &mut Work<'_>) -> Result<(), Refusal> {
        let owners: BTreeSet<MemberId> = self.restored.iter().map(|(.., read)| read.details.owner).collect();
        let owners = store::people(work, &owners.into_iter().collect::<Vec<_>>())?;
        for (was, known, read) in std::mem::take(&mut self.restored) {
            let owner = read.details.owner;
            let is_gone = || owners.get(&owner).is_none_or(|owner| owner.is_gone);
            match owner != known.subscription.owner.id && is_gone() {
                true => self.keep(known, "was owned by somebody who has left since".to_owned()),
                false => self.restored.push((was, known, read)),
            }
        }
        Ok(())
    }

    fn keep(&mut self, known: &Listed, why: String) {
        self.kept.push(Kept { name: known.subscription.details.name.clone(), why });
    }
}

fn put_seats_back(work: &mut Work<'_>, was: &Touched) -> Result<(), Refusal> {
    let Some(waiting) = &was.waiting else { return Ok(()) };
    let subscription = store::find(work, was.subscription)?;
    let fact = put_back(work, &subscription, waiting.before)?;
    fact.map_or(Ok(()), |fact| work.also(&fact))
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

//! Committing subscriptions: each row as its form would be, all of them in one transaction.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::domain::imports::columns::Mapping;
use crate::domain::imports::import::{Done, ImportCounts};
use crate::domain::imports::reading::Sheet;
use crate::domain::imports::row::Counts;
use crate::domain::imports::started::progress::Progress;
use crate::domain::subscriptions::add::{Add, Twins};
use crate::domain::subscriptions::change::{ChangeSubscription, HowPriced};
use crate::domain::subscriptions::list::Listed;
use crate::domain::subscriptions::roll::Fewer;
use crate::domain::subscriptions::{store, written};
use crate::kernel::ids::SubscriptionId;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, Work};

use super::plan::{Books, Deed, Planned};

/// A subscription an import added or changed, so that it can be undone.
#[derive(Serialize, Deserialize)]
pub(super) struct Touched {
    pub(super) subscription: SubscriptionId,
    /// Its fields as they were; none for a new one.
    pub(super) before: Option<Fields>,
    /// Its fields as the import left them.
    pub(super) after: Fields,
    /// The seats that waited for a renewal before and after; none in what was stored before they were kept.
    #[serde(default)]
    pub(super) waiting: Option<Waiting>,
}

/// Fewer seats from a renewal on, before and after an import.
#[derive(Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) before: Option<Fewer>,
    pub(super) after: Option<Fewer>,
}

/// Fields of the form and their texts.
pub(super) type Fields = Vec<(String, String)>;

/// Adds and changes the subscriptions of a file; answers what came of it.
pub(in super::super) fn commit(
    work: &mut Work<'_>,
    sheet: &Sheet,
    mapping: &Mapping,
    progress: &Progress,
) -> Result<Done, Refusal> {
    let columns = super::columns(&sheet.headers, mapping)?;
    let importer = work.access().member();
    let books = Books::read(work, importer)?;
    let plan = books.plan(sheet, &columns);
    let counts = Counts::of(plan.iter().map(|planned| &planned.row));
    lock(work, &plan)?;
    progress.expect(plan.iter().filter(|planned| planned.deed.is_some()).count());
    let mut done = Vec::new();
    for Planned { row, deed } in plan {
        let Some(deed) = deed else { continue };
        done.push(write(work, deed).map_err(|refusal| refusal.on_line(row.line))?);
        progress.did(1);
    }
    let touched = touched(work, &books, done)?;
    Ok(Done { counts: ImportCounts::of(counts)?, touched: serde_json::to_value(touched).map_err(Refusal::fault)? })
}

/// Locks what will change, in the order of everybody who locks many.
fn lock(work: &mut Work<'_>, plan: &[Planned]) -> Result<(), Refusal> {
    let mut ids: Vec<SubscriptionId> = plan
        .iter()
        .filter_map(|planned| match planned.deed {
            Some(Deed::Change(id, _)) => Some(id),
            Some(Deed::Add(_)) | None => None,
        })
        .collect();
    ids.sort();
    for id in ids {
        store::lock(work, id)?;
    }
    Ok(())
}

fn write(work: &mut Work<'_>, deed: Deed) -> Result<SubscriptionId, Refusal> {
    match deed {
        Deed::Add(read) => {
            let add = Add { details: read.details, price: read.price, twins: Twins::Allow };
            Ok(add.within(work)?.id)
        }
        Deed::Change(id, read) => {
            let (today, now) = (work.today(), work.now());
            let list = store::price_list(work, id)?;
            // As the form has it at first: what was entered lately was wrong, everything else is new from today.
            let is_fresh = list.on(today).is_some_and(|line| line.is_correctable(now));
            let how = if is_fresh { HowPriced::Correct } else { HowPriced::NewFrom(today) };
            let change = ChangeSubscription { id, details: read.details, price: read.price, how, twins: Twins::Allow };
            change.within(work)?;
            Ok(id)
        }
    }
}

/// Before and after of everything that was written.
fn touched(work: &mut Work<'_>, books: &Books, done: Vec<SubscriptionId>) -> Result<Vec<Touched>, Refusal> {
    let fields = |one: &Listed| -> Fields {
        let lasting = written::lasting(&one.subscription, one.price);
        lasting.into_iter().map(|(field, text)| (field.to_owned(), text)).collect()
    };
    let keyed = |known: &[Listed]| -> HashMap<SubscriptionId, (Fields, Option<Fewer>)> {
        known.iter().map(|one| (one.subscription.id, (fields(one), one.subscription.fewer))).collect()
    };
    let (mut before, now) = (keyed(&books.known), Books::read(work, None)?);
    let mut after = keyed(&now.known);
    let touched = done.into_iter().filter_map(|subscription| {
        let (before, had) = before.remove(&subscription).unzip();
        let (after, has) = after.remove(&subscription)?;
        let waiting = Some(Waiting { before: had.flatten(), after: has });
        Some(Touched { subscription, before, after, waiting })
    });
    Ok(touched.collect())
}

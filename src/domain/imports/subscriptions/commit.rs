//! Committing subscriptions: each row as its form would be, all of them in one transaction.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::domain::imports::columns::Mapping;
use crate::domain::imports::import::{Done, ImportCounts};
use crate::domain::imports::reading::Sheet;
use crate::domain::imports::row::{Counts, on_line_of};
use crate::domain::imports::started::progress::Progress;
use crate::domain::subscriptions::add::{Add, Twins, add_all};
use crate::domain::subscriptions::change::{ChangeSubscription, HowPriced, change_all};
use crate::domain::subscriptions::list::Listed;
use crate::domain::subscriptions::roll::Fewer;
use crate::domain::subscriptions::written;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::Work;

use super::overlay::Read;
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
    let done = write(work, plan, progress)?;
    let touched = touched(work, &books, done)?;
    Ok(Done { counts: ImportCounts::of(counts)?, touched: serde_json::to_value(touched).map_err(Refusal::fault)? })
}

/// So many change before it is said how far the import is: each is written by itself.
const AT_A_TIME: usize = 200;

/// Writes what every row says, first what changes and then what is new: so what ends makes room on the plan.
fn write(work: &mut Work<'_>, plan: Vec<Planned>, progress: &Progress) -> Result<Vec<SubscriptionId>, Refusal> {
    let (mut changes, mut changed_on) = (Vec::new(), Vec::new());
    let (mut adds, mut added_on) = (Vec::new(), Vec::new());
    let twins = Twins::Allow;
    for Planned { row, deed } in plan {
        match deed {
            Some(Deed::Change(id, Read { details, price })) => {
                changes.push(ChangeSubscription { id, details, price, how: HowPriced::AsFits, twins });
                changed_on.push(row.line);
            }
            Some(Deed::Add(Read { details, price })) => {
                adds.push(Add { details, price, twins });
                added_on.push(row.line);
            }
            None => {}
        }
    }
    progress.expect(changes.len() + adds.len());
    for (changes, lines) in changes.chunks(AT_A_TIME).zip(changed_on.chunks(AT_A_TIME)) {
        change_all(work, changes, on_line_of(lines.to_vec()))?;
        progress.did(changes.len());
    }
    let added = add_all(work, &adds, on_line_of(added_on))?;
    progress.did(added.len());
    Ok(changes.into_iter().map(|change| change.id).chain(added).collect())
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

//! Subscriptions from a file. Each row goes through the reading and the rules of the form; a blank cell leaves what is
//! there. It never decides by itself: what a form would refuse, a row is refused for, in the same words.

mod cells;
mod commit;
mod overlay;
mod plan;
mod undo;

use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::columns::{Columns, Mapping};
use super::fields::SUBSCRIPTION;
use super::reading::Sheet;
use super::row::Row;

pub(super) use commit::commit;
pub(super) use undo::undo;

/// The columns that are read.
pub(super) fn columns(headers: &[String], mapping: &Mapping) -> Result<Columns, Refusal> {
    let columns = Columns::new(&SUBSCRIPTION, headers, mapping)?;
    match ["id", "service", "name"].iter().any(|code| columns.has(code)) {
        true => Ok(columns),
        false => Err(Refusal::invalid(
            "map",
            "Choose the column that holds the service or the name: subscriptions are found by them.",
        )),
    }
}

/// What every row would do.
pub(super) fn rows(view: &mut View<'_>, sheet: &Sheet, mapping: &Mapping) -> Result<Vec<Row>, Refusal> {
    let columns = columns(&sheet.headers, mapping)?;
    let books = plan::Books::read(view, view.access().member())?;
    Ok(books.plan(sheet, &columns).into_iter().map(|planned| planned.row).collect())
}

//! Seats from a file: who holds a seat of what. A row gives a seat or changes the one its person holds; it never takes
//! one away, never overwrites a license key, and never shows one.

mod commit;
mod plan;
mod undo;

use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::columns::{Columns, Mapping};
use super::fields::LICENSE;
use super::reading::Sheet;
use super::row::Row;

pub(super) use commit::commit;
pub(super) use undo::undo;

/// The columns that are read.
pub(super) fn columns(headers: &[String], mapping: &Mapping) -> Result<Columns, Refusal> {
    let columns = Columns::new(&LICENSE, headers, mapping)?;
    if !columns.has("person") {
        return Err(Refusal::invalid("map", "Choose the column that holds the e-mail address of who holds the seat."));
    }
    match ["subscription_id", "service", "subscription"].iter().any(|code| columns.has(code)) {
        true => Ok(columns),
        false => Err(Refusal::invalid(
            "map",
            "Choose the column that holds the service or the subscription: it says what each seat is of.",
        )),
    }
}

/// What every row would do.
pub(super) fn rows(view: &mut View<'_>, sheet: &Sheet, mapping: &Mapping) -> Result<Vec<Row>, Refusal> {
    let columns = columns(&sheet.headers, mapping)?;
    let books = plan::Books::read(view)?;
    Ok(books.plan(sheet, &columns).into_iter().map(|planned| planned.row).collect())
}

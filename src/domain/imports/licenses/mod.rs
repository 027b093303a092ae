//! Seats from a file: who holds a seat of what, and license keys of seats that nobody holds. A row gives a seat, changes
//! the one its person holds, or keeps a key for whoever comes; it never takes a seat away, never overwrites a license
//! key, and never shows one. People who are not in People are added when whoever imports says so.

mod books;
mod commit;
mod keys;
mod newcomers;
mod of_what;
mod plan;
mod room;
mod touched;
mod undo;

use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::choices::Choices;
use super::columns::{Columns, Mapping};
use super::fields::LICENSE;
use super::reading::Sheet;
use super::row::Row;

pub(super) use commit::commit;
pub(super) use undo::undo;

/// The columns that are read.
pub(super) fn columns(headers: &[String], mapping: &Mapping) -> Result<Columns, Refusal> {
    let columns = Columns::new(&LICENSE, headers, mapping)?;
    if !columns.has("person") && !columns.has("key") {
        return Err(Refusal::invalid(
            "map",
            "Choose the column that holds the e-mail address of who holds the seat, or the license keys of free seats.",
        ));
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
pub(super) fn rows(view: &mut View<'_>, sheet: &Sheet, choices: &Choices) -> Result<Vec<Row>, Refusal> {
    let columns = columns(&sheet.headers, &choices.mapping)?;
    let sealed = keys::sealed(view, sheet, &columns)?;
    let books = books::Books::read(view)?.with_keys(&sealed, view.keyring())?;
    Ok(books.plan(sheet, &columns, choices.newcomers).into_iter().map(|planned| planned.row).collect())
}

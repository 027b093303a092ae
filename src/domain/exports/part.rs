//! A part of a file, and from where the next one goes on.

use crate::kernel::guard::lines;
use crate::kernel::refusal::Refusal;

/// Rows read at once.
pub(super) const ROWS: usize = 1_000;

/// The lines of some rows.
pub struct Part<C> {
    /// The bytes.
    pub lines: Vec<u8>,
    /// After which row the next part begins; none when this is the last.
    pub next: Option<C>,
}

impl<C> Part<C> {
    /// The lines of these rows; a full part may be followed by another, from after its last row on.
    pub(super) fn of<const N: usize>(rows: Vec<[String; N]>, last: Option<C>) -> Result<Self, Refusal> {
        let next = last.filter(|_| rows.len() == ROWS);
        Ok(Self { lines: lines(rows)?, next })
    }
}

/// The first line of a file.
pub(super) fn header<const N: usize>(labels: [&'static str; N]) -> Result<Vec<u8>, Refusal> {
    lines([labels])
}

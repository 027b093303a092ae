//! Telling whoever started an import how it ended: they need not have waited for it.

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Told;
use crate::domain::notifications::tell::{To, news, tell_all, tell_state};
use crate::kernel::ids::ImportId;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{SweepWork, Work};

use super::find::Started;

/// It is imported.
pub(super) fn done(work: &mut Work<'_>, import: ImportId, file_name: &str) -> Result<(), Refusal> {
    let starter = work.access().member().map(To::inbox);
    let news = news(Kind::ImportEnded, Some(import.into()), Told::about(file_name));
    tell_state(work, &news, starter.into_iter().collect())
}

/// It could not be imported.
pub(super) fn put_back(work: &mut SweepWork<'_>, started: Started, file_name: &str) -> Result<(), Refusal> {
    let told = Told::about(file_name).with("put back");
    let news = news(Kind::ImportEnded, Some(started.import.into()), told);
    tell_all(work, vec![(started.business, news, To::inbox(started.by))])
}

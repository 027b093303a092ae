//! What became of a started import that could not be carried out: it goes back to its starter with the reason. What is ours
//! to mend is tried again first.

use crate::kernel::due;
use crate::kernel::fact::Unrecorded;
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Audited, SweepWork};

use super::find::Started;
use super::store::{self, JOB};
use super::tell;

/// So often a file is tried that fails by our fault.
const TRIES: i32 = 3;

/// Puts a started import back to wait, or sets it aside to be tried again.
pub struct PutBack {
    /// Which.
    pub started: Started,
    /// Why.
    pub because: Refusal,
}

impl Sweep for PutBack {
    /// Whether it did: not what another worker has taken up meanwhile.
    type Output = bool;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<bool>, Refusal> {
        let Some(file_name) = store::take(work, self.started)? else {
            return Ok(work.unrecorded(Unrecorded::Progress, false));
        };
        if is_ours(&self.because) && store::failures(work, self.started)? + 1 < TRIES {
            let job = (JOB.to_owned(), self.started.business);
            let did = due::note_failure(work, job, &cause(&self.because))?;
            return Ok(work.unrecorded(Unrecorded::Progress, did));
        }
        store::put_back(work, self.started, &words(&self.because))?;
        if self.because.kind != Kind::NotAllowed {
            tell::put_back(work, self.started, &file_name)?;
        }
        Ok(work.unrecorded(Unrecorded::Progress, true))
    }
}

/// Whether it is for us to mend, and not for whoever started it.
fn is_ours(because: &Refusal) -> bool {
    !matches!(because.kind, Kind::Invalid | Kind::Conflict | Kind::LimitReached | Kind::Gone | Kind::NotAllowed)
}

fn cause(because: &Refusal) -> String {
    because.cause.clone().unwrap_or_else(|| because.message.to_string())
}

/// The reason, for whoever looks at the file next.
fn words(because: &Refusal) -> String {
    match because.kind {
        Kind::NotAllowed => {
            "Whoever started the import may not import files any more, so nothing was imported. Check the \
                             rows, and import them yourself."
                .to_owned()
        }
        _ if is_ours(because) => {
            "Something went wrong on our side, several times, and nothing was imported. Import it once \
                                  more; if that does not help, tell whoever runs this installation."
                .to_owned()
        }
        _ => because.message.to_string(),
    }
}

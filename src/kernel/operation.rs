//! Operations change one business, questions read it, sweeps change many; each is a struct of inputs and one function.

use super::permission::Permission;
use super::refusal::Refusal;
use super::work::{Audited, SweepWork, View, Work};

/// One change to one business, by someone who may make it. `run` may be called again after a serialization failure.
pub trait Operation: Send + Sync + 'static {
    /// Checked before a connection is taken.
    const NEEDS: Permission;
    /// Set for what the trail should also show when it is refused; written after the rollback.
    const SENSITIVE: Option<Attempt> = None;
    /// What it answers.
    type Output: Send + 'static;
    /// Makes the change, in one transaction.
    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Self::Output>, Refusal>;
}

/// How a refused attempt is written in the trail.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// The code of the entry, such as `plan.change_refused`.
    pub action: &'static str,
    /// The rest of the sentence: "tried to change the plan".
    pub said: &'static str,
}

/// One thing to know about one business.
pub trait Question: Send + Sync + 'static {
    /// Checked before a connection is taken.
    const NEEDS: Permission;
    /// How many statements it takes.
    const READS: Reads = Reads::Snapshot;
    /// What it answers.
    type Output: Send + 'static;
    /// Finds the answer.
    fn find(&self, view: &mut View<'_>) -> Result<Self::Output, Refusal>;
}

/// The shape of a question's transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// One statement on a read-only session, without BEGIN and COMMIT.
    One,
    /// Several statements that see one snapshot.
    Snapshot,
}

/// A change over many businesses at once, for the worker only.
pub trait Sweep: Send + Sync + 'static {
    /// What it answers.
    type Output: Send + 'static;
    /// Makes one batch of the change, in one transaction.
    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<Self::Output>, Refusal>;
}

//! All periodic work, in one list.

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::domain::access;
use crate::domain::audit::months;
use crate::domain::businesses::forget::ForgetClosed;
use crate::domain::identity::reset_password::AnswerRequests;
use crate::domain::licenses::expire::ExpireSeats;
use crate::domain::plans::remind::RemindOfEnds;
use crate::domain::plans::renew::RenewDue;
use crate::domain::subscriptions::reminders::remind::RemindOfRenewals;
use crate::domain::subscriptions::roll_forward::RollDue;
use crate::domain::subscriptions::surplus::RetireSurplus;
use crate::domain::support::carry_out::CarryOut;
use crate::domain::support::overdue::EndOverdue;
use crate::domain::team::expire::ExpireInvitations;
use crate::domain::team::leave::LetLeave;
use crate::kernel::due;
use crate::kernel::refusal::Refusal;

use super::{Bench, housekeeping, imports, letters};

/// One thing the worker does again and again.
#[derive(Clone, Copy)]
pub(super) struct Job {
    /// For the log.
    pub(super) name: &'static str,
    /// The pause after it found nothing to do.
    pub(super) every: Duration,
    /// Does one batch and says how much that was; with more than nothing it is run again at once.
    pub(super) run: fn(Bench) -> BoxFuture<'static, Result<usize, Refusal>>,
}

/// What is done, and how often.
pub(super) const JOBS: [Job; 16] = [
    Job { name: "letters", every: seconds(2), run: |bench| Box::pin(letters::send_due(bench)) },
    Job {
        name: "new passwords",
        every: seconds(2),
        run: |bench| Box::pin(async move { bench.app.db.sweep(&access::for_rounds(), ANSWER).await }),
    },
    Job { name: "imports", every: seconds(2), run: |bench| Box::pin(imports::carry_out(bench)) },
    Job {
        name: "plan periods",
        every: seconds(60),
        run: |bench| Box::pin(async move { due::run(&bench.app.db, &access::for_rounds(), RenewDue).await }),
    },
    Job {
        name: "subscriptions",
        every: seconds(60),
        run: |bench| Box::pin(async move { due::run(&bench.app.db, &access::for_rounds(), RollDue).await }),
    },
    Job {
        name: "invitations",
        every: seconds(60),
        run: |bench| Box::pin(async move { bench.app.db.sweep(&access::for_rounds(), EXPIRE).await }),
    },
    Job {
        name: "support sessions",
        every: seconds(30),
        run: |bench| Box::pin(async move { bench.app.db.sweep(&access::for_rounds(), END_OVERDUE).await }),
    },
    Job {
        name: "recoveries of access",
        every: seconds(60),
        run: |bench| Box::pin(async move { due::run(&bench.app.db, &access::for_rounds(), CarryOut).await }),
    },
    Job {
        name: "months of the trail",
        every: hours(24),
        run: |bench| Box::pin(async move { months::keep_ahead(&bench.app.db, &access::for_rounds()).await }),
    },
    Job {
        name: "closed businesses",
        every: hours(1),
        run: |bench| Box::pin(async move { due::run(&bench.app.db, &access::for_rounds(), FORGET).await }),
    },
    Job {
        name: "last days",
        every: seconds(60),
        run: |bench| Box::pin(async move { bench.app.db.sweep(&access::for_rounds(), LET_LEAVE).await }),
    },
    Job {
        name: "last days of seats",
        every: seconds(60),
        run: |bench| Box::pin(async move { bench.app.db.sweep(&access::for_rounds(), EXPIRE_SEATS).await }),
    },
    Job {
        name: "surplus seats",
        every: hours(1),
        run: |bench| Box::pin(async move { bench.app.db.sweep(&access::for_rounds(), RETIRE_SURPLUS).await }),
    },
    Job {
        name: "ends of trials",
        every: seconds(600),
        run: |bench| Box::pin(async move { bench.app.db.sweep(&access::for_rounds(), REMIND).await }),
    },
    Job {
        name: "reminders",
        every: seconds(300),
        run: |bench| Box::pin(async move { due::run(&bench.app.db, &access::for_rounds(), RemindOfRenewals).await }),
    },
    Job { name: "housekeeping", every: hours(1), run: |bench| Box::pin(housekeeping::clear(bench)) },
];

const FORGET: ForgetClosed = ForgetClosed { rows: 2_000 };
const ANSWER: AnswerRequests = AnswerRequests { batch: 100 };
const END_OVERDUE: EndOverdue = EndOverdue { batch: 100 };
const EXPIRE: ExpireInvitations = ExpireInvitations { batch: 1_000 };
const EXPIRE_SEATS: ExpireSeats = ExpireSeats { batch: 1_000 };
const RETIRE_SURPLUS: RetireSurplus = RetireSurplus { batch: 500 };
const LET_LEAVE: LetLeave = LetLeave { batch: 100 };
const REMIND: RemindOfEnds = RemindOfEnds { batch: 1_000 };

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn hours(hours: u64) -> Duration {
    seconds(hours * 60 * 60)
}

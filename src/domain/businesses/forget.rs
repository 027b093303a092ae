//! Deleting businesses whose days of grace are over: the worker's sweep, one batch of one business at a time. First
//! everybody's access ends, then the rows go, what refers to others first and the trail last; a fact of the
//! installation is all that stays. People keep their own sign-in.

use crate::domain::team;
use crate::domain::team::letters::{AccessEnded, Ending};
use crate::kernel::fact::{Change, Fact, Object, Unrecorded};
use crate::kernel::ids::BusinessId;
use crate::kernel::operation::Sweep;
use crate::kernel::outbox::Envelope;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::store;

/// Takes one step towards forgetting the business whose grace ended first; answers how many rows that was.
pub struct ForgetClosed {
    /// About how many rows at once.
    pub batch: i32,
}

impl Sweep for ForgetClosed {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let Some((business, name)) = store::claim_closed(work)? else {
            return work.record_many::<_, Forgotten>(&[], 0, 0);
        };
        let people = team::store::end_all_access(work, business)?;
        if !people.is_empty() {
            for (person, email) in &people {
                let letter = AccessEnded { name: person.clone(), business: name.clone(), why: Ending::BusinessClosed };
                work.send_outliving(&Envelope::new(email, person, &letter))?;
            }
            return Ok(work.unrecorded(Unrecorded::Progress, people.len()));
        }
        let gone = store::forget(work, business, self.batch)?;
        if gone > 0 {
            return Ok(work.unrecorded(Unrecorded::Progress, gone));
        }
        store::delete(work, business)?;
        work.record_many(&[(BusinessId::INSTALLATION, Forgotten { business, name })], 1, 1)
    }
}

/// That a business is gone.
struct Forgotten {
    business: BusinessId,
    name: String,
}

impl Fact for Forgotten {
    fn code(&self) -> &'static str {
        "business.closed"
    }

    fn object(&self) -> Object {
        Object::new("business", self.business, &self.name)
    }

    fn said(&self) -> String {
        format!("deleted {}, whose days of grace are over", self.name)
    }

    fn changes(&self) -> Vec<Change> {
        vec![Change::new("Status", Some("Closing".to_owned()), None)]
    }
}

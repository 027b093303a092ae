//! Deleting businesses whose days of grace are over: the worker's sweep, one batch of one business at a time. First
//! everybody's access ends, then the rows go, what refers to others first and the trail last; a fact of the
//! installation is all that stays. People keep their own sign-in.

use crate::domain::team;
use crate::domain::team::letters::{AccessEnded, Ending};
use crate::kernel::due::{DueWork, Which};
use crate::kernel::fact::{Change, Fact, Object, Unrecorded};
use crate::kernel::ids::BusinessId;
use crate::kernel::outbox::Envelope;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::store;

/// The sweep over businesses whose grace is over.
#[derive(Clone, Copy)]
pub struct ForgetClosed {
    /// About how many rows at once.
    pub rows: i32,
}

impl DueWork for ForgetClosed {
    type Key = BusinessId;
    type Row = (BusinessId, String);
    const BATCH: i64 = 1;

    fn job(key: BusinessId) -> (String, BusinessId) {
        (store::FORGETTING.to_owned(), key)
    }

    fn key((business, _): &Self::Row) -> BusinessId {
        *business
    }

    fn claim(&self, work: &mut SweepWork<'_>, which: &Which<BusinessId>) -> Result<Vec<Self::Row>, Refusal> {
        store::claim_closed(work, which)
    }

    /// Takes one step towards forgetting each; says how many rows that was.
    fn work_off(&self, work: &mut SweepWork<'_>, closed: Vec<Self::Row>) -> Result<Audited<usize>, Refusal> {
        let (mut rows, mut forgotten) = (0, Vec::new());
        for (business, name) in closed {
            let gone = self.forget(work, business, &name)?;
            if gone == 0 {
                store::delete(work, business)?;
                forgotten.push((BusinessId::INSTALLATION, Forgotten { business, name }));
            }
            rows += gone;
        }
        match (forgotten.len(), rows) {
            (0, 1..) => Ok(work.unrecorded(Unrecorded::Progress, rows)),
            (gone, _) => work.record_many(&forgotten, gone, rows + gone),
        }
    }
}

impl ForgetClosed {
    /// Ends everybody's access, or takes some rows away when that has been done; says how many.
    fn forget(&self, work: &mut SweepWork<'_>, business: BusinessId, name: &str) -> Result<usize, Refusal> {
        let people = team::store::end_all_access(work, business)?;
        for (person, email) in &people {
            let letter = AccessEnded { name: person.clone(), business: name.to_owned(), why: Ending::BusinessClosed };
            work.send_outliving(&Envelope::new(email, person, &letter))?;
        }
        match people.len() {
            0 => store::forget(work, business, self.rows),
            ended => Ok(ended),
        }
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

//! What programs report of use: who used which service when. It sets when a seat was last used and counts against the
//! plan, all of one report or none of it. Never in the trail.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::domain::services::service::folded;
use crate::domain::usage::count::{Standing, count};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::{MemberId, ServiceId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Audited, Work};

use super::store::uses as store;

/// Records one report.
pub struct RecordUse {
    /// What it holds.
    pub events: Vec<Used>,
}

/// One use.
#[derive(Clone, Debug)]
pub struct Used {
    /// By whom.
    pub member: Whose,
    /// The name of the service.
    pub service: String,
    /// When.
    pub used_at: DateTime<Utc>,
    /// How much it counts.
    pub count: i64,
    /// Where it stands in the report: what is wrong is named with it.
    pub place: String,
}

/// How a program names a person.
#[derive(Clone, Debug)]
pub enum Whose {
    /// By id.
    Member(MemberId),
    /// By address.
    Address(EmailAddress),
}

impl Whose {
    /// Reads an id or an address.
    pub fn parse(text: &str) -> Option<Self> {
        match MemberId::parse(text) {
            Some(id) => Some(Self::Member(id)),
            None => EmailAddress::parse(text).ok().map(Self::Address),
        }
    }
}

impl Operation for RecordUse {
    const NEEDS: Permission = Permission::ReportUsage;
    type Output = Standing;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Standing>, Refusal> {
        let uses = self.resolve(work)?;
        // The counter comes last, because whoever reports for the same business waits there until this is committed. So
        // everybody locks seats before the counter, and seats in the order of their ids.
        store::note(work, &uses)?;
        let standing = count(work, self.events.iter().map(|event| event.count).sum())?;
        Ok(work.unrecorded(Unrecorded::Metering, standing))
    }
}

impl RecordUse {
    /// The last use of each service by each person; whoever or whatever is not known is refused.
    fn resolve(&self, work: &mut Work<'_>) -> Result<Vec<(MemberId, ServiceId, DateTime<Utc>)>, Refusal> {
        let people = self.events.iter().map(|event| &event.member);
        let named = store::named(work, people, self.events.iter().map(|event| folded(&event.service)))?;
        let mut last: HashMap<(MemberId, ServiceId), DateTime<Utc>> = HashMap::new();
        for event in &self.events {
            let member = named.person(&event.member).ok_or_else(|| {
                unknown(event, "member", "unknown_member", "Nobody in People has this address or id.")
            })?;
            let service = named.service(&folded(&event.service)).ok_or_else(|| {
                unknown(event, "service", "unknown_service", "There is no service of this name in your books.")
            })?;
            let at = last.entry((member, service)).or_insert(event.used_at);
            *at = (*at).max(event.used_at);
        }
        let mut uses: Vec<_> = last.into_iter().map(|((member, service), at)| (member, service, at)).collect();
        uses.sort();
        Ok(uses)
    }
}

fn unknown(event: &Used, field: &str, code: &'static str, sentence: &str) -> Refusal {
    let field = format!("{}{field}", event.place);
    Refusal::new(Kind::Invalid, code, format!("{field}: {sentence}")).telling(json!({ "field": field }))
}

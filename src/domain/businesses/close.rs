//! Closing a business: thirty days in which everything can be read and exported, nothing can be added, and any owner
//! can keep it. Then `forget.rs` deletes it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::{plans, team};
use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::BusinessId;
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::outbox::Envelope;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::letters::BusinessClosing;
use super::store;

/// How long a closed business can be kept after all.
pub const GRACE: TimeDelta = TimeDelta::days(30);

/// Closes the business.
pub struct Close {
    /// Its name, typed by whoever closes it.
    pub confirm: String,
}

impl Operation for Close {
    const NEEDS: Permission = Permission::CloseBusiness;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "business.closing_refused", said: "tried to close the business" });
    type Output = DateTime<Utc>;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<DateTime<Utc>>, Refusal> {
        plans::store::lock(work)?;
        let settings = store::settings(work)?;
        if self.confirm.trim().to_lowercase() != settings.name.to_lowercase() {
            let message = format!("Type “{}” to confirm. Nothing was closed.", settings.name);
            return Err(Refusal::invalid("confirm", message));
        }
        if let Some(gone_at) = settings.closes_at {
            return Ok(work.nothing_changed(gone_at));
        }
        let gone_at = work.now() + GRACE;
        store::set_closing(work, Some(gone_at))?;
        tell_owners(work, &settings.name, gone_at)?;
        let fact = ClosingFact { business: work.business(), name: settings.name, gone_on: Some(day(work, gone_at)) };
        work.record(&fact, gone_at)
    }
}

fn tell_owners(work: &mut Work<'_>, business: &str, gone_at: DateTime<Utc>) -> Result<(), Refusal> {
    let (business_id, gone_on) = (work.business(), day(work, gone_at));
    let owners = team::store::active_owners(work)?;
    let acting = work.access().member();
    let by = owners.iter().find(|owner| Some(owner.id) == acting).map(|owner| owner.name.clone());
    for owner in &owners {
        let letter = BusinessClosing {
            name: owner.name.clone(),
            business: business.to_owned(),
            business_id,
            by: by.clone(),
            is_own: Some(owner.id) == acting,
            gone_on: gone_on.clone(),
        };
        work.send(&Envelope::new(&owner.email, &owner.name, &letter))?;
    }
    Ok(())
}

fn day(work: &Work<'_>, at: DateTime<Utc>) -> String {
    let house = work.house();
    house.locale.date(at.with_timezone(&house.zone).date_naive())
}

/// That a business is being closed, or kept after all.
pub(super) struct ClosingFact {
    pub(super) business: BusinessId,
    pub(super) name: String,
    /// The day it will be gone; none: it stays.
    pub(super) gone_on: Option<String>,
}

impl Fact for ClosingFact {
    fn code(&self) -> &'static str {
        match self.gone_on {
            Some(_) => "business.closing",
            None => "business.kept",
        }
    }

    fn object(&self) -> Object {
        Object::new("business", self.business, &self.name)
    }

    fn said(&self) -> String {
        match &self.gone_on {
            Some(day) => format!("closed {}; it will be gone on {day}", self.name),
            None => format!("kept {} after all", self.name),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let (open, closing) = (Some("Active".to_owned()), Some("Closing".to_owned()));
        match self.gone_on {
            Some(_) => vec![Change::new("Status", open, closing)],
            None => vec![Change::new("Status", closing, open)],
        }
    }
}

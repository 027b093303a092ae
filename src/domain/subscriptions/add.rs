//! Adding subscriptions, one or many in one act: room on the plan, services, no twins, the rows and their first prices.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::kernel::access::Sees;
use crate::kernel::ids::{MemberId, ServiceId, SubscriptionId};
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use crate::domain::plans::{limits, plan::Meter};
use crate::domain::services;
use crate::domain::services::service::{Service, folded};

use super::charge::Charge;
use super::fact::{Happened, SubscriptionFact, details_changes, price_changes};
use super::price_line::{Price, PriceList};
use super::roll::Standing;
use super::roll_forward::catch_up_business;
use super::store::{self, New, Running, Twin};
use super::subscription::{Details, Owner, SubscriptionError, require_here, require_own};

/// What to do when the business pays for the service already, under another name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Twins {
    /// Ask first.
    Ask,
    /// The person has seen it and wants this one too.
    Allow,
}

/// A subscription to be added.
pub struct Add {
    /// What it is.
    pub details: Details,
    /// What it costs from the start.
    pub price: Price,
    /// Whether another one of the service is fine.
    pub twins: Twins,
}

/// What was added.
pub struct Added {
    /// The id.
    pub id: SubscriptionId,
    /// Its name.
    pub name: String,
}

impl Operation for Add {
    const NEEDS: Permission = Permission::AddSubscriptions;
    type Output = Added;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Added>, Refusal> {
        let added = self.within(work)?;
        let none: [SubscriptionFact; 0] = [];
        work.record_all(&none, added)
    }
}

impl Add {
    /// Adds it within a larger operation, and records that it was added.
    pub fn within(&self, work: &mut Work<'_>) -> Result<Added, Refusal> {
        let added = add_all(work, std::slice::from_ref(self), |_, refusal| refusal)?;
        let id = added.into_iter().next().ok_or_else(|| Refusal::fault("a subscription was not added"))?;
        Ok(Added { id, name: self.details.name.clone() })
    }

    /// What is written of it, or why it cannot be added.
    fn entry<'a>(&'a self, sees: Sees, today: NaiveDate, around: &Around) -> Result<Entry<'a>, Refusal> {
        let Self { details, price, twins } = self;
        require_own(sees, details.owner)?;
        price.require_countable(details.cost_model)?;
        let coming = details.dates.coming(details.status, today)?;
        let owner = require_here(around.owners.get(&details.owner))?.name.clone();
        let service = around.services.get(&folded(&details.service));
        let service = service.ok_or_else(|| Refusal::fault("a service that was just made is not there"))?.id;
        let twin = around.running.get(&service).map(|running| running.twin(&details.name));
        require_no_twin(twin, details, *twins)?;
        let standing = Standing::entered(&details.dates, details.status, coming, None, today);
        // A price from the future would leave today without one.
        let from_on = details.dates.starts_on().filter(|start| *start < today).unwrap_or(today);
        Ok(Entry { details, price: *price, owner, service, standing, from_on })
    }
}

/// Adds many in one act, in few statements, and records each; `blame` says of which of them a refusal is. What is asked
/// about as a twin was there before.
pub fn add_all(
    work: &mut Work<'_>,
    adds: &[Add],
    blame: impl Fn(usize, Refusal) -> Refusal,
) -> Result<Vec<SubscriptionId>, Refusal> {
    if adds.is_empty() {
        return Ok(Vec::new());
    }
    catch_up_business(work)?;
    match adds.iter().filter(|add| add.details.status.is_live()).count() {
        0 => limits::require_running(work)?,
        live => limits::require_room(work, Meter::Subscriptions, i64::try_from(live).map_err(Refusal::fault)?)?,
    }
    let (now, today, sees) = (work.now(), work.today(), work.sight().sees);
    let around = Around::read(work, adds)?;
    let mut entries = Vec::with_capacity(adds.len());
    for (nth, add) in adds.iter().enumerate() {
        entries.push(add.entry(sees, today, &around).map_err(|refusal| blame(nth, refusal))?);
    }
    let ids: Vec<SubscriptionId> = (0..).zip(adds).map(|(nth, _)| SubscriptionId::mint_nth(now, nth)).collect();
    let new: Vec<New<'_>> = ids.iter().zip(&entries).map(|(id, entry)| entry.row(*id)).collect();
    let inserted = store::insert_many(work, &new)?;
    // Somebody else has just added it.
    let taken = new.iter().position(|row| !inserted.contains(&row.id));
    if let Some((nth, row)) = taken.and_then(|nth| Some((nth, new.get(nth)?))) {
        return Err(blame(nth, SubscriptionError::Duplicate { name: row.details.name.clone() }.into()));
    }
    // Years of cycles make many charges: they are counted for some subscriptions at a time.
    for (ids, entries) in ids.chunks(AT_A_TIME).zip(entries.chunks(AT_A_TIME)) {
        write_around(work, &ids.iter().copied().zip(entries).collect::<Vec<_>>())?;
    }
    Ok(ids)
}

/// For how many subscriptions prices, charges and entries of the trail are made at once.
const AT_A_TIME: usize = 1_000;

/// Writes their first prices, the charges of the past that known starts tell of, and the trail.
fn write_around(work: &mut Work<'_>, added: &[(SubscriptionId, &Entry<'_>)]) -> Result<(), Refusal> {
    let today = work.today();
    let prices: Vec<_> = added.iter().map(|(id, entry)| (*id, entry.from_on, entry.price)).collect();
    store::insert_prices(work, &prices)?;
    let past = added.iter().flat_map(|(id, entry)| entry.past(today).into_iter().map(|charge| (*id, charge)));
    store::insert_charges(work, past)?;
    let facts: Vec<SubscriptionFact> = added.iter().map(|(id, entry)| entry.fact(*id)).collect();
    work.also_all(&facts)
}

/// What new subscriptions are compared with.
struct Around {
    owners: HashMap<MemberId, Owner>,
    /// By folded name.
    services: HashMap<String, Service>,
    running: HashMap<ServiceId, Running>,
}

impl Around {
    fn read(work: &mut Work<'_>, adds: &[Add]) -> Result<Self, Refusal> {
        let owners: BTreeSet<MemberId> = adds.iter().map(|add| add.details.owner).collect();
        let owners = store::people(work, &owners.into_iter().collect::<Vec<_>>())?;
        let services = services::store::find_or_create_all(work, adds.iter().map(|add| &*add.details.service))?;
        let ids: Vec<ServiceId> = services.values().map(|service| service.id).collect();
        Ok(Self { owners, services, running: store::running(work, &ids, None)? })
    }
}

/// A subscription as it is written.
struct Entry<'a> {
    details: &'a Details,
    price: Price,
    /// The name of whoever answers for it.
    owner: String,
    service: ServiceId,
    standing: Standing,
    /// The first day of its price.
    from_on: NaiveDate,
}

impl Entry<'_> {
    fn row(&self, id: SubscriptionId) -> New<'_> {
        New { id, details: self.details, service: self.service, standing: self.standing }
    }

    /// The charges of the past that its start tells of.
    fn past(&self, today: NaiveDate) -> Vec<Charge> {
        let (details, prices) = (self.details, PriceList::default().with(self.from_on, self.price));
        let coming = self.standing.coming;
        Charge::of_the_past(&details.dates, details.status, coming, (details.cost_model, &prices), today)
    }

    fn fact(&self, id: SubscriptionId) -> SubscriptionFact {
        let mut changes = details_changes(None, (self.details, &self.owner));
        changes.extend(price_changes(None, self.price));
        SubscriptionFact { id, name: self.details.name.clone(), what: Happened::Added(changes) }
    }
}

/// Refuses a second one of the same name, and asks about one of the same service. Only what runs can be a twin.
pub(super) fn require_no_twin(twin: Option<Twin>, details: &Details, twins: Twins) -> Result<(), Refusal> {
    match twin {
        Some(twin) if details.status.is_live() && twin.is_same_name => {
            Err(SubscriptionError::Duplicate { name: twin.name }.into())
        }
        Some(_) if details.status.is_live() && twins == Twins::Ask => {
            Err(SubscriptionError::SameService { service: details.service.clone() }.into())
        }
        _ => Ok(()),
    }
}

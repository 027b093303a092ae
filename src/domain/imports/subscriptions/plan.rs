//! Plans an import of subscriptions: finds what each row is about, reads it over what is known, compares.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use crate::domain::imports::columns::Columns;
use crate::domain::imports::reading::{Sheet, SheetRow};
use crate::domain::imports::row::{Outcome, Row};
use crate::domain::services::service::folded;
use crate::domain::subscriptions::fact::{details_changes, price_changes};
use crate::domain::subscriptions::list::{Filters, From, Listed, Sort, rows};
use crate::domain::subscriptions::price_line::{Price, settle};
use crate::domain::subscriptions::subscription::Details;
use crate::domain::team;
use crate::domain::team::member::{Member, MemberStatus};
use crate::kernel::currency::Currency;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::Scope;

use super::cells::{self, Texts};
use super::overlay::{self, Read};

/// Everything a row is compared with.
pub(super) struct Books {
    pub(super) known: Vec<Listed>,
    people: People,
    importer: Option<MemberId>,
    currency: Currency,
    today: NaiveDate,
}

/// What a row would do.
pub(super) struct Planned {
    pub(super) row: Row,
    pub(super) deed: Option<Deed>,
}

/// What is to be done.
pub(super) enum Deed {
    Add(Read),
    Change(SubscriptionId, Read),
}

/// What earlier rows are about, by their line.
#[derive(Default)]
struct Seen {
    known: HashMap<SubscriptionId, usize>,
    live: HashMap<(String, String), usize>,
}

impl Books {
    /// The books as they stand.
    pub(super) fn read(scope: &mut impl Scope, importer: Option<MemberId>) -> Result<Self, Refusal> {
        let filters = Filters { sort: Sort::Name, ..Filters::default() };
        let most = usize::try_from(i32::MAX).map_err(Refusal::fault)?;
        Ok(Self {
            known: rows(scope, &filters, &From::Start, most)?,
            people: People::of(team::everybody::store::all(scope)?),
            importer,
            currency: scope.house().currency,
            today: scope.today(),
        })
    }

    /// What every row of the sheet would do, in the order of the file.
    pub(super) fn plan(&self, sheet: &Sheet, columns: &Columns) -> Vec<Planned> {
        let finder = Finder::of(&self.known);
        let mut seen = Seen::default();
        let planned = |row: &SheetRow| {
            if columns.is_blank(&row.cells) {
                return Planned { row: Row::blank(row.line), deed: None };
            }
            self.plan_row(row, columns, &finder, &mut seen)
                .unwrap_or_else(|reason| Planned { row: Row::without(row.line, Outcome::Error, reason), deed: None })
        };
        sheet.rows.iter().map(planned).collect()
    }

    fn plan_row(
        &self,
        row: &SheetRow,
        columns: &Columns,
        finder: &Finder<'_>,
        seen: &mut Seen,
    ) -> Result<Planned, String> {
        let mut texts = cells::texts(columns, &row.cells)?;
        let known = finder.find(columns.cell("id", &row.cells), &texts);
        if known.is_none() && text(&texts, "service").is_empty() {
            // A list of its own names often knows no services apart from them.
            let name = text(&texts, "name").to_owned();
            texts.push(("service", name));
        }
        let mut warnings = Vec::new();
        let owner = columns.cell("owner", &row.cells).and_then(|text| self.owner(text, known, &mut warnings));
        let read = match known {
            Some(known) => overlay::over(known, texts, owner, self.today)?,
            None => overlay::new(texts, (owner.or(self.importer), self.currency), self.today)?,
        };
        require_priceable(known, &read)?;
        self.require_alone(row.line, known, &read.details, (finder, seen))?;
        warnings.extend(twin(finder, known, &read.details));
        Ok(self.planned(row.line, known, read, warnings))
    }

    /// The person a cell names by address, or by a name that only one has; else who answers for it stays.
    fn owner(&self, text: &str, known: Option<&Listed>, warnings: &mut Vec<String>) -> Option<MemberId> {
        let found = self.people.find(text);
        let is_same = |person: &Member| known.is_some_and(|known| known.subscription.owner.id == person.id);
        let why = match found {
            Some(person) if is_same(person) || !self.is_gone(person) => return Some(person.id),
            Some(person) => format!("{} has left", person.name),
            None => format!("“{text}” is nobody in People"),
        };
        let stays = match known {
            Some(known) => format!("{} stays the owner", known.subscription.owner.name),
            None => "you become the owner".to_owned(),
        };
        warnings.push(format!("{why}, so {stays}."));
        None
    }

    fn is_gone(&self, person: &Member) -> bool {
        matches!(person.standing(self.today), MemberStatus::Left | MemberStatus::Deactivated)
    }

    /// One row for each subscription, and one that runs for each service and name.
    fn require_alone(
        &self,
        line: usize,
        known: Option<&Listed>,
        details: &Details,
        (finder, seen): (&Finder<'_>, &mut Seen),
    ) -> Result<(), String> {
        let twice = |first: usize| format!("The same subscription is on line {first}: keep one of the two rows.");
        if let Some(known) = known
            && let Some(first) = seen.known.insert(known.subscription.id, line)
        {
            return Err(twice(first));
        }
        if !details.status.is_live() {
            return Ok(());
        }
        let key = key(&details.service, &details.name);
        let other = finder
            .live
            .get(&key)
            .filter(|other| known.is_none_or(|known| known.subscription.id != other.subscription.id));
        if other.is_some() {
            return Err(format!("{} is here already: give this one another name.", details.name));
        }
        match seen.live.insert(key, line) {
            Some(first) => Err(twice(first)),
            None => Ok(()),
        }
    }

    fn planned(&self, line: usize, known: Option<&Listed>, read: Read, warnings: Vec<String>) -> Planned {
        let (name, beside) = (read.details.name.clone(), read.details.service.clone());
        let beside = if beside == name { String::new() } else { beside };
        let outcome = |outcome| Row { name, beside, warnings, ..Row::without(line, outcome, "") };
        let Some(known) = known else {
            let row = Row { sets: self.sets(&read), ..outcome(Outcome::Create) };
            return Planned { row, deed: Some(Deed::Add(read)) };
        };
        let before = &known.subscription;
        if read.details == before.details && !is_priced_anew(known, read.price) {
            return Planned { row: outcome(Outcome::Unchanged), deed: None };
        }
        let owner = self.name_of(read.details.owner);
        let mut changes = details_changes(Some((&before.details, &before.owner.name)), (&read.details, &owner));
        changes.extend(price_changes(known.price, read.price));
        let row = Row { changes, ..outcome(Outcome::Update) };
        Planned { row, deed: Some(Deed::Change(before.id, read)) }
    }

    /// What is written of a new one, beside its name.
    fn sets(&self, Read { details, price }: &Read) -> Vec<(&'static str, String)> {
        let coming = details.dates.coming(details.status, self.today).unwrap_or_default();
        let every = details.dates.cycle.map_or_else(|| "once".to_owned(), |cycle| format!("every {cycle}"));
        let sets = [
            ("", Some(format!("{} {every}", price.cost))),
            ("renews", coming.renews_on.map(|day| day.to_string())),
            ("seats:", price.seats.map(|seats| seats.to_string())),
            ("owner", Some(self.name_of(details.owner))),
        ];
        sets.into_iter().filter_map(|(words, value)| Some((words, value?))).collect()
    }

    fn name_of(&self, id: MemberId) -> String {
        self.people.by_id.get(&id).map(|person| person.name.clone()).unwrap_or_default()
    }
}

/// Everybody, as rows name them.
struct People {
    by_id: HashMap<MemberId, Member>,
    by_address: HashMap<String, MemberId>,
    /// None: several have the name.
    by_name: HashMap<String, Option<MemberId>>,
}

impl People {
    fn of(people: Vec<Member>) -> Self {
        let by_address = people.iter().map(|person| (person.email.to_lowercase(), person.id)).collect();
        let mut by_name = HashMap::new();
        for person in &people {
            let only = |one: &mut Option<MemberId>| *one = None;
            by_name.entry(person.name.to_lowercase()).and_modify(only).or_insert(Some(person.id));
        }
        Self { by_id: people.into_iter().map(|person| (person.id, person)).collect(), by_address, by_name }
    }

    /// The person of this address, or the only one of this name.
    fn find(&self, said: &str) -> Option<&Member> {
        let said = said.to_lowercase();
        let by_name = || self.by_name.get(&said).copied().flatten();
        self.by_id.get(&self.by_address.get(&said).copied().or_else(by_name)?)
    }
}

/// Refuses early what the price list would refuse: another currency, and fewer seats than are held for good.
fn require_priceable(known: Option<&Listed>, read: &Read) -> Result<(), String> {
    let Some(known) = known else { return Ok(()) };
    let currency = known.subscription.details.currency;
    if read.details.currency != currency {
        return Err(format!(
            "Currency: The prices on record are in {currency}. Add a new subscription in the other currency, or correct \
             it on its page."
        ));
    }
    let renews = known.subscription.goes_on() && known.subscription.coming.renews_on.is_some();
    let settled = settle(read.price, known.price, known.held, renews);
    settled.map(drop).map_err(|refusal| format!("Seats: {}", refusal.message))
}

/// Fewer seats than are held wait for the renewal: the same row again changes nothing.
fn is_priced_anew(known: &Listed, price: Price) -> bool {
    let waits = known.subscription.fewer.is_some_and(|fewer| Some(fewer.seats) == price.seats);
    let has_same_cost = known.price.is_some_and(|before| before.cost == price.cost);
    known.price != Some(price) && !(waits && has_same_cost)
}

/// A word on another one of the service, about which a form would ask.
fn twin(finder: &Finder<'_>, known: Option<&Listed>, details: &Details) -> Option<String> {
    let other = finder.of_service.get(&folded(&details.service)).filter(|_| known.is_none())?;
    let name = &other.subscription.details.name;
    details.status.is_live().then(|| format!("There is another subscription to {}: {name}.", details.service))
}

/// Finds subscriptions as a file names them.
struct Finder<'a> {
    by_id: HashMap<SubscriptionId, &'a Listed>,
    live: BTreeMap<(String, String), &'a Listed>,
    ended: BTreeMap<(String, String), &'a Listed>,
    of_service: BTreeMap<String, &'a Listed>,
}

impl<'a> Finder<'a> {
    fn of(known: &'a [Listed]) -> Self {
        let keyed = |one: &'a Listed| {
            let details = &one.subscription.details;
            (key(&details.service, &details.name), one)
        };
        let is_live = |one: &&Listed| one.subscription.details.status.is_live();
        Self {
            by_id: known.iter().map(|one| (one.subscription.id, one)).collect(),
            live: known.iter().filter(is_live).map(keyed).collect(),
            ended: known.iter().filter(|one| !is_live(one)).map(keyed).collect(),
            of_service: known
                .iter()
                .filter(is_live)
                .map(|one| (folded(&one.subscription.details.service), one))
                .collect(),
        }
    }

    /// By an id of this business, else by service and name; one that has ended only if the row does not say that it runs.
    fn find(&self, id: Option<&str>, texts: &Texts) -> Option<&'a Listed> {
        let by_id = id.and_then(|id| self.by_id.get(&SubscriptionId::parse(id)?).copied());
        let either = |one: &'static str, other: &'static str| match text(texts, one) {
            "" => text(texts, other).to_owned(),
            written => written.to_owned(),
        };
        let key = key(&either("service", "name"), &either("name", "service"));
        let says_live = matches!(text(texts, "status"), "active" | "trial");
        let ended = || self.ended.get(&key).filter(|_| !says_live);
        by_id.or_else(|| self.live.get(&key).or_else(ended).copied())
    }
}

fn text<'t>(texts: &'t Texts, field: &str) -> &'t str {
    texts.iter().rev().find(|(name, _)| *name == field).map_or("", |(_, text)| text.as_str())
}

fn key(service: &str, name: &str) -> (String, String) {
    (folded(service), folded(name))
}

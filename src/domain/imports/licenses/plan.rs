//! Plans an import of seats: finds subscription and person of each row, compares with the seats that are held.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::domain::imports::columns::Columns;
use crate::domain::imports::fields::{LICENSE, label_of};
use crate::domain::imports::reading::{Sheet, SheetRow, parse_date};
use crate::domain::imports::row::{Outcome, Row};
use crate::domain::licenses::error::LicenseError;
use crate::domain::licenses::from_file::Said;
use crate::domain::licenses::license::{require_assignable, require_not_past};
use crate::domain::licenses::license_key::LicenseKey;
use crate::domain::licenses::store::{HeldSeat, all_held};
use crate::domain::services::service::folded;
use crate::domain::subscriptions::list::{Filters, From, Listed, Sort, rows};
use crate::domain::team;
use crate::domain::team::member::{Member, MemberStatus};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::fact::Change;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::Scope;

/// Everything a row is compared with.
pub(super) struct Books {
    subscriptions: Vec<Listed>,
    people: HashMap<String, Member>,
    held: HashMap<(SubscriptionId, MemberId), HeldSeat>,
    today: NaiveDate,
    zone: Tz,
}

/// What a row would do.
pub(super) struct Planned {
    pub(super) row: Row,
    pub(super) deed: Option<Deed>,
}

/// What is to be done.
pub(super) enum Deed {
    Give {
        subscription: SubscriptionId,
        member: MemberId,
        said: Said,
    },
    Amend {
        license: LicenseId,
        subscription: SubscriptionId,
        member: MemberId,
        said: Said,
        known_use: Option<NaiveDate>,
    },
}

impl Deed {
    /// Of what the seat is.
    pub(super) fn subscription(&self) -> SubscriptionId {
        let (Self::Give { subscription, .. } | Self::Amend { subscription, .. }) = self;
        *subscription
    }

    /// What the row says of it.
    pub(super) fn said(&self) -> &Said {
        let (Self::Give { said, .. } | Self::Amend { said, .. }) = self;
        said
    }
}

type Seen = HashMap<(SubscriptionId, MemberId), usize>;

impl Books {
    /// The books as they stand.
    pub(super) fn read(scope: &mut impl Scope) -> Result<Self, Refusal> {
        let filters = Filters { sort: Sort::Name, ..Filters::default() };
        let most = usize::try_from(i32::MAX).map_err(Refusal::fault)?;
        let people = team::everybody::store::all(scope)?;
        let held = all_held(scope)?;
        Ok(Self {
            subscriptions: rows(scope, &filters, &From::Start, most)?,
            people: people.into_iter().map(|person| (person.email.to_lowercase(), person)).collect(),
            held: held.into_iter().map(|seat| ((seat.subscription, seat.member), seat)).collect(),
            today: scope.today(),
            zone: scope.house().zone,
        })
    }

    /// The seat of a person, as it stands.
    pub(super) fn seat(&self, subscription: SubscriptionId, member: MemberId) -> Option<&HeldSeat> {
        self.held.get(&(subscription, member))
    }

    /// "Uma's seat of Figma".
    pub(super) fn name_of(&self, subscription: SubscriptionId, member: MemberId) -> String {
        let person = self.people.values().find(|person| person.id == member).map_or("", |person| &person.name);
        let listed = self.subscriptions.iter().find(|listed| listed.subscription.id == subscription);
        let name = listed.map_or("", |listed| &listed.subscription.details.name);
        format!("{person}’s seat of {name}")
    }

    /// The day of the last use of a seat.
    pub(super) fn last_used_on(&self, seat: &HeldSeat) -> Option<NaiveDate> {
        seat.last_used_at.map(|at| at.with_timezone(&self.zone).date_naive())
    }

    /// What every row of the sheet would do, in the order of the file.
    pub(super) fn plan(&self, sheet: &Sheet, columns: &Columns) -> Vec<Planned> {
        let (by_id, by_name) = (self.by_id(), self.by_name());
        let mut seen = Seen::new();
        let planned = |row: &SheetRow| {
            let cell = |code: &str| columns.cell(code, &row.cells);
            match (columns.is_blank(&row.cells), cell("person"), cell("key")) {
                (true, ..) => return without(Row::blank(row.line)),
                (false, None, None) => {
                    let reason = "Nobody holds this seat, so there is nothing to import.";
                    return without(Row::without(row.line, Outcome::Skip, reason));
                }
                _ => {}
            }
            let found = self.subscription(cell, &by_id, &by_name);
            let planned = found.and_then(|listed| self.plan_row(row.line, cell, listed, &mut seen));
            planned.unwrap_or_else(|reason| without(Row::without(row.line, Outcome::Error, reason)))
        };
        let mut plan: Vec<Planned> = sheet.rows.iter().map(planned).collect();
        self.refuse_beyond_seats(&mut plan, &by_id);
        plan
    }

    fn by_id(&self) -> HashMap<SubscriptionId, &Listed> {
        self.subscriptions.iter().map(|listed| (listed.subscription.id, listed)).collect()
    }

    /// By service and name, by either alone; what runs before what has ended.
    fn by_name(&self) -> BTreeMap<(String, String), Vec<&Listed>> {
        let mut found: BTreeMap<_, Vec<&Listed>> = BTreeMap::new();
        for listed in &self.subscriptions {
            let details = &listed.subscription.details;
            let (service, name) = (folded(&details.service), folded(&details.name));
            for key in [(service.clone(), name.clone()), (service, String::new()), (String::new(), name)] {
                found.entry(key).or_default().push(listed);
            }
        }
        for several in found.values_mut() {
            if several.iter().any(|listed| listed.subscription.details.status.is_live()) {
                several.retain(|listed| listed.subscription.details.status.is_live());
            }
        }
        found
    }

    fn subscription<'b, 'row>(
        &self,
        cell: impl Fn(&str) -> Option<&'row str>,
        by_id: &HashMap<SubscriptionId, &'b Listed>,
        by_name: &BTreeMap<(String, String), Vec<&'b Listed>>,
    ) -> Result<&'b Listed, String> {
        let id = cell("subscription_id").and_then(SubscriptionId::parse);
        if let Some(listed) = id.and_then(|id| by_id.get(&id).copied()) {
            return Ok(listed);
        }
        let (service, name) = (cell("service").unwrap_or_default(), cell("subscription").unwrap_or_default());
        let said = if name.is_empty() { service } else { name };
        match by_name.get(&(folded(service), folded(name))).map(Vec::as_slice) {
            Some([only]) => Ok(*only),
            _ if said.is_empty() => Err("It does not say of what: write the service or the subscription.".to_owned()),
            Some([_, ..]) => {
                Err(format!("Several subscriptions could be “{said}”: write its service and its name, or its id."))
            }
            Some([]) | None => Err(format!("There is no subscription “{said}”: add it first, or import it.")),
        }
    }

    fn plan_row<'row>(
        &self,
        line: usize,
        cell: impl Fn(&str) -> Option<&'row str>,
        listed: &Listed,
        seen: &mut Seen,
    ) -> Result<Planned, String> {
        let person = self.person(cell("person"))?;
        let said = self.said(cell)?;
        let subscription = &listed.subscription;
        if let Some(first) = seen.insert((subscription.id, person.id), line) {
            return Err(format!("The same person and subscription are on line {first}: keep one of the two rows."));
        }
        let row = |outcome| Row {
            name: subscription.details.name.clone(),
            beside: person.email.clone(),
            ..Row::without(line, outcome, "")
        };
        match self.seat(subscription.id, person.id) {
            Some(seat) => self.amended(row, seat, said),
            None => {
                self.require_givable(listed, person, &said)?;
                let sets = sets(&said);
                let deed = Deed::Give { subscription: subscription.id, member: person.id, said };
                Ok(Planned { row: Row { sets, ..row(Outcome::Create) }, deed: Some(deed) })
            }
        }
    }

    fn person(&self, text: Option<&str>) -> Result<&Member, String> {
        let text = text.ok_or("A license key goes with whoever holds the seat: write their e-mail address.")?;
        let address = EmailAddress::parse(text)
            .map_err(|_| format!("“{text}” is no e-mail address: write one such as name@company.com."))?;
        let unknown = || format!("Nobody in People has the address {address}: add or import them first.");
        self.people.get(address.folded()).ok_or_else(unknown)
    }

    fn said<'row>(&self, cell: impl Fn(&str) -> Option<&'row str>) -> Result<Said, String> {
        let date = |code: &'static str| {
            let unreadable = |text: &str| {
                format!(
                    "{}: “{text}” is no date we can read. Write it as 2026-11-27 or 11/27/2026.",
                    label_of(&LICENSE, code)
                )
            };
            cell(code).map(|text| parse_date(text).map_err(|_| unreadable(text))).transpose()
        };
        let last_used_on = date("last_used_on")?;
        if last_used_on.is_some_and(|day| day > self.today) {
            return Err("The last use lies ahead of today: correct its date.".to_owned());
        }
        let key = cell("key").map(LicenseKey::parse).transpose().map_err(|refusal| refusal.message.into_owned())?;
        Ok(Said { expires_on: date("expires_on")?, key, last_used_on })
    }

    fn require_givable(&self, listed: &Listed, person: &Member, said: &Said) -> Result<(), String> {
        let details = &listed.subscription.details;
        let told = |error: LicenseError| Refusal::from(error).message.into_owned();
        require_assignable(details.status, &details.name).map_err(told)?;
        require_not_past(said.expires_on, self.today).map_err(|_| past())?;
        match person.standing(self.today) {
            status @ (MemberStatus::Left | MemberStatus::Deactivated) => {
                Err(told(LicenseError::CannotHold { person: person.name.clone(), status }))
            }
            _ => Ok(()),
        }
    }

    /// What the row changes of the seat its person holds. Only news is news: a last use before the known one is none.
    fn amended(&self, row: impl Fn(Outcome) -> Row, seat: &HeldSeat, said: Said) -> Result<Planned, String> {
        let known_use = self.last_used_on(seat);
        let expires_on = said.expires_on.filter(|last| Some(*last) != seat.expires_on);
        require_not_past(expires_on, self.today).map_err(|_| past())?;
        let last_used_on = said.last_used_on.filter(|day| known_use.is_none_or(|known| *day > known));
        let mut warnings = Vec::new();
        let key = match (&seat.key, said.key) {
            (None, key) => key,
            (Some(hint), Some(key)) if key.hint() != *hint => {
                warnings.push("This seat has another license key, which stays: change it on its page.".to_owned());
                None
            }
            (Some(_), _) => None,
        };
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let label = |code| label_of(&LICENSE, code);
        let changes: Vec<Change> = [
            expires_on.and_then(|last| Change::between(label("expires_on"), day(seat.expires_on), day(Some(last)))),
            key.as_ref().map(|key| Change::set(label("key"), key.hint().to_string())),
            last_used_on.and_then(|used| Change::between(label("last_used_on"), day(known_use), day(Some(used)))),
        ]
        .into_iter()
        .flatten()
        .collect();
        if changes.is_empty() {
            return Ok(without(Row { warnings, ..row(Outcome::Unchanged) }));
        }
        let said = Said { expires_on, key, last_used_on };
        let HeldSeat { license, subscription, member, .. } = *seat;
        let deed = Deed::Amend { license, subscription, member, said, known_use };
        Ok(Planned { row: Row { changes, warnings, ..row(Outcome::Update) }, deed: Some(deed) })
    }

    /// All that a file gives of a subscription, or none of it: it does not choose who goes without.
    fn refuse_beyond_seats(&self, plan: &mut [Planned], by_id: &HashMap<SubscriptionId, &Listed>) {
        let mut wanted: HashMap<SubscriptionId, i64> = HashMap::new();
        for planned in plan.iter() {
            if let Some(Deed::Give { subscription, .. }) = planned.deed {
                *wanted.entry(subscription).or_default() += 1;
            }
        }
        let reasons: HashMap<SubscriptionId, String> =
            wanted.into_iter().filter_map(|(id, wanted)| Some((id, too_few(by_id.get(&id)?, wanted)?))).collect();
        for planned in plan {
            if let Some(Deed::Give { subscription, .. }) = planned.deed
                && let Some(reason) = reasons.get(&subscription)
            {
                *planned = without(Row::without(planned.row.line, Outcome::Error, reason.clone()));
            }
        }
    }
}

fn too_few(listed: &Listed, wanted: i64) -> Option<String> {
    let seats = listed.price.and_then(|price| price.seats).map(i64::from)?;
    let subscription = listed.subscription.details.name.clone();
    let free = (seats - listed.held).max(0);
    let error = LicenseError::TooFewSeats { wanted, free, seats, subscription };
    (wanted > free).then(|| Refusal::from(error).message.into_owned())
}

fn past() -> String {
    format!("{}: the day has passed. Write today or a later day, or empty the cell.", label_of(&LICENSE, "expires_on"))
}

fn sets(said: &Said) -> Vec<(&'static str, String)> {
    let sets = [
        ("until", said.expires_on.map(|day| day.to_string())),
        ("license key", said.key.as_ref().map(|key| key.hint().to_string())),
        ("last used", said.last_used_on.map(|day| day.to_string())),
    ];
    sets.into_iter().filter_map(|(words, value)| Some((words, value?))).collect()
}

fn without(row: Row) -> Planned {
    Planned { row, deed: None }
}

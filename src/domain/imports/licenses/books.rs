//! The books a row of a file of seats is compared with.

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::domain::imports::fields::{LICENSE, label_of};
use crate::domain::imports::reading::parse_date;
use crate::domain::imports::row::{Outcome, Row};
use crate::domain::licenses::error::LicenseError;
use crate::domain::licenses::from_file::Said;
use crate::domain::licenses::license::{require_assignable, require_not_past};
use crate::domain::licenses::license_key::LicenseKey;
use crate::domain::licenses::store::{HeldSeat, OpenSeats, SealedSeat, open_seats};
use crate::domain::subscriptions::list::{Filters, From, Listed, Sort, rows};
use crate::domain::team;
use crate::domain::team::member::{Member, MemberStatus};
use crate::kernel::fact::Change;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Keyring;
use crate::kernel::work::Scope;

use super::keys::KnownKeys;
use super::plan::{Deed, Planned, without};

/// Everything a row is compared with.
pub(super) struct Books {
    pub(super) subscriptions: Vec<Listed>,
    pub(super) people: HashMap<String, Member>,
    held: HashMap<(SubscriptionId, MemberId), HeldSeat>,
    pub(super) known_keys: KnownKeys,
    pub(super) free_with_key: HashMap<SubscriptionId, i64>,
    today: NaiveDate,
    zone: Tz,
}

impl Books {
    /// The books as they stand.
    pub(super) fn read(scope: &mut impl Scope) -> Result<Self, Refusal> {
        let filters = Filters { sort: Sort::Name, ..Filters::default() };
        let most = usize::try_from(i32::MAX).map_err(Refusal::fault)?;
        let people = team::everybody::store::all(scope)?;
        let OpenSeats { held, free_with_key } = open_seats(scope)?;
        Ok(Self {
            subscriptions: rows(scope, &filters, &From::Start, most)?,
            people: people.into_iter().map(|person| (person.email.to_lowercase(), person)).collect(),
            held: held.into_iter().map(|seat| ((seat.subscription, seat.member), seat)).collect(),
            known_keys: KnownKeys::default(),
            free_with_key,
            today: scope.today(),
            zone: scope.house().zone,
        })
    }

    /// The same with the keys that seats may have of those the file brings.
    pub(super) fn with_keys(self, sealed: &[SealedSeat], keyring: &Keyring) -> Result<Self, Refusal> {
        Ok(Self { known_keys: KnownKeys::open(sealed, keyring)?, ..self })
    }

    /// The seat of a person, as it stands.
    pub(super) fn seat(&self, subscription: SubscriptionId, member: MemberId) -> Option<&HeldSeat> {
        self.held.get(&(subscription, member))
    }

    /// "Uma's seat of Figma".
    pub(super) fn name_of(&self, subscription: SubscriptionId, member: MemberId) -> String {
        let person = self.people.values().find(|person| person.id == member).map_or("", |person| &person.name);
        format!("{person}’s seat of {}", self.name(subscription))
    }

    /// The name of a subscription.
    pub(super) fn name(&self, subscription: SubscriptionId) -> &str {
        let listed = self.subscriptions.iter().find(|listed| listed.subscription.id == subscription);
        listed.map_or("", |listed| &listed.subscription.details.name)
    }

    /// The day of the last use of a seat.
    pub(super) fn last_used_on(&self, seat: &HeldSeat) -> Option<NaiveDate> {
        seat.last_used_at.map(|at| at.with_timezone(&self.zone).date_naive())
    }

    pub(super) fn said<'row>(&self, cell: impl Fn(&str) -> Option<&'row str>) -> Result<Said, String> {
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

    pub(super) fn require_givable(&self, listed: &Listed, person: Option<&Member>, said: &Said) -> Result<(), String> {
        let details = &listed.subscription.details;
        require_assignable(details.status, &details.name).map_err(LicenseError::words)?;
        require_not_past(said.expires_on, self.today).map_err(|_| past())?;
        match person.map(|person| (person, person.standing(self.today))) {
            Some((person, status @ (MemberStatus::Left | MemberStatus::Deactivated))) => {
                Err(LicenseError::CannotHold { person: person.name.clone(), status }.words())
            }
            _ => Ok(()),
        }
    }

    /// What the row changes of the seat its person holds. Only news is news: a last use before the known one is none.
    pub(super) fn amended(&self, row: impl Fn(Outcome) -> Row, seat: &HeldSeat, said: Said) -> Result<Planned, String> {
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
}

fn past() -> String {
    format!("{}: the day has passed. Write today or a later day, or empty the cell.", label_of(&LICENSE, "expires_on"))
}

//! Plans an import of seats: what each row would do to the books, one after another.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::NaiveDate;

use crate::domain::imports::choices::Newcomers;
use crate::domain::imports::columns::Columns;
use crate::domain::imports::newcomer::Newcomer;
use crate::domain::imports::people_plan::RowWarning;
use crate::domain::imports::reading::{Sheet, SheetRow};
use crate::domain::imports::row::{Outcome, Row};
use crate::domain::licenses::error::LicenseError;
use crate::domain::licenses::from_file::Said;
use crate::domain::licenses::license::{State, require_assignable};
use crate::domain::licenses::license_key::LicenseKey;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{LicenseId, MemberId, SubscriptionId};

use super::books::Books;
use super::newcomers::{Names, To};
use super::of_what::OfWhat;
use super::room;

/// What a row would do.
pub(super) struct Planned {
    pub(super) row: Row,
    pub(super) deed: Option<Deed>,
}

/// What is to be done.
pub(super) enum Deed {
    Give {
        subscription: SubscriptionId,
        to: To,
        said: Said,
    },
    Amend {
        license: LicenseId,
        subscription: SubscriptionId,
        member: MemberId,
        said: Said,
        known_use: Option<NaiveDate>,
    },
    /// A license key on a seat that nobody holds.
    Keep {
        subscription: SubscriptionId,
        key: LicenseKey,
    },
}

impl Deed {
    /// Of what the seat is.
    pub(super) fn subscription(&self) -> SubscriptionId {
        let (Self::Give { subscription, .. } | Self::Amend { subscription, .. } | Self::Keep { subscription, .. }) =
            self;
        *subscription
    }
}

impl Books {
    /// What every row of the sheet would do, in the order of the file.
    pub(super) fn plan(&self, sheet: &Sheet, columns: &Columns, newcomers: Newcomers) -> Vec<Planned> {
        let of_what = OfWhat::new(&self.subscriptions);
        let mut planning = Planning {
            books: self,
            of_what: &of_what,
            names: Names::of(sheet, columns),
            newcomers,
            seats: HashMap::new(),
            keys: HashMap::new(),
        };
        let mut plan: Vec<Planned> = sheet.rows.iter().map(|row| planning.row(row, columns)).collect();
        room::refuse_beyond(&mut plan, &of_what, &self.free_with_key);
        plan
    }
}

/// The rows of a file, one after another.
struct Planning<'b, 's> {
    books: &'b Books,
    of_what: &'b OfWhat<'b>,
    names: Names<'s>,
    newcomers: Newcomers,
    /// The lines that give or change a seat, by subscription and folded address.
    seats: HashMap<(SubscriptionId, String), usize>,
    /// The lines that keep a key on a free seat.
    keys: HashMap<(SubscriptionId, LicenseKey), usize>,
}

impl Planning<'_, '_> {
    fn row(&mut self, row: &SheetRow, columns: &Columns) -> Planned {
        let cell = |code: &str| columns.cell(code, &row.cells);
        let planned = match (columns.is_blank(&row.cells), cell("person"), cell("key")) {
            (true, ..) => return without(Row::blank(row.line)),
            (false, None, None) => {
                let reason = "Nobody holds this seat, and it has no license key, so there is nothing to import.";
                return without(Row::without(row.line, Outcome::Skip, reason));
            }
            (false, None, Some(_)) => self.free(row.line, cell),
            (false, Some(person), _) => self.held(row.line, cell, person),
        };
        planned.unwrap_or_else(|reason| without(Row::without(row.line, Outcome::Error, reason)))
    }

    fn held<'row>(
        &mut self,
        line: usize,
        cell: impl Fn(&str) -> Option<&'row str>,
        address: &str,
    ) -> Result<Planned, String> {
        let listed = self.of_what.find(&cell)?;
        let subscription = &listed.subscription;
        let address = EmailAddress::parse(address)
            .map_err(|_| format!("“{address}” is no e-mail address: write one such as name@company.com."))?;
        let said = self.books.said(cell)?;
        if let Some(first) = self.seats.insert((subscription.id, address.folded().to_owned()), line) {
            return Err(format!("The same person and subscription are on line {first}: keep one of the two rows."));
        }
        let row = |outcome| Row {
            name: subscription.details.name.clone(),
            beside: address.to_string(),
            ..Row::without(line, outcome, "")
        };
        let person = self.books.people.get(address.folded());
        if let Some(seat) = person.and_then(|person| self.books.seat(subscription.id, person.id)) {
            return self.books.amended(row, seat, said);
        }
        self.books.require_givable(listed, person, &said)?;
        let (to, row) = match person {
            Some(person) => (To::Known(person.id), row(Outcome::Create)),
            None => {
                let newcomer = self.names.newcomer(address.clone())?;
                let row = with_newcomer(row(Outcome::Create), &newcomer);
                if self.newcomers == Newcomers::LeftOut {
                    return Ok(without(left_out(row, &address)));
                }
                (To::New(newcomer), row)
            }
        };
        let sets = row.sets.iter().cloned().chain(sets(&said)).collect();
        let deed = Deed::Give { subscription: subscription.id, to, said };
        Ok(Planned { row: Row { sets, ..row }, deed: Some(deed) })
    }

    /// A key without a holder is kept on a seat that waits for one. One that a seat has already is no news.
    fn free<'row>(&mut self, line: usize, cell: impl Fn(&str) -> Option<&'row str>) -> Result<Planned, String> {
        let listed = self.of_what.find(&cell)?;
        let Said { expires_on, key, last_used_on } = self.books.said(cell)?;
        let key = key.ok_or_else(|| "Write the license key.".to_owned())?;
        let subscription = listed.subscription.id;
        match self.keys.entry((subscription, key.clone())) {
            Entry::Occupied(first) => {
                let first = first.get();
                return Err(format!("The same subscription and key are on line {first}: keep one of the two rows."));
            }
            Entry::Vacant(free) => *free.insert(line),
        };
        let mut warnings = Vec::new();
        if expires_on.is_some() || last_used_on.is_some() {
            warnings.push("Nobody holds this seat, so it gets no last day and no last use.".to_owned());
        }
        let row = |outcome| Row {
            name: listed.subscription.details.name.clone(),
            sets: vec![("a free seat with license key", key.hint().to_string())],
            ..Row::without(line, outcome, "")
        };
        match self.books.known_keys.state(subscription, &key) {
            Some(State::Open) => return Ok(without(Row { warnings, ..row(Outcome::Unchanged) })),
            Some(State::Retired) => {
                warnings.push("The seat with this key is retired, and stays so: open it again on its page.".to_owned());
                return Ok(without(Row { warnings, ..row(Outcome::Unchanged) }));
            }
            None => {}
        }
        let details = &listed.subscription.details;
        require_assignable(details.status, &details.name).map_err(LicenseError::words)?;
        let row = Row { warnings, ..row(Outcome::Create) };
        Ok(Planned { row, deed: Some(Deed::Keep { subscription, key }) })
    }
}

fn with_newcomer(row: Row, newcomer: &Newcomer) -> Row {
    let has_name = newcomer.name != newcomer.email.as_str();
    let warnings = if has_name { Vec::new() } else { vec![RowWarning::NoName.to_string()] };
    let sets = vec![("added to People as", newcomer.name.clone())];
    Row { newcomer: Some(newcomer.email.folded().to_owned()), sets, warnings, ..row }
}

/// The row of somebody who is not in People, and is not to be added either.
fn left_out(row: Row, address: &EmailAddress) -> Row {
    let reason = format!("Nobody in People has the address {address}: choose above to add them too.");
    Row { newcomer: row.newcomer, ..Row::without(row.line, Outcome::Error, reason) }
}

fn sets(said: &Said) -> Vec<(&'static str, String)> {
    let sets = [
        ("until", said.expires_on.map(|day| day.to_string())),
        ("license key", said.key.as_ref().map(|key| key.hint().to_string())),
        ("last used", said.last_used_on.map(|day| day.to_string())),
    ];
    sets.into_iter().filter_map(|(words, value)| Some((words, value?))).collect()
}

pub(super) fn without(row: Row) -> Planned {
    Planned { row, deed: None }
}

//! `/licenses`: every seat, as of a day.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use crate::app::App;
use crate::domain::licenses::all::{AllSeats, AnySeat, Filter, SeatsPage};
use crate::domain::licenses::last_use::Usage;
use crate::domain::licenses::license::Status;
use crate::domain::licenses::store::Counted;
use crate::http::access::SignedIn;
use crate::http::pages::address;
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Shell;
use crate::kernel::access::{Access, House};
use crate::kernel::ids::LicenseId;
use crate::kernel::permission::Permission;

use super::seat_views::kind;
use super::views::{Day, flags, usage};

const PLACE: &str = "seats";
const LONGEST_SEARCH: usize = 100;

/// What the address asks for.
#[derive(serde::Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "licenses/all.html")]
struct AllPage {
    shell: Shell,
    asked: Asked,
    /// The day the list is of, when it is not today.
    on: Option<Day>,
    /// Whether the day asked for could not be read.
    is_odd_day: bool,
    counted: Counted,
    rows: Vec<Row>,
    next: Option<String>,
    can_assign: bool,
    can_ask: bool,
    can_export: bool,
}

/// One seat of the list.
struct Row {
    license: String,
    name: String,
    holder: Option<HeldBy>,
    state: (&'static str, &'static str),
    usage: Option<(&'static str, String)>,
    expires: Option<Day>,
    key: Option<String>,
    cost: Option<(String, String)>,
}

struct HeldBy {
    member: String,
    name: String,
    flags: Vec<(&'static str, &'static str)>,
    since: Day,
}

/// GET `/licenses?on=&q=&status=`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let asked = asked.into_inner();
    let on = asked.day();
    let is_odd_day = on.is_none() && asked.names_a_day();
    let after = LicenseId::parse(&asked.after);
    let found = app.db.answer(&access, AllSeats { filter: asked.filter(), on, after }).await?;
    let house = access.reading();
    let page = AllPage {
        shell: Shell::load(&app, &request, &access, PLACE).await?,
        on: (!found.is_today).then(|| Day::on(found.on, house)),
        is_odd_day,
        counted: found.counted,
        next: found.next.map(|after| asked.address(&[("after", &after.to_string())])),
        rows: rows(found, &access),
        can_assign: access.may(Permission::ChangeSubscriptions),
        can_ask: access.may(Permission::AskForSeats),
        can_export: access.may(Permission::ExportLists),
        asked,
    };
    Ok(Page::ok(page).into_response())
}

impl Asked {
    /// What the list is narrowed to.
    pub(in crate::http::pages) fn filter(&self) -> Filter {
        let words = self.q.trim().chars().filter(|c| !c.is_control()).take(LONGEST_SEARCH).collect();
        Filter { words, status: Status::parse(&self.status) }
    }

    /// The day it is of, when one is named that can be read.
    pub(in crate::http::pages) fn day(&self) -> Option<NaiveDate> {
        let day = NaiveDate::parse_from_str(self.on.trim(), "%Y-%m-%d").ok();
        day.filter(|day| (1990..=2200).contains(&day.year()))
    }

    /// Whether a day is named.
    pub(in crate::http::pages) fn names_a_day(&self) -> bool {
        !self.on.trim().is_empty()
    }

    /// The address of the same list as a file.
    fn csv(&self) -> String {
        self.address(&[]).replacen("/licenses", "/licenses.csv", 1)
    }

    /// The address of the same list with these answers instead, from its first page on.
    fn address(&self, instead: &[(&str, &str)]) -> String {
        let own = [("q", self.q.trim()), ("status", self.status.as_str()), ("on", self.on.trim())];
        address::asked("/licenses", &own, instead)
    }
}

impl AllPage {
    /// Each status with its address, its words and how many there are.
    fn views(&self) -> Vec<(String, &'static str, i64, bool)> {
        let every = [(String::new(), "All", self.counted.total())];
        let each = Status::ALL.map(|status| (status.code().to_owned(), status.label(), self.counted.of(status)));
        let shown = Status::parse(&self.asked.status).map_or("", Status::code);
        let view = |(code, words, count): (String, &'static str, i64)| {
            let is_shown = code == shown;
            (self.asked.address(&[("status", &code)]), words, count, is_shown)
        };
        every.into_iter().chain(each).map(view).collect()
    }

    fn is_narrowed(&self) -> bool {
        [&self.asked.q, &self.asked.status].iter().any(|answer| !answer.trim().is_empty())
    }

    fn shows_keys(&self) -> bool {
        self.rows.iter().any(|row| row.key.is_some())
    }

    fn shows_last_days(&self) -> bool {
        self.rows.iter().any(|row| row.expires.is_some())
    }

    fn range(&self) -> String {
        let total = match Status::parse(&self.asked.status) {
            Some(status) => self.counted.of(status),
            None => self.counted.total(),
        };
        match i64::try_from(self.rows.len()) {
            Ok(1) if total == 1 => "1 seat".to_owned(),
            Ok(shown) if shown < total => format!("{shown} of {total} seats"),
            _ => format!("{total} seats"),
        }
    }
}

fn rows(found: SeatsPage, access: &Access) -> Vec<Row> {
    // A day is one of the business; only how it is written is the reader's.
    let (house, on) = (access.reading(), (found.on, access.house().zone));
    let is_today = found.is_today;
    found.seats.into_iter().map(|seat| row(seat, house, on, is_today)).collect()
}

fn row(seat: AnySeat, house: House, (on, zone): (NaiveDate, Tz), is_today: bool) -> Row {
    let status = seat.status;
    let is_held = seat.holder.is_some();
    let holder = seat.holder.map(|(holder, given_at)| HeldBy {
        member: holder.id.to_string(),
        flags: flags(&holder, status).into_iter().filter(|(_, words)| *words != "Expired").collect(),
        since: Day::of(given_at, house),
        name: holder.name,
    });
    Row {
        license: seat.license.to_string(),
        name: seat.subscription_name,
        holder,
        state: (kind(status), status.label()),
        usage: (is_held && is_today).then(|| usage(Usage::of(seat.last_use, on, zone))),
        expires: seat.expires_on.map(|last| Day::on(last, house)),
        key: seat.key.map(|key| key.to_string()),
        cost: seat.cost.map(|(cost, cycle)| {
            let per = cycle.map_or_else(|| "once".to_owned(), |cycle| format!("every {cycle}"));
            (house.locale.money(cost), per)
        }),
    }
}

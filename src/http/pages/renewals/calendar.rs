//! `/renewals/calendar`: a month of renewals and last days to cancel, as a table and day by day.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::app::App;
use crate::domain::renewals::ahead::Happens;
use crate::domain::renewals::month::{Between, Happening};
use crate::domain::subscriptions::schedule::{EARLIEST, LATEST};
use crate::http::access::SignedIn;
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Shell;
use crate::kernel::locale::Locale;

use super::{PLACE, can_feed, today};

/// How many lines a day of the table has room for.
const ROOM: usize = 3;
/// How far links lead back.
const BACK: Months = Months::new(24);
/// How far links lead ahead.
const AHEAD: Months = Months::new(36);

/// What the address asks for.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    month: String,
}

#[derive(Template)]
#[template(path = "renewals/calendar.html")]
struct CalendarPage {
    shell: Shell,
    title: String,
    weekdays: Vec<&'static str>,
    weeks: Vec<Vec<Cell>>,
    /// The days of the month on which something happens.
    days: Vec<Cell>,
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
    is_present: bool,
    can_feed: bool,
}

/// One day.
struct Cell {
    iso: String,
    /// "3", and "1 Dec" for the first of a month.
    label: String,
    /// "Fri 27 Nov 2026".
    long: String,
    /// "out", "today" or "".
    class: &'static str,
    items: Vec<Item>,
}

/// One thing that happens.
struct Item {
    /// The page of the subscription.
    id: String,
    name: String,
    /// "Renews".
    what: &'static str,
    /// "by", "by now" or "".
    class: &'static str,
}

/// GET `/renewals/calendar`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (today, locale) = (today(&app, &access), access.reading().locale);
    let first = first_of(&asked.month).unwrap_or(today.with_day(1).unwrap_or(today));
    let (from, to) = shown(first, locale);
    let happenings = app.db.answer(&access, Between { from, to }).await?;
    let cells: Vec<Cell> = from
        .iter_days()
        .take_while(|day| *day <= to)
        .map(|day| cell(day, (first, today), &happenings, locale))
        .collect();
    let (mut weeks, mut days) = (Vec::new(), Vec::new());
    let mut cells = cells.into_iter().peekable();
    while cells.peek().is_some() {
        weeks.push(cells.by_ref().take(7).collect::<Vec<Cell>>());
    }
    for day in first.iter_days().take_while(|day| day.month() == first.month()) {
        let day = cell(day, (first, today), &happenings, locale);
        if !day.items.is_empty() {
            days.push(day);
        }
    }
    let turn = |day: Option<NaiveDate>| {
        let reached = day.filter(|day| (EARLIEST..=LATEST).contains(day))?;
        Some((address(reached), title(reached)))
    };
    // Links end where nothing more is known; an address may still name any month.
    let (oldest, newest) = (today.checked_sub_months(BACK), today.checked_add_months(AHEAD));
    let page = CalendarPage {
        shell: Shell::load(&app, &request, &access, PLACE).await?,
        title: title(first),
        can_feed: can_feed(&access),
        weekdays: weekdays(locale),
        weeks,
        days,
        previous: turn(first.checked_sub_months(Months::new(1)).filter(|_| Some(first) > oldest)),
        next: turn(first.checked_add_months(Months::new(1)).filter(|_| Some(first) < newest)),
        is_present: (first.year(), first.month()) == (today.year(), today.month()),
    };
    Ok(Page::ok(page).into_response())
}

/// Reads "2026-11".
fn first_of(month: &str) -> Option<NaiveDate> {
    let is_iso = month.len() == 7 && month.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let first = format!("{month}-01").parse::<NaiveDate>().ok().filter(|_| is_iso)?;
    (EARLIEST..=LATEST).contains(&first).then_some(first)
}

/// Whole weeks around the month.
fn shown(first: NaiveDate, locale: Locale) -> (NaiveDate, NaiveDate) {
    let begins = locale.first_weekday();
    let week_of = |day: NaiveDate| {
        let week = day.week(begins);
        (week.checked_first_day().unwrap_or(day), week.checked_last_day().unwrap_or(day))
    };
    let last = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first);
    (week_of(first).0, week_of(last).1)
}

fn weekdays(locale: Locale) -> Vec<&'static str> {
    let mut day = locale.first_weekday();
    let mut names = Vec::new();
    for _ in 0..7 {
        names.push(match day {
            Weekday::Mon => "Mon",
            Weekday::Tue => "Tue",
            Weekday::Wed => "Wed",
            Weekday::Thu => "Thu",
            Weekday::Fri => "Fri",
            Weekday::Sat => "Sat",
            Weekday::Sun => "Sun",
        });
        day = day.succ();
    }
    names
}

fn address(first: NaiveDate) -> String {
    format!("/renewals/calendar?month={}", first.format("%Y-%m"))
}

fn title(first: NaiveDate) -> String {
    first.format("%B %Y").to_string()
}

fn cell(day: NaiveDate, (first, today): (NaiveDate, NaiveDate), happenings: &[Happening], locale: Locale) -> Cell {
    let begin = happenings.partition_point(|one| one.moment.on < day);
    let of_day = happenings.iter().skip(begin).take_while(|one| one.moment.on == day);
    let class = match (day == today, day.month() == first.month()) {
        (true, _) => "today",
        (false, false) => "out",
        (false, true) => "",
    };
    Cell {
        iso: day.to_string(),
        label: if day.day() == 1 { day.format("%-d %b").to_string() } else { day.day().to_string() },
        long: format!("{} {}", day.format("%a"), locale.date(day)),
        class,
        items: of_day.map(|one| item(one, today)).collect(),
    }
}

fn item(one: &Happening, today: NaiveDate) -> Item {
    let soon = today.checked_add_days(Days::new(7)).unwrap_or(today);
    let is_past = one.moment.on < today;
    let (what, class) = match one.moment.what {
        Happens::CancelBy if one.moment.on <= soon => ("Cancel by", "by now"),
        Happens::CancelBy => ("Cancel by", "by"),
        Happens::Renews if is_past => ("Renewed", ""),
        Happens::Renews => ("Renews", ""),
        Happens::RenewsIfDecided => ("Renews if decided", ""),
        Happens::Ends => ("Ends", ""),
        Happens::TrialEnds => ("Trial ends", ""),
    };
    Item { id: one.subscription.to_string(), name: one.name.clone(), what, class }
}

impl Cell {
    fn shown(&self) -> impl Iterator<Item = &Item> {
        let room = if self.items.len() > ROOM { ROOM - 1 } else { ROOM };
        self.items.iter().take(room)
    }

    fn more(&self) -> usize {
        if self.items.len() > ROOM { self.items.len() - (ROOM - 1) } else { 0 }
    }

    fn is_out(&self) -> bool {
        self.class == "out"
    }
}

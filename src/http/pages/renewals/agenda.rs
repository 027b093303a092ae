//! `/renewals`: what comes up, narrowed and sorted by its address, and one decision about all that are ticked.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Months, NaiveDate, TimeDelta};

use crate::app::App;
use crate::domain::renewals::agenda::{Agenda, SOON};
use crate::domain::renewals::decide_many::{DecideMany, Many};
use crate::domain::renewals::decision::parse;
use crate::domain::subscriptions::list::{Answered, Sort};
use crate::http::access::SignedIn;
use crate::http::pages::address;
use crate::http::pages::answer::carry_out;
use crate::http::pages::form::MemberPost;
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Shell;
use crate::http::pages::subscriptions::fields::Options;
use crate::http::pages::subscriptions::index::place_text;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::locale::Locale;
use crate::kernel::money::Totals;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::asked::{Asked, KEPT};
use super::rows::{MonthRows, Row, by_month};
use super::{PATH, PLACE, can_feed, today};

#[derive(Template)]
#[template(path = "renewals/index.html")]
struct AgendaPage {
    shell: Shell,
    asked: Asked,
    sort: Sort,
    months: Vec<MonthRows>,
    count: usize,
    total: i64,
    lead: String,
    categories: Options,
    departments: Options,
    owners: Options,
    windows: Options,
    deadlines: Options,
    previous: Option<String>,
    next: Option<String>,
    can_change: bool,
    can_feed: bool,
}

/// GET `/renewals`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (asked, today, locale) = (asked.into_inner(), today(&app, &access), access.reading().locale);
    let (filters, from) = asked.read(today)?;
    let sort = filters.sort;
    let coming = app.db.answer(&access, Agenda { filters, from }).await?;
    let listing = coming.listing;
    let rows: Vec<Row> = listing.rows.into_iter().map(|listed| Row::new(listed, today, &access)).collect();
    let named = |names: Vec<String>| names.into_iter().map(|name| (name.clone(), name)).collect::<Vec<_>>();
    let owners = listing.owners.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let page = AgendaPage {
        shell: Shell::load(&app, &request, &access, PLACE).await?,
        sort,
        count: rows.len(),
        can_change: rows.iter().any(|row| row.can_change),
        can_feed: can_feed(&access),
        months: by_month(rows, sort),
        total: listing.total,
        lead: lead(coming.undecided, &coming.soon, locale),
        categories: options("Any category", named(listing.categories)),
        departments: options("Any department", named(coming.departments)),
        owners: options("Any owner", owners),
        windows: windows(today, &asked.to, locale),
        deadlines: deadlines(today, &asked.act_by, locale),
        previous: listing.previous.map(|place| asked.address(&[("before", &place_text(&place))])),
        next: listing.next.map(|place| asked.address(&[("after", &place_text(&place))])),
        asked,
    };
    Ok(Page::ok(page).into_response())
}

/// POST `/renewals/bulk`.
pub async fn decide_all(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["renewal", "decision", "list"])?;
    let renewals = posted.all("renewal").map(|text| ticked(text).ok_or_else(Refusal::not_found));
    let renewals = renewals.collect::<Result<Vec<_>, Refusal>>()?;
    let wish = parse(posted.get("decision"), "")?;
    let back = address::back(PATH, posted.get("list"), &KEPT);
    let told = move |many: &Many| Answer::go(back.as_str(), said(many));
    carry_out(&app, &request, (&access, &posted), DecideMany { renewals, wish }, told).await
}

/// A ticked renewal: the subscription and the day, as they stand on the page.
fn ticked(text: &str) -> Option<(SubscriptionId, NaiveDate)> {
    let (id, day) = text.split_once('.')?;
    Some((SubscriptionId::parse(id)?, day.parse().ok()?))
}

fn said(many: &Many) -> String {
    let late = match many.late {
        0 => String::new(),
        1 => " The last day to cancel one of them is past.".to_owned(),
        late => format!(" The last day to cancel {late} of them is past."),
    };
    match (many.changed, many.unchanged) {
        (0, _) => "They were decided so already. Nothing was changed.".to_owned(),
        (1, 0) => format!("Recorded the decision about one renewal.{late}"),
        (changed, 0) => format!("Recorded the decision about {changed} renewals.{late}"),
        (changed, so) => {
            format!("Recorded the decision about {changed} of {}; the others stood so already.{late}", changed + so)
        }
    }
}

fn lead(undecided: i64, soon: &Totals, locale: Locale) -> String {
    let wait = match undecided {
        0 => "Nothing waits for a decision.".to_owned(),
        1 => "One waits for a decision.".to_owned(),
        _ => format!("{} wait for a decision.", locale.number(undecided)),
    };
    let sums: Vec<String> = soon.iter().map(|amount| locale.money_whole(amount)).collect();
    let sums = match sums.split_last() {
        None => return wait,
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    };
    format!("{wait} What renews by itself in the next {SOON} days comes to {sums}.")
}

fn options(any: &str, rows: Vec<(String, String)>) -> Options {
    std::iter::once((String::new(), any.to_owned())).chain(rows).collect()
}

/// How far ahead the agenda looks; a day of the address that is none of ours stands among them.
fn windows(today: NaiveDate, asked: &str, locale: Locale) -> Options {
    let days = [30, 60, 90].map(|days| (today + TimeDelta::days(days), format!("Next {days} days")));
    let later = [24, 60].map(|months| {
        (today.checked_add_months(Months::new(months)).unwrap_or(today), format!("Next {} years", months / 12))
    });
    let rows = days.into_iter().chain(later).map(|(day, words)| (day.to_string(), words)).collect();
    with_own(options("Next 12 months", rows), asked, "Until", locale)
}

/// By when somebody must act.
fn deadlines(today: NaiveDate, asked: &str, locale: Locale) -> Options {
    let past = (today - TimeDelta::days(1), "Past its last day to cancel".to_owned());
    let days = [7, 14, 30, 90].map(|days| (today + TimeDelta::days(days), format!("Must act within {days} days")));
    let rows = std::iter::once(past).chain(days).map(|(day, words)| (day.to_string(), words)).collect();
    with_own(options("Whenever one must act", rows), asked, "Must act by", locale)
}

fn with_own(mut options: Options, asked: &str, words: &str, locale: Locale) -> Options {
    let day = asked.parse::<NaiveDate>().ok().filter(|_| !options.iter().any(|(value, _)| value == asked));
    options.extend(day.map(|day| (day.to_string(), format!("{words} {}", locale.date(day)))));
    options
}

impl AgendaPage {
    fn decisions(&self) -> Options {
        let every = Answered::ALL.map(|answer| (answer.code().to_owned(), word(answer).to_owned()));
        options("Any decision", every.to_vec())
    }

    /// How the agenda is narrowed and sorted, to come back to it.
    fn list(&self) -> String {
        let address = self.asked.address(&[]);
        address.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    fn picks(&self) -> Options {
        let named = |options: &Options, value: &str| {
            options.iter().find(|(code, _)| code == value).map(|(_, words)| words.clone())
        };
        let asked = &self.asked;
        [
            ("q", Some(asked.q.trim().to_owned())),
            ("decision", named(&self.decisions(), &asked.decision)),
            ("act_by", named(&self.deadlines, &asked.act_by)),
            ("to", named(&self.windows, &asked.to)),
            ("from", Some(format!("From {}", asked.from))),
            ("category", named(&self.categories, &asked.category)),
            ("department", named(&self.departments, &asked.department)),
            ("owner", named(&self.owners, &asked.owner)),
        ]
        .into_iter()
        .filter(|(name, _)| !asked.value(name).trim().is_empty())
        .filter_map(|(name, words)| Some((words?, asked.address(&[(name, "")]))))
        .collect()
    }

    fn sorted_by(&self, code: &str) -> String {
        let code = if code == Sort::default().code() { "" } else { code };
        self.asked.address(&[("sort", code)])
    }

    fn is_sorted_by(&self, code: &str) -> bool {
        self.sort.code() == code
    }

    fn range(&self) -> String {
        match i64::try_from(self.count) {
            Ok(shown) if shown < self.total => format!("{shown} of {}", self.total),
            _ => format!("{} in all", self.total),
        }
    }
}

fn word(answer: Answered) -> &'static str {
    match answer {
        Answered::Undecided => "Undecided",
        Answered::Renew => "Renew",
        Answered::Resize => "Resize",
        Answered::Cancel => "Cancel",
    }
}

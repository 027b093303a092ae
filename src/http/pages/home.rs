//! `/` for whoever is signed in: what should be known first. Owners and admins see costs and what must be decided,
//! people with the role user their own seats; an auditor's home is the trail.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::app::App;
use crate::domain::home::mine::{OwnSeat, SeatsOf};
use crate::domain::home::overview::{Live, Overview, OverviewOf, Steps};
use crate::http::access::{SignedIn, prove};
use crate::kernel::access::{Access, Actor, House};
use crate::kernel::locale::Locale;
use crate::kernel::money::{Money, Totals};
use crate::kernel::permission::{Permission, Role};
use crate::kernel::refusal::Refusal;

use super::chart::BarChart;
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::renewals::state;
use super::requests::{RequestRow, waiting};
use super::shell::Shell;
use super::views::{CancelByView, SeatsView, share};

#[derive(Template)]
#[template(path = "home/index.html")]
struct HomePage {
    shell: Shell,
    greeting: String,
    lead: String,
    figures: Vec<Figure>,
    chart: Option<BarChart>,
    caption: String,
    soon: Vec<SoonRow>,
    steps: Vec<Step>,
    next: Vec<NextRow>,
    /// "3 undecided", or empty.
    undecided: String,
    /// Who asks for a seat.
    requests: Vec<RequestRow>,
    is_empty: bool,
    can_add: bool,
    can_import: bool,
    left_behind: Option<String>,
}

#[derive(Template)]
#[template(path = "home/mine.html")]
struct MyHomePage {
    shell: Shell,
    greeting: String,
    can_add: bool,
    can_ask: bool,
    can_give_back: bool,
    seats: Vec<SeatRow>,
    /// One's own requests, and those for what one owns.
    requests: Vec<RequestRow>,
}

struct Figure {
    name: &'static str,
    value: String,
    more: String,
}

struct SoonRow {
    name: String,
    href: String,
    width: String,
    count: usize,
    amounts: Vec<String>,
}

struct Step {
    /// Whoever may not do this is not asked to.
    needs: Permission,
    words: &'static str,
    href: &'static str,
    is_done: bool,
}

struct NextRow {
    id: String,
    name: String,
    owner: String,
    is_orphan: bool,
    cancel_by: CancelByView,
    renews_iso: String,
    renews: String,
    seats: SeatsView,
    due: String,
    /// The decision's colour and words; none: nobody has decided.
    decision: Option<(&'static str, String)>,
}

struct SeatRow {
    license: String,
    id: String,
    name: String,
    owner: String,
    since_iso: String,
    since: String,
    until: Option<String>,
}

/// GET `/`.
pub async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, HtmlRefusal> {
    let access = prove(&request).await?;
    let role = match access.actor() {
        // Support acts for the business as a whole, unless it looks with one member's eyes.
        Actor::Support { seen_as: None, .. } => Some(Role::Owner),
        _ => access.shown_to().map(|(_, role)| role),
    };
    match role {
        Some(Role::Owner | Role::Admin) => Ok(overview(&app, &request, &access).await?),
        Some(Role::Auditor) => super::audit::index(app, request, SignedIn(access)).await,
        Some(Role::User) | None => Ok(mine(&app, &request, &access).await?),
    }
}

async fn overview(app: &App, request: &HttpRequest, access: &Access) -> Result<HttpResponse, Refusal> {
    let overview = app.db.answer(access, OverviewOf).await?;
    let shell = Shell::load(app, request, access, "home").await?;
    let locale = access.reading().locale;
    let page = HomePage {
        greeting: greeting(app, access, &shell.person),
        lead: lead(&overview, locale),
        figures: figures(&overview, locale),
        chart: chart(&overview, locale),
        caption: caption(&overview),
        soon: soon(&overview, locale),
        steps: steps(access, overview.steps),
        next: overview.next.iter().filter_map(|live| next_row(live, overview.today, locale)).collect(),
        requests: waiting(app, access).await?,
        undecided: match overview.undecided {
            0 => String::new(),
            undecided => format!("{undecided} undecided"),
        },
        is_empty: overview.count == 0,
        left_behind: left_behind(overview.left_behind),
        can_add: access.may(Permission::AddSubscriptions),
        can_import: access.may(Permission::Import),
        shell,
    };
    Ok(Page::ok(page).into_response())
}

async fn mine(app: &App, request: &HttpRequest, access: &Access) -> Result<HttpResponse, Refusal> {
    let (member, _) = access.shown_to().ok_or_else(Refusal::not_found)?;
    let seats = app.db.answer(access, SeatsOf { member }).await?;
    let shell = Shell::load(app, request, access, "home").await?;
    let house = access.reading();
    let greeting = greeting(app, access, &shell.person);
    let seats = seats.into_iter().map(|seat| seat_row(seat, house)).collect();
    let can_add = access.may(Permission::AddSubscriptions);
    let can_ask = access.may(Permission::AskForSeats);
    // In a support session nobody gives anything back.
    let can_give_back = access.member().is_some();
    let requests = waiting(app, access).await?;
    Ok(Page::ok(MyHomePage { shell, greeting, can_add, can_ask, can_give_back, seats, requests }).into_response())
}

fn seat_row(seat: OwnSeat, house: House) -> SeatRow {
    let since = seat.given_at.with_timezone(&house.zone).date_naive();
    SeatRow {
        license: seat.license.to_string(),
        id: seat.subscription.to_string(),
        name: seat.name,
        owner: seat.owner,
        since_iso: since.to_string(),
        since: house.locale.date(since),
        until: seat.expires_on.map(|day| house.locale.date(day)),
    }
}

fn greeting(app: &App, access: &Access, person: &str) -> String {
    use chrono::Timelike;
    let hour = app.db.clock().now().with_timezone(&access.reading().zone).hour();
    let words = match hour {
        5..12 => "Good morning",
        12..18 => "Good afternoon",
        _ => "Good evening",
    };
    format!("{words}, {}", person.split_whitespace().next().unwrap_or(person))
}

fn lead(overview: &Overview, locale: Locale) -> String {
    let day = locale.date_long(overview.today);
    match overview.urgent {
        0 => format!("{day}. No last day to cancel falls within a week."),
        1 => format!("{day}. One subscription is to be decided or cancelled this week."),
        urgent => format!("{day}. {urgent} subscriptions are to be decided or cancelled this week."),
    }
}

fn figures(overview: &Overview, locale: Locale) -> Vec<Figure> {
    let (bought, held) = overview.seats;
    let [(days, count, totals), ..] = &overview.soon;
    vec![
        money_figure("A month, at today’s prices", &overview.a_month, locale),
        money_figure("A year, at today’s prices", &overview.a_year, locale),
        Figure {
            name: "Seats held",
            value: format!("{} of {}", locale.number(held), locale.number(bought)),
            more: match bought - held {
                free @ 1.. => format!("{} free to give", locale.number(free)),
                _ => "none free".to_owned(),
            },
        },
        Figure {
            name: "Renewing soon",
            value: locale.number(i64::try_from(*count).unwrap_or(i64::MAX)),
            more: match amounts(totals, locale).join(", ") {
                none if none.is_empty() => format!("in {days} days"),
                sums => format!("in {days} days, {sums}"),
            },
        },
    ]
}

/// The first currency large, the others below it: they are never added up.
fn money_figure(name: &'static str, amounts: &[Money], locale: Locale) -> Figure {
    let mut written = amounts.iter().map(|amount| locale.money(*amount));
    let value = written.next().unwrap_or_else(|| "–".to_owned());
    let rest: Vec<String> = written.map(|amount| format!("+ {amount}")).collect();
    Figure { name, value, more: rest.join("  ") }
}

fn amounts(totals: &Totals, locale: Locale) -> Vec<String> {
    totals.iter().map(|amount| locale.money_whole(amount)).collect()
}

fn chart(overview: &Overview, locale: Locale) -> Option<BarChart> {
    let rows: Vec<(String, String, Money)> = overview
        .months
        .iter()
        .map(|month| (month.first.format("%b").to_string(), month.first.format("%b %Y").to_string(), month.due))
        .collect();
    BarChart::new("What comes due by month", &rows, locale)
}

fn caption(overview: &Overview) -> String {
    let name = |day: NaiveDate| format!("{} {}", day.format("%b"), day.year());
    match (overview.months.first(), overview.months.last()) {
        (Some(first), Some(last)) => {
            format!("{} to {}, in {}", name(first.first), name(last.first), first.due.currency.code())
        }
        _ => String::new(),
    }
}

fn soon(overview: &Overview, locale: Locale) -> Vec<SoonRow> {
    let most = overview.soon.iter().map(|(_, count, _)| *count).max().unwrap_or(0);
    let whole = i64::try_from(most).unwrap_or(i64::MAX);
    overview
        .soon
        .iter()
        .map(|(days, count, totals)| SoonRow {
            name: format!("{days} days"),
            href: format!("/renewals?to={}&sort=renewal", overview.today + TimeDelta::days(*days)),
            width: share(i64::try_from(*count).unwrap_or(i64::MAX), whole),
            count: *count,
            amounts: amounts(totals, locale),
        })
        .collect()
}

/// What people who are gone still have: a sentence without its full stop.
fn left_behind((seats, owned): (i64, i64)) -> Option<String> {
    let held = match seats {
        0 => None,
        1 => Some("hold 1 seat".to_owned()),
        _ => Some(format!("hold {seats} seats")),
    };
    let owns = match owned {
        0 => None,
        1 => Some("own 1 subscription".to_owned()),
        _ => Some(format!("own {owned} subscriptions")),
    };
    let all: Vec<String> = held.into_iter().chain(owns).collect();
    (!all.is_empty()).then(|| format!("People who were deactivated or have left still {}", all.join(" and ")))
}

/// What to do first, of what whoever reads may do; nothing once all of it is done.
fn steps(access: &Access, steps: Steps) -> Vec<Step> {
    let all: Vec<Step> = all_steps(steps).into_iter().filter(|step| access.may(step.needs)).collect();
    match all.iter().all(|step| step.is_done) {
        true => Vec::new(),
        false => all,
    }
}

fn all_steps(steps: Steps) -> Vec<Step> {
    vec![
        Step {
            needs: Permission::ChangeSettings,
            words: "Check currency and time zone",
            href: "/settings/business",
            is_done: steps.has_checked,
        },
        Step {
            needs: Permission::AddSubscriptions,
            words: "Add your first subscription",
            href: "/subscriptions/new",
            is_done: steps.has_subscription,
        },
        Step {
            needs: Permission::ChangePeople,
            words: "Add the people who use it",
            href: "/people",
            is_done: steps.has_people,
        },
        Step {
            needs: Permission::SeeSubscriptions,
            words: "Give somebody a seat",
            href: "/subscriptions",
            is_done: steps.has_seat,
        },
        Step {
            needs: Permission::Invite,
            words: "Invite a colleague",
            href: "/team/invitations",
            is_done: steps.has_team,
        },
        Step {
            needs: Permission::ManageKeys,
            words: "Make a key that reports usage",
            href: "/settings/api-keys",
            is_done: steps.has_key,
        },
    ]
}

fn next_row(live: &Live, today: NaiveDate, locale: Locale) -> Option<NextRow> {
    let cancel_by = CancelByView::new(live.cancel_by?, today, locale);
    let renews_on = live.renews_on?;
    Some(NextRow {
        id: live.id.to_string(),
        name: live.name.clone(),
        owner: live.owner.clone(),
        is_orphan: live.is_orphan,
        cancel_by,
        renews_iso: renews_on.to_string(),
        renews: locale.date(renews_on),
        seats: SeatsView {
            held: live.held,
            bought: live.price.and_then(|price| price.seats).map(i64::from),
            used: None,
            locale,
        },
        due: live.due().map_or_else(|| "–".to_owned(), |due| locale.money(due)),
        decision: live.decided.map(|decided| state(Some(decided))),
    })
}

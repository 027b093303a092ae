//! `/staff/plans`: what the installation sells. A version in use is never changed: writing makes the next one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::plans::plan::Meter;
use crate::domain::plans::versions::{Archive, Terms, Version, Versions, Write};
use crate::http::access::StaffIn;
use crate::kernel::access::Access;
use crate::kernel::calendar::Interval;
use crate::kernel::currency::Currency;
use crate::kernel::ids::PlanId;
use crate::kernel::locale::Locale;
use crate::kernel::money::Money;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::super::answer::{carry_out, give};
use super::super::form::{FormErrors, FormState, Posted};
use super::super::page::Page;
use super::super::people::refused;
use super::super::refusal::HtmlRefusal;
use super::super::views::per;
use super::{StaffPost, StaffShell};

const PATH: &str = "/staff/plans";
const FIELDS: [&str; 14] = [
    "business",
    "code",
    "name",
    "price",
    "currency",
    "cycle_count",
    "cycle_unit",
    "renews",
    "public",
    "audit_days",
    "sign_ins",
    "subscriptions",
    "seats",
    "usage_events",
];
/// More than anybody needs, and far from what a number can hold.
const MOST: i64 = 1_000_000_000_000;

#[derive(Template)]
#[template(path = "staff/plans.html")]
struct PlansPage {
    shell: StaffShell,
    form: FormState,
    rows: Vec<VersionView>,
}

struct VersionView {
    id: String,
    name: String,
    /// "team, version 2".
    code: String,
    price: String,
    limits: Vec<String>,
    state: (&'static str, &'static str),
    businesses: String,
    is_current: bool,
}

impl VersionView {
    fn new(version: &Version, locale: Locale) -> Self {
        let plan = &version.plan;
        let figure = |meter: Meter| match plan.allowance(meter) {
            Some(limit) => format!("{} {}", locale.number(limit), meter.noun()),
            None => format!("any number of {}", meter.noun()),
        };
        let kept = plan.audit_days.map_or_else(
            || "trail kept for ever".to_owned(),
            |days| format!("trail kept {} days", locale.number(days.into())),
        );
        Self {
            id: plan.id.to_string(),
            name: plan.name.clone(),
            code: format!("{}, version {}", plan.code, version.number),
            price: format!("{} {}", locale.money(plan.price), per(plan)),
            limits: Meter::ALL.map(figure).into_iter().chain([kept]).collect(),
            state: match (version.is_current, version.is_public) {
                (true, true) => ("good", "On sale"),
                (true, false) => ("info", "Staff only"),
                (false, _) => ("", "Off sale"),
            },
            businesses: match version.businesses {
                0 => "no business".to_owned(),
                1 => "1 business".to_owned(),
                count => format!("{} businesses", locale.number(count)),
            },
            is_current: version.is_current,
        }
    }
}

impl PlansPage {
    fn units(&self) -> Vec<(String, String)> {
        [("day", "days"), ("week", "weeks"), ("month", "months"), ("year", "years")]
            .map(|(code, words)| (code.to_owned(), words.to_owned()))
            .to_vec()
    }
}

/// What can be asked for in the address of the page.
#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    from: String,
}

/// GET `/staff/plans?from=`: the form holds the version it starts from.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    StaffIn(console): StaffIn,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let versions = app.db.answer(&console, Versions).await?;
    let from = versions.iter().find(|version| version.plan.id.to_string() == asked.from);
    let form = from.map_or_else(fresh, starting_from);
    draw(&app, &request, &console, &versions, (form, StatusCode::OK)).await
}

/// POST `/staff/plans`.
pub async fn write(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let done = match terms(&posted) {
        Ok(terms) => {
            let tell = |said: &String| Answer::go(PATH, said.clone());
            let done = app.db.perform_once(&console, posted.once(), Write { terms }, tell).await;
            done.map_err(|refusal| vec![refusal])
        }
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let drawn = refused(&posted, refusals)?;
            let versions = app.db.answer(&console, Versions).await?;
            draw(&app, &request, &console, &versions, drawn).await
        }
    }
}

/// POST `/staff/plans/{id}/archive`.
pub async fn archive(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    let archive = Archive { plan: PlanId::parse(&id).ok_or_else(Refusal::not_found)? };
    let tell = |said: &String| Answer::go(PATH, said.clone());
    carry_out(&app, &request, (&console, &posted), archive, tell).await
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    console: &Access,
    versions: &[Version],
    (form, code): (FormState, StatusCode),
) -> Result<HttpResponse, HtmlRefusal> {
    let locale = console.house().locale;
    let page = PlansPage {
        shell: StaffShell::load(app, request, console, "plans").await?,
        form,
        rows: versions.iter().map(|version| VersionView::new(version, locale)).collect(),
    };
    Ok(Page::with_status(code, page).into_response())
}

fn fresh() -> FormState {
    let values = [("currency", "USD"), ("cycle_count", "1"), ("cycle_unit", "month"), ("renews", "1"), ("public", "1")];
    FormState::with(&values)
}

fn starting_from(version: &Version) -> FormState {
    let plan = &version.plan;
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut values = vec![
        ("code", plan.code.clone()),
        ("name", plan.name.clone()),
        ("price", plan.price.to_decimal_string()),
        ("currency", plan.price.currency.code().to_owned()),
        ("cycle_count", plan.cycle.count().to_string()),
        ("cycle_unit", plan.cycle.unit().code().to_owned()),
        ("renews", if plan.renews { "1" } else { "" }.to_owned()),
        ("public", if version.is_public { "1" } else { "" }.to_owned()),
        ("audit_days", number(plan.audit_days.map(i64::from))),
    ];
    values.extend(Meter::ALL.map(|meter| (meter.code(), number(plan.allowance(meter)))));
    FormState::of(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn terms(posted: &Posted) -> Result<Terms, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&FIELDS));
    let code = errors.take(code(posted.get("code")));
    let name = errors.take(name(posted.get("name")));
    let price = errors.take(price(posted));
    let cycle = errors.take(cycle(posted));
    let audit_days = errors.take(number(posted, "audit_days", 36_600));
    let limits = Meter::ALL.map(|meter| (meter, errors.take(number(posted, meter.code(), MOST))));
    let limits: Option<Vec<_>> = limits.into_iter().map(|(meter, limit)| Some((meter, limit?))).collect();
    let read = code.zip(name).zip(price).zip(cycle).zip(audit_days).zip(limits);
    errors.or(read.map(|(((((code, name), price), cycle), audit_days), limits)| Terms {
        code,
        name,
        price,
        cycle,
        renews: posted.get("renews") == "1",
        is_public: posted.get("public") == "1",
        // A number of days is 36,600 at most, and 0 would keep nothing.
        audit_days: audit_days.and_then(|days| i32::try_from(days).ok()).filter(|days| *days > 0),
        limits,
    }))
}

fn code(text: &str) -> Result<String, Refusal> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    match (2..=30).contains(&text.len()) && text.chars().all(is_plain) {
        true => Ok(text.to_owned()),
        false => Err(Refusal::invalid("code", "Write 2 to 30 small letters, digits and underscores.")),
    }
}

fn name(text: &str) -> Result<String, Refusal> {
    match text.is_empty() || text.chars().count() > 60 || text.chars().any(char::is_control) {
        true => Err(Refusal::invalid("name", "Write a name of at most 60 characters, on one line.")),
        false => Ok(text.to_owned()),
    }
}

fn price(posted: &Posted) -> Result<Money, Refusal> {
    let currency = Currency::parse(posted.get("currency"));
    let currency = currency.map_err(|error| Refusal::invalid("currency", error.to_string()))?;
    let price = if posted.get("price").is_empty() { "0" } else { posted.get("price") };
    Money::parse_price(price, currency).map_err(|error| Refusal::invalid("price", error.to_string()))
}

fn cycle(posted: &Posted) -> Result<Interval, Refusal> {
    let wrong = || Refusal::invalid("cycle_count", "Write how many days, weeks, months or years a cycle has.");
    let count = posted.get("cycle_count").parse().map_err(|_| wrong())?;
    Interval::parse(posted.get("cycle_unit"), count).map_err(|_| wrong())
}

/// Empty is "no limit".
fn number(posted: &Posted, field: &'static str, most: i64) -> Result<Option<i64>, Refusal> {
    match posted.get(field) {
        "" => Ok(None),
        typed => {
            let number = typed.parse().ok().filter(|number| (0..=most).contains(number));
            number
                .map(Some)
                .ok_or_else(|| Refusal::invalid(field, "Write a whole number, or leave it empty for no limit."))
        }
    }
}

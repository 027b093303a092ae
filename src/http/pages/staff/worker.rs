//! `/staff/worker`: how the worker does.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::domain::support::worker::{RetryNow, Round, SetAside, Waiting, WorkerHealth};
use crate::http::access::StaffIn;
use crate::kernel::access::House;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::super::answer::carry_out;
use super::super::page::Page;
use super::super::refusal::HtmlRefusal;
use super::{StaffPost, StaffShell, about};

/// Longer than any job rests between two rounds, with some patience.
const LATE: TimeDelta = TimeDelta::hours(26);
/// No letter or period waits this long while a worker runs.
const LAGGING: TimeDelta = TimeDelta::minutes(10);

#[derive(Template)]
#[template(path = "staff/worker.html")]
struct WorkerPage {
    shell: StaffShell,
    /// "Last seen 22 Nov 2026, 14:05", or that it never was.
    last: String,
    state: (&'static str, &'static str),
    waiting: Vec<WaitingView>,
    rounds: Vec<RoundView>,
    set_aside: Vec<SetAsideView>,
}

struct WaitingView {
    what: &'static str,
    count: String,
    oldest: String,
}

struct RoundView {
    job: String,
    iso: String,
    ran: String,
    state: (&'static str, &'static str),
    error: String,
}

struct SetAsideView {
    business_id: String,
    business: String,
    job: String,
    what: String,
    error: String,
}

/// GET `/staff/worker`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    StaffIn(console): StaffIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let health = app.db.answer(&console, WorkerHealth).await?;
    let (now, house) = (app.db.clock().now(), console.house());
    let newest = health.rounds.iter().map(|round| round.ran_at).max();
    let page = WorkerPage {
        shell: StaffShell::load(&app, &request, &console, "worker").await?,
        last: newest.map_or_else(
            || "No worker has run on this installation yet.".to_owned(),
            |at| format!("Last seen {}. Times are in UTC.", house.locale.date_time(at, house.zone)),
        ),
        state: state(&health.waiting, newest, now),
        waiting: health.waiting.iter().map(|one| waiting(one, house, now)).collect(),
        rounds: health.rounds.into_iter().map(|round| round_view(round, house, now)).collect(),
        set_aside: health.set_aside.into_iter().map(|one| set_aside(one, house)).collect(),
    };
    Ok(Page::ok(page).into_response())
}

/// POST `/staff/businesses/{id}/retry`.
pub async fn retry(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business", "job"])?;
    let access = about(&app, &console, &id).await?;
    let job = Some(posted.get("job")).filter(|job| !job.is_empty() && job.len() <= 80);
    let job = job.ok_or_else(|| Refusal::invalid("job", "Choose what should be tried again."))?;
    let retry = RetryNow { job: job.to_owned() };
    let tell = |name: &String| Answer::go("/staff/worker", format!("The worker tries again for {name}."));
    carry_out(&app, &request, (&access, &posted), retry, tell).await
}

fn state(waiting: &[Waiting], newest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> (&'static str, &'static str) {
    let lags = waiting.iter().filter_map(|one| one.oldest).any(|oldest| now - oldest > LAGGING);
    match newest {
        None => ("warn", "Never seen"),
        Some(at) if now - at > LAGGING => ("bad", "Away"),
        Some(_) if lags => ("warn", "Behind"),
        Some(_) => ("good", "Keeps up"),
    }
}

fn waiting(one: &Waiting, house: House, now: DateTime<Utc>) -> WaitingView {
    WaitingView {
        what: one.what,
        count: house.locale.number(one.count),
        oldest: one.oldest.map_or_else(|| "nothing waits".to_owned(), |at| format!("the oldest for {}", lag(now - at))),
    }
}

fn round_view(round: Round, house: House, now: DateTime<Utc>) -> RoundView {
    let state = match (&round.error, now - round.ran_at > LATE) {
        (Some(_), _) => ("bad", "Failed"),
        (None, true) => ("warn", "Late"),
        (None, false) => ("good", "Well"),
    };
    let worked = round.worked_at.map(|at| house.locale.date_time(at, house.zone));
    let error = round.error.map(|error| match worked {
        Some(at) => format!("{error} It last worked {at}."),
        None => error,
    });
    RoundView {
        job: sentence(&round.job),
        iso: round.ran_at.to_rfc3339(),
        ran: house.locale.date_time(round.ran_at, house.zone),
        state,
        error: error.unwrap_or_default(),
    }
}

fn set_aside(one: SetAside, house: House) -> SetAsideView {
    let at = |at| house.locale.date_time(at, house.zone);
    SetAsideView {
        business_id: one.business.to_string(),
        business: one.name,
        job: one.job,
        what: format!("failed {} times since {}, next try {}", one.count, at(one.since), at(one.next)),
        error: one.error,
    }
}

/// With a capital letter.
fn sentence(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How long something has waited.
fn lag(waited: TimeDelta) -> String {
    match (waited.num_minutes(), waited.num_hours(), waited.num_days()) {
        (..1, ..) => "less than a minute".to_owned(),
        (1, ..) => "1 minute".to_owned(),
        (minutes @ 2..120, ..) => format!("{minutes} minutes"),
        (_, hours @ ..48, _) => format!("{hours} hours"),
        (.., days) => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_is_told_in_the_unit_that_fits() {
        let told = [30, 60, 600, 7_200, 172_800].map(|seconds| lag(TimeDelta::seconds(seconds)));
        assert_eq!(told, ["less than a minute", "1 minute", "10 minutes", "2 hours", "2 days"]);
    }
}

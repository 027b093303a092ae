//! `/staff/businesses/{id}`: one business, and what staff can do for it. One form stands beside it at a time.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::businesses::settings::SupportAccess;
use crate::domain::plans::overview::Overview;
use crate::domain::plans::plan::Meter;
use crate::domain::support::console::Health;
use crate::domain::support::session::{Minutes, Reason};
use crate::domain::support::show::{ShowBusiness, Shown};
use crate::domain::support::suspend::{Restore, Suspend};
use crate::http::access::StaffIn;
use crate::kernel::access::{Access, House};
use crate::kernel::ids::LetterId;
use crate::kernel::once::Answer;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;

use super::super::answer::give;
use super::super::form::{FormErrors, FormState, Posted, all_on_form};
use super::super::given_views::GivenView;
use super::super::page::Page;
use super::super::plan_views::{MeterView, Standing};
use super::super::refusal::HtmlRefusal;
use super::views::{LetterView, RecoveryView, SessionView, health};
use super::{StaffPost, StaffShell, about};

/// Which form stands beside the business.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Panel {
    StepIn,
    Suspend,
    Recover,
    Plan,
    More,
    Answer,
}

impl Panel {
    fn of(asked: &str) -> Self {
        match asked {
            "suspend" => Self::Suspend,
            "recover" => Self::Recover,
            "plan" => Self::Plan,
            "more" => Self::More,
            "answer" => Self::Answer,
            _ => Self::StepIn,
        }
    }

    /// Where on the page its result stands.
    fn place(self) -> &'static str {
        match self {
            Self::Recover => "#recoveries",
            Self::StepIn | Self::Suspend | Self::Plan | Self::More | Self::Answer => "",
        }
    }
}

/// What can be asked for in the address of the page.
#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    form: String,
    letters: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/business.html")]
struct BusinessPage {
    shell: StaffShell,
    id: String,
    name: String,
    application_id: String,
    since: String,
    zone: String,
    health: (&'static str, &'static str),
    suspended_because: Option<String>,
    is_closing: bool,
    consent: &'static str,
    is_refused: bool,
    may_write: bool,
    is_own: bool,
    standing: Standing,
    meters: Vec<MeterView>,
    given: Vec<GivenView>,
    /// The plan that was asked for, and the day.
    asked: Option<(String, String)>,
    plans: Vec<(String, String)>,
    team: Vec<TeamView>,
    people: String,
    failures: Vec<FailureView>,
    letters: Vec<LetterView>,
    /// The address of the page with the letters before these.
    older_letters: Option<String>,
    are_newest_letters: bool,
    sessions: Vec<SessionView>,
    recoveries: Vec<RecoveryView>,
    panel: Panel,
    form: FormState,
}

struct TeamView {
    name: String,
    email: String,
    role: &'static str,
    is_staff: bool,
}

struct FailureView {
    job: String,
    what: String,
    error: String,
}

impl BusinessPage {
    fn minutes(&self) -> Vec<(String, String)> {
        let row = |minutes: Minutes| (minutes.count().to_string(), format!("{} minutes", minutes.count()));
        Minutes::ALL.map(row).to_vec()
    }

    fn counted(&self) -> Vec<(String, String)> {
        Meter::ALL.map(|meter| (meter.code().to_owned(), meter.label().to_owned())).to_vec()
    }

    /// Where what was given is taken back; none: not by somebody of the business.
    fn take_back(&self) -> Option<String> {
        (!self.is_own).then(|| format!("/staff/businesses/{}/take-back", self.id))
    }

    /// As whom a session may see, of those who are shown; others are typed.
    fn eyes(&self) -> Vec<&TeamView> {
        self.team.iter().filter(|member| !member.is_staff).collect()
    }
}

/// GET `/staff/businesses/{id}`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    StaffIn(console): StaffIn,
    id: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let access = about(&app, &console, &id).await?;
    let meter = Meter::UsageEvents.code();
    let form = FormState::with(&[("minutes", "30"), ("mode", "read"), ("kind", "two_factor"), ("meter", meter)]);
    let letters_before = asked.letters.as_deref().and_then(LetterId::parse);
    let shown = app.db.answer(&access, ShowBusiness { letters_before }).await?;
    let panel = (Panel::of(&asked.form), form);
    Ok(draw(&app, &request, (&console, &access), (shown, panel), StatusCode::OK).await?)
}

/// POST `/staff/businesses/{id}/suspend`.
pub async fn suspend(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let access = about(&app, &console, &id).await?;
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["business", "reason"]));
    let reason = errors.take(Reason::parse(posted.get("reason")));
    let asked = errors.or(reason).map(|reason| Suspend { reason });
    let tell = |name: &String| format!("{name} is suspended.");
    carry_out(&app, &request, (&console, &access), (Panel::Suspend, &posted), asked, tell).await
}

/// POST `/staff/businesses/{id}/restore`.
pub async fn restore(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    let access = about(&app, &console, &id).await?;
    let tell = |name: &String| format!("{name} is restored.");
    carry_out(&app, &request, (&console, &access), (Panel::Suspend, &posted), Ok(Restore), tell).await
}

/// Does once what a panel of the page asks for and goes to where it stands, or draws the same page with what is wrong.
pub(super) async fn carry_out<O: Operation>(
    app: &App,
    request: &HttpRequest,
    (console, access): (&Access, &Access),
    (panel, posted): (Panel, &Posted),
    asked: Result<O, Vec<Refusal>>,
    said: impl Fn(&O::Output) -> String + Send + Sync + 'static,
) -> Result<HttpResponse, HtmlRefusal> {
    let location = format!("/staff/businesses/{}{}", access.business(), panel.place());
    let tell = move |done: &O::Output| Answer::go(location.clone(), said(done));
    let done = match asked {
        Ok(operation) => {
            app.db.perform_once(access, posted.once(), operation, tell).await.map_err(|refusal| vec![refusal])
        }
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(app, request, answer).await?),
        Err(refusals) => refuse(app, request, (console, access), (panel, posted), refusals).await,
    }
}

/// Draws the same page with what is wrong.
pub(super) async fn refuse(
    app: &App,
    request: &HttpRequest,
    (console, access): (&Access, &Access),
    (panel, posted): (Panel, &Posted),
    refusals: Vec<Refusal>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (shown, code) = all_on_form(refusals)?;
    let form = FormState::kept(posted).refused(&shown);
    let shown = app.db.answer(access, ShowBusiness { letters_before: None }).await?;
    Ok(draw(app, request, (console, access), (shown, (panel, form)), code).await?)
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    (console, access): (&Access, &Access),
    (shown, panel): (Shown, (Panel, FormState)),
    code: StatusCode,
) -> Result<HttpResponse, Refusal> {
    let shell = StaffShell::load(app, request, console, "businesses").await?;
    let now = app.db.clock().now();
    Ok(Page::with_status(code, page(shell, access.house(), shown, now, panel)).into_response())
}

/// The plan that was asked for, and the day.
fn asked(overview: &Overview, house: House) -> Option<(String, String)> {
    let asked = overview.asked.as_ref()?;
    Some((asked.plan.clone(), house.locale.date(asked.at.with_timezone(&house.zone).date_naive())))
}

fn page(
    shell: StaffShell,
    house: House,
    shown: Shown,
    now: chrono::DateTime<chrono::Utc>,
    (panel, form): (Panel, FormState),
) -> BusinessPage {
    let people = match shown.team.people {
        1 => "1 person in the directory".to_owned(),
        count => format!("{} people in the directory", house.locale.number(count)),
    };
    let failures = shown.failures.iter().map(|failure| FailureView {
        job: failure.job.clone(),
        what: format!(
            "Failed {} since {}; tried again {}",
            if failure.count == 1 { "once".to_owned() } else { format!("{} times", failure.count) },
            house.locale.date_time(failure.since, house.zone),
            house.locale.date_time(failure.next, house.zone)
        ),
        error: failure.error.clone(),
    });
    let team = shown.team.shown.into_iter().map(|member| TeamView {
        name: member.name,
        email: member.email,
        role: Role::parse(&member.role).map_or("–", Role::label),
        is_staff: member.is_staff,
    });
    BusinessPage {
        id: house.business.to_string(),
        since: house.locale.date(shown.created_at.with_timezone(&house.zone).date_naive()),
        zone: house.zone.name().to_owned(),
        health: health(shown.health),
        is_closing: shown.health == Health::Closing,
        suspended_because: shown.suspended_because.filter(|_| shown.health == Health::Suspended),
        consent: shown.consent.label(),
        is_refused: shown.consent == SupportAccess::Refused,
        may_write: shown.consent == SupportAccess::Write,
        is_own: shown.is_own,
        standing: Standing::new(&shown.plan, house),
        meters: MeterView::all(&shown.plan, house.locale),
        given: GivenView::all(&shown.plan, house),
        asked: asked(&shown.plan, house),
        plans: shown.plans,
        team: team.collect(),
        people,
        failures: failures.collect(),
        older_letters: shown
            .older_letters
            .map(|id| format!("/staff/businesses/{}?letters={id}#letters", house.business)),
        are_newest_letters: shown.are_newest_letters,
        letters: shown.letters.iter().map(|letter| LetterView::new(letter, house)).collect(),
        sessions: shown.sessions.iter().map(|session| SessionView::new(session, house, now)).collect(),
        recoveries: shown.recoveries.iter().map(|recovery| RecoveryView::new(recovery, house)).collect(),
        name: shown.name,
        application_id: shown.application_id,
        shell,
        panel,
        form,
    }
}

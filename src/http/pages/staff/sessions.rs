//! Support sessions: the list, stepping in and leaving.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::support::begin::{Begin, Begun, Eyes};
use crate::domain::support::end::End;
use crate::domain::support::session::{HowEnded, Minutes, Reason};
use crate::domain::support::sessions::{OwnOpen, Sessions};
use crate::http::access::StaffIn;
use crate::http::inside::leave;
use crate::http::session::Signed;
use crate::kernel::ids::SupportSessionId;
use crate::kernel::permission::SupportMode;
use crate::kernel::refusal::Refusal;

use super::super::answer::see_other;
use super::super::form::{FormErrors, Posted};
use super::super::page::Page;
use super::super::refusal::HtmlRefusal;
use super::business::{Panel, refuse};
use super::views::SessionView;
use super::{StaffPost, StaffShell, about};

#[derive(Template)]
#[template(path = "staff/sessions.html")]
struct SessionsPage {
    shell: StaffShell,
    rows: Vec<SessionView>,
    is_first: bool,
    older: Option<String>,
}

/// Where the page begins.
#[derive(serde::Deserialize)]
pub struct Asked {
    after: Option<String>,
}

/// GET `/staff/sessions`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    StaffIn(console): StaffIn,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let before = asked.after.as_deref().and_then(SupportSessionId::parse);
    let found = app.db.answer(&console, Sessions { before }).await?;
    let now = app.db.clock().now();
    let page = SessionsPage {
        shell: StaffShell::load(&app, &request, &console, "sessions").await?,
        rows: found.sessions.iter().map(|session| SessionView::new(session, console.house(), now)).collect(),
        is_first: before.is_none(),
        older: found.older.map(|id| format!("/staff/sessions?after={id}")),
    };
    Ok(Page::ok(page).into_response())
}

/// POST `/staff/businesses/{id}/sessions`: steps in, under a new session key. Sent twice, the second finds a session
/// that is open already.
pub async fn begin(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let access = about(&app, &console, &id).await?;
    let begun = match parse(&posted) {
        Ok(begin) => app.db.perform(&access, begin).await.map_err(|refusal| vec![refusal]),
        Err(refusals) => Err(refusals),
    };
    match begun {
        Ok(begun) => {
            let signed = Signed::of(&request);
            let user = console.user().ok_or_else(Refusal::not_found)?;
            signed.step_in(user, (access.business(), begun.session))?;
            signed.flash(said(&begun));
            Ok(see_other("/"))
        }
        Err(refusals) => refuse(&app, &request, (&console, &access), (Panel::StepIn, &posted), refusals).await,
    }
}

fn parse(posted: &Posted) -> Result<Begin, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["business", "reason", "minutes", "mode", "member"]));
    let reason = errors.take(Reason::parse(posted.get("reason")));
    let minutes = errors.take(Minutes::parse(posted.get("minutes")));
    let mode = SupportMode::parse(posted.get("mode"));
    let mode = errors.take(mode.ok_or_else(|| Refusal::invalid("mode", "Choose reading or writing.")));
    let seen_as = errors.take(Eyes::parse(posted.get("member")));
    let read = reason.zip(minutes).zip(mode.zip(seen_as));
    errors.or(read.map(|((reason, minutes), (mode, seen_as))| Begin { reason, minutes, mode, seen_as }))
}

fn said(begun: &Begun) -> String {
    let name = &begun.business;
    match (begun.mode, begun.asked) {
        (SupportMode::Write, _) => format!("You act for {name} now, and may write. Its owners have been told."),
        (SupportMode::Read, false) => format!("You act for {name} now, and read. Its owners have been told."),
        (SupportMode::Read, true) => format!(
            "You act for {name} now, and read: its owners have not allowed writing. They have been asked by letter."
        ),
    }
}

/// POST `/staff/sessions/end`: leaves, and ends whatever session is still open elsewhere.
pub async fn end(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    let signed = Signed::of(&request);
    let user = console.user().ok_or_else(Refusal::not_found)?;
    let Some(open) = app.db.answer(&console, OwnOpen).await? else {
        leave(&signed, user, "There is no support session to leave.")?;
        return Ok(see_other("/staff"));
    };
    let access = access::by_staff_in(&app.db, &console, open.business).await?;
    app.db.perform(&access, End { session: open.id, how: HowEnded::Left }).await?;
    leave(&signed, user, &HowEnded::Left.told(&open.business_name))?;
    Ok(see_other(&format!("/staff/businesses/{}", open.business)))
}

//! `/recoveries/{id}`: what staff would change about who gets in, for an owner to stop.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::support::recovery::Outcome;
use crate::domain::support::stop::{RecoveryOf, Refuse};
use crate::http::access::SignedIn;
use crate::kernel::ids::RecoveryId;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::answer::carry_out;
use super::form::MemberPost;
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Shell;

#[derive(Template)]
#[template(path = "recoveries/show.html")]
struct RecoveryPage {
    shell: Shell,
    id: String,
    what: String,
    staff: String,
    reason: String,
    asked: String,
    due_iso: String,
    due: String,
    state: (&'static str, &'static str),
    is_open: bool,
}

/// GET `/recoveries/{id}`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let recovery = RecoveryId::parse(&id).ok_or_else(Refusal::not_found)?;
    let recovery = app.db.answer(&access, RecoveryOf { recovery }).await?;
    let house = access.house();
    let name = recovery.named();
    let (what, state) = match recovery.ended {
        None => (recovery.kind.will(&name), ("info", "Waits")),
        Some((_, Outcome::Done)) => (recovery.kind.has(&name), ("good", Outcome::Done.label())),
        Some((_, outcome)) => (recovery.kind.will(&name), ("", outcome.label())),
    };
    let page = RecoveryPage {
        shell: Shell::load(&app, &request, &access, "team").await?,
        id: recovery.id.to_string(),
        what,
        staff: recovery.staff_name,
        reason: recovery.reason,
        asked: house.locale.date_time(recovery.asked_at, house.zone),
        due_iso: recovery.due_at.to_rfc3339(),
        due: house.locale.date_time(recovery.due_at, house.zone),
        state,
        is_open: recovery.ended.is_none(),
    };
    Ok(Page::ok(page).into_response())
}

/// POST `/recoveries/{id}/refuse`.
pub async fn refuse(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let recovery = RecoveryId::parse(&id).ok_or_else(Refusal::not_found)?;
    let location = format!("/recoveries/{recovery}");
    let tell = move |_: &()| Answer::go(location.clone(), "Stopped. Nothing about who gets in has changed.");
    carry_out(&app, &request, (&access, &posted), Refuse { recovery }, tell).await
}

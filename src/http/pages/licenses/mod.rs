//! Seats: the part of a subscription's page that shows who holds them, giving one, and beside this file the page of one
//! seat, of all of them, and of giving many.

pub mod all;
pub mod many;
pub mod seat;

mod form;
mod many_form;
mod seat_views;
mod views;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::app::App;
use crate::domain::licenses::assign::Given;
use crate::domain::licenses::list::{Changeable, SeatList, SeatsOf, SeatsOfMember};
use crate::domain::licenses::requests::list::Waiting;
use crate::http::access::SignedIn;
use crate::kernel::access::Access;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::answer::give;
use super::form::{FormState, MemberPost, Posted, all_on_form};
use super::page::Page;
use super::refusal::{HtmlRefusal, status};
use super::shell::Shell;

pub use views::{Day, SeatRow, SeatsSection};

/// The place of the menu of what belongs to one subscription.
const PLACE: &str = "subscriptions";

#[derive(Template)]
#[template(path = "licenses/index.html")]
struct SeatsPage {
    shell: Shell,
    seats: SeatsSection,
}

#[derive(Template)]
#[template(path = "licenses/assign.html")]
struct AssignPage {
    shell: Shell,
    seats: SeatsSection,
    form: FormState,
    /// The address nobody in People has, when whoever asks may add somebody.
    stranger: Option<String>,
}

/// Where in a list a page begins.
#[derive(serde::Deserialize)]
pub struct After {
    after: Option<String>,
}

/// The seats of a subscription, for its page.
pub async fn section(app: &App, access: &Access, subscription: SubscriptionId) -> Result<SeatsSection, Refusal> {
    let list = list(app, access, subscription, None).await?;
    let waiting = app.db.answer(access, Waiting { of: Some(subscription) }).await?;
    Ok(SeatsSection::new(list, app, access).asked_for(waiting, access))
}

/// The seats a person holds, for the page of that person.
pub async fn seats_of(app: &App, access: &Access, member: MemberId) -> Result<Vec<SeatRow>, Refusal> {
    let seats = app.db.answer(access, SeatsOfMember { member }).await?;
    let today = today(app, access);
    Ok(seats.into_iter().map(|seat| SeatRow::new(seat, access, today)).collect())
}

/// The civil date in the business's zone.
fn today(app: &App, access: &Access) -> NaiveDate {
    app.db.clock().now().with_timezone(&access.house().zone).date_naive()
}

async fn list(
    app: &App,
    access: &Access,
    subscription: SubscriptionId,
    after: Option<MemberId>,
) -> Result<SeatList, Refusal> {
    app.db.answer(access, SeatsOf { subscription, after }).await
}

/// GET `/subscriptions/{id}/licenses`: all of them, page by page.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    id: web::Path<String>,
    page: web::Query<After>,
) -> Result<HttpResponse, HtmlRefusal> {
    let subscription = SubscriptionId::parse(&id).ok_or_else(Refusal::not_found)?;
    let after = page.after.as_deref().and_then(MemberId::parse);
    let seats = SeatsSection::new(list(&app, &access, subscription, after).await?, &app, &access);
    let shell = Shell::load(&app, &request, &access, PLACE).await?;
    Ok(Page::ok(SeatsPage { shell, seats }).into_response())
}

/// POST `/subscriptions/{id}/licenses`.
pub async fn assign(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let subscription = SubscriptionId::parse(&id).ok_or_else(Refusal::not_found)?;
    let done = match form::read(&posted, subscription) {
        Ok(asked) => app.db.perform_once(&access, posted.once(), asked, given).await.map_err(|refusal| vec![refusal]),
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => refuse(&app, &request, &access, subscription, &posted, refusals).await,
    }
}

fn given(given: &Given) -> Answer {
    let new = if given.is_new { ", who is new in People" } else { "" };
    let letter = if given.is_told { " A letter tells them." } else { "" };
    let flash = format!("Seat given to {}{new}.{letter}", given.holder);
    Answer::go(format!("/subscriptions/{}", given.subscription), flash)
}

/// Draws the form again with what was typed; for an address nobody has, with the step that adds its person.
async fn refuse(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    subscription: SubscriptionId,
    posted: &Posted,
    mut refusals: Vec<Refusal>,
) -> Result<HttpResponse, HtmlRefusal> {
    let code = refusals.first().map_or(StatusCode::UNPROCESSABLE_ENTITY, |first| status(first.kind));
    let is_unknown = refusals.iter().any(|refusal| refusal.code == "unknown_person");
    let is_adding = posted.get("add_person") == "1";
    if is_unknown && is_adding {
        refusals = vec![Refusal::invalid("name", "Write the name of the person.")];
    }
    let (shown, _) = all_on_form(refusals)?;
    let list = list(app, access, subscription, None).await?;
    match list.changeable {
        Changeable::Not => return Err(Refusal::not_allowed().into()),
        Changeable::Removed => return Err(Refusal::not_found().into()),
        Changeable::Revoke | Changeable::Fully => {}
    }
    let may_add = (is_unknown || is_adding) && access.may(Permission::ChangePeople);
    let page = AssignPage {
        shell: Shell::load(app, request, access, PLACE).await?,
        seats: SeatsSection::new(list, app, access),
        form: FormState::kept(posted).refused(&shown),
        stranger: may_add.then(|| posted.get("member").to_owned()),
    };
    Ok(Page::with_status(code, page).into_response())
}

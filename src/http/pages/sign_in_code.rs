//! `/login/code`: after a fitting password, a code of the app or a recovery code. Until it is there, nobody is signed
//! in and nothing of a business can be reached.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::identity::sign_in_code::{SignInWithCode, TRIES, VALID, count};
use crate::domain::identity::two_factor::Typed;
use crate::http::known_browser::client_of;
use crate::http::session::{Signed, Waiting};
use crate::kernel::refusal::{Kind, Refusal};

use super::answer::see_other;
use super::form::{FormState, OpenPost};
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Entrance;
use super::sign_in::enter;

#[derive(Template)]
#[template(path = "sign_in/code.html")]
struct CodePage {
    entrance: Entrance,
    form: FormState,
}

/// GET `/login/code`.
pub async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, HtmlRefusal> {
    match waiting(&app, &request) {
        Some(_) => Ok(draw(&request, FormState::default(), StatusCode::OK)),
        None => Ok(see_other("/login")),
    }
}

/// POST `/login/code`.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["code"])?;
    let Some(waiting) = waiting(&app, &request) else {
        return Err(over(&request).into());
    };
    let taken = count(&app.db, waiting.user, &client_of(&app, &request)).await?;
    match sign_in(&app, &request, &waiting, posted.get("code")).await {
        Ok(answer) => {
            taken.fitted(&app.db).await?;
            Ok(answer)
        }
        Err(refusal) if refusal.kind == Kind::SignIn || waiting.wrong + 1 >= TRIES => Err(over(&request).into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            Signed::of(&request).wait_on(&waiting)?;
            Ok(draw(&request, FormState::default().refused(&[refusal]), StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(refusal) => {
            taken.give_back(&app.db).await?;
            Err(refusal.into())
        }
    }
}

async fn sign_in(app: &App, request: &HttpRequest, waiting: &Waiting, typed: &str) -> Result<HttpResponse, Refusal> {
    let Waiting { user, mark, .. } = waiting.clone();
    let typed = Typed::parse(typed)?;
    let by = |businesses, new_device| SignInWithCode { user, businesses, mark, typed, new_device };
    enter(app, request, user, &waiting.next, by).await
}

/// Who waits, if they do not wait too long already.
fn waiting(app: &App, request: &HttpRequest) -> Option<Waiting> {
    let now = app.db.clock().now();
    Signed::of(request).waiting().filter(|waiting| now - waiting.since < VALID)
}

/// Nobody waits any more: the password is asked for again.
fn over(request: &HttpRequest) -> Refusal {
    Signed::of(request).stop_waiting();
    let message =
        "The code did not come within 10 minutes of the password, or did not fit too often. Sign in once more.";
    Refusal::gone("sign_in_over", message).mended_at("/login")
}

fn draw(request: &HttpRequest, form: FormState, code: StatusCode) -> HttpResponse {
    Page::with_status(code, CodePage { entrance: Entrance::of(request), form }).into_response()
}

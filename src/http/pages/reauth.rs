//! `/reauth`: the password again, before what cannot be undone.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::prove::by_password;
use crate::http::access::Person;
use crate::http::known_browser::client_of;
use crate::http::session::Signed;
use crate::kernel::refusal::Refusal;

use super::answer::{safe_next, see_other};
use super::form::{FormState, OpenPost, on_form};
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Entrance;
use super::sign_in::Next;

#[derive(Template)]
#[template(path = "sign_in/again.html")]
struct AgainPage {
    entrance: Entrance,
    form: FormState,
    email: String,
    next: String,
}

/// GET `/reauth?next=`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    next: web::Query<Next>,
) -> Result<HttpResponse, HtmlRefusal> {
    let next = safe_next(next.next());
    Ok(draw(&app, &request, &person, (FormState::default(), next), StatusCode::OK).await?)
}

/// POST `/reauth`: under a new session key, and back to what was to be done.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business", "password", "next"])?;
    let next = safe_next(posted.get("next"));
    let client = client_of(&app, &request);
    let typed = posted.raw("password").to_owned();
    match by_password(&app.db, &app.passwords, (person.user, &client), typed, "password").await {
        Ok(_) => {
            Signed::of(&request).prove()?;
            Ok(see_other(next))
        }
        Err(refusal) => {
            let form = FormState::default().refused(&on_form(refusal)?);
            Ok(draw(&app, &request, &person, (form, next), StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    person: &Person,
    (form, next): (FormState, &str),
    code: StatusCode,
) -> Result<HttpResponse, Refusal> {
    let email = access::user_of(&app.db, person.user).await?.email;
    let page = AgainPage { entrance: Entrance::of(request), form, email, next: next.to_owned() };
    Ok(Page::with_status(code, page).into_response())
}

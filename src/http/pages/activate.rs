//! `/activate`: where somebody new on the staff chooses name and password. Looking uses the key up as little as
//! anywhere; only sending the form does.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::password::Password;
use crate::domain::identity::user::parse_name;
use crate::domain::support::staff::{Activate, Activation, by_key};
use crate::http::context::Context;
use crate::http::session::Signed;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;

use super::answer::see_other;
use super::form::{FormErrors, FormState, OpenPost, Posted, all_on_form};
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Entrance;
use super::verify::KeyOf;

#[derive(Template)]
#[template(path = "activate/show.html")]
struct ActivatePage {
    entrance: Entrance,
    form: FormState,
    key: String,
    email: String,
}

/// GET `/activate?key=`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    key: web::Query<KeyOf>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (key, found) = by_key(&app.db, &key.key).await?;
    Ok(draw(&request, &key, found, FormState::default(), StatusCode::OK))
}

/// POST `/activate`: whoever was signed in here before is signed out.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let (key, found) = by_key(&app.db, posted.get("key")).await?;
    let done = match parse(&app, &posted, &key, &found).await {
        Ok(activate) => {
            let own = access::for_user(found.user, Context::of(&request).source());
            app.db.perform(&own, activate).await.map_err(|refusal| vec![refusal])
        }
        Err(refusals) => Err(refusals),
    };
    let refusals = match done {
        Ok(_) => {
            let signed = Signed::of(&request);
            signed.end();
            return Ok(see_other("/login?next=%2Fstaff"));
        }
        Err(refusals) => refusals,
    };
    let (shown, code) = all_on_form(refusals)?;
    Ok(draw(&request, &key, found, FormState::kept(&posted).refused(&shown), code))
}

async fn parse(app: &App, posted: &Posted, key: &Key, found: &Activation) -> Result<Activate, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["key", "name", "password"]));
    let name = errors.take(parse_name(posted.get("name")));
    let own = [posted.get("name"), found.email.as_str()];
    let password = errors.take(Password::parse(posted.raw("password"), &own));
    let (name, password) = errors.or(name.zip(password))?;
    let password_hash = app.passwords.hash(password).await.map_err(|refusal| vec![refusal])?;
    Ok(Activate { key: key.clone(), user: found.user, name, password_hash })
}

fn draw(request: &HttpRequest, key: &Key, found: Activation, form: FormState, code: StatusCode) -> HttpResponse {
    let page = ActivatePage { entrance: Entrance::of(request), form, key: key.to_text(), email: found.email };
    Page::with_status(code, page).into_response()
}

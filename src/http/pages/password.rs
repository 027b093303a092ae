//! `/password/forgot` and `/password/reset`: setting a new password with a mailed key.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::password::Password;
use crate::domain::identity::reset_password::{ResetPassword, ask, by_key};
use crate::domain::identity::user::User;
use crate::http::context::Context;
use crate::http::known_browser::{client_of, remember};
use crate::http::session::Signed;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;

use super::answer::see_other;
use super::form::{FormState, OpenPost, Posted, on_form};
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Entrance;
use super::verify::KeyOf;

#[derive(Template)]
#[template(path = "password/forgot.html")]
struct ForgotPage {
    entrance: Entrance,
    form: FormState,
}

#[derive(Template)]
#[template(path = "password/reset.html")]
struct ResetPage {
    entrance: Entrance,
    form: FormState,
    key: String,
    email: String,
}

/// GET `/password/forgot`.
pub async fn forgot(request: HttpRequest) -> HttpResponse {
    let page = ForgotPage { entrance: Entrance::of(&request), form: FormState::default() };
    Page::ok(page).into_response()
}

/// POST `/password/forgot`: one and the same answer for everybody.
pub async fn send(
    app: web::Data<App>,
    request: HttpRequest,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let email = posted.only(&["email"]).and_then(|()| EmailAddress::parse(posted.get("email")));
    match email {
        Ok(email) => {
            ask(&app.db, &client_of(&app, &request), &email).await?;
            Signed::of(&request).flash(
                "If somebody signs in with that address, a letter to it is on its way. Its link works for 30 minutes. No \
                 letter? Look among spam, and check the spelling of the address.",
            );
            Ok(see_other("/login"))
        }
        Err(refusal) => {
            let form = FormState::kept(&posted).refused(&on_form(refusal)?);
            let page = ForgotPage { entrance: Entrance::of(&request), form };
            Ok(Page::with_status(StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// GET `/password/reset?key=`: looking uses nothing up.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    key: web::Query<KeyOf>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (_, user) = by_key(&app.db, &key.key).await?;
    Ok(draw(&request, &key.key, user.email, FormState::default(), StatusCode::OK))
}

/// POST `/password/reset`: signs nobody in.
pub async fn save(
    app: web::Data<App>,
    request: HttpRequest,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let (key, user) = by_key(&app.db, posted.get("key")).await?;
    match set(&app, &request, &posted, key, &user).await {
        Ok(()) => {
            let signed = Signed::of(&request);
            signed.begin_anew()?;
            signed.flash("Your new password is set, and every sign-in of yours has ended. Sign in with it now.");
            // Whoever reads the letters of this address is no stranger: guesses made elsewhere do not keep them out.
            Ok(remember(&app, &request, user.id, see_other("/login")).await?)
        }
        Err(refusal) => {
            let form = FormState::default().refused(&on_form(refusal)?);
            Ok(draw(&request, posted.get("key"), user.email, form, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn set(app: &App, request: &HttpRequest, posted: &Posted, key: Key, user: &User) -> Result<(), Refusal> {
    posted.only(&["key", "password"])?;
    let memberships = access::memberships(&app.db, user.id).await?;
    let names = memberships.iter().map(|membership| membership.name.as_str());
    let own: Vec<&str> = [user.name.as_str(), user.email.as_str()].into_iter().chain(names).collect();
    let password = Password::parse(posted.raw("password"), &own)?;
    let password_hash = app.passwords.hash(password).await?;
    let businesses = memberships.iter().map(|membership| membership.business).collect();
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let user_agent = agent.unwrap_or_default().to_owned();
    let access = access::for_user(user.id, Context::of(request).source());
    app.db.perform(&access, ResetPassword { key, user: user.id, businesses, password_hash, user_agent }).await
}

fn draw(request: &HttpRequest, key: &str, email: String, form: FormState, code: StatusCode) -> HttpResponse {
    let page = ResetPage { entrance: Entrance::of(request), form, key: key.to_owned(), email };
    let mut answer = Page::with_status(code, page).into_response();
    // The key stands in the address of this page.
    answer.headers_mut().insert(header::REFERRER_POLICY, header::HeaderValue::from_static("no-referrer"));
    answer
}

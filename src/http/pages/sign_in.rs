//! `/login` and `/logout`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::known_browsers;
use crate::domain::identity::notices::NewDevice;
use crate::domain::identity::sessions::Epoch;
use crate::domain::identity::sign_in::{Fitting, SignIn, check};
use crate::domain::identity::sign_in_code::is_asked;
use crate::domain::identity::sign_out::SignOut;
use crate::domain::support::session::HowEnded;
use crate::http::context::Context;
use crate::http::inside;
use crate::http::known_browser::{client_of, key_of, remember};
use crate::http::session::{Signed, Waiting};
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::operation::Operation;
use crate::kernel::refusal::Refusal;

use super::answer::{safe_next, see_other};
use super::form::{FormState, OpenPost, on_form};
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Entrance;
use super::sign_up::may_found;

#[derive(Template)]
#[template(path = "sign_in/new.html")]
struct SignInPage {
    entrance: Entrance,
    form: FormState,
    next: String,
    can_sign_up: bool,
    can_reset: bool,
}

/// Where to go on to.
#[derive(serde::Deserialize)]
pub struct Next {
    next: Option<String>,
}

impl Next {
    /// As it was asked for; the front page when it was not.
    pub fn next(&self) -> &str {
        self.next.as_deref().unwrap_or("/")
    }
}

/// GET `/login`; whoever is signed in already goes on.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    next: web::Query<Next>,
) -> Result<HttpResponse, HtmlRefusal> {
    let next = safe_next(next.next());
    if Signed::of(&request).user()?.is_some() {
        return Ok(see_other(next));
    }
    Ok(draw(&app, &request, FormState::default(), next, StatusCode::OK).await?)
}

/// POST `/login`.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let next = safe_next(posted.get("next"));
    let known = posted.only(&["email", "password", "next"]);
    let client = client_of(&app, &request);
    let checked = match known {
        Ok(()) => check(&app.db, &app.passwords, &client, posted.get("email"), posted.raw("password").to_owned()).await,
        Err(refusal) => Err(refusal),
    };
    match checked {
        Ok(fitting) => Ok(go_on(&app, &request, fitting, next).await?),
        Err(refusal) => {
            let shown = on_form(refusal)?;
            let form = FormState::kept(&posted).refused(&shown);
            Ok(draw(&app, &request, form, next, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

/// A fitting password signs in, or lets the code be asked for.
async fn go_on(app: &App, request: &HttpRequest, fitting: Fitting, next: &str) -> Result<HttpResponse, Refusal> {
    let (user, mark) = (fitting.user.id, fitting.mark);
    if is_asked(&app.db, user).await? {
        let waiting = Waiting { user, mark, next: next.to_owned(), since: app.db.clock().now(), wrong: 0 };
        Signed::of(request).wait_for_code(&waiting)?;
        return Ok(see_other("/login/code"));
    }
    enter(app, request, user, next, |businesses, new_device| SignIn { user, mark, businesses, new_device }).await
}

/// Signs in by this operation, enters the first business, and makes the browser known.
pub(super) async fn enter<O: Operation<Output = Epoch>>(
    app: &App,
    request: &HttpRequest,
    user: UserId,
    next: &str,
    by: impl FnOnce(Vec<BusinessId>, Option<NewDevice>) -> O,
) -> Result<HttpResponse, Refusal> {
    let signed = Signed::of(request);
    let memberships = access::memberships(&app.db, user).await?;
    let businesses = memberships.iter().map(|membership| membership.business).collect();
    let is_known = known_browsers::is_known(&app.db, user, key_of(app, request).as_ref()).await?;
    let new_device = (!is_known).then(|| NewDevice(signed.from()));
    let own = access::for_user(user, Context::of(request).source());
    let epoch = app.db.perform(&own, by(businesses, new_device)).await?;
    signed.sign_in(user, epoch)?;
    memberships.first().map(|first| signed.enter(first)).transpose()?;
    remember(app, request, user, see_other(next)).await
}

/// POST `/logout`: the session ends here and on the server.
pub async fn sign_out(
    app: web::Data<App>,
    request: HttpRequest,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    let signed = Signed::of(&request);
    if let Some(user) = signed.user()? {
        inside::end(&app, &request, HowEnded::SignedOut).await?;
        let memberships = access::memberships(&app.db, user).await?;
        let businesses = memberships.iter().map(|membership| membership.business).collect();
        let own = access::for_user(user, Context::of(&request).source());
        app.db.perform(&own, SignOut { user, businesses }).await?;
    }
    signed.end();
    Ok(see_other("/login"))
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    form: FormState,
    next: &str,
    code: StatusCode,
) -> Result<HttpResponse, Refusal> {
    let page = SignInPage {
        entrance: Entrance::of(request),
        form,
        next: next.to_owned(),
        can_sign_up: may_found(app, None).await?,
        can_reset: true,
    };
    Ok(Page::with_status(code, page).into_response())
}

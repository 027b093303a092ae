//! The cookie of a browser that has signed in before.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};

use crate::app::App;
use crate::domain::identity::known_browsers::{self, KEPT};
use crate::domain::identity::limits::Client;
use crate::kernel::ids::UserId;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;

use super::context::Context;

const SECURE: &str = "__Host-subledger-browser";
const LOOPBACK: &str = "subledger-browser";

/// What is known of whoever sends this request before they have proved anything.
pub fn client_of(app: &App, request: &HttpRequest) -> Client {
    Client { address: Context::of(request).address, browser: key_of(app, request) }
}

/// What the browser shows for having signed in before.
pub fn key_of(app: &App, request: &HttpRequest) -> Option<Key> {
    request.cookie(name(app)).and_then(|cookie| Key::parse(cookie.value()))
}

/// The same answer, with which the browser becomes known to this person.
pub async fn remember(
    app: &App,
    request: &HttpRequest,
    user: UserId,
    mut answer: HttpResponse,
) -> Result<HttpResponse, Refusal> {
    let key = known_browsers::remember(&app.db, user, key_of(app, request)).await?;
    let cookie = Cookie::build(name(app), key.to_text())
        .path("/")
        .http_only(true)
        .secure(app.config.base_url.is_https())
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(KEPT.num_seconds()))
        .finish();
    answer.add_cookie(&cookie).map_err(Refusal::fault)?;
    Ok(answer)
}

fn name(app: &App) -> &'static str {
    if app.config.base_url.is_https() { SECURE } else { LOOPBACK }
}

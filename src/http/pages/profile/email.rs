//! `/email/confirm`: showing that letters to a new address arrive. Looking uses nothing up.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::change_email::{Asked, ConfirmAddress, by_key};
use crate::http::context::Context;
use crate::http::pages::answer::see_other;
use crate::http::pages::form::OpenPost;
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Entrance;
use crate::http::pages::verify::KeyOf;
use crate::http::session::Signed;

#[derive(Template)]
#[template(path = "settings/confirm_email.html")]
struct ConfirmPage {
    entrance: Entrance,
    key: String,
    asked: Asked,
}

/// GET `/email/confirm?key=`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    key: web::Query<KeyOf>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (_, asked) = by_key(&app.db, &key.key).await?;
    let page = ConfirmPage { entrance: Entrance::of(&request), key: key.into_inner().key, asked };
    Ok(Page::ok(page).into_response())
}

/// POST `/email/confirm`: every other sign-in ends.
pub async fn confirm(
    app: web::Data<App>,
    request: HttpRequest,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["key"])?;
    let (key, asked) = by_key(&app.db, posted.get("key")).await?;
    let signed = Signed::of(&request);
    let is_theirs = signed.user()? == Some(asked.user);
    let own = access::for_user(asked.user, Context::of(&request).source());
    let confirm = ConfirmAddress { key, user: asked.user, keep: is_theirs.then(|| signed.id()) };
    let address = app.db.perform(&own, confirm).await?;
    if is_theirs {
        signed.renew()?;
    }
    signed.flash(format!("{address} is your address now. Wherever else you were signed in, you are asked again."));
    Ok(see_other(if is_theirs { "/settings/profile" } else { "/login" }))
}

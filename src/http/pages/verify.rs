//! `/verify`: showing that letters arrive. Looking uses nothing up.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::limits::{self, Asked};
use crate::domain::identity::verify::{ResendVerification, Verify, by_key};
use crate::http::access::Person;
use crate::http::context::Context;
use crate::http::session::Signed;

use super::answer::see_other;
use super::form::OpenPost;
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Entrance;

#[derive(Template)]
#[template(path = "verify/show.html")]
struct VerifyPage {
    entrance: Entrance,
    key: String,
    email: String,
}

#[derive(Template)]
#[template(path = "verify/resend.html")]
struct ResendPage {
    entrance: Entrance,
    email: String,
    is_verified: bool,
}

/// The key of a letter's link.
#[derive(serde::Deserialize)]
pub struct KeyOf {
    /// The key, or nothing.
    #[serde(default)]
    pub key: String,
}

/// GET `/verify?key=`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    key: web::Query<KeyOf>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (_, found) = by_key(&app.db, &key.key).await?;
    let page = VerifyPage { entrance: Entrance::of(&request), key: key.into_inner().key, email: found.user.email };
    Ok(Page::ok(page).into_response())
}

/// POST `/verify`.
pub async fn confirm(
    app: web::Data<App>,
    request: HttpRequest,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["key"])?;
    let (key, found) = by_key(&app.db, posted.get("key")).await?;
    let user = found.user.id;
    let memberships = access::memberships(&app.db, user).await?;
    let businesses = memberships.into_iter().map(|membership| membership.business).collect();
    let own = access::for_user(user, Context::of(&request).source());
    app.db.perform(&own, Verify { key, user, businesses }).await?;
    let signed = Signed::of(&request);
    signed.flash(format!("{} is confirmed.", found.user.email));
    Ok(see_other(if signed.user()?.is_some() { "/" } else { "/login" }))
}

/// GET `/verify/resend`.
pub async fn offer_resend(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
) -> Result<HttpResponse, HtmlRefusal> {
    let user = access::user_of(&app.db, person.user).await?;
    let page = ResendPage { entrance: Entrance::of(&request), email: user.email, is_verified: user.is_verified };
    Ok(Page::ok(page).into_response())
}

/// POST `/verify/resend`.
pub async fn resend(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    let user = access::user_of(&app.db, person.user).await?;
    let own = access::for_user(person.user, Context::of(&request).source());
    if !user.is_verified {
        limits::ask(&app.db, Asked::Verification(&user.email.to_lowercase())).await?.keep();
        let email = app.db.perform(&own, ResendVerification { user: person.user }).await?;
        Signed::of(&request).flash(format!("The letter to {email} is on its way."));
    }
    Ok(see_other("/verify/resend"))
}

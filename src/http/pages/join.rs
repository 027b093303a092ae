//! `/join`: what the key of an invitation opens. Looking uses nothing up; only sending the form does.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::password::Password;
use crate::domain::identity::user::{User, parse_name};
use crate::domain::team::accept::{Accept, Joined, Joiner, Proof};
use crate::domain::team::invitation::gone;
use crate::domain::team::prefill::{Offer, Prefill};
use crate::http::context::Context;
use crate::http::session::Signed;
use crate::kernel::access::Access;
use crate::kernel::ids::UserId;
use crate::kernel::once::Answer;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::secret::Key;

use super::answer::give;
use super::form::{FormErrors, FormState, OpenPost, Posted};
use super::page::Page;
use super::refusal::{HtmlRefusal, status};
use super::shell::Entrance;
use super::verify::KeyOf;

#[derive(Template)]
#[template(path = "join/show.html")]
struct JoinPage {
    entrance: Entrance,
    form: FormState,
    key: String,
    offer: Offer,
    role: &'static str,
    ends_iso: String,
    sign_in: String,
    guest: Guest,
}

/// Who looks at the invitation.
enum Guest {
    /// Nobody is signed in, and nobody has the invited address.
    New,
    /// Nobody is signed in, and somebody has the invited address.
    Known,
    /// Signed in with the invited address, which is confirmed.
    Theirs(String),
    /// Signed in with the invited address, which is not confirmed yet.
    Unconfirmed(String),
    /// Signed in with another address.
    Other(String),
}

#[derive(Template)]
#[template(path = "join/gone.html")]
struct JoinGonePage {
    entrance: Entrance,
    sentence: String,
}

/// GET `/join?key=`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    key: web::Query<KeyOf>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (_, offer) = match open(&app, &request, &key.key).await {
        Ok(opened) => opened,
        Err(refusal) => return gone_page(&request, refusal),
    };
    let form = FormState::with(&[("name", &offer.name)]);
    draw(&app, &request, &key.key, offer, form, StatusCode::OK).await
}

/// POST `/join`.
pub async fn accept(
    app: web::Data<App>,
    request: HttpRequest,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let key = posted.get("key");
    let (access, offer) = match open(&app, &request, key).await {
        Ok(opened) => opened,
        Err(refusal) => return gone_page(&request, refusal),
    };
    let done = match parse(&app, &posted, access.user(), &offer).await {
        Ok(accept) => {
            let joined = app.db.perform_once(&access, posted.once(), accept, joined).await;
            joined.map_err(|refusal| vec![refusal])
        }
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => refuse(&app, &request, &posted, offer, refusals).await,
    }
}

fn joined(joined: &Joined) -> Answer {
    Answer::go("/", format!("You are in {} now.", joined.name)).signing_in(joined.user).entering(joined.business)
}

/// What this key opens for whoever is signed in here, or for nobody.
async fn open(app: &App, request: &HttpRequest, key: &str) -> Result<(Access, Offer), Refusal> {
    let user = Signed::of(request).user()?;
    let source = Context::of(request).source();
    let access = access::by_invitation_key(&app.db, key, user, source).await?;
    let offer = app.db.answer(&access, Prefill).await?;
    Ok((access, offer))
}

async fn parse(app: &App, posted: &Posted, user: Option<UserId>, offer: &Offer) -> Result<Accept, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    let known: &[&str] = match user {
        Some(_) => &["key", "accept"],
        None => &["key", "name", "password", "accept"],
    };
    errors.take(posted.only(known));
    let joiner = match user {
        Some(_) => errors.take(accepted(posted)),
        None if offer.is_known => Some(Joiner::SignedIn),
        None => newcomer(app, posted, offer, &mut errors).await,
    };
    let key = errors.take(Key::parse(posted.get("key")).ok_or_else(gone));
    errors.or(key.zip(joiner).map(|(key, joiner)| Accept { proof: Proof::Key(key), joiner }))
}

fn accepted(posted: &Posted) -> Result<Joiner, Refusal> {
    match posted.get("accept") {
        "1" => Ok(Joiner::SignedIn),
        _ => Err(Refusal::invalid("accept", "Press the button to accept the invitation.")),
    }
}

async fn newcomer(app: &App, posted: &Posted, offer: &Offer, errors: &mut FormErrors) -> Option<Joiner> {
    let name = errors.take(parse_name(posted.get("name")));
    let own = [posted.get("name"), offer.email.as_str(), offer.business.as_str()];
    let password = errors.take(Password::parse(posted.raw("password"), &own));
    let (name, password) = (name?, password?);
    let password_hash = errors.take(app.passwords.hash(password).await)?;
    Some(Joiner::New { name, password_hash })
}

async fn refuse(
    app: &App,
    request: &HttpRequest,
    posted: &Posted,
    offer: Offer,
    refusals: Vec<Refusal>,
) -> Result<HttpResponse, HtmlRefusal> {
    let code = refusals.first().map_or(StatusCode::UNPROCESSABLE_ENTITY, |first| status(first.kind));
    let is_drawn = |refusal: &Refusal| {
        matches!(refusal.kind, Kind::Invalid | Kind::Conflict | Kind::LimitReached | Kind::NotAllowed)
    };
    if let Some(other) = refusals.iter().find(|refusal| !is_drawn(refusal)) {
        return gone_page(request, other.clone());
    }
    let form = FormState::kept(posted).refused(&refusals);
    draw(app, request, posted.get("key"), offer, form, code).await
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    key: &str,
    offer: Offer,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let guest = match Signed::of(request).user()? {
        Some(user) => signed_in(access::user_of(&app.db, user).await?, &offer),
        None if offer.is_known => Guest::Known,
        None => Guest::New,
    };
    let next: String = url::form_urlencoded::byte_serialize(format!("/join?key={key}").as_bytes()).collect();
    let page = JoinPage {
        entrance: Entrance::of(request),
        form,
        key: key.to_owned(),
        role: offer.role.code(),
        ends_iso: offer.expires_at.to_rfc3339(),
        sign_in: format!("/login?next={next}"),
        guest,
        offer,
    };
    Ok(Page::with_status(code, page).into_response())
}

fn signed_in(user: User, offer: &Offer) -> Guest {
    match (user.email.to_lowercase() == offer.email.to_lowercase(), user.is_verified) {
        (true, true) => Guest::Theirs(user.email),
        (true, false) => Guest::Unconfirmed(user.email),
        (false, _) => Guest::Other(user.email),
    }
}

/// Unknown, used, expired, withdrawn and void keys are told the same, on a page of their own.
fn gone_page(request: &HttpRequest, refusal: Refusal) -> Result<HttpResponse, HtmlRefusal> {
    if refusal.kind != Kind::Gone {
        return Err(refusal.into());
    }
    let page = JoinGonePage { entrance: Entrance::of(request), sentence: refusal.message.to_string() };
    Ok(Page::with_status(StatusCode::GONE, page).into_response())
}

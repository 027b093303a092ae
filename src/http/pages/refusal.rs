//! How the HTML door says no: handlers return the refusal, one middleware draws it as a page.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use askama::Template;

use crate::http::context::Context;
use crate::http::rest::{self, problem};
use crate::kernel::refusal::{Kind, Refusal};

use super::form::OtherBusiness;
use super::shell::Entrance;

/// A refusal on its way to a page; it stands in for the page until the middleware draws it.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct HtmlRefusal(#[from] Refusal);

impl HtmlRefusal {
    /// What was refused.
    pub fn refusal(&self) -> &Refusal {
        &self.0
    }
}

impl ResponseError for HtmlRefusal {
    fn status_code(&self) -> StatusCode {
        status(self.0.kind)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.0.clone());
        response
    }
}

/// The status of each kind of refusal.
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::SignIn => StatusCode::UNAUTHORIZED,
        Kind::NotAllowed => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Conflict | Kind::LimitReached => StatusCode::CONFLICT,
        Kind::Gone => StatusCode::GONE,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Busy | Kind::Again => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What no route answers.
pub async fn nothing_here() -> Result<HttpResponse, HtmlRefusal> {
    Err(Refusal::not_found().into())
}

#[derive(Template)]
#[template(path = "errors/refusal.html")]
struct RefusalPage {
    entrance: Entrance,
    heading: &'static str,
    sentence: String,
    remedy: Option<String>,
    back: String,
    back_label: &'static str,
    request_id: String,
}

#[derive(Template)]
#[template(path = "errors/other_business.html")]
struct OtherBusinessPage {
    entrance: Entrance,
    current: String,
    form_business: String,
    form_business_id: String,
    next: String,
    request_id: String,
}

/// Draws every refusal, and every error that actix made itself, as a page.
pub async fn draw(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let is_read = request.method().is_safe();
    let response = next.call(request).await?;
    let Some(refusal) = refusal_of(&response) else {
        return Ok(response.map_into_left_body());
    };
    let context = Context::of(response.request());
    log(&refusal, &context);
    let drawn = match refusal.kind {
        _ if rest::is_here(response.request().path()) => problem::of(&refusal, &context),
        Kind::SignIn if refusal.code == "prove_again" => {
            to("/reauth", if is_read { &path } else { refusal.remedy.unwrap_or("/") })
        }
        Kind::SignIn => to_sign_in(is_read.then_some(path.as_str())),
        _ => page_of(&refusal, response.status(), &context, response.request()),
    };
    Ok(response.into_response(drawn).map_into_right_body())
}

/// The refusal behind an answer that is not a page yet.
fn refusal_of<B>(response: &ServiceResponse<B>) -> Option<Refusal> {
    if let Some(refusal) = response.response().extensions().get::<Refusal>() {
        return Some(refusal.clone());
    }
    let status = response.status();
    let is_ours =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let is_health = matches!(response.request().path(), "/healthz" | "/readyz");
    if is_ours || is_health || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Refusal::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Refusal::new(
            Kind::NotFound,
            "method",
            "This address does not take that. Open it from the page it belongs to.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(
            Kind::Invalid,
            "too_large",
            "That is more than this form takes. Shorten the longest text and send it again.",
        ),
        status if status.is_client_error() => Refusal::new(
            Kind::Invalid,
            "unreadable",
            "That form could not be read. Open the page again and send it once more.",
        ),
        _ => Refusal::fault(response.response().error().map_or_else(|| status.to_string(), ToString::to_string)),
    })
}

fn log(refusal: &Refusal, context: &Context) {
    match refusal.kind {
        Kind::Fault => tracing::error!(id = %context.id, cause = refusal.cause, "fault"),
        Kind::Busy | Kind::Again => tracing::warn!(id = %context.id, cause = refusal.cause, "busy"),
        _ => tracing::debug!(id = %context.id, code = refusal.code, "refused"),
    }
}

fn to_sign_in(from: Option<&str>) -> HttpResponse {
    let location = match from {
        Some(path) if path != "/" => return to("/login", path),
        _ => "/login",
    };
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

/// To this page, and from there on to the next.
fn to(page: &str, next: &str) -> HttpResponse {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    HttpResponse::SeeOther().insert_header((header::LOCATION, format!("{page}?next={next}"))).finish()
}

fn page_of(refusal: &Refusal, status: StatusCode, context: &Context, request: &HttpRequest) -> HttpResponse {
    let (back, back_label) = match (refusal.remedy, refusal.code) {
        (Some("/settings/plan"), _) => ("/settings/plan".to_owned(), "Go to the plan"),
        (Some("/settings/business"), _) => ("/settings/business".to_owned(), "Keep the business"),
        (Some("/businesses"), _) => ("/businesses".to_owned(), "Your businesses"),
        (Some("/password/forgot"), _) => ("/password/forgot".to_owned(), "Set a new password"),
        (Some("/verify/resend"), _) => ("/verify/resend".to_owned(), "Confirm your address"),
        (Some("/settings/security"), "second_factor_needed") => ("/settings/security".to_owned(), "Set it up"),
        (Some("/settings/security"), _) => ("/settings/security".to_owned(), "Go to security"),
        (Some("/login"), _) => ("/login".to_owned(), "Sign in"),
        (Some(path), _) => (path.to_owned(), "Go there"),
        (None, _) => (way_back(request), "Go back"),
    };
    if let Some(other) = request.extensions().get::<OtherBusiness>().cloned() {
        return drawn(
            status,
            &OtherBusinessPage {
                entrance: Entrance::bare(request),
                current: other.current,
                form_business: other.name,
                form_business_id: other.id,
                next: way_back(request),
                request_id: context.id.to_string(),
            },
        );
    }
    let page = RefusalPage {
        entrance: Entrance::bare(request),
        heading: heading(refusal),
        sentence: refusal.message.to_string(),
        remedy: None,
        back,
        back_label,
        request_id: context.id.to_string(),
    };
    let mut response = drawn(status, &page);
    if let Some(seconds) = refusal.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    response
}

fn drawn(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html),
        Err(_) => HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The page the form stood on, when it was one of ours; else the front page.
fn way_back(request: &HttpRequest) -> String {
    let from = request.headers().get(header::REFERER).and_then(|from| from.to_str().ok());
    let path = from.and_then(|from| url::Url::parse(from).ok()).map(|url| url.path().to_owned());
    path.filter(|path| path.starts_with('/') && !path.starts_with("//") && path != request.path())
        .unwrap_or_else(|| "/".to_owned())
}

fn heading(refusal: &Refusal) -> &'static str {
    match refusal.kind {
        Kind::Gone if refusal.code == "sign_in_over" => "Sign in once more",
        Kind::SignIn => "Sign in first",
        Kind::NotAllowed => "Not allowed",
        Kind::NotFound => "Nothing here",
        Kind::Invalid => "That cannot be taken",
        Kind::Conflict => "Not as things stand",
        Kind::LimitReached => "The plan has no room",
        Kind::Gone => "This link has ended",
        Kind::TooMany => "Too many attempts",
        Kind::Busy | Kind::Again => "Back in a moment",
        Kind::Fault => "Something went wrong",
    }
}

//! The REST door: JSON in, JSON or `application/problem+json` out. Programs come in with a key of the business; cookies
//! open nothing here, and a key opens nothing elsewhere.

mod body;
mod key;
pub mod problem;
mod usage;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError};

use crate::domain::api_keys::api_key::KeyKind;
use crate::kernel::refusal::{Kind, Refusal};

use super::pages::refusal::HtmlRefusal;

pub use key::shown as shown_key;

/// Where usage is reported.
pub const USAGE: &str = "/api/v1/usage";

/// Whether this path belongs to the door.
pub fn is_here(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Mounts the door. A key that reports usage is refused everywhere else within it.
pub fn mount(config: &mut ServiceConfig) {
    let usage = web::resource("/v1/usage")
        .app_data(web::PayloadConfig::new(body::LIMIT))
        .route(web::post().to(usage::report))
        .default_service(web::to(other_method));
    config.service(web::scope("/api").service(usage).default_service(web::to(elsewhere)));
}

async fn other_method() -> Result<HttpResponse, HtmlRefusal> {
    Err(Refusal::new(Kind::NotFound, "method", "Usage is reported with POST.").into())
}

async fn elsewhere(request: HttpRequest) -> Result<HttpResponse, HtmlRefusal> {
    let program = key::prove(&request).await?;
    match program.kind {
        KeyKind::Sdk => Err(key::other_kind(program.kind).into()),
        KeyKind::Service => Err(Refusal::not_found().into()),
    }
}

/// Keys open nothing among the pages, whatever kind they are.
pub async fn keep_keys_out(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    if key::shown(request.request()).is_none() {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let message = "A key opens nothing here. People sign in; programs use the addresses under /api.";
    let refusal = HtmlRefusal::from(Refusal::new(Kind::NotAllowed, "key_not_here", message));
    Ok(request.into_response(refusal.error_response()).map_into_right_body())
}

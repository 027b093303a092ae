//! How pages look for whoever is signed in. It came with their session, which the session layer takes back before a
//! refusal is drawn; so each request keeps it beside.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest};

use crate::domain::identity::look::Look;

use super::session::Signed;

/// Keeps it for every page, refusals included.
pub async fn keep(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let look = Signed::of(request.request()).look();
    request.extensions_mut().insert(look);
    next.call(request).await
}

/// How pages look for whoever sent this request.
pub fn of(request: &HttpRequest) -> Look {
    request.extensions().get::<Look>().copied().unwrap_or_default()
}

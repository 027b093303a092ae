//! Whoever must have a second factor and has none is led to set one up; until then nothing else is open to them.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest};

use super::pages::answer::see_other;
use super::session::Signed;

const HERE: &str = "/settings/security/two-factor";

/// Leads there, and notes from where a session is used when that was not written for a while.
pub async fn lead(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    // The routes below take the request for themselves, so nothing here may keep a part of it.
    match is_led(request.request()) {
        true => Ok(request.into_response(see_other(HERE)).map_into_right_body()),
        false => Ok(next.call(request).await?.map_into_left_body()),
    }
}

fn is_led(request: &HttpRequest) -> bool {
    let signed = Signed::of(request);
    if !matches!(signed.user(), Ok(Some(_))) {
        return false;
    }
    if signed.is_stale()
        && let Err(error) = signed.seen()
    {
        tracing::warn!(%error, "a use of a session could not be noted");
    }
    signed.must_enrol() && !matches!(request.path(), HERE | "/reauth" | "/logout")
}

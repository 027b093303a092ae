//! The console is there for whoever runs the installation. For everybody else nothing is below its address, however they
//! ask: also with a query that cannot be read, or a form too large.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};

use crate::kernel::refusal::Kind;

use super::access::prove_staff;
use super::pages::refusal::HtmlRefusal;

/// Answers whoever does not run the installation before anything of their request is read.
pub async fn hide(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    if !is_console(request.path()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    match prove_staff(request.request()).await {
        Err(refusal) if matches!(refusal.kind, Kind::NotFound | Kind::Busy) => {
            Ok(request.into_response(HtmlRefusal::from(refusal).error_response()).map_into_right_body())
        }
        _ => Ok(next.call(request).await?.map_into_left_body()),
    }
}

fn is_console(path: &str) -> bool {
    path == "/staff" || path.starts_with("/staff/")
}

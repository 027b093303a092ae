//! Changes come from our own pages only: the browser says so in `Sec-Fetch-Site`, or else in `Origin`.

use actix_web::Error;
use actix_web::ResponseError;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web;

use crate::app::App;
use crate::kernel::refusal::{Kind, Refusal};

use super::host::is_same_place;
use super::pages::refusal::HtmlRefusal;
use super::rest;

/// Refuses an unsafe method unless it comes from this site; without both headers it is refused too.
pub async fn require_same_origin(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    // Programs show a key, which no browser adds by itself; cookies open nothing there.
    if request.method().is_safe() || rest::is_here(request.path()) || comes_from_here(&request) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let message = "This form was not sent from a page of Subledger, so nothing was changed. Open the page here and send it again.";
    let refusal = HtmlRefusal::from(Refusal::new(Kind::NotAllowed, "cross_site", message));
    Ok(request.into_response(refusal.error_response()).map_into_right_body())
}

fn comes_from_here(request: &ServiceRequest) -> bool {
    let text = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("unreadable").to_owned());
    let base = request.app_data::<web::Data<App>>().map(|app| app.config.base_url.clone());
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str()), base) {
        (Some(site), _, _) => matches!(site.as_str(), "same-origin" | "none"),
        (None, Some(origin), Some(base)) => is_same_place(&origin, &base),
        _ => false,
    }
}

//! Only the configured host is served, so that a forged `Host` reaches nothing. The loopback names are one host while
//! the base URL is one of them.

use actix_web::Error;
use actix_web::ResponseError;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web;
use url::{Host, Url};

use crate::app::App;
use crate::config::BaseUrl;
use crate::kernel::refusal::{Kind, Refusal};

use super::pages::refusal::HtmlRefusal;

/// Refuses a host that is not the base URL's; the health checks ask by address and are let through.
pub async fn require_known_host(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let is_health = matches!(request.path(), "/healthz" | "/readyz" | "/metrics");
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_known = request
        .app_data::<web::Data<App>>()
        .is_some_and(|app| is_same_place(&format!("{}://{host}", scheme(&app.config.base_url)), &app.config.base_url));
    if is_known || is_health {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let message = "This address is not the one Subledger is set up for. Use the address in SUBLEDGER_BASE_URL.";
    let refusal = HtmlRefusal::from(Refusal::new(Kind::NotFound, "unknown_host", message));
    Ok(request.into_response(refusal.error_response()).map_into_right_body())
}

fn scheme(base: &BaseUrl) -> &'static str {
    if base.is_https() { "https" } else { "http" }
}

/// Whether an origin is the base URL's.
pub fn is_same_place(origin: &str, base: &BaseUrl) -> bool {
    let (Ok(given), Ok(ours)) = (Url::parse(origin), Url::parse(&base.origin())) else {
        return false;
    };
    let same_host = given.host() == ours.host() || (base.is_loopback() && is_loopback(&given));
    given.scheme() == ours.scheme() && given.port_or_known_default() == ours.port_or_known_default() && same_host
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

//! What is known of a request before anything is looked up: its id, its nonce, the client's address.

use std::net::IpAddr;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tracing::Instrument;

use crate::app::App;
use crate::kernel::access::{Origin, Source};
use crate::kernel::ids::RequestId;
use crate::kernel::secret::random_bytes;

/// One request.
#[derive(Clone)]
pub struct Context {
    /// In the log, the trail, and on fault pages.
    pub id: RequestId,
    /// For the content policy and the page's scripts.
    pub nonce: String,
    /// The client's address, as far as it can be believed.
    pub address: Option<IpAddr>,
}

impl Context {
    /// The context of this request.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(|| Self {
            id: RequestId::mint(chrono::DateTime::UNIX_EPOCH),
            nonce: String::new(),
            address: None,
        })
    }

    /// For the trail.
    pub fn source(&self) -> Source {
        Source { origin: Origin::Page, request: Some(self.id), address: self.address }
    }
}

/// Gives the request its context and logs it once it is answered: never its query, headers or body.
pub async fn begin(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let app =
        request.app_data::<web::Data<App>>().map(|app| (app.db.clock().now(), app.config.trusted_proxies.clone()));
    let (now, proxies) = app.unwrap_or_default();
    let context = Context {
        id: RequestId::mint(now),
        nonce: STANDARD_NO_PAD.encode(random_bytes()),
        address: client_address(&request, &proxies),
    };
    let span = tracing::info_span!("request", id = %context.id);
    request.extensions_mut().insert(context);
    let (method, path) = (request.method().clone(), request.match_pattern().unwrap_or_else(|| "unmatched".to_owned()));
    let begun = std::time::Instant::now();
    let response = next.call(request).instrument(span.clone()).await?;
    let status = response.status().as_u16();
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(%method, path, status, micros, "answered"));
    Ok(response)
}

/// The peer's address, or, when the peer is a trusted proxy, the nearest address it names that is not one.
fn client_address(request: &ServiceRequest, proxies: &[ipnet::IpNet]) -> Option<IpAddr> {
    let is_proxy = |address: &IpAddr| proxies.iter().any(|net| net.contains(address));
    let peer = request.peer_addr().map(|peer| peer.ip())?;
    if !is_proxy(&peer) {
        return Some(peer);
    }
    let named = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let chain: Vec<IpAddr> =
        named.flat_map(|value| value.split(',')).filter_map(|part| part.trim().parse().ok()).collect();
    chain.into_iter().rev().find(|address| !is_proxy(address)).or(Some(peer))
}

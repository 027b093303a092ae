//! Floor 3, the doors of HTTP: they translate, and never decide. Middleware in order: compression, request id and log,
//! security headers, refusals drawn as pages, host, same origin, the body; around the pages also the session, who must
//! set up a second factor, the console for staff alone, the support session; then the access of each handler.

mod access;
mod body;
mod calendar_feed;
mod console;
mod context;
mod csrf;
mod enrolment;
mod headers;
mod health;
mod host;
mod icalendar;
mod inside;
mod known_browser;
mod look;
mod metrics;
pub mod pages;
mod proof;
pub mod rest;
mod routes;
mod session;
mod session_store;
mod static_files;

use std::time::Duration;

use actix_web::{App as ActixApp, HttpServer, dev::Server, middleware, web};

use crate::app::App;
use crate::kernel::refusal::Refusal;

pub use routes::{Audience, Route, all as all_routes};

/// The largest form, in bytes; uploads have a limit of their own.
const FORM_LIMIT: usize = 256 * 1024;

/// A server on this socket, to be awaited by the caller.
pub fn serve(app: App, listener: std::net::TcpListener) -> Result<Server, Refusal> {
    let key = app.keyring.session_key()?;
    let server = HttpServer::new(move || {
        let app = app.clone();
        ActixApp::new()
            .app_data(web::Data::new(app.clone()))
            .app_data(web::PayloadConfig::new(FORM_LIMIT))
            .configure(|config| routes::mount(config, &app, &key))
            .default_service(web::to(pages::refusal::nothing_here))
            .wrap(middleware::from_fn(body::arrive))
            .wrap(middleware::from_fn(csrf::require_same_origin))
            .wrap(middleware::from_fn(host::require_known_host))
            .wrap(middleware::from_fn(pages::refusal::draw))
            .wrap(middleware::from_fn(headers::secure))
            .wrap(middleware::from_fn(context::begin))
            .wrap(middleware::Compress::default())
    })
    .listen(listener)
    .map_err(Refusal::fault)?
    // A compressed page ends in a write of its own, which would wait for the client's delayed acknowledgement.
    .tcp_nodelay(true)
    // Browsers open connections ahead of need; a busy machine may read the first request late.
    .client_request_timeout(Duration::from_secs(15))
    .shutdown_timeout(10)
    .disable_signals()
    .run();
    Ok(server)
}

//! What a load balancer asks.

use actix_web::{HttpResponse, web};

use crate::app::App;

/// Alive: the process answers.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// Ready: the database answers too.
pub async fn readyz(app: web::Data<App>) -> HttpResponse {
    match app.db.ping().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain").body("ready\n"),
        Err(_) => HttpResponse::ServiceUnavailable()
            .insert_header(("Retry-After", "5"))
            .content_type("text/plain")
            .body("the database does not answer\n"),
    }
}
